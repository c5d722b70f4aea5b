"""Calls of a Python function that show what it does."""

import ast
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.python_arguments import Argument, Arguments, arguments_of, before_of, call_of
from pillion.sandbox.inputs.python_constants import constants_of
from pillion.sandbox.inputs.python_literals import literal_calls
from pillion.sandbox.inputs.python_parameters import Function, read_function
from pillion.sandbox.inputs.python_samples import Samples
from pillion.sandbox.inputs.python_shapes import Shape
from pillion.sandbox.inputs.shared_values import with_shared_value
from pillion.sandbox.sandbox import Call
from pillion.sandbox.slices.slice import Slice

_FIRST = 44
_MORE = 40
_CHANGES = 6
_MADE_UP = 0.6
_RELATED = 0.4
_FEW = 6
_MOST_FILLING, _VALUES_ALONE = 4, 3
_LEAST_A_MIX = 4
_MOST_MIXES = 8
_MOST_GIVEN = 24
_NOTHING = frozenset({"None", "[]", "{}", "''", "()"})
_ALIKE = {"char": "str", "pairs": "list", "record": "dict"}
# One shape for each parameter.
Mix = tuple[Shape, ...]


def python_calls(old: Slice, hints: Hints) -> list[Call]:
    """See CallMaker. With `hints.returned`, more calls whose arguments are like those that returned."""
    try:
        maker = _maker(old)
        return [] if maker is None else maker.calls(hints)
    except (RecursionError, MemoryError):
        return []  # what a model wrote may be nested as deep as it likes


@lru_cache(maxsize=8)
def _maker(old: Slice) -> "_Maker | None":
    """Several rounds ask for calls of one slice."""
    function = read_function(old)
    return None if function is None else _Maker(old, function)


@dataclass(frozen=True, slots=True)
class _Trial:
    call: Call
    mix: Mix


class _Maker:
    def __init__(self, old: Slice, function: Function) -> None:
        self._old = old
        self._function = function
        self._parameters = function.parameters
        self._samples = Samples(constants_of(function.node, function.tree))
        self._filling: list[str] = []
        self._others = self._calls_of_others()
        self._first = self._trials(self._mixes(), _FIRST)

    def _calls_of_others(self) -> list[str]:
        """Calls of the object's methods that may change it, with what they take; the fullest of each fills it."""
        if not self._old.receiver:
            return []
        own = self._function.node.name
        made = []
        for node in ast.walk(self._function.tree):
            if not isinstance(node, ast.ClassDef) or not any(getattr(each, "name", "") == own for each in node.body):
                continue
            for method in node.body:
                if (
                    isinstance(method, ast.FunctionDef)
                    and not method.name.startswith("_")
                    and not method.decorator_list
                ):
                    other = Slice(self._old.source, f"_receiver.{method.name}", ast.unparse(method), self._old.receiver)
                    calls = self._simple_calls(other, method.name)
                    made += calls
                    self._filling += calls[-1:] if method.name != own else ()
        return made[:_MOST_GIVEN]

    def _simple_calls(self, other: Slice, name: str) -> list[str]:
        function = read_function(other)
        if function is None:
            return []
        needed = [each for each in function.parameters if each.default is None and not each.many]
        columns = [self._samples.of(each.shapes[0]) or ["None"] for each in needed]
        rows = [[column[row % len(column)] for column in columns] for row in range(3 if needed else 1)]
        # Objects that hold only defaults answer most questions alike.
        for each in function.parameters:
            if each.default is not None and not each.many:
                texts = [text for text in self._samples.of(each.shapes[0]) if text not in _NOTHING] or ["None"]
                rows.append([*rows[0], f"{each.name}={texts[0]}"])
        return [f"{name}({', '.join(row)})" for row in rows]

    def calls(self, hints: Hints) -> list[Call]:
        """First the calls that people wrote, then made-up ones."""
        tried = {_identity(each) for each in (*hints.returned, *hints.failed)}
        if not tried:
            given = [call_of(self._old, each) for each in self._given(hints)][:_MOST_GIVEN]
            return _distinct([*given, *(each.call for each in self._first)])
        mixes = {_identity(each.call): each.mix for each in self._first}
        good = list(dict.fromkeys(mixes[each] for each in map(_identity, hints.returned) if each in mixes))
        chance = Random(f"{self._old.entry}:{len(tried)}")  # noqa: S311 (nothing secret)
        near = self._near(hints, chance)
        more = [each.call for each in self._trials(good, _MORE, chance)] if good else []
        mixed = [each for pair in itertools.zip_longest(near, more) for each in pair if each is not None]
        return [each for each in _distinct(mixed) if _identity(each) not in tried][:_MORE]

    def _near(self, hints: Hints, chance: Random) -> list[Call]:
        """Calls like the telling ones, with something changed in one argument."""
        made = []
        for call in hints.telling * _CHANGES:
            arguments = arguments_of(call)
            if arguments:
                at = chance.randrange(len(arguments))
                text = self._samples.near(arguments[at].text, chance)
                made.append(
                    call_of(
                        self._old,
                        (*arguments[:at], Argument(text, arguments[at].name), *arguments[at + 1 :]),
                        call.kind,
                        before_of(call),
                    )
                )
        return made[:_MORE]

    def _given(self, hints: Hints) -> Iterator[Arguments]:
        name = self._old.entry.rpartition(".")[2]
        for text in (self._old.text, *hints.calls, *hints.proposals):
            for call in literal_calls(text, name):
                if len(call.args) <= len(self._parameters) or any(each.many for each in self._parameters):
                    yield (
                        *(Argument(ast.unparse(each)) for each in call.args),
                        *(Argument(ast.unparse(each.value), each.arg or "") for each in call.keywords),
                    )

    def _mixes(self) -> list[Mix]:
        """Which shapes are tried together: the likeliest of each, the second of each …, then one changed alone."""
        several = [each.shapes for each in self._parameters]
        if not several:
            return [()]
        longest = max(map(len, several))
        found = [tuple(each[min(rank, len(each) - 1)] for each in several) for rank in range(longest)]
        for at, shapes in enumerate(several):
            found += [(*found[0][:at], shape, *found[0][at + 1 :]) for shape in shapes[1:]]
        return list(dict.fromkeys(found))[:_MOST_MIXES]

    def _trials(self, mixes: Sequence[Mix], wanted: int, chance: Random | None = None) -> list[_Trial]:
        """Each mix gets its share, the likeliest first."""
        share = max(_LEAST_A_MIX, wanted // (len(mixes) + 1))
        shares = [share * 2 if at == 0 else share for at in range(len(mixes))]
        made = [
            list(itertools.islice(self._of_mix(mix, each, chance), each))
            for mix, each in zip(mixes, shares, strict=True)
        ]
        if chance is not None:
            return [each for turn in itertools.zip_longest(*made) for each in turn if each is not None][:wanted]
        made[:1] = [[*self._of_filled(mixes[0]), *made[0]]] if made and self._filling else made[:1]
        early = [each for several in made for each in several[:2]]
        return [*early, *(each for several in made for each in several[2:])][: wanted + _LEAST_A_MIX]

    def _of_mix(self, mix: Mix, share: int, more: Random | None) -> Iterator[_Trial]:
        columns = [self._samples.of(shape) or ["None"] for shape in mix]
        chance = more or Random(repr(mix))  # noqa: S311 (nothing secret)
        longest = max(map(len, columns), default=_FEW if self._others else 1)
        for row in range(min(longest, max(2, share // 2 if more is None else 0))):
            yield self._trial(mix, [column[row % len(column)] for column in columns], row)
        for row in range(share * 2 if columns or self._others else 0):
            texts = [
                self._samples.random(shape, chance) if chance.random() < _MADE_UP else chance.choice(column)
                for shape, column in zip(mix, columns, strict=True)
            ]
            if chance.random() < _RELATED:
                texts = self._samples.related(mix, texts, chance)
            yield self._trial(mix, texts, row, chance)

    def _of_filled(self, mix: Mix) -> Iterator[_Trial]:
        """Each optional argument alone, with several values, on an object that has something to find."""
        columns = [self._samples.of(shape) or ["None"] for shape in mix]
        before = tuple(self._filling[:_MOST_FILLING])
        for at, parameter in enumerate(self._parameters):
            if parameter.default is None or parameter.many:
                continue
            for text in columns[at][:_VALUES_ALONE]:
                needed = [
                    Argument(column[0], each.name if each.by_name else "")
                    for each, column in zip(self._parameters, columns, strict=True)
                    if each.default is None and not each.many
                ]
                call = call_of(self._old, (*needed, Argument(text, parameter.name)), self._kind(mix), before)
                yield _Trial(call, mix)

    def _trial(self, mix: Mix, texts: Sequence[str], row: int, chance: Random | None = None) -> _Trial:
        arguments: list[Argument] = []
        given = self._given_optional(row, chance)
        named = False
        for parameter, text in zip(self._parameters, texts, strict=True):
            if parameter.default is not None and parameter.name not in given:
                named = True
            elif parameter.many:
                arguments += [Argument(each) for each in (text, *texts)[: row % 4] if not named]
            else:
                arguments.append(Argument(text, parameter.name if named or parameter.by_name else ""))
        before = self._before(row, chance)
        if before and chance is not None and chance.random() < _RELATED:
            before = with_shared_value(before, arguments, chance)
        return _Trial(call_of(self._old, tuple(arguments), self._kind(mix), before), mix)

    def _before(self, row: int, chance: Random | None) -> tuple[str, ...]:
        """Calls of other methods, which bring the object into a state."""
        if not self._others or (chance is None and row % 2 == 0):
            return ()
        picked = chance or Random(row)  # noqa: S311 (nothing secret)
        return tuple(picked.choice(self._others) for _ in range(picked.randint(0 if chance else 1, 3)))

    def _kind(self, mix: Mix) -> tuple[str, ...]:
        """See Call.kind. None stands for what else the parameter may be."""
        words = []
        for parameter, shape in zip(self._parameters, mix, strict=True):
            first = parameter.shapes[0].kind
            # Who takes floats takes whole numbers, too.
            kind = first if shape.kind == "None" or (first, shape.kind) == ("float", "int") else shape.kind
            words.append("*" if parameter.certain else _ALIKE.get(kind, kind))
        return tuple(words)

    def _given_optional(self, row: int, chance: Random | None) -> set[str]:
        """Which of the parameters that have defaults get an argument: none, one or all."""
        names = [each.name for each in self._parameters if each.default is not None]
        if chance is not None:
            return {each for each in names if chance.random() < 0.5 / max(1, len(names) - 1)}
        return set(names) if row % 4 == 3 else set(names[(row // 2) % len(names) :][:1]) if row % 2 and names else set()


def _identity(call: Call) -> str:
    return call.shown


def _distinct(calls: Sequence[Call]) -> list[Call]:
    found: dict[str, Call] = {}
    for each in calls:
        found.setdefault(_identity(each), each)
    return list(found.values())

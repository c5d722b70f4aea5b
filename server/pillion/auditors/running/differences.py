"""Whether two answers to one call differ for whoever called."""

import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pillion.sandbox.sandbox import Answer, Bound, Call, Raised, Returned, Stopped
from pillion.sandbox.values import Value, same_value

RECEIVER = "_receiver"
# Marks a call before the call.
AGAIN = "# again"
# How values that can't leave the sandbox are written.
_NO_DATA = re.compile(
    r"\A['\"]?<(?:function|bound|built-in|builtin|module|class|method|coroutine|generator|[\w.]+ object|re\.)"
)
_ADDRESS = re.compile(r"\b0x[0-9a-f]+")
_MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """What one call did before and does now."""

    call: Call
    before: str
    now: str
    repeated: bool = False  # it shows when the call is made a second time
    is_endless: bool = False  # the new code takes all the time there is

    @property
    def message(self) -> str:
        """For a person."""
        times = ", called twice," if self.repeated or AGAIN in self.call.setup else ""
        return f"{self.call.shown}{times} {self.before} before, and {self.now} now."


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts. `announced`: the exceptions that the old code raises itself; what else goes wrong in it is nobody's
    promise. `unordered`: it iterates over sets, so that the order of its results isn't one, either."""

    announced: frozenset[str] = frozenset()
    unordered: bool = False

    def comparable(self, before: Answer) -> bool:
        """Whether an answer of the old code says what it does."""
        match before:
            case Returned(value):
                return not _is_opaque(value)
            case Raised(kind):
                return kind in self.announced
        return False

    def difference(self, call: Call, before: Answer, now: Answer) -> Difference | None:
        """What differs, if anything does. Ask `comparable` first."""
        match before, now:
            case Raised(kind), Raised(other):
                return None if _is_kind_of(other, kind) else Difference(call, f"raised {kind}", f"raises {other}")
            case Raised(kind), Returned(value):
                return Difference(call, f"raised {kind}", f"returns {_short(value)}")
            case Returned(value), Raised(kind, message):
                if kind == "TypeError" and _takes_less(call, message):
                    return None  # another signature; other checks speak of it
                words = f"raises {kind}" + (f" ({message[:_MOST_SHOWN]})" if message else "")
                return Difference(call, f"returned {_short(value)}", words)
            case Returned(value), Stopped(Bound.TIME):
                return Difference(call, f"returned {_short(value)}", "doesn't come to an end", is_endless=True)
            case Returned(value), Stopped(Bound.RECURSION):
                return Difference(call, f"returned {_short(value)}", "calls itself without end")
            case Returned(), Returned():
                return self._of_values(call, before, now)
        return None

    def _of_values(self, call: Call, before: Returned, now: Returned) -> Difference | None:
        if not self._same(before.value, now.value):
            kinds = before.value.text == now.value.text
            first, second = (
                f"{_short(each)}{f' ({each.kind})' if kinds else ''}" for each in (before.value, now.value)
            )
            return Difference(call, f"returned {first}", f"returns {second}")
        pairs = zip(call.watched, before.argument_values, now.argument_values, strict=False)
        for name, first_value, second_value in pairs:
            one, other = first_value, second_value
            if name == RECEIVER:
                one, other = _common(one, other)
            if one.is_opaque or other.is_opaque or self._same(one, other):
                continue
            what = {RECEIVER: "its object", PRINTED: "what it printed"}.get(
                name, "its argument" if name.startswith("_pillion_") else name
            )
            if name == PRINTED:
                return Difference(call, f"printed {_printed(one)}", f"prints {_printed(other)}")
            return Difference(call, f"left {what} as {_short(one)}", f"leaves it as {_short(other)}")
        return None

    def _same(self, one: Value, other: Value) -> bool:
        one, other = _plain(one), _plain(other)
        return same_value(one, other) or (self.unordered and same_value(_ordered(one), _ordered(other)))


PRINTED = "_pillion_printed"


def _is_opaque(value: Value) -> bool:
    return value.is_opaque or any(_NO_DATA.match(each.text) for each in _leaves(value))


def _leaves(value: Value) -> Iterator[Value]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if each.parts:
            waiting.extend(each.parts)
        elif each.kind == "str":
            yield each


def _plain(value: Value) -> Value:
    """The value without the addresses of objects."""
    if not _ADDRESS.search(value.text):
        return value
    text = _ADDRESS.sub("0x…", value.text) if value.kind == "str" else value.text
    return replace(value, text=text, parts=tuple(map(_plain, value.parts)))


def _ordered(value: Value) -> Value:
    """The value with the elements of its lists, and the characters of its texts, in an order of their own."""
    if value.kind in {"list", "tuple"}:
        parts = sorted(map(_ordered, value.parts), key=lambda each: each.text)
        return replace(value, parts=tuple(parts), text=",".join(each.text for each in parts))
    if value.kind == "dict":
        pairs = sorted(
            zip(value.parts[::2], map(_ordered, value.parts[1::2]), strict=True), key=lambda pair: pair[0].text
        )
        return replace(value, parts=tuple(each for pair in pairs for each in pair))
    return replace(value, text="".join(sorted(value.text))) if value.kind == "str" else value


def _common(one: Value, other: Value) -> tuple[Value, Value]:
    """Two objects with the attributes that the first has: the new code may keep something more."""
    own = sorted(zip(one.parts[::2], one.parts[1::2], strict=False), key=lambda pair: pair[0].text)
    names = {name.text for name, _ in own}
    others = sorted(zip(other.parts[::2], other.parts[1::2], strict=False), key=lambda pair: pair[0].text)
    parts = _joined([pair for pair in others if pair[0].text in names])
    return (
        replace(one, parts=_joined(own)),
        replace(other, parts=parts, is_opaque=any(each.is_opaque for each in parts)),
    )


def _joined(pairs: Sequence[tuple[Value, Value]]) -> tuple[Value, ...]:
    return tuple(each for pair in pairs for each in pair)


def _is_kind_of(name: str, wanted: str) -> bool:
    """Whether whoever handles the one exception handles the other, too."""
    kind, base = getattr(builtins, name, None), getattr(builtins, wanted, None)
    return name == wanted or (isinstance(kind, type) and isinstance(base, type) and issubclass(kind, base))


def _takes_less(call: Call, message: str) -> bool:
    name = call.shown.partition("(")[0]
    return (
        re.match(rf"(?:\w+\.)*{re.escape(name)}\(\) (?:got an unexpected|missing|takes|got multiple)", message)
        is not None
    )


def _short(value: Value) -> str:
    text = value.shown
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _printed(value: Value) -> str:
    text = value.text.removeprefix("[").removesuffix("]")
    return _short(Value("str", text)) if text else "nothing"

"""Runs two versions of a symbol on the same calls, and finds the smallest call for which they differ."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pillion.auditors.running.changed_globals import ChangedGlobals, changed_globals
from pillion.auditors.running.differences import AGAIN, PRINTED, Difference, Rules
from pillion.auditors.running.programs import announced, is_unordered, listening, prints, raised
from pillion.sandbox.inputs.call_makers import CallMaker, Shrinker
from pillion.sandbox.inputs.hints import Hints
from pillion.sandbox.inputs.javascript_coverage import javascript_with_coverage
from pillion.sandbox.inputs.python_coverage import REACHED, with_coverage
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Sandbox
from pillion.sandbox.slices.slice import Slice

_ROUNDS = 3
_SHRINKING_S = 0.05
_LIMITS = Limits(call_s=0.15, all_s=1.0)
# So many calls of the new code run first: most differences show in them.
_FIRST = 16
_MOST_CONFIRMED = 4
_MOST_TELLING = 12
# Who only sees how code fails hasn't seen what it does.
_LEAST_RETURNED = 3
# Against the kind of arguments that fits best.
_LEAST_FITTING = 0.7
_EMPTY = re.compile(r"[(,=] ?(?:\[\]|\{\}|\(\)|''|set\(\))(?=[,)])")


@dataclass(frozen=True, slots=True)
class Compared:
    """On how many inputs the old code did something that can be compared, and what differed.

    It is 0 if most inputs couldn't be run. `share_reached` is the share of the old code's branches that some input
    reached. `why` says what kept others from being compared. `takes_nothing`: there is only one input, none.
    """

    count: int
    difference: Difference | None = None
    share_reached: float = 1.0
    why: str = ""
    takes_nothing: bool = False


class SideBySide:
    """Two slices of one symbol, before and after a change; `document` is the whole text with it."""

    def __init__(self, sandbox: Sandbox, old: Slice, new: Slice, document: str, *, is_python: bool) -> None:
        self._sandbox = sandbox
        self._old = old
        self._new = new
        self._prints = is_python and (prints(old.source) or prints(new.source))
        source, self._branches = with_coverage(old) if is_python else javascript_with_coverage(old)
        self._old_source, self._new_source = (
            listening(each) if self._prints else each for each in (source, new.source)
        )
        self._globals = changed_globals(old.source, new.source, document) if is_python else ChangedGlobals()
        self._new_source += self._globals.missing
        unordered = is_python and (is_unordered(old.source) or is_unordered(new.source))
        self._rules = Rules(raised(old.text) if is_python else announced(old.text), unordered)
        self._reached: set[str] = set()
        self._strange: set[tuple[str, ...]] = set()

    def compare(self, maker: CallMaker, hints: Hints, shrinker: Shrinker | None) -> Compared:
        """Runs calls in rounds: the first answers show which inputs fit, and what the code still hasn't reached.

        Raises:
            CannotRunError: one of the programs can't be loaded.
        """
        count, tried, lacking, why = 0, 0, 0, ""
        outcomes: set[str] = set()
        returned = 0
        for round_ in range(_ROUNDS):
            if round_ > 1 and len(self._reached) >= self._branches:
                break
            calls = [self._watching(each) for each in maker(self._old, hints)]
            if not calls:
                break
            before, telling = self._first_run(calls)
            lacks = [each.reason for each in before if isinstance(each, NotRun)]
            why, lacking = why or next(iter(lacks), ""), lacking + len(lacks)
            if not round_:
                self._strange = _strange_kinds(calls, before)
            kept = [at for at, each in enumerate(before) if self._fits(calls[at]) and self._rules.comparable(each)]
            difference, compared = self._first_difference([calls[at] for at in kept], [before[at] for at in kept])
            count, tried = count + compared, tried + len(calls)
            if difference is not None:
                return Compared(count, self._shrunk(difference, shrinker))
            outcomes.update(_outcome(before[at]) for at in kept)
            returned += sum(isinstance(before[at], Returned) for at in kept)
            hints = self._learned(hints, calls, before, telling)
        share = len(self._reached) / self._branches if self._branches else 1.0
        if count == tried == 1:
            return Compared(count, takes_nothing=True)
        if len(outcomes) == 1:
            return Compared(0, why="it does the same for all of them")
        if returned < _LEAST_RETURNED:
            return Compared(0, why=why or "it raises for most of them")
        return Compared(count if count >= lacking else 0, share_reached=share, why=why)

    def _fits(self, call: Call) -> bool:
        return call.kind not in self._strange

    def _learned(self, hints: Hints, calls: Sequence[Call], before: Sequence[Answer], telling: Sequence[Call]) -> Hints:
        good = {call: isinstance(each, Returned) and self._fits(call) for call, each in zip(calls, before, strict=True)}
        returned = (*hints.returned, *(call for call, is_good in good.items() if is_good))
        failed = (*hints.failed, *(call for call, is_good in good.items() if not is_good))
        told = tuple(call for call in (*hints.telling, *telling) if self._fits(call))
        return replace(hints, returned=returned, failed=failed, telling=told[-_MOST_TELLING:])

    def _first_run(self, calls: list[Call]) -> tuple[list[Answer], list[Call]]:
        """The old code's answers, and those calls that reached branches for the first time."""
        if not self._branches:
            return self._run_old(calls), []
        answers, telling = [], []
        noting = [
            replace(each, setup=f"{REACHED}.clear();\n{each.setup}", watched=(*each.watched, REACHED)) for each in calls
        ]
        for call, answer in zip(calls, self._run_old(noting), strict=True):
            if isinstance(answer, Returned):
                *values, reached = answer.argument_values
                answer = Returned(answer.value, tuple(values))
                new = {each.text for each in reached.parts} - self._reached
                if new:
                    telling.append(call)
                    self._reached |= new
            answers.append(answer)
        return answers, telling

    def _first_difference(self, calls: list[Call], before: list[Answer]) -> tuple[Difference | None, int]:
        """The smallest input that shows one among the first calls, else among the rest; and how many were compared."""
        count = 0
        for part in (slice(0, _FIRST), slice(_FIRST, None)):
            found = []
            for call, old, new in zip(calls[part], before[part], self._run_new(calls[part]), strict=True):
                if isinstance(new, NotRun):
                    continue
                count += 1
                difference = self._rules.difference(call, old, new)
                if difference is not None:
                    found.append(difference)
            for each in sorted(found, key=_size)[:_MOST_CONFIRMED]:
                certain = self._confirmed(each)
                if certain is not None:
                    return certain, count
        return None, count

    def _confirmed(self, difference: Difference) -> Difference | None:
        """The difference if it shows again, alone or when the call is made twice, and if the old code does the same
        in two runs."""
        call = difference.call
        old, again, new = self._run_old([call] * 2), self._run_old([call] * 2), self._run_new([call] * 2)
        if any(self._differs(call, one, other) for one, other in zip(old, again, strict=True)):
            return None
        for at in range(2):
            if self._rules.comparable(old[at]) and not isinstance(new[at], NotRun):
                found = self._rules.difference(call, old[at], new[at])
                if found is not None:
                    return replace(found, repeated=at == 1)
        return None

    def _differs(self, call: Call, one: Answer, other: Answer) -> bool:
        return self._rules.comparable(one) and self._rules.difference(call, one, other) is not None

    def _shrunk(self, difference: Difference, shrinker: Shrinker | None) -> Difference:
        """The same with less in the arguments, as far as there is time."""
        ends_at = time.monotonic() + _SHRINKING_S
        best = difference
        while shrinker is not None and not best.repeated and not best.is_endless and time.monotonic() < ends_at:
            calls = [self._watching(each) for each in shrinker(self._old, best.call)]
            if not calls:
                break
            before = self._run_old(calls)
            kept = [at for at, each in enumerate(before) if self._rules.comparable(each)]
            now = self._run_new([calls[at] for at in kept])
            pairs = ((calls[at], before[at], new) for at, new in zip(kept, now, strict=True))
            smaller = next((each for pair in pairs if (each := self._rules.difference(*pair)) is not None), None)
            if smaller is None or smaller.is_endless:
                break
            best = smaller
        return best

    def _run_old(self, calls: Sequence[Call]) -> list[Answer]:
        return list(self._sandbox.run(self._old_source, calls, _LIMITS))

    def _run_new(self, calls: Sequence[Call]) -> list[Answer]:
        """The new code's answers, up to the first one that takes too long."""
        if not calls:
            return []
        renamed = [self._renamed(each) for each in calls]
        return list(self._sandbox.run(self._new_source, renamed, _LIMITS))

    def _watching(self, call: Call) -> Call:
        """The call with what it prints, and with what it changes of the program's own data."""
        first = [*self._globals.resets.values(), *([f"{PRINTED}.clear()"] if self._prints else [])]
        if not first:
            return call
        if self._globals.resets and len(call.shown) % 2 and self._old.entry == self._new.entry:
            # Half of the calls find what one before them has left.
            first += [call.setup, f"try:\n    {call.expression}\nexcept Exception:\n    pass {AGAIN}"]
        more = (*self._globals.resets, *([PRINTED] if self._prints else []))
        return replace(call, setup="\n".join([*first, call.setup]), watched=(*call.watched, *more))

    def _renamed(self, call: Call) -> Call:
        """A call of the old symbol as a call of the new one."""
        if self._old.entry == self._new.entry and self._old.receiver == self._new.receiver:
            return call
        setup = call.setup.replace(self._old.receiver, self._new.receiver) if self._old.receiver else call.setup
        return replace(call, expression=self._new.entry + call.expression.removeprefix(self._old.entry), setup=setup)


def _strange_kinds(calls: Sequence[Call], before: Sequence[Answer]) -> set[tuple[str, ...]]:
    """The kinds of arguments that the code isn't meant for: all but the likeliest of those that it takes."""
    took: dict[tuple[str, ...], list[bool]] = {}
    took_full: dict[tuple[str, ...], list[bool]] = {}
    for call, answer in zip(calls, before, strict=True):
        if call.kind and not isinstance(answer, NotRun):
            took.setdefault(call.kind, []).append(not _is_refused(answer))
            if not _EMPTY.search(call.shown):
                took_full.setdefault(call.kind, []).append(not _is_refused(answer))
    # What is empty is taken for anything.
    shares = {kind: sum(each) / len(each) for kind, each in {**took, **took_full}.items()}
    best = max(shares.values(), default=0.0)
    meant = next((kind for kind, share in shares.items() if share >= best * _LEAST_FITTING), None)
    return {kind for kind in shares if kind != meant}


def _is_refused(answer: Answer) -> bool:
    """Whether the argument has another type than the code wants; `x[0]` of a mapping is a KeyError."""
    match answer:
        case Raised("TypeError" | "AttributeError"):
            return True
        case Raised("KeyError", message):
            return message.isdigit()
    return False


def _size(difference: Difference) -> tuple[int, str]:
    return len(difference.call.shown), difference.call.shown


def _outcome(answer: Answer) -> str:
    if isinstance(answer, Returned):
        return "\n".join(each.text for each in (answer.value, *answer.argument_values))
    return repr(answer)

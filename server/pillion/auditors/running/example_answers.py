"""What the sandbox answered to an example, judged."""

import builtins
import re
from dataclasses import dataclass
from enum import Enum

from pillion.auditors.running.example_values import is_wanted
from pillion.auditors.running.lacking import is_lacking
from pillion.auditors.running.reading.written_example import Form, WrittenExample
from pillion.sandbox.sandbox import Answer, Bound, NotRun, Raised, Returned, Stopped
from pillion.sandbox.values import Value

_NONE = frozenset({"NoneType", "undefined"})
_PLAIN_TEXT = frozenset({"str", "string"})
_MOST_DEEP = 100


class Verdict(Enum):
    """What became of an example."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tried:
    """An example with its verdict, and in words what came: “returns 4”, “raises ValueError”."""

    example: WrittenExample
    verdict: Verdict
    came: str = ""


def tried(example: WrittenExample, answer: Answer, wanted: Answer | None, printed: str, program: str) -> Tried:
    """Judges one answer. `wanted` is the answer to the wanted value's source, `printed` what the call has printed.
    `program` is the text whose names the sandbox should have known."""
    match answer:
        case NotRun():
            return Tried(example, Verdict.UNKNOWN)
        case Stopped(bound):
            return _of_stopped(example, bound)
        case Raised(kind, _):
            if is_lacking(answer, program, f"{example.setup}\n{example.call}"):
                return Tried(example, Verdict.UNKNOWN)
            return Tried(example, _of_raised(example, kind), f"raises {kind}")
        case Returned(value):
            shown = f"prints {printed.strip()!r}" if printed and value.kind in _NONE else f"returns {value.shown}"
            return Tried(example, _of_value(example, value, wanted, printed), shown)


def _of_stopped(example: WrittenExample, bound: Bound) -> Tried:
    if bound is Bound.TIME:
        return Tried(example, Verdict.UNMET, "doesn't come to an end")
    if bound is Bound.RECURSION and not _is_large(f"{example.setup} {example.call}"):
        return Tried(example, Verdict.UNMET, "calls itself without end")
    return Tried(example, Verdict.UNKNOWN)


def _is_large(source: str) -> bool:
    """Whether sound code may go deep for it."""
    return len(source) > _MOST_DEEP * 2 or any(int(each[:9]) > _MOST_DEEP for each in re.findall(r"\d+", source))


def _of_raised(example: WrittenExample, kind: str) -> Verdict:
    if not example.raises:
        return Verdict.UNMET
    if kind == example.raises:
        return Verdict.MET
    one, other = getattr(builtins, kind, None), getattr(builtins, example.raises, None)
    if not (isinstance(one, type) and isinstance(other, type)):
        return Verdict.UNKNOWN
    return Verdict.MET if issubclass(one, other) else Verdict.UNMET


def _of_value(example: WrittenExample, value: Value, wanted: Answer | None, printed: str) -> Verdict:
    if example.raises:
        # A generator raises only when somebody asks it for something.
        return Verdict.UNKNOWN if value.is_opaque else Verdict.UNMET
    if example.output is not None and printed and value.kind in _NONE:
        return _of_output(example, printed)
    if isinstance(wanted, Returned):
        if "printed" in example.options and value.kind in _PLAIN_TEXT and value.text[1:-1] == example.wanted:
            return Verdict.MET
        same = is_wanted(wanted.value, value, example.form, example.tolerance)
        if "loose" in example.options and value.kind != wanted.value.kind:
            same = same or None  # `==` takes 4 for "4", and 1 for true
        return {True: Verdict.MET, False: Verdict.UNMET, None: Verdict.UNKNOWN}[same]
    if example.output is None:
        return Verdict.UNKNOWN
    return _of_shown(example, value)


def _of_output(example: WrittenExample, printed: str) -> Verdict:
    """Text that a doctest prints."""
    wanted = (example.output or "").replace("<BLANKLINE>", "")
    if _fits(wanted, printed, example.options):
        return Verdict.MET
    # Sets and floats aren't always printed alike.
    return Verdict.UNKNOWN if re.search(r"[{<]|\d\.\d|\.\.\.", wanted) else Verdict.UNMET


def _of_shown(example: WrittenExample, value: Value) -> Verdict:
    """What a doctest shows, and what is no value: with dots in it, or without its quotes."""
    shown = example.output or ""
    if value.is_opaque:
        return Verdict.UNKNOWN
    if _fits(shown, value.text, example.options):
        return Verdict.MET
    is_certain = "ELLIPSIS" in "".join(example.options) and "..." in shown and not re.search(r"[{<]|\d\.\d", value.text)
    return Verdict.UNMET if is_certain and example.form is Form.DOCTEST else Verdict.UNKNOWN


def _fits(wanted: str, got: str, options: frozenset[str]) -> bool:
    one, other = " ".join(wanted.split()), " ".join(got.split())
    if one == other:
        return True
    if "+ELLIPSIS" not in options:
        return False
    at = 0
    pieces = one.split("...")
    for number, piece in enumerate(each.strip() for each in pieces):
        found = other.find(piece, at)
        if found < 0 or (number == 0 and found > 0):
            return False
        at = found + len(piece)
    return not pieces[-1].strip() or other.endswith(pieces[-1].strip())

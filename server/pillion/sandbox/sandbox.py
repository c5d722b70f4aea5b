"""The interface of a sandbox, as the checks see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pillion.sandbox.values import Value


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take. `value_parts` bounds what comes back of one call: lists' elements, strings' characters."""

    call_s: float = 0.25
    all_s: float = 2.0
    memory_bytes: int = 64 * 1024 * 1024
    value_parts: int = 20_000
    output_bytes: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Returned:
    """The call returned. `argument_values`: what its arguments were afterwards, in the order of Call.watched."""

    value: Value
    argument_values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Raised:
    """The call ended with an exception of the code's own. `kind` is the name of its class."""

    kind: str
    message: str


class Bound(StrEnum):
    """What a call ran into."""

    TIME = "time"
    MEMORY = "memory"
    RECURSION = "recursion"


@dataclass(frozen=True, slots=True)
class Stopped:
    """The call didn't come to an end within the limits."""

    bound: Bound


@dataclass(frozen=True, slots=True)
class NotRun:
    """The sandbox can't run this call, and `reason` says why: “uses socket”, “there was no time left”. Says nothing of
    the code."""

    reason: str


Answer = Returned | Raised | Stopped | NotRun


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program's code.

    `setup` are statements before it, each on its own line, which bind what `expression` needs. `watched` are names that
    `setup` binds, and whose values are wanted afterwards: a call may change its arguments. `shown` is what a person
    reads: `total([1, 2])`. `kind` says what its arguments look like, a word each: of several kinds, only one may be
    what the code is meant for; () if it is certain that it is.
    """

    expression: str
    setup: str = ""
    watched: tuple[str, ...] = ()
    shown: str = ""
    kind: tuple[str, ...] = ()


class Sandbox(Protocol):
    """Runs programs of one language. Blocks; it is called in threads, from several at once, never on the event loop."""

    def run(self, program: str, calls: Sequence[Call], limits: Limits) -> Sequence[Answer]:
        """One answer for each call, in their order. The program's own top level runs first, once; what a call changes
        of it, later calls see. Clock, random numbers and sleeping are the same in every run.

        Raises:
            CannotRunError: the program can't be loaded: it says why.
        """

    def close(self) -> None:
        """Ends what it has started. Nothing can be run afterwards."""

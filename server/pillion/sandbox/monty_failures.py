"""What Monty says of a run that failed → an answer.

Monty is not all of Python. A failure is the code's own only where real Python would fail too; where that isn't certain,
the answer is that it could not be run.
"""

import builtins
import re
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import FunctionType
from typing import Final

from pydantic_monty import MontyCrashedError, MontyError, MontyRuntimeError, MontySyntaxError

from pillion.sandbox.monty_doubts import Doubts
from pillion.sandbox.python_outcomes import lack, own_error
from pillion.sandbox.sandbox import Bound, NotRun, Raised, Stopped

MOST_RECURSION: Final = 1000
# Monty nests calls from inside its own functions (a key of `sorted`) much less deeply than Python does.
_OWN_RECURSION: Final = MOST_RECURSION * 9 // 10
_MOST_WORDS: Final = 2_000
_BOUNDS: Final = {"TimeoutError": Bound.TIME, "MemoryError": Bound.MEMORY}
# What the interpreter doesn't have isn't a fault of the code; unless the code says `raise` itself.
_LACKS: Final = frozenset({"NotImplementedError", "ModuleNotFoundError", "ImportError", "PermissionError"})
_LACKING: Final = re.compile(
    r"\b(?:is|are) not supported\b|Internal error in monty|not yet support|cannot create '\w+' instances"
    r"|unknown encoding|limit for backtracking|suspension limit|_SpecialForm|object is not an iterator"
    r"|cannot convert '\w+' object to bytes|2nd argument cannot be negative"
)
SUSPENDED_TOO_OFTEN: Final = "asks too often for what the sandbox doesn't have"
_NAME: Final = re.compile(r"name '(\w+)' is not defined")
_OF_MODULE: Final = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_OF_TYPE: Final = re.compile(r"(?:type object )?'([\w.]+)'(?: object)? has no attribute '(\w+)'")
# Classes that stand in for those of a module have its name before theirs.
_STANDS_IN: Final = re.compile(r"'_(?:collections|io|types|functools|contextlib|fractions|warnings|typing)_([A-Z]\w*)'")
_PRINTS_ELSEWHERE: Final = "print() 'file' argument must be"
# Python's own functions and methods take arguments that Monty's don't.
_ARGUMENTS: Final = re.compile(
    r"([\w.]+)\(\) (?:got an unexpected keyword|takes|does not (?:take|support)|expected)|'(\w+)' is an invalid"
)
_BUILT_IN: Final = frozenset(dir(builtins)) | {name for each in (str, bytes, list, dict, set) for name in dir(each)}
_TYPES: Final[Mapping[str, type]] = {
    **{name: each for name, each in vars(builtins).items() if isinstance(each, type)},
    "NoneType": type(None),
    "function": FunctionType,
    "builtin_function_or_method": type(len),
    "list_iterator": type(iter([])),
    "deque": deque,
    "Counter": Counter,
    "OrderedDict": OrderedDict,
    "defaultdict": defaultdict,
    "date": date,
    "datetime": datetime,
    "timedelta": timedelta,
    "Decimal": Decimal,
    "PosixPath": Path,
    "Match": re.Match,
    "Pattern": re.Pattern,
}


def failure(error: Exception) -> Raised | Stopped | NotRun:
    """The answer of a run that ended with this exception of Monty's own, or of the conversion of its result."""
    if isinstance(error, MontyCrashedError):
        return Stopped(Bound.TIME if error.timed_out else Bound.MEMORY)
    if isinstance(error, MontySyntaxError):
        return NotRun(f"can't be read: {_cut(str(error))}")
    if isinstance(error, MontyRuntimeError):
        return _of_runtime_error(error)
    return NotRun(f"gave back what can't leave the sandbox: {_cut(str(error))}")


def doubted(
    failed: Raised | Stopped | NotRun, error: Exception, doubts: Doubts, *, loading: bool
) -> Raised | Stopped | NotRun:
    """The failure, if it isn't doubted. `loading`: the program's top level was running."""
    if isinstance(failed, NotRun):
        return failed
    frames = error.traceback() if isinstance(error, MontyRuntimeError) else []
    # The lines of a call's own code are not the program's. Without any, each may have been running.
    own = [(each.line, each.end_line) for each in frames if loading or each.function_name != "<module>"]
    is_said = bool(frames) and (frames[-1].source_line or "").strip().startswith("raise ")
    doubt = doubts.about(own if frames else doubts.lazy, is_said=is_said)
    return NotRun(doubt) if doubt else failed


def _of_runtime_error(error: MontyRuntimeError) -> Raised | Stopped | NotRun:
    kind, _, message = error.display(format="type-msg").partition(": ")
    kind, message = _cut(kind), _cut(message)
    if "suspension limit" in message and kind == "RuntimeError":
        return NotRun(SUSPENDED_TOO_OFTEN)
    frames = error.traceback()
    if kind == "RecursionError":
        deep = len(frames) >= _OWN_RECURSION
        return Stopped(Bound.RECURSION) if deep else NotRun("nests calls more deeply than the sandbox can")
    line = (frames[-1].source_line or "").strip() if frames else ""
    said = line.startswith("raise ") and not _LACKING.search(message)
    marked = kind == "KeyboardInterrupt" or "'Absent'" in message
    if (marked or not said) and (reason := lack(kind, message)):
        return NotRun(reason)
    if kind in _BOUNDS and not said:
        return Stopped(_BOUNDS[kind])
    if not said and (reason := _missing(kind, message)):
        return NotRun(reason)
    if not said and (kind in _LACKS or _LACKING.search(message)):
        return NotRun(message or kind)
    return Raised(*own_error(kind, message))


def _missing(kind: str, message: str) -> str:
    """What real Python has, if that is the name or the attribute that wasn't found, or may be the arguments; or “”."""
    if kind in {"TypeError", "AttributeError"} and (stands_in := _STANDS_IN.search(message)) is not None:
        return f"uses {stands_in[1]} in a way that the sandbox lacks"
    if kind == "TypeError" and message.startswith(_PRINTS_ELSEWHERE):
        return "prints into a file"
    if kind == "TypeError" and (call := _ARGUMENTS.search(message)) is not None:
        return message if (call[1] or call[2]).rpartition(".")[2] in _BUILT_IN else ""
    if kind == "NameError" and (name := _NAME.match(message)) is not None:
        return f"uses {name[1]}" if hasattr(builtins, name[1]) or name[1] == "__builtins__" else ""
    if kind != "AttributeError":
        return ""
    if (found := _OF_MODULE.match(message)) is not None:
        # Only a module that Pillion itself has loaded can be asked: importing one here might run a workspace's file.
        module = sys.modules.get(found[1])
        return f"uses {found[1]}.{found[2]}" if module is None or found[2] in dir(module) else ""
    if (found := _OF_TYPE.match(message)) is not None:
        owner = _TYPES.get(found[1])
        has = "." in found[1] or _is_special(found[2]) or (owner is not None and hasattr(owner, found[2]))
        return f"uses {found[1]}.{found[2]}" if has else ""
    return ""


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _cut(words: str) -> str:
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"


# What a feed may raise: Monty's own errors, and those of the conversion of its result.
FAILURES: Final = (MontyError, ValueError, TypeError, OverflowError, RuntimeError, MemoryError)

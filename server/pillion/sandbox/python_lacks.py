"""Whether an exception says only that the interpreter of the sandbox has less than Python has."""

import builtins
import collections
import datetime
import decimal
import importlib
import re
from collections.abc import Mapping

_TYPES: Mapping[str, type] = {
    **{
        each.__name__: each
        for each in (str, bytes, int, float, bool, complex, list, tuple, dict, set, frozenset, range)
    },
    **{each.__name__: each for each in (object, slice, type, range, collections.deque, collections.Counter)},
    **{each.__name__: each for each in (collections.OrderedDict, collections.defaultdict, decimal.Decimal)},
    **{each.__name__: each for each in (datetime.date, datetime.datetime, datetime.time, datetime.timedelta)},
    "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime,
    "datetime.timedelta": datetime.timedelta,
    "re.Match": re.Match,
    "re.Pattern": re.Pattern,
    "function": type(lambda: None),
    "builtin_function_or_method": type(len),
}
# Nothing happens when these are imported.
_MODULES = frozenset(
    {
        "re",
        "math",
        "json",
        "datetime",
        "collections",
        "itertools",
        "functools",
        "random",
        "time",
        "sys",
        "typing",
        "dataclasses",
        "bisect",
        "copy",
        "decimal",
        "base64",
        "hashlib",
        "os",
        "pathlib",
        "string",
        "operator",
    }
)
_ATTRIBUTE = re.compile(r"(?:type object )?'([\w.]+)'(?: object)? has no attribute '(\w+)'")
_OF_MODULE = re.compile(r"module '(\w+)' has no attribute '(\w+)'")
_OF_IMPORT = re.compile(r"cannot import name '(\w+)' from '(\w+)'")
_NAME = re.compile(r"name '(\w+)' is not defined")
_ARGUMENTS = re.compile(
    r"([\w.]+)\(\) (?:got an unexpected keyword|takes|does not (?:take|support)|expected)|'(\w+)' is an invalid"
)
_OF_BUILTINS = frozenset(dir(builtins)) | {name for each in (str, bytes, list, dict, set) for name in dir(each)}


def lacks(kind: str, message: str) -> bool:
    """Whether Python itself has what the exception says isn't there."""
    if kind in {"ImportError", "ModuleNotFoundError"}:
        match = _OF_IMPORT.search(message)
        return match is None or match[2] not in _MODULES or hasattr(importlib.import_module(match[2]), match[1])
    if kind == "AttributeError":
        if (match := _OF_MODULE.search(message)) is not None:
            return match[1] in _MODULES and hasattr(importlib.import_module(match[1]), match[2])
        match = _ATTRIBUTE.search(message)
        return match is not None and match[1] in _TYPES and hasattr(_TYPES[match[1]], match[2])
    if kind == "NameError":
        match = _NAME.search(message)
        return match is not None and hasattr(builtins, match[1])
    if kind == "TypeError":
        match = _ARGUMENTS.search(message)
        name = "" if match is None else (match[1] or match[2] or "").rpartition(".")[2]
        return name in _OF_BUILTINS or "cannot create 'object' instances" in message
    return False

"""Exceptions that say something of the sandbox, and nothing of the code in it."""

import builtins
import importlib
import re

from pillion.sandbox.sandbox import Answer, Raised

_ATTRIBUTE = re.compile(r"(?:type object )?'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")
_OF_CLASS = re.compile(r"type object '(?P<owner>\w+)' has no attribute '(?P<name>\w+)'")
_OF_MODULE = re.compile(r"module '(?P<owner>\w+)' has no attribute '(?P<name>\w+)'")
_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")
_ARGUMENTS = re.compile(
    r"unexpected keyword argument|takes no keyword arguments|takes (?:exactly|at most|no)|expected (?:at most|exactly)"
)
_FUNCTION = re.compile(r"^(?P<name>[\w.]+)\(\)")
# Modules that the sandbox has, and that do nothing when they are imported.
_MODULES = frozenset(
    {"math", "re", "json", "datetime", "itertools", "functools", "collections", "operator", "random", "statistics"}
    | {"string", "bisect", "heapq", "copy", "time", "decimal", "fractions", "hashlib", "typing", "dataclasses", "sys"}
)
_OWNERS: tuple[type, ...] = (str, bytes, bytearray, int, float, complex, bool, list, tuple, dict, set, frozenset, range)
_NONE = type(None)
_CATCHES = re.compile(
    r"\bexcept\b[^\n:]*\b(?:AttributeError|NameError|ImportError|ModuleNotFoundError|NotImplementedError)\b"
)
_CATCHES_MORE = re.compile(rf"{_CATCHES.pattern}|\bexcept\s*:|\bexcept\b[^\n:]*\b(?:Exception|TypeError)\b")
_UNWRITTEN = frozenset({"NotImplementedError"})


def is_lacking(raised: Raised, program: str, call: str = "") -> bool:
    """Whether an exception may come of what the sandbox lacks: a method of Python's own types, a name that `program`
    (the document) binds and the slice doesn't, a name of the call."""
    if raised.kind in _UNWRITTEN:
        return True  # other code is still to be written
    match raised.kind:
        case "NameError":
            name = _NAME.search(raised.message)
            return name is None or hasattr(builtins, name["name"]) or _is_bound(name["name"], program, call)
        case "AttributeError":
            return _has_attribute(raised.message)
        case "TypeError":
            return _ARGUMENTS.search(raised.message) is not None and not _is_own(raised.message, program)
    return False


def may_hide_a_lack(source: str, answer: Answer) -> bool:
    """Whether code catches what the sandbox raises where it lacks something, and then goes on in another way."""
    pattern = _CATCHES_MORE if isinstance(answer, Raised) and f"raise {answer.kind}" in source else _CATCHES
    return pattern.search(source) is not None


def _is_bound(name: str, program: str, call: str) -> bool:
    if re.search(rf"\b{name}\b", call):
        return True
    word = re.escape(name)
    bound = (
        rf"\b(?:def|class|as|for|import|global|nonlocal)\s+{word}\b|\bimport\b[^\n]*\b{word}\b"
        rf"|\b{word}\s*(?::[^=\n]+)?=(?!=)|,\s*{word}\s*(?:,[^=\n]*)?=(?!=)|import\s*\*|import\s*\([^)]*\b{word}\b"
    )
    return re.search(bound, program) is not None


def _has_attribute(message: str) -> bool:
    """Whether Python itself has the attribute that the sandbox doesn't find."""
    module = _OF_MODULE.search(message)
    if module is not None:
        if module["owner"] not in _MODULES:
            return True
        return hasattr(importlib.import_module(module["owner"]), module["name"])
    found = _ATTRIBUTE.search(message) or _OF_CLASS.search(message)
    if found is None:
        return True
    owner = next((each for each in (*_OWNERS, _NONE) if each.__name__ == found["owner"]), None)
    if owner is not None:
        return hasattr(owner, found["name"])
    # Every object has these; of other classes nobody knows which are the document's.
    return hasattr(object, found["name"]) or found["owner"] in {
        "function",
        "builtin_function_or_method",
        "method",
        "module",
        "type",
    }


def _is_own(message: str, program: str) -> bool:
    """Whether the function that got wrong arguments is the document's."""
    name = _FUNCTION.match(message)
    return (
        name is not None and re.search(rf"\bdef\s+{re.escape(name['name'].rpartition('.')[2])}\b", program) is not None
    )

"""What an exception that came out of the sandbox says: of the code, or of what the sandbox lacks."""

import builtins
import codecs
import re

# Rewritten code says so what it lacks, and which exception of its own it raised (slices/stand_ins/pillion_helpers.py).
_MARK = "\u2063"
_NO_ATTRIBUTE = re.compile(r"(?:type object )?'([\w.]+)'(?: object)? has no attribute '(\w+)'")
_NO_NAME = re.compile(r"name '(\w+)' is not defined")
# What works in Python and raises a TypeError here.
_NARROWER = (
    "isinstance() arg 2 must be",
    "cannot create 'object' instances",
    "ord() expected string of length 1, but bytes",
)


def lack(kind: str, message: str) -> str:
    """What the sandbox lacks, if that is what the exception says; else nothing."""
    if kind == "KeyboardInterrupt" and message.startswith(_MARK):
        return message.removeprefix(_MARK)
    if kind == "RuntimeError" and message.startswith("suspension limit"):
        return "asks the system for something"
    if "'Absent'" in message:
        return "needs a value that can't be made here"
    found = _NO_ATTRIBUTE.fullmatch(message)
    if kind == "AttributeError" and found and _has(found[1], found[2]):
        return f"uses {found[1]}.{found[2]}"
    if kind == "LookupError" and message.startswith("unknown encoding: ") and _is_encoding(message[18:]):
        return f"uses the encoding {message[18:]}"
    if kind == "re.PatternError":
        return f"uses a regular expression that the sandbox can't read: {message}"
    found = _NO_NAME.fullmatch(message)
    if kind == "NameError" and found and hasattr(builtins, found[1]):
        return f"uses {found[1]}"
    if kind == "TypeError" and any(each in message for each in _NARROWER):
        return f"needs what the sandbox can't do: {message}"
    return ""


def own_error(kind: str, message: str) -> tuple[str, str]:
    """The class and the message of the exception as the code knows it."""
    if message.startswith(_MARK) and message.count(_MARK) > 1:
        _, kind, message = message.split(_MARK, 2)
    return kind.rsplit(".", 1)[-1], message


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True


def _has(kind: str, attribute: str) -> bool:
    if "." in kind:
        return True  # a type of the sandbox's own modules
    known = {"function": type(_has), "builtin_function_or_method": type(len), "list_iterator": type(iter([]))}
    return hasattr(known.get(kind, getattr(builtins, kind, None)), attribute)

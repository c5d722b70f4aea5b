"""What an exception that came out of the sandbox says: of the code, or of what the sandbox lacks."""

import codecs

# Rewritten code says so what it lacks, and which exception of its own it raised (slices/stand_ins/pillion_helpers.py).
_MARK = "\u2063"
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
    if "'Absent'" in message:
        return "needs a value that can't be made here"
    if kind == "LookupError" and message.startswith("unknown encoding: ") and _is_encoding(message[18:]):
        return f"uses the encoding {message[18:]}"
    if kind == "re.PatternError":
        return f"uses a regular expression that the sandbox can't read: {message}"
    if kind == "TypeError" and any(each in message for each in _NARROWER):
        return f"needs what the sandbox can't do: {message}"
    return ""


def own_error(kind: str, message: str) -> tuple[str, str]:
    """The class and the message of the exception as the code knows it."""
    if message.startswith(_MARK) and message.count(_MARK) > 1:
        _, kind, message = message.split(_MARK, 2)
    # Those that stand in for Python's own have its name with another before it.
    return kind.rsplit(".", 1)[-1].removeprefix("_builtins_"), message


def _is_encoding(name: str) -> bool:
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True

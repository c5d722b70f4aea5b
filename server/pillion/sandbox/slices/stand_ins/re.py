"""What the sandbox's regular expressions lack."""

import native_re as _re

from pillion_helpers import lacks
from pillion_methods import pattern_subn

VERBOSE = 64
X = 64
UNICODE = 32
U = 32
LOCALE = 4
L = 4
DEBUG = 128


def _plain(pattern, flags):
    """The pattern without blanks and comments, as VERBOSE reads it."""
    if not isinstance(pattern, str):
        lacks("uses re.VERBOSE for bytes")
    made = []
    in_class = False
    index = 0
    while index < len(pattern):
        here = pattern[index]
        if here == "\\":
            made.append(pattern[index : index + 2])
            index += 2
            continue
        if in_class:
            if here == "]":
                in_class = False
        elif here == "[":
            in_class = True
            made.append(here)
            index += 1
            if pattern[index : index + 1] == "^":
                made.append("^")
                index += 1
            if pattern[index : index + 1] == "]":
                made.append("\\]")
                index += 1
            continue
        elif here == "#":
            while index < len(pattern) and pattern[index] != "\n":
                index += 1
            continue
        elif here in " \t\n\r\f\v":
            index += 1
            continue
        made.append(here)
        index += 1
    return "".join(made)


def compile(pattern, flags=0):
    flags = int(flags)
    if isinstance(pattern, bytes):
        lacks("uses a regular expression for bytes")
    if not isinstance(pattern, str):
        return pattern
    if flags & 64:
        return _re.compile(_plain(pattern, flags), (flags - 64) & 26)
    return _re.compile(pattern, flags & 282)


def sub(pattern, repl, string, count=0, flags=0):
    return pattern_subn(compile(pattern, flags), repl, string, count)[0]


def subn(pattern, repl, string, count=0, flags=0):
    return pattern_subn(compile(pattern, flags), repl, string, count)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return iter(list(compile(pattern, flags).finditer(string)))


def purge():
    return None

"""The change between two texts as a unified diff that `git apply` and `patch -p1` accept, byte for byte."""

import difflib
import re

from pillion.text.hidden import STEERING

_CONTEXT_LINES = 2
_NO_LINE_END = "\\ No newline at end of file\n"
# Characters that real files have and that steer nothing at these places: a CR at a line's end, a byte order mark before
# the first line, and, before a line, a form feed, with which old sources begin a page.
_HARMLESS = re.compile("\r+(?=\n)|(?<=\n[ +-])(?:\ufeff|\f)")
_MARK = re.compile("(?<=\n[ +-])\ufeff")
_HAD_CRLF = re.compile("^[ -][^\n]*\r$", re.MULTILINE)
_STEERS = re.compile(f"[{STEERING}]")
# A name with one of these must be quoted: readers of a patch take them for the name's end, or for quotes.
_QUOTED = re.compile(f'["\\\\\t\n{STEERING}]')


def unified_diff(before: str, after: str, name: str) -> str:
    """The change as a unified diff. `name` is the file's path, relative to the folder in which the diff is applied."""
    old, new = _lines(before), _lines(after)
    lines = difflib.unified_diff(old, new, _header_name(f"a/{name}"), _header_name(f"b/{name}"), n=_CONTEXT_LINES)
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_LINE_END}" for line in lines)


def creation_diff(text: str, name: str) -> str:
    """A new file as a diff."""
    lines = difflib.unified_diff([], _lines(text), "/dev/null", _header_name(f"b/{name}"), n=_CONTEXT_LINES)
    hunks = "".join(line if line.endswith("\n") else f"{line}\n{_NO_LINE_END}" for line in lines)
    return f"{git_header(name, name)}new file mode 100644\n{hunks}"


def rename_diff(name: str, new_name: str) -> str:
    """A file's other name as a diff, which `git apply` takes."""
    old, new = (_header_name(each).rstrip("\t") for each in (name, new_name))
    return f"{git_header(name, new_name)}similarity index 100%\nrename from {old}\nrename to {new}\n"


def git_header(name: str, new_name: str) -> str:
    """What begins a file's part of a diff in git's own form, which has to begin each part where one does."""
    old, new = (_header_name(each).rstrip("\t") for each in (f"a/{name}", f"b/{new_name}"))
    return f"diff --git {old} {new}\n"


def can_be_printed_as_it_is(diff: str) -> bool:
    """Whether nothing in the diff steers a terminal, so that it can be printed anywhere byte for byte."""
    return _STEERS.search(_HARMLESS.sub("", diff)) is None


def for_the_eye(diff: str) -> str:
    """The diff without a byte order mark, and without the CRs at the ends of lines that the old text already had."""
    shown = _MARK.sub("", diff)
    return shown.replace("\r\n", "\n") if _HAD_CRLF.search(shown) else shown


def _lines(text: str) -> list[str]:
    """The lines, which end only at LF: a form feed in a line must not cut it in two."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _header_name(name: str) -> str:
    """A name as git writes it: quoted like a C string if it has to be, and followed by a tab, for `patch`, if it has
    spaces."""
    if _QUOTED.search(name) is None:
        return f"{name}\t" if " " in name else name
    shown = ""
    for character in name:
        if character in '"\\':
            shown += f"\\{character}"
        elif _QUOTED.match(character):
            shown += "".join(f"\\{byte:03o}" for byte in _bytes_of(character))
        else:
            shown += character
    return f'"{shown}"'


def _bytes_of(character: str) -> bytes:
    """The bytes of a character in a file's name: Python gives a byte that isn't UTF-8 as a surrogate."""
    try:
        return character.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")

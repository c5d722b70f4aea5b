"""Reads TOML that may be malicious: its depth and its amount are checked before it is parsed.

`tomllib` recurses for nested values, and needs time and memory with the square of a dotted key's length.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillion.errors import FileError
from pillion.files.bounded_read import KIB, WITHIN_S, read_text


@dataclass(frozen=True, slots=True)
class TomlBounds:
    """How large, how deep, and how many keys (tables' names counted too)."""

    size_bytes: int = 256 * KIB
    depth: int = 16
    keys: int = 5_000


# Every alternative takes at least one character and none backtracks, so the cost is the text's length.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\[\s\S]?)*?(?:"""+|\Z)|\'\'\'[\s\S]*?(?:\'\'\'+|\Z)'
    r'|"(?:[^"\\\n]|\\.)*"?|\'[^\'\n]*\'?|\#[^\n]*|[.=,{}\[\]\n]|[^.=,{}\[\]\n"\'#]+'
)


def read_toml(path: Path, bounds: TomlBounds, *, within_s: float = WITHIN_S) -> dict[str, Any]:
    """A TOML file's table.

    Raises:
        FileMissingError: there is no such file.
        FileError: it can't be read, is out of bounds, or isn't TOML.
    """
    text = read_text(path, bounds.size_bytes, within_s=within_s).removeprefix("\ufeff")
    if reason := out_of_bounds(text, bounds):
        raise FileError(path, reason)
    try:
        return tomllib.loads(text)
    except ValueError as exc:  # numbers with thousands of digits raise no TOMLDecodeError
        raise FileError(path, f"isn't TOML: {exc}") from exc
    except RecursionError as exc:
        raise FileError(path, "is nested too deeply") from exc


def out_of_bounds(text: str, bounds: TomlBounds) -> str:
    """What the text has too much of; empty if it is within bounds. It may count too much, but never too little."""
    names = nested = keys = 0
    for match in _TOKEN.finditer(text):
        part = match[0]
        if part == ".":
            names += 1
        elif part in {"\n", "=", ","} or part in "{}[]":
            # A name ends here. A table's name begins with a bracket, a value's place with an equals sign.
            names = 0
            keys += part in {"=", "["}
            nested = max(0, nested + (part in "{[") - (part in "}]"))
        else:
            continue
        if names >= bounds.depth or nested > bounds.depth:
            return f"is nested too deeply (more than {bounds.depth})"
        if keys > bounds.keys:
            return f"has more than {bounds.keys:,} keys"
    return ""

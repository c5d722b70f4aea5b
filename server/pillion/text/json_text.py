"""JSON that a model wrote, before it is read."""

import json
import re
from typing import Any

# A text of nothing but braces must not take long.
_MOST_TRIES = 200
_ARGUMENTS = frozenset({"arguments", "parameters", "input", "args"})
_ESCAPE = re.compile(
    r"(?P<pair>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.",
    re.DOTALL,
)


def without_lone_surrogates(text: str) -> str:
    """The JSON with U+FFFD for each escaped half of a surrogate pair: a reader would refuse the whole text."""
    return _ESCAPE.sub(lambda found: "\\ufffd" if found["lone"] else found[0], text)


def objects_in(text: str) -> list[dict[str, Any]]:
    """The JSON objects in a text that has other words around them. An object inside of another isn't listed."""
    found: list[dict[str, Any]] = []
    decoder = json.JSONDecoder(strict=False)
    at, tries = text.find("{"), 0
    while at >= 0 and tries < _MOST_TRIES:
        tries += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            continue
        if isinstance(value, dict):
            found.append(value)
        at = text.find("{", end)
    return found


def is_call(text: str) -> bool:
    """Whether a text is nothing but the call of a tool."""
    bare = text.strip().removeprefix("<tool_call>").removesuffix("</tool_call>").strip()
    if not (bare.startswith("{") and bare.endswith("}")):
        return False
    found = objects_in(bare)
    return bool(found) and all("name" in each and _ARGUMENTS & each.keys() for each in found)


def strings_in(value: object) -> list[str]:
    """The texts anywhere in a JSON value. A text that is JSON itself, as a call's arguments may be, is read, too."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            inner = objects_in(each) if each.lstrip().startswith("{") and each.rstrip().endswith("}") else []
            if inner:
                waiting += inner
            else:
                found.append(each)
    return found

"""How a language writes calls and values; and where one ends in a text that is half prose."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pillion.auditors.running.reading.written_example import Callee

MOST_CHARACTERS = 2_000
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_STRING = re.compile(r"(?:[rRbBuU]{1,2})?(['\"`])")
_NUMBER = re.compile(
    r"[-+]?(?:0[xXbBoO][0-9A-Fa-f_]+|(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?[jn]?)(?![\w%])(?!\.\d)"
)
_WORD = re.compile(r"[-+]?(?:new\s+)?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_NAME = re.compile(r"(?:new\s+)?[A-Za-z_$][\w$]*")
_MEMBER = re.compile(r"\??\.[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Notation:
    """`is_call`: whether a source is a call of the callee in which everything is known. `value`: a value's source as
    the language wants it; None if it isn't certainly a value. `exception`: the same for the name of an exception.
    """

    comment: str
    printer: str
    is_call: Callable[[str, Callee], bool]
    value: Callable[[str, Callee], str | None]
    exception: Callable[[str, Callee], str | None]


def string_end(text: str, start: int) -> int | None:
    """Where a string that begins at `start` ends; None if none begins there, or if it doesn't end."""
    match = _STRING.match(text, start)
    if match is None:
        return None
    quote, at = match[1], match.end()
    if text.startswith(quote * 2, at):
        end = text.find(quote * 3, at + 2)
        return None if end < 0 else end + 3
    while at < len(text) and at - start < MOST_CHARACTERS:
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == quote:
            return at + 1
        if text[at] == "\n" and quote != "`":
            return None
        at += 1
    return None


def bracket_end(text: str, start: int) -> int | None:
    """Where the bracket at `start` is closed; None if it isn't."""
    open_: list[str] = []
    at = start
    while at < len(text) and at - start < MOST_CHARACTERS:
        character = text[at]
        if character in "'\"`":
            end = string_end(text, at)
            if end is None:
                return None
            at = end
            continue
        if character in _CLOSING:
            open_.append(_CLOSING[character])
        elif character in ")]}":
            if not open_ or open_.pop() != character:
                return None
            if not open_:
                return at + 1
        at += 1
    return None


def chain_end(text: str, start: int) -> int | None:
    """Where a chain of names, calls and members ends: `Stack([1]).push(2)`; None if it has no call."""
    match = _NAME.match(text, start)
    if match is None:
        return None
    at, called = match.end(), False
    while at < len(text):
        if text[at] in "([":
            end = bracket_end(text, at)
            if end is None:
                return None
            called = called or text[at] == "("
            at = end
        elif (member := _MEMBER.match(text, at)) is not None:
            at = member.end()
        else:
            break
    return at if called else None


def value_end(text: str, start: int) -> int | None:
    """Where something ends that may be a value; None if nothing of that kind begins at `start`."""
    if start >= len(text):
        return None
    if text[start] in _CLOSING:
        return bracket_end(text, start)
    if (end := string_end(text, start)) is not None:
        return end
    if (number := _NUMBER.match(text, start)) is not None:
        return number.end()
    word = _WORD.match(text, start)
    if word is None:
        return None
    return bracket_end(text, word.end()) if text[word.end() : word.end() + 1] == "(" else word.end()

"""Finds a quoted text in a document that has changed since."""

import re


def nearest(text: str, quote: str, offset: int, start: int = 0, end: int | None = None) -> int | None:
    """The offset in [start, end) of the occurrence of `quote` nearest to `offset`; None if there is none.

    An occurrence that begins or ends in the middle of a word doesn't count: `x = 1` isn't in `max = 10`.
    """
    if not quote:
        return None
    head = r"(?<!\w)" if _is_word(quote[0]) else ""
    tail = r"(?!\w)" if _is_word(quote[-1]) else ""
    pattern = re.compile(f"{head}{re.escape(quote)}{tail}")
    stop = len(text) if end is None else min(end, len(text))
    if start <= offset and offset + len(quote) <= stop and pattern.match(text, offset):
        return offset
    found = (match.start() for match in pattern.finditer(text, start, stop))
    return min(found, key=lambda at: abs(at - offset), default=None)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"

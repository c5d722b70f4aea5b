"""Notices when a model is in a loop: it repeats exactly the same words, for longer than code or prose ever does.

In doubt it lets the model go on: a limit on tokens ends every answer anyway, and tables, lists of data and closing
brackets repeat themselves for good reasons.
"""

import re

_WINDOW = 8_192
_CHECK_EVERY = 128
# This many characters at the end of the text are searched for in the text before them. Shorter periods are found
# because the match overlaps the end.
_PROBE = 32
_CANDIDATES = 4
# (longest period in characters, copies that make a loop): the longer the repeated text, the surer it is a loop.
_COPIES = ((24, 40), (60, 20), (200, 12), (_WINDOW, 5))
_SHORTEST = 400
# Text without words repeats itself in tables and lists: only a length that no file has counts as a loop there.
_SHORTEST_BLANK, _SHORTEST_DATA = 1_000, 6_000
_QUOTED = re.compile(r"\"[^\"\n]*(?:\"|\Z)|'[^'\n]*(?:'|\Z)")
_HALF_A_WORD = re.compile(r"\A\w+|\w+\Z")
_WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")
_LITERALS = frozenset({"true", "false", "none", "null", "nil", "nan", "inf", "undefined"})


class Repetition:
    """Reads a text piece by piece."""

    def __init__(self) -> None:
        self._tail = ""
        self._unread: list[str] = []
        self._unread_length = 0

    def goes_round(self, text: str) -> bool:
        """Adds `text`; whether the end of the whole text is a loop now."""
        self._unread.append(text)
        self._unread_length += len(text)
        if self._unread_length < _CHECK_EVERY:
            return False
        self._tail = (self._tail + "".join(self._unread))[-_WINDOW:]
        self._unread, self._unread_length = [], 0
        return _ends_in_a_loop(self._tail)


def _ends_in_a_loop(tail: str) -> bool:
    if len(tail) < _SHORTEST:
        return False
    probe, end = tail[-_PROBE:], len(tail) - 1
    for _ in range(_CANDIDATES):
        at = tail.rfind(probe, 0, end)
        if at < 0:
            return False
        period = len(tail) - _PROBE - at
        if _goes_back(tail, period, 3 * period):
            return _goes_back(tail, period, _needed(tail, period))
        end = at + _PROBE - 1  # the probe repeats there, but the text before it doesn't
    return False


def _goes_back(tail: str, period: int, length: int) -> bool:
    """Whether the last `length` characters have this period."""
    start = len(tail) - length
    return start >= 0 and tail[start:-period] == tail[start + period :]


def _needed(tail: str, period: int) -> int:
    """How many characters of this period make a loop."""
    twice = tail[-2 * period - 1 :]
    if not twice.strip():
        return _SHORTEST_BLANK
    if period < 3 or _is_data(twice):
        return _SHORTEST_DATA
    copies = next(copies for longest, copies in _COPIES if period <= longest)
    return max(_SHORTEST, copies * period)


def _is_data(text: str) -> bool:
    """Whether the text has only literals and brackets. It may begin inside a string, so both cases are tried."""
    quote = min((at for sign in "\"'" if (at := text.find(sign)) >= 0), default=0)
    return any(
        all(word.lower() in _LITERALS for word in _WORD.findall(_QUOTED.sub(" ", each)))
        for each in (_HALF_A_WORD.sub("", text), text[quote + 1 :])
    )

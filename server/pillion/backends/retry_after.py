"""How long a server asks its clients to wait before they ask again: in a header, or in the words of its refusal."""

import email.utils
import re
import time

import httpx

# Pillion takes no longer wait than this for meant, whatever a server says.
_LONGEST_WAIT_S = 24 * 60 * 60
_SAID = re.compile(
    r"(?:try again|retry|retrydelay)\W{1,6}(?:after|in)?\W{0,3}(\d{1,6}(?:\.\d{1,12})?)\s?(ms|s|m|sec|min)?", re.I
)
_UNITS_S = {"ms": 1e-3, "m": 60.0, "min": 60.0}


def retry_after_s(headers: httpx.Headers, said: str) -> float:
    """The wait in seconds; 0 if the server says nothing that can be read.

    `Retry-After` has seconds or a date (RFC 9110, 10.2.3), `retry-after-ms` milliseconds (OpenAI, Azure). `said` may
    have “Please try again in 7.66s” (OpenAI, Groq) or `"retryDelay": "36s"` (Gemini).
    """
    for wait_s in (
        _number(headers.get("retry-after-ms", "")) * 1e-3,
        _seconds_or_date(headers.get("retry-after", "").strip()[:64]),
        _in_words(said[:4096]),
    ):
        if 0 < wait_s < float("inf"):
            return min(wait_s, _LONGEST_WAIT_S)
    return 0.0


def _seconds_or_date(given: str) -> float:
    if seconds := _number(given):
        return seconds
    try:
        return email.utils.parsedate_to_datetime(given).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError, OSError):
        return 0.0


def _number(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        return 0.0


def _in_words(said: str) -> float:
    found = _SAID.search(said)
    if found is None or not found[2]:
        return 0.0
    return float(found[1]) * _UNITS_S.get(found[2].lower(), 1.0)

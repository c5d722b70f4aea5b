"""What is piped in on stdin."""

import select
import sys
from contextlib import suppress

_SOON_S = 0.2


def pasted(most_characters: int) -> str:
    """The text that is piped in; empty if stdin is a terminal or closed."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return ""
    return sys.stdin.read(most_characters)


def is_pasted_soon() -> bool:
    """Whether something comes on stdin, or its end: a script may leave it open and never write."""
    with suppress(OSError, ValueError, AttributeError):
        return bool(select.select([sys.stdin], [], [], _SOON_S)[0])
    return False

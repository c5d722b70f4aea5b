"""How commands print when something was."""

from datetime import datetime


def local_minute(when: datetime) -> str:
    """To the minute, in the user's own time."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")

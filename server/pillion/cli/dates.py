"""Formats dates for the commands' output."""

from datetime import datetime


def local_minute(when: datetime) -> str:
    """The date and time to the minute, in the user's time zone."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")

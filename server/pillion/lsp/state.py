"""The folder in which the server keeps what outlives a session."""

from pathlib import Path


def state_folder() -> Path:
    """The user's own."""
    from platformdirs import user_state_path  # not needed before a job has ended, and `initialize` doesn't wait for it

    return user_state_path("pillion", appauthor=False)

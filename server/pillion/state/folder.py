"""The folder in which Pillion keeps what outlives a session: drafts, dismissals, measurements."""

import os
from collections.abc import Mapping
from pathlib import Path

from pillion.files.folders import private_folder

# How long a file in it is waited for that another process writes: that takes milliseconds, unless it has been stopped.
LOCK_WITHIN_S = 5.0


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`$PILLION_STATE_DIR`, else the user's own for such things. It may not be there yet."""
    if folder := environ.get("PILLION_STATE_DIR"):
        return Path(os.path.expanduser(folder))  # Path's own raises for a user there isn't
    from platformdirs import user_state_path  # not needed before a job has ended, and `initialize` doesn't wait for it

    return user_state_path("pillion", appauthor=False)


def ready_folder(state: Path, *inside: str) -> Path:
    """The state folder, or one in it, made and the user's alone.

    Raises:
        FileError: it can't be made, or belongs to somebody else.
    """
    folder = private_folder(state)
    for name in inside:
        folder = private_folder(folder / name)
    return folder

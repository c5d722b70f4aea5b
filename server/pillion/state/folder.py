"""The folder in which Pillion keeps what outlives a session: drafts, dismissals, measurements."""

import os
from collections.abc import Mapping
from pathlib import Path

from pillion.files.folders import private_folder

# How long to wait for a file that another process writes: writing takes milliseconds, unless that process is stopped.
LOCK_WITHIN_S = 5.0


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`$PILLION_STATE_DIR`, else the system's place for a user's state. It may not exist yet."""
    if folder := environ.get("PILLION_STATE_DIR"):
        return Path(os.path.expanduser(folder))  # Path's own expanduser raises if the named user doesn't exist
    from platformdirs import user_state_path  # not needed before a job has ended, and `initialize` must not wait for it

    return user_state_path("pillion", appauthor=False)


def ready_folder(state: Path, *inside: str) -> Path:
    """The state folder, or a folder in it. It is made if need be, and only the user can access it.

    Raises:
        FileError: it can't be made, or belongs to somebody else.
    """
    folder = private_folder(state)
    for name in inside:
        folder = private_folder(folder / name)
    return folder

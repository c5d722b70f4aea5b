"""The folder in which Pillion keeps what outlives a session: drafts, dismissals, measurements."""

import os
from collections.abc import Mapping
from pathlib import Path


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`$PILLION_STATE_DIR`, else the user's own for such things."""
    if folder := environ.get("PILLION_STATE_DIR"):
        return Path(os.path.expanduser(folder))  # Path's own raises for a user there isn't
    from platformdirs import user_state_path  # not needed before a job has ended, and `initialize` doesn't wait for it

    return user_state_path("pillion", appauthor=False)

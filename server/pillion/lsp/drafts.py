"""Drafts that didn't become an edit are kept as files, so that nothing a model wrote is lost."""

import re
from contextlib import suppress
from pathlib import Path

from pillion.state import state_folder

_KEPT_FILES = 50
_MOST_NAME_BYTES = 60


class DraftFolder:
    """Keeps the last fifty such drafts, by default in the user's state folder."""

    def __init__(self, state: Path | None = None) -> None:
        self._state = state

    @property
    def _folder(self) -> Path:
        return (self._state or state_folder()) / "drafts"

    def kept(self) -> list[dict[str, str | int | float]]:
        """The drafts that are kept, newest first: path, action, symbol (may be empty), bytes, and when each was written
        (Unix time, s)."""
        found: list[dict[str, str | int | float]] = []
        for path in self._folder.glob("*.md"):
            with suppress(OSError):  # another session has just removed it
                stat = path.stat()
                action, _, rest = path.stem.partition("-")
                about = {"path": str(path), "action": action, "symbol": rest.rpartition("-")[0]}
                found.append({**about, "bytes": stat.st_size, "modified_at": stat.st_mtime})
        return sorted(found, key=lambda each: each["modified_at"], reverse=True)

    def keep(self, job_id: str, action: str, symbol: str, text: str) -> Path | None:
        """Writes a draft and returns its file; None if the folder can't be written."""
        symbol = re.sub(r"\W+", "_", symbol).encode()[:_MOST_NAME_BYTES].decode(errors="ignore")  # C++ has operators
        folder = self._folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / f"{'-'.join(filter(None, (action, symbol, job_id)))}.md"
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
            files = sorted(folder.glob("*.md"), key=lambda each: each.stat().st_mtime)
            for old in files[:-_KEPT_FILES]:
                old.unlink()
        except OSError:
            return None
        return path

    def forget(self, job_id: str) -> None:
        """Removes a job's draft: it became an edit after all."""
        with suppress(OSError):  # it stays among the kept ones, and goes with the oldest
            for path in self._folder.glob(f"*{job_id}.md"):
                path.unlink()

"""Drafts that didn't become an edit are kept as files, so that nothing a model wrote is lost."""

from pathlib import Path

_KEPT_FILES = 50


class DraftFolder:
    """A folder with the last fifty such drafts; by default in the user's state folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def keep(self, name: str, text: str) -> Path | None:
        """Writes a draft and returns its file; None if the folder can't be written."""
        folder = self._folder or _default_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / f"{name}.md"
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
            files = sorted(folder.glob("*.md"), key=lambda each: each.stat().st_mtime)
            for old in files[:-_KEPT_FILES]:
                old.unlink()
        except OSError:
            return None
        return path


def _default_folder() -> Path:
    from platformdirs import user_state_path  # only needed once a draft fails, and `initialize` doesn't wait for it

    return user_state_path("pillion", appauthor=False) / "drafts"

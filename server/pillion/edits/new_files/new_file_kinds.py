"""The kinds of files that Pillion creates: code in the languages that it reads, and plain texts of a few formats."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from pillion.syntax.check import first_error
from pillion.syntax.document import ParsedText
from pillion.syntax.fence_names import is_another
from pillion.syntax.languages import LANGUAGES, Language, language_by_path
from pillion.text.fences import language_name


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file. `names`: the words behind a fence for it, if it is no language. `read` raises ValueError for a
    text that can't be read as one."""

    title: str
    extensions: tuple[str, ...]
    language: Language | None = None
    names: frozenset[str] = frozenset()
    read: Callable[[str], object] | None = None

    def speaks(self, info: str) -> bool:
        """Whether a block may be such a file, by the words behind its fence."""
        name = language_name(info)
        return not is_another(name, self.language) if self.language is not None else name in self.names | {""}

    def problem(self, text: str) -> str | None:
        """A mistake in the syntax of such a file; None if there is none, or nobody can say."""
        if self.language is not None:
            return first_error(ParsedText.of(self.language, text))
        try:
            if self.read is not None:
                self.read(text)
        except (ValueError, RecursionError) as exc:
            return str(exc) or "it is too deep"
        return None


def _plain(title: str, *extensions: str, names: str = "", read: Callable[[str], object] | None = None) -> FileKind:
    said = {each.lstrip(".") for each in extensions} | set(names.split())
    return FileKind(title, extensions, names=frozenset(said), read=read)


MARKDOWN = _plain("Markdown", ".md", names="markdown")
SHELL = _plain("shell", ".sh", names="bash shell zsh")
KINDS: tuple[FileKind, ...] = (
    *(FileKind(each.title, each.extensions, each) for each in LANGUAGES),
    MARKDOWN,
    _plain("JSON", ".json", names="jsonc", read=json.loads),
    _plain("TOML", ".toml", read=tomllib.loads),
    _plain("YAML", ".yaml", ".yml"),
    _plain("HTML", ".html"),
    _plain("CSS", ".css"),
    _plain("SQL", ".sql"),
    SHELL,
    _plain("text", ".txt", names="text plaintext plain"),
)


def kind_of(path: str) -> FileKind | None:
    """The kind of file with this path; None if Pillion creates none of these."""
    extension = PurePosixPath(path).suffix.lower()
    return next((each for each in KINDS if extension in each.extensions), None)


def kind_of_language(language: Language) -> FileKind:
    """The kind of file with code in this language."""
    return next(each for each in KINDS if each.language is language)


def kind_by_fence(info: str) -> FileKind | None:
    """The kind that the words behind a fence name; None if they name none."""
    name = language_name(info)
    language = language_by_path(f"x.{name}") or next((each for each in LANGUAGES if each.id == name), None)
    if language is not None:
        return kind_of_language(language)
    return next((each for each in KINDS if name and name in each.names), None)


def known_kinds() -> str:
    """The plain formats, for a message."""
    titles = [each.title for each in KINDS if each.language is None]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"

"""The stubs of `pillion bench drafts`: each a document in which one symbol is to be written, and its checks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pillion.actions.action_registry import action_by_id
from pillion.errors import DocumentError
from pillion.pipeline.outcome import Task
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language, language_by_path
from pillion.syntax.target import Target

# The line of a stub's file before its solution, and the line before its checks.
_SECTION = re.compile(r"^(?:#|//) --- (solution|checks) ---\n", re.MULTILINE)
_IMPLEMENT = action_by_id("implement")


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A document with a stub. `checks` is code that runs after the document and fails if the stub is written wrongly.

    `solution` is a right answer, as a model would give it; empty if the case comes without one.
    """

    name: str
    file_name: str
    document: str
    symbol: str
    checks: str
    solution: str = ""

    @property
    def language(self) -> Language:
        """The document's language."""
        return _language(self.file_name)

    def program(self, document: str) -> str:
        """A program that runs the checks on this text of the document."""
        return f"{document.rstrip()}\n\n{self.checks}"

    @property
    def is_stub(self) -> bool:
        """Whether an editor would offer to implement the symbol."""
        return self._target() is not None

    def task(self) -> Task:
        """The job that implements the stub.

        Raises:
            DocumentError: it isn't a stub.
        """
        target = self._target()
        if target is None:
            raise DocumentError(f"{self.name}: “{self.symbol}” isn't a stub.")
        return Task(f"file:///bench/{self.file_name}", _IMPLEMENT, target, self._parsed())

    def _parsed(self) -> ParsedText:
        return ParsedText.of(self.language, self.document)

    def _target(self) -> Target | None:
        """The last stub with the symbol's name."""
        return next((each for each in reversed(_stubs(self._parsed())) if each.name == self.symbol), None)


def read_stubs(folder: Path) -> tuple[DraftCase, ...]:
    """The stubs in a folder, one file each, by name.

    Raises:
        DocumentError: a file has no stub or no checks.
    """
    return tuple(_read_stub(path) for path in sorted(folder.iterdir(), key=lambda path: path.name))


def chosen(cases: Iterable[DraftCase], patterns: Iterable[str]) -> tuple[DraftCase, ...]:
    """The cases whose names contain one of these words; all if there are no words."""
    words = tuple(patterns)
    return tuple(case for case in cases if not words or any(word in case.name for word in words))


def _read_stub(path: Path) -> DraftCase:
    parts = _SECTION.split(path.read_text(encoding="utf-8"))
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    if "checks" not in sections:
        raise DocumentError(f"{path} has no checks.")
    document = parts[0].rstrip() + "\n"
    stubs = _stubs(ParsedText.of(_language(path.name), document))
    if not stubs:
        raise DocumentError(f"{path} has no stub.")
    # Exceptions and private constructors without a body stand before the stub that is meant.
    symbol, solution = stubs[-1].name, sections.get("solution", "")
    return DraftCase(path.stem, path.name, document, symbol, sections["checks"], solution)


def _stubs(parsed: ParsedText) -> list[Target]:
    targets = [Target.of(parsed.symbols.read(node)) for node in parsed.symbols.walk()]
    return [target for target in targets if _IMPLEMENT.scope.applies(target)]


def _language(file_name: str) -> Language:
    language = language_by_path(file_name)
    if language is None:
        raise DocumentError(f"{file_name} is in no language that Pillion knows.")
    return language

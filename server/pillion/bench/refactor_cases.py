"""The functions of `pillion bench refactors`: each a document with a function that could be simpler, calls of it, and
rewrites that were judged before."""

import re
from dataclasses import dataclass
from pathlib import Path

from pillion.actions.action_registry import action_by_id
from pillion.errors import DocumentError
from pillion.jobs.targets import target_at
from pillion.pipeline.outcome import Task
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language, language_by_path

# The line before the calls names the function; the line before a reply says whose it is, and what it is worth.
_SECTION = re.compile(r"^(?:#|//) --- ([^:\n]+): (.+) ---\n", re.MULTILINE)
_CALLS = "calls"
_WORTHS = frozenset({"same", "changed", "unusable"})
BY_HAND = "by hand"
_REFACTOR = action_by_id("refactor")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to the action, byte for byte. `by`: a model, or “by hand”. `worth`: “same” if its code does what the
    old code does, “changed” if it doesn't, “unusable” if it gives no edit."""

    by: str
    worth: str
    text: str


@dataclass(frozen=True, slots=True)
class RefactorCase:
    """A document with a function or method `symbol`. `calls`: lines of code, each alone in a fresh copy of the
    document; a line ends with an expression, whose value counts."""

    name: str
    file_name: str
    language: Language
    document: str
    symbol: str
    calls: tuple[str, ...]
    replies: tuple[Reply, ...] = ()

    def task(self) -> Task:
        """The job that refactors it, as an editor starts it with the cursor in the function.

        Raises:
            DocumentError: the function isn't there.
        """
        parsed = ParsedText.of(self.language, self.document)
        symbol = parsed.symbols.named(self.symbol)
        if symbol is None:
            raise DocumentError(f"{self.name}: “{self.symbol}” isn't there.")
        target = target_at(_REFACTOR, parsed, symbol.start, symbol.start, "there")
        return Task(f"file:///bench/{self.file_name}", _REFACTOR, target, parsed)


def read_refactors(folder: Path) -> tuple[RefactorCase, ...]:
    """The functions in a folder, one file each, by name.

    Raises:
        DocumentError: a file has no calls, or a reply without a known worth.
    """
    return tuple(_read(path) for path in sorted(folder.iterdir(), key=lambda path: path.name) if path.is_file())


def _read(path: Path) -> RefactorCase:
    language = language_by_path(path.name)
    if language is None:
        raise DocumentError(f"{path.name} is in no language that Pillion knows.")
    document, *parts = _SECTION.split(path.read_text(encoding="utf-8"))
    sections = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    found = [(symbol, text) for name, symbol, text in sections if name == _CALLS]
    if len(found) != 1:
        raise DocumentError(f"{path} must have its calls once.")
    replies = tuple(Reply(by, worth, text) for by, worth, text in sections if by != _CALLS)
    if unknown := {each.worth for each in replies} - _WORTHS:
        raise DocumentError(f"{path}: {unknown.pop()} is none of {', '.join(sorted(_WORTHS))}.")
    symbol, calls = found[0]
    lines = tuple(calls.strip().splitlines())
    return RefactorCase(path.stem, path.name, language, document.rstrip() + "\n", symbol, lines, replies)

"""How the audit reads a draft while it streams: which of its text, cut into which units, for which auditors."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pillion.actions.action_row import Output
from pillion.audit.streaming_audit import TextFilter
from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.edits.code import wanted_code
from pillion.edits.new_files.creations import named_kind
from pillion.edits.new_files.new_file_code import WantedFile
from pillion.edits.new_files.new_file_kinds import MARKDOWN, FileKind, kind_of_language
from pillion.pipeline.outcome import Task
from pillion.prompts.audit_conversation import CODE, DOCUMENT, AuditSubject
from pillion.syntax.sections import Sections
from pillion.syntax.units import UnitStream
from pillion.text.code_filter import CodeFilter
from pillion.text.document_reply import DocumentFilter


@dataclass(frozen=True, slots=True)
class DraftReading:
    """`frame` is what the auditors know of the text's surroundings. `fence`: the language behind a prompt's fence."""

    units: Callable[[], UnitStream]
    text: Callable[[], TextFilter]
    frame: Passage
    fence: str
    only_words: bool = False
    subject: AuditSubject = CODE

    def auditors(self, auditors: Iterable[Auditor]) -> tuple[Auditor, ...]:
        """Those that can read it."""
        return tuple(each for each in auditors if not self.only_words or each.sees is Sees.WORDS)


def reading_of(task: Task) -> DraftReading:
    """How the draft of this task is read."""
    language, frame = task.document.language, task.passage("")
    if not task.action.makes_file:
        wanted = wanted_code(task.target.symbol, task.document)
        return DraftReading(lambda: UnitStream(language), lambda: CodeFilter(wanted), frame, language.id)
    named = named_kind(task.answered("")) if task.action.output is Output.FILE else MARKDOWN
    kind = named or kind_of_language(language)
    frame = _elsewhere(frame, kind)
    if kind is MARKDOWN:
        return DraftReading(_sections, DocumentFilter, frame, "markdown", only_words=True, subject=DOCUMENT)
    file = WantedFile(named, language)
    only_words = kind.language is None
    fence = kind.language.id if kind.language is not None else kind.extensions[0].lstrip(".")
    return DraftReading(lambda: UnitStream(kind.language), lambda: CodeFilter(file), frame, fence, only_words)


def _sections() -> UnitStream:
    return UnitStream(None, Sections())


def _elsewhere(frame: Passage, kind: FileKind) -> Passage:
    """The frame of a new file beside the document. Nobody knows its name before the draft is whole."""
    folder = frame.path.parent if frame.path is not None else None
    path: Path | None = folder / f"new{kind.extensions[0]}" if folder is not None else None
    return replace(frame, language=kind.language or frame.language, before="", path=path)

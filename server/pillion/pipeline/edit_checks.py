"""Has the deterministic auditors look at each file that an outcome edits or creates."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pillion.audit.unit_checks import check_edit
from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.edits.file_change import FileChange, FileCreation, FileEdit
from pillion.edits.file_places import file_of
from pillion.edits.new_regions import inserted_regions
from pillion.findings.file_findings import FileFindings
from pillion.findings.finding import Finding
from pillion.findings.place import InEdit
from pillion.pipeline.outcome import Outcome, Task
from pillion.syntax.languages import language_by_path
from pillion.text.replacement import Replacement

# Nothing runs what is in these files.
_MARKDOWN = frozenset({".md", ".markdown"})
_PROSE = frozenset({".md", ".markdown", ".rst", ".txt", ".adoc"})


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The new text of a file for the auditors that look at it. Its `regions` are new.

    `only_words`: see FileFindings.
    """

    uri: str
    passage: Passage
    regions: tuple[InEdit, ...]
    auditors: tuple[Auditor, ...]
    only_words: bool = False


def checks_of(task: Task, outcome: Outcome, auditors: Iterable[Auditor]) -> list[FileCheck]:
    """The checks of an outcome's files, the job's own document first. A file without anything new needs none."""
    chosen = tuple(auditors)
    found = [_own_check(task, outcome, chosen)] if outcome.regions else []
    others = (each for each in outcome.changes if each is not outcome.edit)
    return found + [check for each in others for check in _check_of(task, each, chosen)]


async def checked(
    outcome: Outcome, checks: Sequence[FileCheck], *, within_s: float
) -> tuple[Outcome, list[tuple[FileCheck, Finding[InEdit]]]]:
    """The outcome with what the checks have found, and each of their findings with its check."""
    found = await asyncio.gather(
        *(check_edit(each.auditors, each.passage, each.regions, within_s=within_s) for each in checks)
    )
    for check, findings in zip(checks, found, strict=True):
        if check.uri == outcome.uri:
            outcome = outcome.with_findings(findings)
        else:
            file = FileFindings(check.uri, check.passage.text, check.regions, only_words=check.only_words)
            outcome = replace(outcome, elsewhere=(*outcome.elsewhere, file.with_findings(findings)))
    return outcome, [(check, each) for check, findings in zip(checks, found, strict=True) for each in findings]


def _own_check(task: Task, outcome: Outcome, auditors: tuple[Auditor, ...]) -> FileCheck:
    """Only auditors of words check a docstring. Auditors that see units have seen them one by one; only the whole edit
    shows an import together with its use."""
    chosen = tuple(each for each in _of_code(auditors) if task.action.writes_code or each.sees is Sees.WORDS)
    passage = _with_new(task.passage(outcome.after_text), outcome.regions)
    return FileCheck(task.uri, passage, outcome.regions, chosen)


def _check_of(task: Task, change: FileChange, auditors: tuple[Auditor, ...]) -> Iterator[FileCheck]:
    match change:
        case FileEdit():
            before, text = change.before_text, change.after_text
            regions = change.regions or inserted_regions(change.replacements)
        case FileCreation():
            before, text, regions = "", change.text, inserted_regions([Replacement(0, 0, change.text)])
        case _:
            return
    if not text or not regions:
        return
    language, path = language_by_path(change.uri), file_of(change.uri)
    suffix = PurePosixPath(change.uri).suffix.lower()
    fitting = {Sees.WORDS, Sees.DOCUMENT} if suffix in _MARKDOWN else {Sees.WORDS}
    words = tuple(each for each in auditors if each.sees in fitting)
    # Auditors of words and documents don't look at the language.
    passage = Passage(text, 0, 0, language or task.document.language, before, path, task.workspace)
    only_words = language is None and suffix not in _PROSE
    chosen = _of_code(auditors) if language is not None else words
    yield FileCheck(change.uri, _with_new(passage, regions), regions, chosen, only_words)


def _of_code(auditors: Iterable[Auditor]) -> tuple[Auditor, ...]:
    return tuple(each for each in auditors if each.sees is not Sees.DOCUMENT)


def _with_new(passage: Passage, regions: Sequence[InEdit]) -> Passage:
    return replace(passage, start=min(each.start for each in regions), end=max(each.end for each in regions))

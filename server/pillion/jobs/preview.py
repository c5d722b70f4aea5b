"""The document as it would be with a draft that still streams, or with the finished edit: for the user's review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from pillion.findings.moves import edit_to, region_to
from pillion.findings.place import InPreview
from pillion.jobs.edit_plans import accepted_replacements

if TYPE_CHECKING:
    from pillion.edits.hunks import Hunk
    from pillion.events import FindingRaised, PipelineEvent
    from pillion.findings.finding import Finding
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText


@dataclass(frozen=True, slots=True)
class Preview:
    """`text` is the whole document, of which the draft wrote the part `written`.

    `complete`: the text is what accepting would give, and no longer a draft that streams. `others` are the changes of
    other files. `hunks`, which are of the text `before`, can be accepted alone.
    """

    text: str
    written: InPreview
    findings: "tuple[Finding[InPreview], ...]"
    complete: bool
    others: "tuple[OtherFile, ...]" = ()
    before: str = ""
    hunks: "tuple[Hunk, ...]" = ()


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A change of another file, as JSON data (see docs/protocol.md), and what was found in its new text."""

    data: dict[str, str]
    findings: "tuple[Finding[InPreview], ...]" = ()


class DraftView:
    """Follows one job's draft. Extracts the code only when somebody looks: tokens come often, and looks are rare."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._raised: list[FindingRaised] = []
        self._complete = False

    def event(self, event: "PipelineEvent") -> None:
        """Something happened in the pipeline."""
        from pillion import events

        match event:
            case events.DraftProgress():
                self._texts.append(event.text)
            case events.DraftEnded():
                self._complete = True
            case events.DraftVoided():
                self._texts, self._raised, self._complete = [], [], False
            case events.FindingRaised() if not event.uri:
                self._raised.append(event)
            case _:
                pass

    def so_far(self, task: "Task") -> Preview | None:
        """The document with the draft so far; None while there is nothing to show."""
        from pillion.actions.action_row import Output
        from pillion.edits.code import wanted_code
        from pillion.edits.partial import partly_rewritten
        from pillion.findings.relocation import identified, relocate
        from pillion.text.code_filter import CodeFilter

        symbol = task.target.symbol
        # Which symbol a part of a draft is, nobody knows before the draft is complete.
        if task.action.output is not Output.CODE or (symbol.is_stretch and not symbol.is_place):
            return None
        complete, code_filter = self._complete, CodeFilter(wanted_code(task.target.symbol, task.document))
        code = code_filter.feed("".join(tuple(self._texts))) + (code_filter.finish() if complete else "")
        if not code.strip():
            return None
        text, start, end = partly_rewritten(code, task.target.symbol, task.document)
        written = InPreview(start, end)
        found = chain.from_iterable(
            relocate([each.finding], text, [written], read_in=each.edited or code) for each in tuple(self._raised)
        )
        return Preview(text, written, tuple(identified(each, text) for each in found), complete=False)


def other_changes(outcome: "Outcome", texts: "Mapping[str, str]") -> "tuple[OtherFile, ...] | None":
    """The changes outside the job's own document, each with the whole new `text` of its file. They are made for the
    open documents' `texts`; None if a document to edit isn't open, or was changed at the place of its edit."""
    from pillion.edits.file_change import FileCreation, FileEdit, described
    from pillion.text.rebase import rebase
    from pillion.text.replacement import apply_replacements

    shown: list[OtherFile] = []
    for change, said in zip(outcome.changes, described(outcome.changes), strict=True):
        match change:
            case FileEdit() if change is outcome.edit:
                continue
            case FileEdit():
                now = texts.get(change.uri)
                made = rebase(change.replacements, change.before_text, now) if now is not None else None
                if now is None or made is None or made.conflict:
                    return None
                text = apply_replacements(now, made.replacements)
                shown.append(OtherFile({**said, "text": text}, _found_in(outcome, change.uri, text)))
            case FileCreation():
                shown.append(OtherFile({**said, "text": change.text}, _found_in(outcome, change.uri, change.text)))
            case _:
                shown.append(OtherFile(said))
    return tuple(shown)


def _found_in(outcome: "Outcome", uri: str, text: str) -> "tuple[Finding[InPreview], ...]":
    from pillion.text.replacement import smallest_replacements

    placed: list[Finding[InPreview]] = []
    for each in outcome.elsewhere:
        if each.uri == uri:
            changes = smallest_replacements(each.text, text) if text != each.text else ()
            placed += edit_to(InPreview, text, each.findings, changes, lambda: InPreview(0, len(text)))
    return tuple(placed)


def finished(task: "Task", outcome: "Outcome", current: "ParsedText") -> Preview | None:
    """The current text as accepting the edit would make it; None if there is nothing left to accept."""
    from pillion.actions.action_row import Output
    from pillion.text.replacement import Replacement, apply_replacements, smallest_replacements

    if outcome.edit is None:  # only other files are changed
        nothing = InPreview(task.target.start, task.target.start)
        return Preview(current.text, nothing, (), complete=True)
    text = outcome.after_text
    changes: Sequence[Replacement] = ()
    if current.text != task.document.text:
        replacements = accepted_replacements(task, outcome, current)
        if not replacements:
            return None
        text = apply_replacements(current.text, replacements)
        changes = smallest_replacements(outcome.after_text, text)
    first = outcome.regions[0]
    # Comments stand apart from each other, and so do several symbols, new names, and tests and what they import.
    apart = task.action.output in {Output.COMMENTS, Output.NAMES, Output.TESTS} or task.target.symbol.is_stretch
    whole = replace(first, end=max(each.end for each in outcome.regions)) if apart else first
    written = region_to(InPreview, whole, changes)
    findings = edit_to(InPreview, text, outcome.findings, changes, lambda: written)
    return Preview(text, written, tuple(findings), complete=True)

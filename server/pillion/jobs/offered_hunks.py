"""The hunks of an edit on offer, in the document as it is now, and what is left of the offer without one of them."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pillion.edits.file_change import FileEdit
from pillion.findings.moves import edit_to, region_to
from pillion.findings.place import InEdit
from pillion.jobs.edit_plans import accepted_replacements
from pillion.jobs.open_document import TextNow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pillion.edits.hunks import Change, Hunk
    from pillion.findings.finding import Finding
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.syntax.document import ParsedText
    from pillion.text.replacement import Replacement

_GONE = "the document was changed at this place since it was shown"


def has_hunks(outcome: "Outcome") -> bool:
    """Whether the edit can be decided by hunks: one that changes several files is made whole or not at all."""
    return outcome.edit is not None and len(outcome.changes) == 1


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of an offer after one of its hunks was decided. `findings` are those of an accepted hunk, in the
    text of `outcome`."""

    task: "Task"
    outcome: "Outcome"
    findings: "tuple[Finding[InEdit], ...]" = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.outcome.replacements


@dataclass(frozen=True, slots=True)
class Split:
    """An offer in a document as it is at one moment, split into one of its hunks and the others."""

    task: "Task"
    outcome: "Outcome"
    now: "ParsedText"
    chosen: "Hunk"
    others: "tuple[Hunk, ...]"

    @classmethod
    def of(cls, task: "Task", outcome: "Outcome", now: "ParsedText", hunk_id: str) -> "Split | None":
        """None if the offer has no such hunk in the document any more. Computes for a while."""
        from pillion.edits.hunks import hunks_of

        hunks = hunks_of(now, accepted_replacements(task, outcome, now))
        chosen = next((each for each in hunks if each.id == hunk_id), None)
        others = tuple(each for each in hunks if each is not chosen)
        return cls(task, outcome, now, chosen, others) if chosen is not None else None

    @property
    def replacements(self) -> "list[Replacement]":
        """The hunk's own, and those of what comes along."""
        return sorted(each.replacement for each in self.chosen.changes)

    def whats_wrong(self) -> str:
        """Why the hunk can't be accepted without the others; empty if it can."""
        from pillion.edits.hunks import broken_by

        error = broken_by(self.chosen.changes, self.now) if self.others else None
        return f"without the other changes it would break the file's syntax ({error})" if error is not None else ""

    def accepted(self) -> Rest:
        """The rest once the document has the hunk."""
        from pillion.text.replacement import apply_replacements

        after, findings = self._after, self._findings_now()
        mine = tuple(each for each in findings if not self.others or _is_in(each, self.chosen.changes))
        left = tuple(each for each in findings if each not in mine)
        done = self.replacements
        before = apply_replacements(self.now.text, done)
        edit = FileEdit(self.task.uri, _after_others(self._kept, done), before, after, self._regions(()))
        return Rest(_on(self.task, before), replace(self.outcome.with_edit(edit), findings=left), mine)

    def rejected(self) -> Rest:
        """The rest without the hunk, and without what came along only with it."""
        from pillion.text.replacement import Replacement, apply_replacements

        before, kept = self.now.text, self._kept
        after = apply_replacements(before, kept)
        gone = [each for each in self.chosen.changes if each.replacement not in kept]
        left = [each for each in self._findings_now() if not _is_in(each, gone)]
        back = [
            Replacement(each.start, each.end, before[each.replacement.start : each.replacement.end]) for each in gone
        ]
        found = tuple(edit_to(InEdit, after, left, back, lambda: None))
        edit = FileEdit(self.task.uri, kept, before, after, self._regions(back))
        return Rest(_on(self.task, before), replace(self.outcome.with_edit(edit), findings=found))

    @property
    def _after(self) -> str:
        """The document's text with the whole offer."""
        from pillion.text.replacement import apply_replacements

        every = {each.replacement for hunk in (self.chosen, *self.others) for each in hunk.changes}
        return apply_replacements(self.now.text, every)

    @property
    def _kept(self) -> "tuple[Replacement, ...]":
        """The replacements of the other hunks."""
        return tuple(sorted({each.replacement for hunk in self.others for each in hunk.changes}))

    def _findings_now(self) -> "tuple[Finding[InEdit], ...]":
        """The outcome's findings in the document's text with the whole offer."""
        return tuple(edit_to(InEdit, self._after, self.outcome.findings, self._changes_since(), lambda: None))

    def _regions(self, then: "Sequence[Replacement]") -> tuple[InEdit, ...]:
        """The outcome's new parts, in the document's text with the whole offer after `then`."""
        now = (region_to(InEdit, each, self._changes_since()) for each in self.outcome.regions)
        return tuple(region_to(InEdit, each, then) for each in now)

    def _changes_since(self) -> "tuple[Replacement, ...]":
        """What leads from the outcome's own text to the document's text with the whole offer."""
        from pillion.text.replacement import smallest_replacements

        drafted, after = self.outcome.after_text, self._after
        return smallest_replacements(drafted, after) if drafted != after else ()


@dataclass(slots=True)
class HunkStep:
    """Makes the edit of one hunk; `split` is the last that was made."""

    task: "Task"
    outcome: "Outcome"
    hunk_id: str
    split: Split | None = field(default=None, init=False)

    def make(self, now: TextNow) -> "Sequence[Replacement] | str":
        """The replacements in the document as it is now, or what is in the way."""
        self.split = Split.of(self.task, self.outcome, now.parsed, self.hunk_id) if now.parsed is not None else None
        if self.split is None:
            return _GONE
        return self.split.whats_wrong() or self.split.replacements


def _after_others(replacements: "Iterable[Replacement]", done: "Iterable[Replacement]") -> "tuple[Replacement, ...]":
    """Those of the replacements that aren't done yet, in the text in which the others are done."""
    made = list(done)
    return tuple(
        each.moved(sum(len(one.new_text) - (one.end - one.start) for one in made if one.end <= each.start))
        for each in replacements
        if each not in made
    )


def _is_in(finding: "Finding[InEdit]", changes: "Iterable[Change]") -> bool:
    return any(each.start <= finding.start and finding.end <= each.end for each in changes)


def _on(task: "Task", text: str) -> "Task":
    """The same task on another text of its document. Its target is the symbol as it is there, if it is there."""
    from pillion.syntax.document import ParsedText
    from pillion.syntax.target import Target

    document, symbol = ParsedText.of(task.document.language, text), task.target.around
    node = task.document.symbols.same_in(document.symbols, symbol) if symbol is not None and not symbol.todo else None
    target = Target.of(document.symbols.read(node)) if node is not None else task.target
    return replace(task, document=document, target=target)

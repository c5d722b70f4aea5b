"""The outcome of a job: the draft as an edit that passed every check, or the reason why there is no edit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pillion.actions.action_row import Action, Output
from pillion.auditors.auditor import Passage
from pillion.auditors.running.run_check import RunReport
from pillion.backends.backend import Done
from pillion.edits.file_change import FileChange, FileEdit, edit_of
from pillion.edits.file_places import whats_wrong
from pillion.edits.imports.python_imports import with_imports
from pillion.edits.invariants import check_invariants
from pillion.edits.new_regions import inserted_regions, new_regions
from pillion.edits.selections.selection_checks import check_selection
from pillion.edits.strategies import Answered, Proposal, Proposals, Prose
from pillion.edits.todo import check_todo
from pillion.errors import DraftRejectedError
from pillion.findings.file_findings import FileFindings
from pillion.findings.finding import Finding
from pillion.findings.finding_list import merged
from pillion.findings.moves import after_more_edits
from pillion.findings.place import InDraft, InEdit
from pillion.findings.relocation import identified, relocate
from pillion.pipeline.draft import Draft
from pillion.pipeline.missing_imports import with_missing_imports
from pillion.pool.objections import cut_off, says_nothing
from pillion.prompts.build import Retry
from pillion.syntax.document import ParsedText
from pillion.syntax.python_import import Import
from pillion.syntax.target import Target
from pillion.text.file_uris import path_in
from pillion.text.lines import has_lone_cr
from pillion.text.replacement import Replacement, apply_replacements, composed, newline_of
from pillion.text.sentences import whole_sentences

_NOTHING_RAN = RunReport()


@dataclass(frozen=True, slots=True)
class Task:
    """The task of a job: an action on a target in a parsed snapshot, perhaps with the user's own words.

    `refused`: the refused draft of an earlier job, if the user wants another try.
    """

    uri: str
    action: Action
    target: Target
    document: ParsedText
    instruction: str = ""
    workspace: Path | None = None
    refused: Retry | None = None

    @property
    def label(self) -> str:
        """The editor's name for the edit, for example in its undo list."""
        return self.action.titled_for(self.target).title_for(self.target.name, self.instruction)

    @property
    def path(self) -> Path | None:
        """The document's file; None if the document isn't a file."""
        path = path_in(self.uri)
        return Path(path) if path is not None else None

    def answered(self, reply: str) -> Answered:
        """A model's whole answer to the task."""
        return Answered(reply, self.uri, self.target, self.document, self.workspace, self.instruction)

    def passage(self, text: str) -> Passage:
        """`text` in the form for the deterministic auditors. All of it is new."""
        document = self.document
        return Passage(text, 0, len(text), document.language, document.text, self.path, self.workspace)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a job.

    `uri` is the document in which the job was started. Either all `changes` are made, or none. `prose` is an
    explanation. `rejected` says why nothing changes; `draft` keeps the model's answer, so that nothing is lost. The
    findings are in the `after_text` of the job's own document; `elsewhere` has the other files that were checked, and
    what was found there. `unchecked` says what no check could look at. Of several `proposals`, the changes are those of
    the first; `handed` says why only the editor's own rename can make them. `ran` is what running the code has shown,
    without its findings; `failures` counts the errors among these. `chosen` is why this one of two drafts was taken,
    and `set_aside` the other one.
    """

    draft: Draft
    uri: str = ""
    changes: tuple[FileChange, ...] = ()
    prose: str = ""
    findings: tuple[Finding[InEdit], ...] = ()
    elsewhere: tuple[FileFindings, ...] = ()
    rejected: str = ""
    unchecked: str = ""
    proposals: tuple[Proposal, ...] = ()
    handed: str = ""
    ran: RunReport = _NOTHING_RAN
    failures: int = 0
    chosen: str = ""
    set_aside: Draft | None = None

    @property
    def edit(self) -> FileEdit | None:
        """The edit of the job's own document; None if it has none."""
        return edit_of(self.uri, self.changes)

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """The replacements in the job's own document."""
        return self.edit.replacements if self.edit is not None else ()

    @property
    def after_text(self) -> str:
        """The text of the job's own document after its edit; empty if there is no edit."""
        return self.edit.after_text if self.edit is not None else ""

    @property
    def regions(self) -> tuple[InEdit, ...]:
        """The new parts of `after_text`."""
        return self.edit.regions if self.edit is not None else ()

    def whats_wrong(self, workspace: Path | None) -> str:
        """Why its changes may not be made, or can't be made now; empty if they can be made. Looks at the disk."""
        return whats_wrong(self.changes, self.uri, workspace)

    def with_edit(self, edit: FileEdit) -> "Outcome":
        """The same outcome, but `edit` replaces the edit of its document."""
        changes = tuple(edit if each == edit_of(edit.uri, self.changes) else each for each in self.changes)
        return replace(self, changes=changes)

    def with_proposal(self, proposal: Proposal) -> "Outcome":
        """The same outcome, but with the changes of this proposal."""
        return replace(self, changes=proposal.changes)

    def with_findings_of_draft(self, found: Iterable[Finding[InDraft]], read_in: str) -> "Outcome":
        """The same outcome with the draft's findings, if they have a place in the new parts of the edit, or else of
        another file. `read_in`: the code as the audit read it."""
        outcome, elsewhere = self, list(self.elsewhere)
        for each in found:
            if here := relocate([each], self.after_text, self.regions, read_in=read_in):
                outcome = outcome.with_findings(here)
                continue
            for number, file in enumerate(elsewhere):
                if there := relocate([each], file.text, file.regions, read_in=read_in):
                    elsewhere[number] = file.with_findings(there)
                    break
        return replace(outcome, elsewhere=tuple(elsewhere))

    def with_findings(self, more: Iterable[Finding[InEdit]]) -> "Outcome":
        """The same outcome with more findings."""
        return replace(self, findings=merged([*self.findings, *(identified(each, self.after_text) for each in more)]))

    def with_only(self, kept: Callable[[Iterable[Finding[InEdit]]], Iterable[Finding[InEdit]]]) -> "Outcome":
        """The same outcome with only those of its findings that `kept` returns."""
        elsewhere = tuple(replace(each, findings=tuple(kept(each.findings))) for each in self.elsewhere)
        return replace(self, findings=tuple(kept(self.findings)), elsewhere=elsewhere)

    def all_findings(self) -> Iterator[tuple[FileFindings, Finding[InEdit]]]:
        """All findings, each with the file that it is in; the job's own document comes first."""
        own = FileFindings(self.uri, self.after_text, self.regions, self.findings)
        return ((file, finding) for file in (own, *self.elsewhere) for finding in file.findings)


def with_import(task: Task, outcome: Outcome, finding: Finding[InEdit], statement: str) -> Outcome:
    """The outcome with one more import, which settles `finding` and its equals. Other findings stay at their code."""
    document = task.document
    more = with_imports(ParsedText.of(document.language, outcome.after_text), [Import.of(statement)])
    replacements = composed(outcome.replacements, more)
    text = apply_replacements(document.text, replacements)
    left = tuple(after_more_edits(each, more) for each in outcome.findings if each.message != finding.message)
    regions = new_regions(task.target.symbol, replacements, text)
    edit = FileEdit(task.uri, replacements, document.text, text, regions)
    return replace(outcome.with_edit(edit), findings=left)


def make_outcome(task: Task, draft: Draft) -> Outcome:
    """The draft as changes that passed every check, or as words. Computes only; run it outside of the event loop.

    Raises:
        DraftRejectedError: the draft fails a check.
    """
    if has_lone_cr(task.document.text):
        return _with_own_line_ends(make_outcome(_in_lines(task), draft), task)
    action = task.action
    if draft.cut_off and action.output is not Output.PROSE:
        reason = draft.stopped or f"{cut_off(draft.tokens)}: ask for less at once"
        raise DraftRejectedError(f"{draft.endpoint} {reason}", code="length")
    if action.output is not Output.PROSE and (
        nothing := says_nothing(draft.text, Done(completion_tokens=draft.tokens))
    ):
        raise DraftRejectedError(f"{draft.endpoint} {nothing}: try again, or let it think less", code="empty")
    made = action.becomes(task.answered(draft.text))
    if isinstance(made, Prose):
        words = whole_sentences(made.text) if draft.cut_off else made.text
        prose = f"{words}\n\n({draft.endpoint} {draft.stopped}.)" if draft.stopped else words
        return Outcome(draft, task.uri, prose=prose)
    if isinstance(made, Proposals):
        return _proposed(task, draft, made)
    return Outcome(draft, task.uri, _checked_changes(task, draft, made))


def _proposed(task: Task, draft: Draft, made: Proposals) -> Outcome:
    """The outcome with those of the names whose changes pass every check."""
    if made.handed:
        names = ", ".join(each.name for each in made.names)
        prose = f"{names}. {made.handed}: your editor's own rename changes it everywhere."
        return Outcome(draft, task.uri, prose=prose, proposals=made.names, handed=made.handed)
    good: list[Proposal] = []
    why: DraftRejectedError | None = None
    for each in made.names:
        try:
            good.append(Proposal(each.name, _checked_changes(task, draft, each.changes)))
        except DraftRejectedError as exc:
            why = why or exc
    if why is not None and not good:
        raise why
    return Outcome(draft, task.uri, good[0].changes, proposals=tuple(good))


def _checked_changes(task: Task, draft: Draft, made: Iterable[FileChange]) -> tuple[FileChange, ...]:
    changes = tuple(_completed(task, draft, each) for each in made)
    if all(isinstance(each, FileEdit) and each.after_text == each.before_text for each in changes):
        raise DraftRejectedError("the model gave the code back unchanged", code="unchanged")
    if wrong := whats_wrong(changes, task.uri, task.workspace):
        raise DraftRejectedError(wrong, code="place")
    _check(task, changes)
    return changes


def _in_lines(task: Task) -> Task:
    """The same task in the same text, but with the line ends that drafts have. All offsets stay the same."""
    document = task.document.in_lines()
    target = task.action.scope.target(document, task.target.start, task.target.end)
    return replace(task, document=document, target=target)


def _with_own_line_ends(outcome: Outcome, task: Task) -> Outcome:
    """The outcome of `_in_lines` as changes of the task's own text."""
    edit, text = outcome.edit, task.document.text
    if edit is None:
        return outcome
    if outcome.proposals:
        own = [
            _with_own_line_ends(Outcome(outcome.draft, outcome.uri, each.changes), task) for each in outcome.proposals
        ]
        names = [replace(each, changes=one.changes) for each, one in zip(outcome.proposals, own, strict=True)]
        return replace(outcome, changes=names[0].changes, proposals=tuple(names))
    newline = "\r" if text.count("\r") > 2 * text.count("\n") else newline_of(text)
    new = [each.new_text.replace("\r\n", "\n").replace("\n", newline) for each in edit.replacements]
    made = tuple(replace(each, new_text=text) for each, text in zip(edit.replacements, new, strict=True))
    after = apply_replacements(text, made)
    regions = new_regions(task.target.symbol, made, after)
    return outcome.with_edit(FileEdit(edit.uri, made, text, after, regions))


def _completed(task: Task, draft: Draft, change: FileChange) -> FileChange:
    """Adds the missing imports and the new regions to an edit of the job's own document."""
    if not isinstance(change, FileEdit) or change.uri != task.uri:
        return change
    made, document = change.replacements, task.document
    if task.action.output is Output.CODE:
        made = with_missing_imports(made, document, draft=draft.text, path=task.path)
    text = apply_replacements(document.text, made)
    apart = task.action.output in {Output.COMMENTS, Output.NAMES, Output.TESTS}
    scattered = apart or (task.action.output is Output.FIELDS and task.target.symbol.is_stretch)
    regions = inserted_regions(made) if scattered else new_regions(task.target.symbol, made, text)
    return FileEdit(task.uri, made, document.text, text, regions)


def _check(task: Task, changes: Sequence[FileChange]) -> None:
    own, symbol = edit_of(task.uri, changes), task.target.symbol
    others = [each for each in changes if each is not own]
    after_text = own.after_text if own is not None else task.document.text
    invariants = task.action.invariants
    if symbol.is_stretch and own is not None:
        check_selection(invariants, symbol, task.document, own, others)
    elif symbol.todo and own is not None:
        written = next(each.new_text for each in own.replacements if each.end == symbol.end)
        check_todo(symbol, task.document, own.after_text, written)
    else:
        check_invariants(invariants, symbol, task.document, after_text, others)

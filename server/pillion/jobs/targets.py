"""The target of a request, in the document as it was when the user asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.actions.action_row import Action
from pillion.errors import DocumentError, NothingToDoError
from pillion.jobs.finding_store import FindingStore
from pillion.jobs.front import Front
from pillion.jobs.request import JobRequest
from pillion.plurals import counted

if TYPE_CHECKING:
    from pillion.pipeline.outcome import Task
    from pillion.prompts.build import Retry
    from pillion.syntax.document import ParsedText
    from pillion.syntax.target import Target


@dataclass(frozen=True, slots=True)
class Assignment:
    """The document as it was at the user's click, the target in it, and the instruction for the model."""

    parsed: "ParsedText"
    target: "Target"
    instruction: str

    def task(self, action: Action, uri: str, workspace: Path | None, refused: "Retry | None" = None) -> "Task":
        """The work itself, for the pipeline."""
        from pillion.pipeline.outcome import Task

        return Task(uri, action, self.target, self.parsed, self.instruction, workspace, refused)


def assignment_of(
    request: JobRequest, front: Front, findings: FindingStore
) -> Assignment | DocumentError | NothingToDoError:
    """The request's assignment, or why there is none. The caller only starts the job, so the job reports the reason."""
    from pillion.prompts.build import about_finding

    try:
        document, parsed = front.readable(request.uri)
        if request.version is not None and request.version != document.version:
            raise DocumentError("The document changed since the menu was opened.", hint="Open the menu again.")
        start, end, about = request.start, request.end, None
        if request.finding_id:
            about = findings.find(document.uri, request.finding_id, start)
            if about is None:
                raise NothingToDoError("The finding is gone: its text was changed, or it was dismissed.")
            start, end = about.start, about.end
        place = request.place or ("around the finding" if about is not None else words_for_place(start, end))
        target = target_at(request.action, parsed, start, end, place)
        # A stretch is named by what is in it, which may have changed: it is where its range is now.
        moved = target.around is not None and target.around.is_stretch
        if request.symbol and request.symbol != target.name and not moved:
            raise NothingToDoError(f"“{request.symbol}” isn't there any more.")
        require_applicable(request.action, target, request.instruction)
    except (DocumentError, NothingToDoError) as exc:
        return exc
    told = [request.instruction] if request.instruction else []
    if about is not None:
        told.insert(0, about_finding(about.finding, target.symbol.text, about.start - target.symbol.start))
    return Assignment(parsed, target, " ".join(told))


def require_readable_length(name: str, lines: int, limit: int) -> None:
    """Checks that a document isn't too long for Pillion.

    Raises:
        DocumentError: it has more lines than `limit`.
    """
    if lines > limit:
        raise DocumentError(
            f"{name} has {counted(lines, 'line')}, and Pillion works on up to {limit:,}.",
            hint="Raise limits.max_document_lines in the configuration.",
        )


def words_for_place(start: int, end: int) -> str:
    """A place in a user's words, for a message that nothing is there."""
    return "at the cursor" if start == end else "around all that is selected"


def target_at(action: Action, parsed: "ParsedText", start: int, end: int, where: str) -> "Target":
    """The action's target at [start, end); `where` names that place in words.

    Raises:
        NothingToDoError: there is no function or class.
    """
    target = action.scope.target(parsed, start, end)
    if not (target.symbols if action.scope.several else target.around):
        raise NothingToDoError(f"There is no {action.scope.missing} {where}.")
    return target


def require_applicable(action: Action, target: "Target", told: str = "") -> None:
    """Checks that the action applies to the target, with the user's words.

    Raises:
        NothingToDoError: it doesn't.
    """
    if not action.scope.applies(target, told):
        if action.scope.or_told:
            raise NothingToDoError(f"“{action.id}” has to know what you want.", hint=action.help)
        raise NothingToDoError(f"“{action.id}” doesn't apply to “{target.name}”.", hint=action.help)

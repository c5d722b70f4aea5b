"""What a request is about: a target in a document as it was when somebody asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pillion.actions.action import Action
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
    """The document as it was at the click, what was meant in it, and what the model is told besides."""

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
    """What the request means, or why it can't be done: the job says that, since whoever asked only started it."""
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
        if request.symbol and request.symbol != target.name:
            raise NothingToDoError(f"“{request.symbol}” isn't there any more.")
        require_applicable(request.action, target)
    except (DocumentError, NothingToDoError) as exc:
        return exc
    told = [request.instruction] if request.instruction else []
    if about is not None:
        told.insert(0, about_finding(about.finding, target.symbol.text, about.start - target.symbol.start))
    return Assignment(parsed, target, " ".join(told))


def require_readable_length(name: str, lines: int, limit: int) -> None:
    """Does nothing if a document of so many lines is one that Pillion works on.

    Raises:
        DocumentError: it has more than `limit`.
    """
    if lines > limit:
        raise DocumentError(
            f"{name} has {counted(lines, 'line')}, and Pillion works on up to {limit:,}.",
            hint="Raise limits.max_document_lines in the configuration.",
        )


def words_for_place(start: int, end: int) -> str:
    """Where there is nothing, in a user's words."""
    return "at the cursor" if start == end else "around all that is selected"


def target_at(action: Action, parsed: "ParsedText", start: int, end: int, where: str) -> "Target":
    """What the action works on at [start, end); `where` says it in words.

    Raises:
        NothingToDoError: there is nothing.
    """
    target = action.scope.target(parsed, start, end)
    if not (target.symbols if action.scope.several else target.around):
        raise NothingToDoError(f"There is no function or class {where}.")
    return target


def require_applicable(action: Action, target: "Target") -> None:
    """Does nothing if the action is for such a target.

    Raises:
        NothingToDoError: it isn't.
    """
    if not action.scope.applies(target):
        raise NothingToDoError(f"“{action.id}” doesn't apply to “{target.name}”.", hint=action.help)

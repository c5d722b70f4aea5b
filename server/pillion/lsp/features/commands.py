"""workspace/executeCommand. `pillion.run` starts a job and returns at once; the result comes as an edit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from pillion.actions.action_registry import action_by_id
from pillion.actions.action_row import Action
from pillion.errors import UsageError
from pillion.jobs.dismissals import is_finding_id
from pillion.jobs.downloads import ModelDownloads
from pillion.jobs.request import JobRequest
from pillion.jobs.service import JobService
from pillion.lsp.progress import name_of_work
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.tiers import Tier

if TYPE_CHECKING:
    from pillion.lsp.documents import Document

RUN, CANCEL, ACCEPT, REJECT = "pillion.run", "pillion.cancel", "pillion.accept", "pillion.reject"


def register(server: PillionServer, session: Session, jobs: JobService, downloads: ModelDownloads) -> None:
    """Registers the handlers."""
    decisions = jobs.decisions

    @server.command(RUN)
    def run(*arguments: Any) -> dict[str, str]:
        return {"job": jobs.start(_job_request(arguments, session))}

    @server.command(CANCEL)
    def cancel(*arguments: Any) -> None:
        jobs.cancel(_optional_id(arguments, "job"))

    @server.command(ACCEPT)
    async def accept(*arguments: Any) -> dict[str, bool]:
        job_id, hunk_id = job_id_of(arguments), _optional_id(arguments, "hunk")
        try:
            applied = await (decisions.accept_hunk(job_id, hunk_id) if hunk_id else decisions.accept(job_id))
            return {"applied": applied}
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc

    @server.command(REJECT)
    async def reject(*arguments: Any) -> None:
        job_id, hunk_id = job_id_of(arguments), _optional_id(arguments, "hunk")
        try:
            if hunk_id:
                await decisions.reject_hunk(job_id, hunk_id)
            else:
                decisions.reject(job_id)
        except UsageError as exc:
            raise JsonRpcInvalidParams(exc.full_message) from exc

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def progress_cancelled(params: types.WorkDoneProgressCancelParams) -> None:
        name = name_of_work(params.token)
        jobs.cancel(name)
        downloads.stop(name)


def run_argument(action: Action, document: "Document", place: types.Range) -> dict[str, Any]:
    """The argument of `pillion.run`; see the contract."""
    return {
        "action": action.id,
        "uri": document.uri,
        "range": plain_range(place),
        "version": document.version,
    }


def plain_range(place: types.Range) -> dict[str, Any]:
    """A range for a command's argument, as JSON data."""
    return {
        "start": {"line": place.start.line, "character": place.start.character},
        "end": {"line": place.end.line, "character": place.end.character},
    }


def _job_request(arguments: tuple[Any, ...], session: Session) -> JobRequest:
    """Checks the client's arguments, and makes a job's request of them.

    Raises:
        JsonRpcInvalidParams: it isn't what the contract says; the message names the part.
    """
    if len(arguments) != 1 or not isinstance(arguments[0], Mapping):
        raise JsonRpcInvalidParams(
            f"{RUN} takes one object: action, uri, range, version, instruction?, finding?, tier?"
        )
    given = arguments[0]
    try:
        action = action_by_id(str(given.get("action")))
    except UsageError as exc:
        raise JsonRpcInvalidParams(exc.full_message) from exc
    uri, version, instruction = given.get("uri"), given.get("version"), given.get("instruction") or ""
    if not isinstance(uri, str) or not uri:
        raise JsonRpcInvalidParams(f"{RUN}: “uri” is missing")
    if version is not None and not isinstance(version, int):
        raise JsonRpcInvalidParams(f"{RUN}: “version” isn't a number")
    if not isinstance(instruction, str):
        raise JsonRpcInvalidParams(f"{RUN}: “instruction” isn't text")
    finding_id = given.get("finding") or ""
    if not isinstance(finding_id, str) or (finding_id and not is_finding_id(finding_id)):
        raise JsonRpcInvalidParams(f"{RUN}: “finding” isn't the id of a finding")
    if action.needs_instruction and not (finding_id or instruction.strip()):
        raise JsonRpcInvalidParams(
            f"{RUN}: “{action.id}” needs a “finding” or an “instruction” that says what is wanted"
        )
    tier = checked_tier(given.get("tier"), RUN)
    if tier is not None:
        action = action.on(tier)
    document, place = session.open_document(uri), checked_range(given.get("range"), RUN)
    # Without a document the job has nothing to work on, and says so.
    start, end = document.positions.offsets(place) if document is not None else (0, 0)
    return JobRequest(action, uri, start, end, version, instruction, finding_id)


def checked_tier(given: Any, command: str) -> Tier | None:
    """The tier in a command's argument; None if it names none.

    Raises:
        JsonRpcInvalidParams: it isn't one of the tiers.
    """
    if given is None:
        return None
    if not isinstance(given, str) or given not in set(Tier):
        raise JsonRpcInvalidParams(f"{command}: “tier” is one of {', '.join(Tier)}")
    return Tier(given)


def checked_range(given: Any, command: str) -> types.Range:
    """The range in a command's argument.

    Raises:
        JsonRpcInvalidParams: it isn't a range.
    """
    try:
        start, end = (
            types.Position(int(given[side]["line"]), int(given[side]["character"])) for side in ("start", "end")
        )
    except (KeyError, TypeError, ValueError, OverflowError) as exc:
        raise JsonRpcInvalidParams(f"{command}: “range” isn't a range") from exc
    if min(start.line, start.character, end.line, end.character) < 0:
        raise JsonRpcInvalidParams(f"{command}: “range” has negative numbers")
    return types.Range(start, end)


def _optional_id(arguments: tuple[Any, ...], key: str) -> str | None:
    """The id of the “job” or the “hunk” that a command names; None if it names none.

    Raises:
        JsonRpcInvalidParams: the argument is no id. It must not be taken for all jobs, or for the whole edit.
    """
    given = arguments[0] if arguments else None
    if isinstance(given, Mapping) or key != "job":
        given = given.get(key) if isinstance(given, Mapping) else None
    if given is not None and not (isinstance(given, str) and given):
        raise JsonRpcInvalidParams(f"“{key}” isn't a {key}'s id")
    return given


def job_id_of(arguments: tuple[Any, ...]) -> str:
    """The id of the job that a command is about.

    Raises:
        JsonRpcInvalidParams: the command names none.
    """
    if (job_id := _optional_id(arguments, "job")) is None:
        raise JsonRpcInvalidParams("a job's id is missing")
    return job_id

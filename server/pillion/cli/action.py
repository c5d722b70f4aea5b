"""`pillion action`: an editor's code action, without an editor."""

import argparse
import asyncio
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.actions.action_row import Action
from pillion.cli.command_front import CommandFront, FileDocument, Work, keep_draft, read_source
from pillion.cli.disk_changes import file_on_disk
from pillion.cli.output import console, print_diff, print_json, working
from pillion.cli.place_argument import Place
from pillion.cli.signals import ended_by_signals
from pillion.cli.told import told_words
from pillion.edits.file_change import FileCreation, FileEdit, FileRename, described
from pillion.errors import DocumentError, PillionError
from pillion.jobs.request import JobRequest
from pillion.plurals import counted
from pillion.text.diffs import creation_diff, git_header, rename_diff, unified_diff

if TYPE_CHECKING:
    from rich.console import Console

    from pillion.pipeline.runtime import Runtime

_HELP_WIDTH = 78
_PLACE = (
    "a place in the function or class; or, for actions that take what is selected, the lines from one to another, or "
    "a file as a whole"
)
_ESCAPED = (
    "The diff has characters that can steer a terminal. They are shown as escapes, so it can't be applied; the one of "
    "--json can."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command's arguments."""
    width = max(len(action.id) for action in ACTIONS)
    rows = (_wrapped(f"  {action.id:{width}}  {action.tier:<8}  ", action.help) for action in ACTIONS)
    parser.epilog = "\n".join(("actions, and their tiers:", *rows))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("id", metavar="ID", help="what to do: one of the actions below")
    parser.add_argument("place", metavar="FILE[:LINE[:COL|-LINE]]", help=_place_help())
    parser.add_argument("words", nargs="*", metavar="WORDS", help="what you want; the same as --instruction")
    *needing, last = (action.id for action in ACTIONS if action.needs_instruction)
    words = (
        f"what you want, or what else the model should know; {', '.join(needing)} and {last} need it, but lint asks "
        "the linter that is installed, and debug takes a traceback on stdin, too"
    )
    parser.add_argument("--instruction", default="", metavar="TEXT", help=words)
    parser.add_argument("--write", action="store_true", help="change the file; without it, the diff is only printed")
    parser.add_argument("--despite-errors", action="store_true", help="with --write: also if a check found an error")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _place_help() -> str:
    free = ", ".join(each.id for each in ACTIONS if each.makes_file)
    return f"{_PLACE}; FILE is enough for {free}"


def _wrapped(head: str, words: str) -> str:
    return textwrap.fill(words, _HELP_WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def run(arguments: argparse.Namespace) -> int:
    """Runs the action and prints its diff, or writes it."""
    from pillion.cli.ready_engines import runtime_with_models, sound_runtime
    from pillion.jobs.finding_store import FindingStore
    from pillion.jobs.targets import Assignment, assignment_of, require_readable_length

    action = action_by_id(arguments.id)
    place = (Place.in_file if action.makes_file else Place.parse)(arguments.place)
    if arguments.write:
        place.require_writable_here()
    front = front_of(place, despite_errors=arguments.despite_errors)
    request = request_at(action, place, front.document, only_shown=not arguments.write)

    # The command decides whether the edit is written; no setting does.
    def load() -> "Runtime":
        return sound_runtime(Path.cwd(), {"review": "never"})

    runtime = load()
    lines = front.document.source.count("\n") + 1
    # Before the document is parsed: a document that is too long takes long.
    require_readable_length(place.file.name, lines, runtime.config.limits.max_document_lines)
    request = replace(
        request, instruction=told_words(action, place, front, " ".join((*arguments.words, arguments.instruction)))
    )
    # Before a model is fetched: the fetch could be for nothing.
    assignment = assignment_of(request, front, FindingStore(front.publish))
    if not isinstance(assignment, Assignment):
        raise assignment
    runtime = runtime_with_models(runtime, load)  # not on the event loop, which would delay an interrupt
    with ended_by_signals():
        work = asyncio.run(run_request(request, front, runtime))
        return deliver(arguments, place, front, work)


def front_of(place: Place, *, despite_errors: bool) -> CommandFront:
    """The front for the file of this place.

    Raises:
        DocumentError: Pillion can't read the file.
    """
    from pillion.syntax.languages import known_titles, language_by_path

    if place.file.is_dir():
        raise DocumentError(f"{place.file} is a directory, and not a file.")
    language = language_by_path(str(place.file))
    if language is None:
        raise DocumentError(f"Pillion doesn't read {place.file.name}. It knows {known_titles()}.")
    text = read_source(place.file)
    file, folder = place.file.resolve(), Path.cwd()
    workspace = folder if file.is_relative_to(folder) else file.parent
    return CommandFront(FileDocument(place.file, file.as_uri(), language, text), workspace, despite_errors)


def request_at(action: Action, place: Place, document: FileDocument, *, only_shown: bool) -> JobRequest:
    """The request for this place.

    Raises:
        UsageError: the file has no such line.
    """
    start, end = place.range_in(document.source)
    return JobRequest(action, document.uri, start, end, document.version, "", place=place.words, only_shown=only_shown)


async def run_request(request: JobRequest, front: CommandFront, runtime: "Runtime") -> Work:
    """Runs the job to its end. Raises the error of a job without an outcome, and first says where its draft is kept."""
    from pillion.cli.compose import jobs_of_command
    from pillion.state.draft_log import DraftLog

    log, screen = DraftLog(), console(stderr=True)
    jobs = jobs_of_command(front, runtime, log)
    try:
        with working(screen, f"{request.action.tier}: waiting for an engine…") as say:
            front.say = say
            job = jobs.find(jobs.start(request))
            try:
                await job.ended()
            except asyncio.CancelledError:
                jobs.cancel(job.id)
                await job.ended()
                _say_where(screen, front.follower_of(job).draft_words)
                raise
        follower = front.follower_of(job)
        if follower.task is None or follower.outcome is None:
            _say_where(screen, follower.draft_words)
            raise front.error or PillionError(job.report.reason)
        words = follower.draft_words if follower.outcome.rejected or front.problem else ""
        job.record.drop()
        return Work(job, follower.task, follower.outcome, words)
    finally:
        await log.close()
        await runtime.aclose()


def _say_where(screen: "Console", draft_words: str) -> None:
    if draft_words:
        screen.print(draft_words, style="yellow", markup=False)


def deliver(arguments: argparse.Namespace, place: Place, front: CommandFront, work: Work) -> int:
    """Prints the job's outcome. A draft that can't be printed is kept."""
    from pillion.state.kept_drafts import DraftFolder

    failed = bool(work.outcome.rejected or front.problem)
    try:
        _show(arguments, place, front, work)
        sys.stdout.flush()
    except (OSError, KeyboardInterrupt) as exc:
        if not front.has_written and not failed:  # otherwise the draft is kept already
            why = "interrupted" if isinstance(exc, KeyboardInterrupt) else "it wasn't printed"
            said = keep_draft(DraftFolder(), work, why)
            _say_where(console(stderr=True), said)
        raise
    return 1 if failed else 0


def _show(arguments: argparse.Namespace, place: Place, front: CommandFront, work: Work) -> None:
    written, problem = front.written, front.problem
    _say_where(console(stderr=True), work.draft_words)
    if arguments.json:
        print_json(
            {
                **_as_data(place, work),
                "attempts": [{name: each[name] for name in ("endpoint", "reason")} for each in work.attempts],
                "written": front.has_written,
                "written_file": str(written.file) if written else None,
                "not_written": problem or None,
                "draft_file": work.job.report.refusal["draft_file"],
            }
        )
    else:
        _print(place, work, written=front.has_written, asked_to_write=arguments.write)
        if said := problem or (written.words if written is not None else ""):
            console(stderr=True).print(said, style="yellow", markup=False)


def _diffs(place: Place, work: Work) -> list[str]:
    """A diff for each change."""
    changes, own = work.outcome.changes, work.task.uri

    def name(uri: str) -> str:
        return (place if uri == own else Place(file_on_disk(uri), 1, 1)).name_in_patch

    found: list[str] = []
    for each in changes:
        match each:
            case FileEdit():
                head = git_header(name(each.uri), name(each.uri)) if len(changes) > 1 else ""
                found.append(head + unified_diff(each.before_text, each.after_text, name(each.uri)))
            case FileCreation():
                found.append(creation_diff(each.text, name(each.uri)))
            case FileRename():
                found.append(rename_diff(name(each.uri), name(each.new_uri)))
    return found


def _as_data(place: Place, work: Work) -> dict[str, Any]:
    task, outcome, diffs = work.task, work.outcome, _diffs(place, work)
    return {
        "action": task.action.id,
        "tier": task.action.tier.value,
        "symbol": task.target.name,
        "endpoint": outcome.draft.endpoint,
        "tokens": outcome.draft.tokens,
        "seconds": round(outcome.draft.ended_s, 2),
        "rejected": outcome.rejected or None,
        "prose": outcome.prose or None,
        "names": [each.name for each in outcome.proposals] or None,
        "diff": "".join(diffs) if diffs else None,
        "changes": [{**said, "diff": diff} for said, diff in zip(described(outcome.changes), diffs, strict=True)],
        "draft": outcome.draft.text if outcome.rejected else None,
        "unchecked": _unchecked(work) or None,
        "ran": {name: getattr(outcome.ran, name) for name in ("compared", "examples", "tried", "not_run")},
        "chosen": outcome.chosen or None,
        "findings": [
            {
                **({"uri": file.uri} if file.uri != outcome.uri else {}),
                "line": file.text.count("\n", 0, finding.start) + 1,
                "column": _column(file.text, finding.start),
                "severity": finding.severity,
                "code": finding.code,
                "message": finding.message,
                "quote": finding.quote,
            }
            for file, finding in outcome.all_findings()
        ],
    }


def _unchecked(work: Work) -> str:
    """What no check has looked at in the edit; empty if there is no edit, or nothing of this kind."""
    words = filter(None, (work.task.action.unchecked, work.outcome.unchecked))
    return "; ".join(words) if work.outcome.changes else ""


def _column(text: str, offset: int) -> int:
    """The column of `offset`. It counts from 1, in code points."""
    return offset - text.rfind("\n", 0, offset)


def _print(place: Place, work: Work, *, written: bool, asked_to_write: bool) -> None:
    from pillion.pipeline.run_words import ran_words

    screen, note, task, outcome = console(), console(stderr=True), work.task, work.outcome
    if outcome.rejected:
        note.print(f"{_refused_words(work)} This is what the model said:", style="yellow", markup=False)
        screen.print(outcome.draft.text, markup=False)
    elif outcome.prose:
        screen.print(outcome.prose, markup=False)
    elif not print_diff(screen, "".join(_diffs(place, work))):
        note.print(_ESCAPED, style="yellow")
    if len(outcome.proposals) > 1 and outcome.changes:
        names = ", ".join(each.name for each in outcome.proposals)
        note.print(
            f"Names: {names}. This is the first; --instruction “to NAME” takes another.", style="yellow", markup=False
        )
    for file, finding in outcome.all_findings():
        line, column = file.text.count("\n", 0, finding.start) + 1, _column(file.text, finding.start)
        name = place.file if file.uri == outcome.uri else Place(file_on_disk(file.uri), 1, 1).name_in_patch
        where = f"{name}:{line}:{column}"
        screen.print(f"{where}: {finding.severity} [{finding.code}] {finding.message}", markup=False)
    if unchecked := _unchecked(work):
        note.print(f"Look at it yourself: {unchecked}.", style="yellow", markup=False)
    for words in filter(None, (outcome.chosen, ran_words(outcome.ran))):
        note.print(f"{words[:1].upper()}{words[1:]}.", style="dim", markup=False)
    seconds, tokens = outcome.draft.ended_s, outcome.draft.tokens
    unwritten = "not written" if asked_to_write else "not written; --write does"
    ending = "written" if written else unwritten if outcome.changes else ""
    facts = f"{task.action.tier} on {outcome.draft.endpoint}: {counted(tokens, 'token')} in {seconds:.1f} s"
    note.print(f"{facts} ({ending})" if ending else facts, style="dim", markup=False)


def _refused_words(work: Work) -> str:
    """Says that the edit was refused, and why each attempt was."""
    if len(work.attempts) < 2:
        return f"The edit was refused: {work.outcome.rejected}."
    each = "; ".join(f"{said['endpoint']}'s draft, {said['reason']}" for said in work.attempts)
    return f"The edit was refused {len(work.attempts)} times: {each}."

"""`pillion action`: an editor's code action, without an editor."""

import argparse
import asyncio
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pillion.actions.action import Action
from pillion.actions.registry import ACTIONS, action_by_id
from pillion.cli.disk_changes import file_on_disk, make_changes
from pillion.cli.failures import FailureNotes
from pillion.cli.keeping import KeptWriting, ended_by_signals
from pillion.cli.output import console, print_diff, print_json, working
from pillion.cli.place import Place
from pillion.counted import counted, token_rate
from pillion.edits.file_change import FileCreation, FileEdit, FileRename, described
from pillion.errors import DocumentError, FileError, UsageError
from pillion.files.bounded import MIB, read_text
from pillion.files.replacing import Replaced
from pillion.text.diffs import creation_diff, git_header, rename_diff, unified_diff

if TYPE_CHECKING:
    from rich.console import Console

    from pillion.events import PipelineEvent
    from pillion.pipeline.outcome import Outcome, Task
    from pillion.pipeline.runtime import Runtime

# A source file that is larger than this is none that somebody works on, and none that a prompt has room for.
_LARGEST_SOURCE_BYTES = 10 * MIB
_HELP_WIDTH = 78
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
    parser.add_argument("place", metavar="FILE:LINE[:COL]", help="a place in the function or class")
    *needing, last = (action.id for action in ACTIONS if action.needs_instruction)
    words = f"what you want, or what else the model should know; {', '.join(needing)} and {last} need it"
    parser.add_argument("--instruction", default="", metavar="TEXT", help=words)
    parser.add_argument("--write", action="store_true", help="change the file; without it, the diff is only printed")
    parser.add_argument("--despite-errors", action="store_true", help="with --write: also if a check found an error")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _wrapped(head: str, words: str) -> str:
    return textwrap.fill(words, _HELP_WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def run(arguments: argparse.Namespace) -> int:
    """Runs the action and prints its diff, or writes it."""
    from pillion.cli.engines import ready_runtime
    from pillion.jobs.targets import require_readable_length

    action, place = action_by_id(arguments.id), Place.parse(arguments.place)
    if action.needs_instruction and not arguments.instruction.strip():
        raise UsageError(f"“{action.id}” has to know what you want.", hint="Say it with --instruction TEXT.")
    task = _task(action, place, arguments.instruction)
    # Before the event loop, which would hold an interrupt back while a model is fetched.
    runtime = ready_runtime(Path.cwd())
    lines = task.document.text.count("\n") + 1
    require_readable_length(place.file.name, lines, runtime.config.limits.max_document_lines)
    kept = KeptWriting(action.id, task.target.name, task.uri)
    with ended_by_signals():
        outcome = asyncio.run(_run(task, runtime, kept))
        return _deliver(arguments, place, task, outcome, kept)


def _deliver(arguments: argparse.Namespace, place: Place, task: "Task", outcome: "Outcome", kept: KeptWriting) -> int:
    """Prints the outcome, and writes it if that was asked for. A draft that can't be used is kept."""
    written: Replaced | None = None
    problem = ""
    errors = sum(finding.severity == "error" for finding in outcome.findings)
    if arguments.write and errors and not arguments.despite_errors:
        problem = (
            f"The audit found errors ({errors}), so nothing was written. Look at them; --despite-errors writes it."
        )
    elif arguments.write and outcome.changes:
        try:
            written = _write(place.file, task, outcome)
        except DocumentError as exc:
            problem = str(exc)  # the diff is still printed: nothing that was drafted is lost
    try:
        _show(arguments, place, task, outcome, kept, written=written, problem=problem)
        sys.stdout.flush()
    except (OSError, KeyboardInterrupt) as exc:
        if written is None and not (outcome.rejected or problem):  # else it has been kept
            kept.keep(outcome.draft.text, "interrupted" if isinstance(exc, KeyboardInterrupt) else "it wasn't printed")
        raise
    return 1 if outcome.rejected or problem else 0


def _show(
    arguments: argparse.Namespace,
    place: Place,
    task: "Task",
    outcome: "Outcome",
    kept: KeptWriting,
    *,
    written: Replaced | None,
    problem: str,
) -> None:
    file: Path | None = None
    if outcome.rejected:
        file = kept.keep_refused(outcome.draft.text, outcome.rejected)
    elif problem:
        file = kept.keep(outcome.draft.text, f"not written: {problem}")
    if arguments.json:
        ending = {"written": written is not None, "written_file": str(written.file) if written else None}
        kept_as = {"not_written": problem or None, "draft_file": str(file) if file is not None else None}
        print_json({**_as_data(place, task, outcome), "attempts": kept.attempts, **ending, **kept_as})
    else:
        _print(place, task, outcome, kept, written=written is not None, asked_to_write=arguments.write)
        if said := problem or (written.words if written is not None else ""):
            console(stderr=True).print(said, style="yellow", markup=False)


def _task(action: Action, place: Place, instruction: str) -> "Task":
    from pillion.jobs.targets import require_applicable, target_at
    from pillion.pipeline.outcome import Task
    from pillion.syntax.document import ParsedText
    from pillion.syntax.languages import known_titles, language_by_path

    if place.file.is_dir():
        raise DocumentError(f"{place.file} is a directory, and not a file.")
    language = language_by_path(str(place.file))
    if language is None:
        raise DocumentError(f"Pillion doesn't read {place.file.name}. It knows {known_titles()}.")
    text = _read(place.file)
    lines = text.split("\n")
    there = max(len(lines) - (not lines[-1]), 1)  # behind the last line end no line begins
    if place.line > there:
        raise UsageError(f"{place.file} has {counted(there, 'line')}, and there is no line {place.line}.")
    line = lines[place.line - 1]
    offset = sum(len(each) + 1 for each in lines[: place.line - 1]) + min(place.column - 1, len(line))
    parsed = ParsedText.of(language, text)
    target = target_at(action, parsed, offset, offset, f"at {place.file}:{place.line}")
    require_applicable(action, target)
    file, folder = place.file.resolve(), Path.cwd()
    workspace = folder if file.is_relative_to(folder) else file.parent
    return Task(file.as_uri(), action, target, parsed, instruction, workspace)


def _read(file: Path) -> str:
    try:
        return read_text(file, _LARGEST_SOURCE_BYTES)
    except FileError as exc:
        raise DocumentError(str(exc)) from exc


async def _run(task: "Task", runtime: "Runtime", kept: KeptWriting) -> "Outcome":
    screen = console(stderr=True)
    failures = FailureNotes(screen)
    try:
        with working(screen, f"{task.action.tier}: waiting for an engine…") as say:

            def tell(event: "PipelineEvent") -> None:
                kept.event(event)
                _show_progress(screen, failures, say, event)

            async with kept.recording():
                return await runtime.run(task, tell)
    finally:
        await runtime.aclose()


def _show_progress(
    screen: "Console", failures: FailureNotes, say: Callable[[str], None], event: "PipelineEvent"
) -> None:
    from pillion import events

    match event:
        case events.DraftStarted():
            failures.goes_on()
        case events.DraftProgress():
            say(f"{event.endpoint} drafts · {counted(event.tokens, 'token')} · {token_rate(event.tokens_per_s)}")
        case events.DraftEnded():
            say(f"{event.endpoint} has drafted {counted(event.tokens, 'token')}")
        case events.AuditStarted():
            say(f"{event.endpoint} {event.step.words}")
        case events.DraftVoided():
            failures.failed(f"{event.endpoint}: {event.reason}")
        case events.AuditFailed():
            screen.print(event.reason, style="yellow", markup=False)
        case _:
            pass


def _write(file: Path, task: "Task", outcome: "Outcome") -> Replaced | None:
    """Makes the changes on the files as they are now. Returns what was written of the task's own: a link leads to
    another file.

    Raises:
        DocumentError: one changed where an edit goes, or can't be written; all is as it was.
    """
    if wrong := outcome.whats_wrong(task.workspace):
        raise DocumentError(f"{wrong}; nothing was written.")
    written = make_changes(outcome.changes, lambda uri: file if uri == task.uri else file_on_disk(uri), _read)
    return written.get(task.uri, Replaced(file))


def _diffs(place: Place, task: "Task", outcome: "Outcome") -> list[str]:
    """A diff for each change."""

    def name(uri: str) -> str:
        return (place if uri == task.uri else Place(file_on_disk(uri), 1, 1)).name_in_patch

    found: list[str] = []
    for each in outcome.changes:
        match each:
            case FileEdit():
                head = git_header(name(each.uri), name(each.uri)) if len(outcome.changes) > 1 else ""
                found.append(head + unified_diff(each.before_text, each.after_text, name(each.uri)))
            case FileCreation():
                found.append(creation_diff(each.text, name(each.uri)))
            case FileRename():
                found.append(rename_diff(name(each.uri), name(each.new_uri)))
    return found


def _changes(place: Place, task: "Task", outcome: "Outcome") -> list[dict[str, str]]:
    diffs = _diffs(place, task, outcome)
    return [{**said, "diff": diff} for said, diff in zip(described(outcome.changes), diffs, strict=True)]


def _as_data(place: Place, task: "Task", outcome: "Outcome") -> dict[str, Any]:
    return {
        "action": task.action.id,
        "tier": task.action.tier.value,
        "symbol": task.target.name,
        "endpoint": outcome.draft.endpoint,
        "tokens": outcome.draft.tokens,
        "seconds": round(outcome.draft.ended_s, 2),
        "rejected": outcome.rejected or None,
        "prose": outcome.prose or None,
        "diff": "".join(_diffs(place, task, outcome)) if outcome.changes else None,
        "changes": _changes(place, task, outcome),
        "draft": outcome.draft.text if outcome.rejected else None,
        "unchecked": _unchecked(task, outcome) or None,
        "findings": [
            {
                "line": outcome.after_text.count("\n", 0, finding.start) + 1,
                "column": _column(outcome.after_text, finding.start),
                "severity": finding.severity,
                "code": finding.code,
                "message": finding.message,
                "quote": finding.quote,
            }
            for finding in outcome.findings
        ],
    }


def _unchecked(task: "Task", outcome: "Outcome") -> str:
    """What nobody has looked at in the edit; empty if there is no edit, or nothing of the kind."""
    return task.action.unchecked if outcome.changes else ""


def _column(text: str, offset: int) -> int:
    """Counts from 1, in code points."""
    return offset - text.rfind("\n", 0, offset)


def _print(
    place: Place, task: "Task", outcome: "Outcome", kept: KeptWriting, *, written: bool, asked_to_write: bool
) -> None:
    screen, note = console(), console(stderr=True)
    if outcome.rejected:
        note.print(f"{kept.refused_words(outcome.rejected)} This is what the model said:", style="yellow", markup=False)
        screen.print(outcome.draft.text, markup=False)
    elif outcome.prose:
        screen.print(outcome.prose, markup=False)
    elif not print_diff(screen, "".join(_diffs(place, task, outcome))):
        note.print(_ESCAPED, style="yellow")
    for finding in outcome.findings:
        line, column = outcome.after_text.count("\n", 0, finding.start) + 1, _column(outcome.after_text, finding.start)
        where = f"{place.file}:{line}:{column}"
        screen.print(f"{where}: {finding.severity} [{finding.code}] {finding.message}", markup=False)
    if unchecked := _unchecked(task, outcome):
        note.print(f"Look at it yourself: {unchecked}.", style="yellow", markup=False)
    seconds, tokens = outcome.draft.ended_s, outcome.draft.tokens
    unwritten = "not written" if asked_to_write else "not written; --write does"
    ending = "written" if written else unwritten if outcome.changes else ""
    facts = f"{task.action.tier} on {outcome.draft.endpoint}: {counted(tokens, 'token')} in {seconds:.1f} s"
    note.print(f"{facts} ({ending})" if ending else facts, style="dim", markup=False)

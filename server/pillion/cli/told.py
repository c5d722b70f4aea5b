"""What a model is told for `pillion action`: the user's words, a program's output on stdin, a linter's findings."""

from typing import TYPE_CHECKING

from pillion.cli.pasted import is_pasted_soon, pasted
from pillion.cli.place_argument import Place
from pillion.errors import NothingToDoError, UsageError
from pillion.jobs.report_words import pasted_output, report_words

if TYPE_CHECKING:
    from pillion.actions.action_row import Action
    from pillion.cli.command_front import CommandFront

_MAX_PASTED_CHARACTERS = 200_000
_MOST_FINDINGS = 5


def told_words(action: "Action", place: Place, front: "CommandFront", instruction: str) -> str:
    """The words for the model.

    Raises:
        UsageError: the action needs words, and there are none.
        NothingToDoError: the linter reports nothing on the line.
    """
    words = instruction.strip()
    if action.mends_diagnostics == "errors" and (not words or is_pasted_soon()):
        words = f"{words} {_output()}".strip()
    if action.mends_diagnostics == "all" and not words:
        words = _linted(action, place, front)
    if action.needs_instruction and not words:
        raise UsageError(f"“{action.id}” has to know what you want.", hint="Say it with --instruction TEXT.")
    return words


def _output() -> str:
    """What a program printed as it failed, if that is piped in."""
    from pillion.prompts.prompt import fenced

    output = pasted(_MAX_PASTED_CHARACTERS)
    if not output.strip():
        return ""
    return f"A program that runs it printed this as it failed:\n{fenced(pasted_output(output), '')}\n"


def _linted(action: "Action", place: Place, front: "CommandFront") -> str:
    """What the linter reports on the line; empty if there is no linter for the language."""
    from pillion.auditors.auditor import Passage
    from pillion.auditors.linters.linter_auditor import LinterAuditor
    from pillion.auditors.linters.recheck import reported_at

    document, parsed = front.readable(front.document.uri)
    text, path = parsed.text, document.file.resolve()
    report = LinterAuditor().report(Passage(text, 0, len(text), document.language, "", path, front.workspace))
    if report is None:
        return ""
    start, end = place.range_in(text)
    rows = reported_at(report.rows, text, start, end)
    if not rows:
        hint = "Say with --instruction TEXT what another linter reports."
        raise NothingToDoError(f"{report.linter} reports nothing {place.words}.", hint=hint)
    around = action.scope.target(parsed, start, end).around
    first = around.start if around is not None else 0
    said = [
        report_words(
            each.message,
            source=report.linter,
            code=each.rule,
            line=text.count("\n", first, max(each.start, first)) + 1,
            quote=text[each.start : each.end].partition("\n")[0],
        )
        for each in rows[:_MOST_FINDINGS]
    ]
    return " ".join(dict.fromkeys(said))

"""Runs the linter again on an edit that is to settle what a linter reported."""

from collections.abc import Iterable
from dataclasses import replace

from pillion.auditors.auditor import Auditor
from pillion.auditors.linters.linter_auditor import LinterAuditor
from pillion.auditors.linters.recheck import is_told, reported_at, whats_left, whats_new
from pillion.errors import DraftRejectedError
from pillion.findings.moves import is_new
from pillion.pipeline.outcome import Outcome, Task


def rechecked(task: Task, outcome: Outcome, auditors: Iterable[Auditor]) -> Outcome:
    """The outcome, if what the task was told is gone, and the linter reports nothing new in the edit. If it reports
    something new elsewhere (an import that nothing uses any more), or doesn't know what the task was told, the outcome
    says so. Runs a program, so call it in a thread.

    Raises:
        DraftRejectedError: the linter still reports it, or something new.
    """
    if not task.action.rechecked or outcome.edit is None:
        return outcome
    linter = next((each for each in auditors if isinstance(each, LinterAuditor)), None)
    report = linter.report(task.passage(outcome.after_text)) if linter is not None else None
    there = reported_at(report.before, task.document.text, task.target.start, task.target.end) if report else []
    told = [each for each in there if is_told(each, task.instruction)]
    if report is None or not told:
        return replace(outcome, unchecked=task.action.unless_rechecked)
    if left := whats_left(report, told):
        raise DraftRejectedError(left, code="linter")
    new = whats_new(report)
    for row, words in new:
        if is_new(row.start, row.end, outcome.regions):
            raise DraftRejectedError(words, code="linter")
    return replace(outcome, unchecked=new[0][1]) if new else outcome

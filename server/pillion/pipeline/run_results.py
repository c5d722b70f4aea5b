"""Brings what running an edit's code has shown into its outcome."""

from collections.abc import Sequence
from dataclasses import replace

from pillion.auditors.running.aim import Aim
from pillion.auditors.running.run_check import RunReport, joined
from pillion.events import CodeRan
from pillion.findings.file_findings import FileFindings
from pillion.findings.finding import Finding
from pillion.findings.moves import passage_to_edit
from pillion.findings.place import InEdit
from pillion.pipeline.code_runs import failures
from pillion.pipeline.outcome import Outcome, Task
from pillion.pipeline.run_subjects import Runnable, Runnables
from pillion.pipeline.run_words import ran_words

Found = tuple[Runnable, Finding[InEdit]]


def with_runs(
    task: Task, outcome: Outcome, runnables: Runnables, reports: Sequence[RunReport]
) -> tuple[Outcome, list[Found]]:
    """The outcome with what was shown, and each finding with what was run. `reports` are in the order of `runnables`.
    An action whose edits must be compared says what nobody has compared."""
    found = [
        (runnable, passage_to_edit(each))
        for runnable, report in zip(runnables.all, reports, strict=True)
        for each in report.findings
    ]
    for runnable, finding in found:
        outcome = _with_finding(outcome, runnable, finding)
    whole = replace(joined(reports), findings=())
    if task.action.must_be_compared:
        why = runnables.incomparable or _uncompared(runnables.all, reports)
        whole = replace(whole, not_run=why or whole.not_run)
        words = f"behaviour not compared: {why}" if why else ""
        outcome = replace(outcome, unchecked="; ".join(filter(None, (outcome.unchecked, words))))
    return replace(outcome, ran=whole, failures=failures(reports)), found


def _uncompared(runnables: Sequence[Runnable], reports: Sequence[RunReport]) -> str:
    """Why the behaviour of one of them wasn't compared; empty if that of all was."""
    for runnable, report in zip(runnables, reports, strict=True):
        if runnable.subject.aim is Aim.SAME and (report.not_run or not report.compared):
            return report.not_run or "there was no input to try"
    return ""


def _with_finding(outcome: Outcome, runnable: Runnable, finding: Finding[InEdit]) -> Outcome:
    if runnable.uri == outcome.uri:
        return outcome.with_findings([finding])
    here = next((each for each in outcome.elsewhere if each.uri == runnable.uri), None)
    file = here or FileFindings(runnable.uri, runnable.subject.passage.text, (finding.place,))
    others = tuple(each for each in outcome.elsewhere if each is not here)
    return replace(outcome, elsewhere=(*others, file.with_findings([finding])))


def code_ran(report: RunReport, at_s: float) -> CodeRan:
    """The event that says so."""
    return CodeRan(report.compared, report.examples, report.tried, report.not_run, ran_words(report), at_s)

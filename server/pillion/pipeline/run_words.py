"""What running a draft's code has shown, in a user's words."""

from pillion.auditors.running.run_check import RunReport
from pillion.plurals import counted


def ran_words(report: RunReport) -> str:
    """“behaviour compared on 61 inputs · 3 examples hold”; empty if nothing was run."""
    could_not = f"could not be run: {report.not_run}" if report.not_run else ""
    tried = f"tried on {counted(report.tried, 'input')}" if report.tried and not shown_words(report) else ""
    return " · ".join(filter(None, (shown_words(report), tried, could_not)))


def shown_words(report: RunReport) -> str:
    """The part of it that speaks for the draft, or against it."""
    compared = f"behaviour compared on {counted(report.compared, 'input')}" if report.compared else ""
    verb = "tried" if report.counterexample else "holds" if report.examples == 1 else "hold"
    examples = f"{counted(report.examples, 'example')} {verb}" if report.examples else ""
    return " · ".join(filter(None, (compared, examples)))

"""Two small checks that really run code, for tests of what becomes of their reports."""

import doctest
from collections.abc import Sequence
from dataclasses import dataclass

from pillion.auditors.running.run_check import Aim, RunCheck, RunReport, RunSubject
from pillion.errors import CannotRunError
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.sandbox.sandbox import Answer, Call, Limits, NotRun, Raised, Returned, Stopped
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.values import same_value

LIMITS = Limits(call_s=0.5, all_s=5.0)


def words_of(answer: Answer) -> str:
    match answer:
        case Returned(value):
            return f"returned {value.text}"
        case Raised(kind, message):
            return f"raised {kind}: {message}"
        case Stopped(bound):
            return f"ran out of {bound.value}"
        case NotRun(reason):
            return reason


def error(subject: RunSubject, message: str) -> Finding[InPassage]:
    passage = subject.passage
    line = passage.text[passage.start :].split("\n", 1)[0]
    return Finding(line, "error", "behaviour", message, InPassage(passage.start, passage.start + len(line)), "test")


@dataclass(frozen=True)
class SmallComparison:
    """Compares the old and the new text of a file on these calls."""

    sandboxes: Sandboxes
    calls: Sequence[str]
    name: str = "behaviour"

    def report(self, subject: RunSubject) -> RunReport:
        if subject.aim is not Aim.SAME:
            return RunReport()
        calls = [Call(each) for each in self.calls if each.startswith(f"{subject.path[-1]}(")]
        try:
            sandbox = self.sandboxes.of(subject.passage.language.id)
            old = sandbox.run(subject.passage.before, calls, LIMITS)
            new = sandbox.run(subject.passage.text, calls, LIMITS)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))
        for call, before, after in zip(calls, old, new, strict=True):
            if not isinstance(before, Returned):
                continue
            if not (isinstance(after, Returned) and same_value(before.value, after.value)):
                shown = f"{call.expression} {words_of(after)}; it must return {before.value.text}"
                return RunReport((error(subject, f"{shown}."),), len(calls), counterexample=shown)
        return RunReport(compared=len(calls))


@dataclass(frozen=True)
class SmallExamples:
    """Runs the examples of a docstring, in Python's own form."""

    sandboxes: Sandboxes
    name: str = "examples"

    def report(self, subject: RunSubject) -> RunReport:
        passage = subject.passage
        found = doctest.DocTestParser().get_examples(passage.text[passage.start : passage.end].rpartition('"""')[0])
        calls = [Call(each.source.strip()) for each in found]
        if not calls or subject.aim is not Aim.NEW:
            return RunReport()
        try:
            answers = self.sandboxes.of(passage.language.id).run(passage.text, calls, LIMITS)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))
        wrong = [
            f"{call.expression} {words_of(answer)}; it must return {each.want.strip()}"
            for call, each, answer in zip(calls, found, answers, strict=True)
            if not (isinstance(answer, Returned) and answer.value.text == each.want.strip())
        ]
        findings = tuple(error(subject, f"{each}.") for each in wrong)
        return RunReport(findings, examples=len(calls), counterexample=wrong[0] if wrong else "")


def small_checks(sandboxes: Sandboxes, *calls: str) -> tuple[RunCheck, ...]:
    """Both."""
    return SmallExamples(sandboxes), SmallComparison(sandboxes, calls)

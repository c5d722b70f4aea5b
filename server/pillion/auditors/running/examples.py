"""Runs the examples that people wrote: of the documentation, the instruction and the workspace's tests."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pillion.auditors.passage_findings import Rule
from pillion.auditors.running.example_answers import Tried, Verdict
from pillion.auditors.running.example_reading import (
    DOCUMENTATION,
    INSTRUCTION,
    MOST_EXAMPLES,
    READERS,
    callee_of,
    documented_examples,
    tested_examples,
    told_examples,
    without_contradictions,
)
from pillion.auditors.running.example_runs import run_examples
from pillion.auditors.running.header_findings import header_finding
from pillion.auditors.running.reading.written_example import WrittenExample
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.auditors.running.test_files import tests_of
from pillion.errors import CannotRunError
from pillion.sandbox.sandbox import Sandbox
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.slices.slicers import SLICERS, Slicer
from pillion.syntax.document import ParsedText

_MOST_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class ReadExamples:
    """The examples about a symbol. `old` stood in the document before the change, or beside it; `own` are those that
    only the draft has: whoever writes wrong code may write examples that fit."""

    old: tuple[WrittenExample, ...] = ()
    own: tuple[WrittenExample, ...] = ()


class ExamplesCheck:
    """Says which examples a draft fails.

    An example accuses only if the old code met it, where there was code; what the instruction wants is new, so that
    the old code needn't. Of a symbol that wasn't there before, the draft's own examples are looked at, too.
    """

    name = "examples"

    def __init__(self, sandboxes: Sandboxes, slicers: Mapping[str, Slicer] = SLICERS) -> None:
        self._sandboxes = sandboxes
        self._slicers = slicers
        self._error = Rule(self.name, "example", "error")
        self._warning = Rule(self.name, "example", "warning")

    def report(self, subject: RunSubject) -> RunReport:
        """See RunCheck."""
        passage = subject.passage
        read = examples_about(subject)
        examples = [*read.old, *read.own]
        slicer = self._slicers.get(passage.language.id)
        if not examples:
            return RunReport()
        if slicer is None:
            return RunReport(not_run=f"code in {passage.language.title} can't be run yet")
        try:
            sandbox = self._sandboxes.of(passage.language.id)
            new = self._run(sandbox, slicer, subject, passage.text, subject.path, examples)
            failed = [each for each in new if each.verdict is Verdict.UNMET]
            accused = self._accused(failed, lambda those: self._run_old(sandbox, slicer, subject, those), subject)
        except CannotRunError as exc:
            return RunReport(not_run=str(exc))
        count = sum(each.verdict is not Verdict.UNKNOWN for each in new)
        return self._reported(accused, count, read.own, subject)

    def _reported(
        self, accused: Sequence[Tried], count: int, own: Sequence[WrittenExample], subject: RunSubject
    ) -> RunReport:
        accused = sorted(accused, key=lambda each: (each.example in own, len(each.example.call)))
        findings = [
            header_finding(
                subject.passage, subject.path, self._warning if each.example in own else self._error, _message(each)
            )
            for each in accused[:_MOST_FINDINGS]
        ]
        sure = [each for each in accused if each.example not in own]
        return RunReport(
            tuple(each for each in findings if each is not None),
            examples=count,
            counterexample=_counterexample(sure[0]) if sure else "",
        )

    def _run(
        self,
        sandbox: Sandbox,
        slicer: Slicer,
        subject: RunSubject,
        text: str,
        path: tuple[str, ...],
        examples: Sequence[WrittenExample],
    ) -> list[Tried]:
        cut = slicer(text, path, subject.passage.path, subject.passage.workspace)
        return run_examples(sandbox, cut.source, text, examples, subject.passage.language.id)

    def _run_old(
        self, sandbox: Sandbox, slicer: Slicer, subject: RunSubject, examples: Sequence[WrittenExample]
    ) -> list[Verdict]:
        """What the old code makes of them; unknown if it can't be run."""
        path = subject.former_path or subject.path
        former = [_renamed(each, subject.path[-1], path[-1]) for each in examples]
        try:
            return [each.verdict for each in self._run(sandbox, slicer, subject, subject.passage.before, path, former)]
        except CannotRunError:
            return [Verdict.UNKNOWN] * len(examples)

    def _accused(
        self,
        failed: Sequence[Tried],
        old: Callable[[Sequence[WrittenExample]], list[Verdict]],
        subject: RunSubject,
    ) -> list[Tried]:
        if not failed or subject.aim is Aim.NEW:
            return list(failed)
        before = old([each.example for each in failed])
        return [each for each, was in zip(failed, before, strict=True) if _is_to_blame(each.example, was, subject.aim)]


def _is_to_blame(example: WrittenExample, was: Verdict, aim: Aim) -> bool:
    if example.origin == INSTRUCTION and aim is Aim.OTHER:
        # “f(2) returns 5” may be what the user complains about, and then the old code does it.
        return example.is_wish or was is Verdict.UNMET
    return was is Verdict.MET


def examples_about(subject: RunSubject) -> ReadExamples:
    """Reads them. Those of one call that want different things of it are left out."""
    passage = subject.passage
    language = passage.language.id
    path = subject.former_path or subject.path
    callee = callee_of(passage.parsed, subject.path) if language in READERS and subject.path else None
    if callee is None:
        return ReadExamples()
    before = passage.parsed if passage.before == passage.text else ParsedText.of(passage.language, passage.before)
    former = callee_of(before, path)
    written = documented_examples(before, path, former) if former is not None else []
    written = [_renamed(each, path[-1], subject.path[-1]) for each in written]
    told = told_examples(subject.instruction, callee, language)
    tests = tested_examples(tests_of(passage.path, passage.workspace, path[0], language), callee, language)
    old = without_contradictions([*told, *written, *tests])[:MOST_EXAMPLES]
    if former is not None:
        return ReadExamples(tuple(old))
    known = {each.subject for each in (*told, *written, *tests)}
    own = without_contradictions(documented_examples(passage.parsed, subject.path, callee))
    return ReadExamples(tuple(old), tuple(each for each in own if each.subject not in known))


def _renamed(example: WrittenExample, name: str, to: str) -> WrittenExample:
    if name == to:
        return example
    word = re.compile(rf"\b{re.escape(name)}\b(?=\s*\()")
    return replace(example, call=word.sub(to, example.call), setup=word.sub(to, example.setup))


def _message(tried: Tried) -> str:
    example = tried.example
    wants = f"it should raise {example.raises}" if example.raises else _short(example.said)
    says = example.origin or DOCUMENTATION
    setup = f" after {_short('; '.join(example.setup.splitlines()))}" if example.setup else ""
    return f"{_short(example.call)}{setup} {tried.came}, but {says} says {wants}."


def _counterexample(tried: Tried) -> str:
    return _message(tried).removesuffix(".")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else f"{line[:159]}…"

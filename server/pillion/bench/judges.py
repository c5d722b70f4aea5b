"""`pillion bench auditor`: how many seeded bugs auditors find, and how many of their findings are wrong."""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.auditors.checkers.checker_auditor import CheckerAuditor
from pillion.auditors.checkers.checker_rows import CHECKERS
from pillion.auditors.linters.executables import find_executable
from pillion.auditors.running.run_check import Aim, RunCheck, RunSubject
from pillion.bench.score import Judged, Score, score
from pillion.bench.suite import Sample, Suite, Work
from pillion.errors import RequestNotPossibleError
from pillion.models.trust import Measured
from pillion.syntax.languages import LANGUAGES

_PYTHON = next(language for language in LANGUAGES if language.id == "python")


class Judge(Protocol):
    """The auditor that is measured: a check without a model, a check that runs code, or a model."""

    @property
    def name(self) -> str:
        """Its name in the report."""

    @property
    def is_model(self) -> bool:
        """Whether its figures decide if its findings are shown."""

    @property
    def works(self) -> tuple[Work, ...]:
        """What it is asked about."""

    async def judge(self, sample: Sample) -> Sequence[int] | None:
        """The lines of `sample.source`, from 1, on which the findings begin; empty if there are none. None if it
        couldn't check this sample: that is no praise."""

    async def aclose(self) -> None:
        """Stops its engine, if it has one."""


@runtime_checkable
class Calibrating(Protocol):
    """A judge whose findings depend on a margin, which is chosen once all samples are judged."""

    def calibrated(self, judged: Sequence[Judged]) -> tuple[list[Judged], float]:
        """The samples with the findings that count, and the margin in nats."""


@dataclass(frozen=True, slots=True)
class Result:
    """One judge's score for one kind of work, and the seconds that each sample took, shortest first."""

    score: Score
    work: Work
    seconds: tuple[float, ...]
    checked: int
    is_model: bool = False
    margin_nats: float | None = None

    @property
    def checked_share(self) -> float:
        """The share of the samples that it could check."""
        return self.checked / max(1, len(self.seconds))

    def within_s(self, share: float) -> float:
        """How long this share of the samples took at most."""
        return self.seconds[min(int(share * len(self.seconds)), len(self.seconds) - 1)] if self.seconds else 0.0

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        margin = {"margin_nats": self.margin_nats} if self.margin_nats is not None else {}
        return {
            **self.score.as_data(),
            "work": self.work.value,
            "checked_share": self.checked_share,
            "milliseconds_median": self.within_s(0.5) * 1e3,
            "milliseconds_p95": self.within_s(0.95) * 1e3,
            **margin,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All judges' results on one suite. Only reports with equal fingerprints can be compared."""

    fingerprint: str
    python: str
    seed: int
    functions: int
    results: tuple[Result, ...]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "fingerprint": self.fingerprint,
            "python": self.python,
            "seed": self.seed,
            "functions": self.functions,
            "auditors": [each.as_data() for each in self.results],
        }


@dataclass(frozen=True, slots=True)
class DeterministicJudge:
    """An auditor without a model, called as in the pipeline: with a unit of a draft, or with the edited document."""

    auditor: Auditor
    label: str = ""

    @property
    def name(self) -> str:
        """The auditor's name."""
        return self.label or self.auditor.name

    @property
    def is_model(self) -> bool:
        """Always False."""
        return False

    @property
    def works(self) -> tuple[Work, ...]:
        """All."""
        return tuple(Work)

    async def aclose(self) -> None:
        """Does nothing: there is no engine to stop."""

    async def judge(self, sample: Sample) -> Sequence[int]:
        """Runs the auditor in a thread. A finding outside the function has a line outside it: it is a false alarm."""
        passage = edit_of(sample) if self.auditor.sees is Sees.EDIT else _unit(sample)
        first_line = passage.text.count("\n", 0, passage.start)
        findings = await asyncio.to_thread(self.auditor.audit, passage)
        return [passage.text.count("\n", 0, each.start) - first_line + 1 for each in findings]


@dataclass(frozen=True, slots=True)
class RunJudge:
    """A check that runs the function. What it says is of the whole function, so it is a hit wherever the bug is."""

    check: RunCheck

    @property
    def name(self) -> str:
        """The check's name."""
        return self.check.name

    @property
    def is_model(self) -> bool:
        """Always False."""
        return False

    @property
    def works(self) -> tuple[Work, ...]:
        """All; a check that doesn't apply to one has checked nothing there."""
        return tuple(Work)

    async def aclose(self) -> None:
        """Does nothing: who made the sandboxes closes them."""

    async def judge(self, sample: Sample) -> Sequence[int] | None:
        """Runs the check in a thread; None if nothing could be run."""
        aim = Aim.NEW if sample.work is Work.IMPLEMENT else Aim.SAME
        path = tuple(sample.name.removeprefix(f"{sample.function.module}.").split("."))
        report = await asyncio.to_thread(self.check.report, RunSubject(edit_of(sample), path, aim))
        if report.findings:
            return sample.mutated_lines[:1] or (1,)
        return () if report.compared + report.examples + report.tried else None


def judges(run_checks: Sequence[RunCheck] = ()) -> tuple[Judge, ...]:
    """A judge for each auditor of the pipeline, for each type checker that is installed, and for each check that runs
    code."""
    from pillion.auditors.auditor_registry import AUDITORS

    plain = [DeterministicJudge(each) for each in AUDITORS if not isinstance(each, CheckerAuditor)]
    checkers = [
        DeterministicJudge(CheckerAuditor(checkers=[each]), each.executable)
        for each in CHECKERS
        if _PYTHON.id in each.languages and find_executable(each.executable, [], os.environ) is not None
    ]
    return (*plain, *checkers, *map(RunJudge, run_checks))


async def measure(judges: Sequence[Judge], suite: Suite, note: Callable[[str], None]) -> Report:
    """Lets every judge judge every sample, one at a time, first as implementations and then as refactorings. A judge
    whose endpoint can't be asked has no result."""
    samples = {work: suite.of(work) for work in Work}
    results: list[Result] = []
    for work, each in samples.items():
        for judge in judges:
            if work in judge.works:
                with suppress(RequestNotPossibleError):
                    results.append(await _result(judge, work, each, note))
    clean = sum(sample.clean for sample in suite.samples)
    return Report(suite.fingerprint, suite.python, suite.seed, clean, tuple(results))


def measured(result: Result, model: str, at: str) -> Measured:
    """A model's result in the form in which it is kept. `at` is an ISO 8601 date."""
    total = result.score.total
    return Measured(
        model=model,
        precision=total.precision or 0.0,
        recall=total.recall or 0.0,
        false_alarms_per_function=total.false_alarms_per_function or 0.0,
        functions=total.clean_functions,
        mutants=total.mutants,
        at=at,
        margin_nats=result.margin_nats,
    )


async def _result(judge: Judge, work: Work, samples: Sequence[Sample], note: Callable[[str], None]) -> Result:
    judged, seconds, checked = [], [], 0
    for number, sample in enumerate(samples, 1):
        note(f"{work}, {judge.name}: {number} of {len(samples)}")
        began = time.perf_counter()
        lines = await judge.judge(sample)
        seconds.append(time.perf_counter() - began)
        checked += lines is not None
        judged.append(Judged(sample.kind, sample.mutated_lines, tuple(lines or ())))
    margin = None
    if isinstance(judge, Calibrating):
        judged, margin = judge.calibrated(judged)
    return Result(score(judge.name, judged), work, tuple(sorted(seconds)), checked, judge.is_model, margin)


def _unit(sample: Sample) -> Passage:
    return Passage(sample.source, 0, len(sample.source), _PYTHON)


def edit_of(sample: Sample) -> Passage:
    """The passage as after the job: the code that the function refers to is there."""
    start = sample.function.start
    return Passage(sample.document, start, start + len(sample.indented), _PYTHON, sample.before)

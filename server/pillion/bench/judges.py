"""`pillion bench auditor`: how many seeded bugs auditors find, and how many of their findings are wrong."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pillion.auditors.auditor import Auditor, Passage, Sees
from pillion.bench.score import Judged, Score, score
from pillion.bench.suite import Sample, Suite
from pillion.errors import RequestNotPossibleError
from pillion.models.trust import Measured
from pillion.syntax.languages import LANGUAGES

_PYTHON = next(language for language in LANGUAGES if language.id == "python")


class Judge(Protocol):
    """The auditor that is measured: a deterministic one or a model."""

    @property
    def name(self) -> str:
        """Its name in the report."""

    @property
    def is_model(self) -> bool:
        """Whether its figures decide if its findings are shown."""

    async def judge(self, sample: Sample) -> Sequence[int]:
        """The lines of `sample.source`, from 1, on which the findings begin; empty if there are none."""

    async def aclose(self) -> None:
        """Stops its engine, if it has one."""


@runtime_checkable
class Calibrating(Protocol):
    """A judge whose findings depend on a margin, which is chosen once all samples are judged."""

    def calibrated(self, judged: Sequence[Judged]) -> tuple[list[Judged], float]:
        """The samples with the findings that count, and the margin in nats."""


@dataclass(frozen=True, slots=True)
class Result:
    """One judge's score, and its average time for a sample."""

    score: Score
    seconds_per_sample: float
    is_model: bool = False
    margin_nats: float | None = None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        margin = {"margin_nats": self.margin_nats} if self.margin_nats is not None else {}
        return {**self.score.as_data(), "seconds_per_sample": self.seconds_per_sample, **margin}


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

    @property
    def name(self) -> str:
        """The auditor's name."""
        return self.auditor.name

    @property
    def is_model(self) -> bool:
        """Always False."""
        return False

    async def aclose(self) -> None:
        """Does nothing: there is no engine to stop."""

    async def judge(self, sample: Sample) -> Sequence[int]:
        """Runs the auditor in a thread. A finding outside the function has a line outside it: it is a false alarm."""
        passage = _unit(sample) if self.auditor.sees is not Sees.EDIT else _edit(sample)
        first_line = passage.text.count("\n", 0, passage.start)
        findings = await asyncio.to_thread(self.auditor.audit, passage)
        return [passage.text.count("\n", 0, each.start) - first_line + 1 for each in findings]


def judges() -> tuple[Judge, ...]:
    """A judge for each auditor of the pipeline."""
    from pillion.auditors.auditor_registry import AUDITORS

    return tuple(DeterministicJudge(each) for each in AUDITORS)


async def measure(judges: Sequence[Judge], suite: Suite, note: Callable[[str], None]) -> Report:
    """Lets every judge judge every sample, one at a time. A judge whose endpoint can't be asked has no result."""
    results: list[Result] = []
    for judge in judges:
        with suppress(RequestNotPossibleError):
            results.append(await _result(judge, suite, note))
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


async def _result(judge: Judge, suite: Suite, note: Callable[[str], None]) -> Result:
    judged = []
    began = time.perf_counter()
    for number, sample in enumerate(suite.samples, 1):
        note(f"{judge.name}: {number} of {len(suite.samples)}")
        lines = await judge.judge(sample)
        judged.append(Judged(sample.kind, sample.mutated_lines, tuple(lines)))
    seconds = (time.perf_counter() - began) / max(1, len(suite.samples))
    margin = None
    if isinstance(judge, Calibrating):
        judged, margin = judge.calibrated(judged)
    return Result(score(judge.name, judged), seconds, judge.is_model, margin)


def _unit(sample: Sample) -> Passage:
    return Passage(sample.source, 0, len(sample.source), _PYTHON)


def _edit(sample: Sample) -> Passage:
    """The passage as after the implementation of a stub: the code that the function refers to is there."""
    start = sample.function.start
    return Passage(sample.document, start, start + len(sample.indented), _PYTHON, sample.function.document_with_stub)

"""How well running old and new code side by side finds seeded bugs, and whether it accuses code that does the same."""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pillion.auditors.auditor import Passage
from pillion.auditors.running.behaviour import BehaviourCheck
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.bench.behaviour_rewrites import rewrites
from pillion.bench.mutations import KINDS, mutate
from pillion.bench.suite import LibraryFunction
from pillion.sandbox.sandboxes import Sandboxes
from pillion.sandbox.slices.slicers import SLICERS, Slicer
from pillion.syntax.languages import LANGUAGES

# An invented import is looked up, not run: the sandbox has no packages, so such code can't be compared.
_BY_LOOKING = frozenset({"invented-import"})


@dataclass(slots=True)
class BehaviourScore:
    """Counts. `kinds`: for each kind of bug, how many were seeded and how many were found. `ran` of `functions` could
    be compared; only those are counted in the rest. `clean` rewrites do the same as before, `false_alarms` of them were
    accused. `not_run` says why functions couldn't be compared. `misses` and `alarms` are for whoever works on it."""

    kinds: dict[str, tuple[int, int]] = field(default_factory=dict)
    functions: int = 0
    ran: int = 0
    clean: int = 0
    false_alarms: int = 0
    times_ms: list[float] = field(default_factory=list)
    not_run: dict[str, int] = field(default_factory=dict)
    misses: list[tuple[str, str, str]] = field(default_factory=list)
    alarms: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def seeded(self) -> int:
        """All seeded bugs in functions that ran."""
        return sum(seeded for seeded, _ in self.kinds.values())

    @property
    def found(self) -> int:
        """Those that were found."""
        return sum(found for _, found in self.kinds.values())

    @property
    def milliseconds(self) -> float:
        """The median of one check of code that does the same, both programs included."""
        return statistics.median(self.times_ms) if self.times_ms else 0.0


def behaviour_score(
    functions: Sequence[LibraryFunction], seed: int, sandboxes: Sandboxes, slicers: Mapping[str, Slicer] = SLICERS
) -> BehaviourScore:
    """Checks each function against itself rewritten, and against one mutant of each kind."""
    check = BehaviourCheck(sandboxes, slicers)
    score = BehaviourScore()
    for function in functions:
        _score_one(score, check, function, seed)
    return score


def _score_one(score: BehaviourScore, check: BehaviourCheck, function: LibraryFunction, seed: int) -> None:
    score.functions += 1
    started = time.perf_counter()
    report = _report(check, function, function.source)
    score.times_ms.append((time.perf_counter() - started) * 1000)
    if report.not_run:
        score.times_ms.pop()
        score.not_run[report.not_run] = score.not_run.get(report.not_run, 0) + 1
        return
    score.ran += 1
    for name, text in (("as it is", function.source), *rewrites(function.source)):
        report = _report(check, function, text)
        score.clean += 1
        if report.findings:
            score.false_alarms += 1
            score.alarms.append((function.name, name, report.findings[0].message))
    for kind, text in _mutants(function, seed):
        seeded, found = score.kinds.get(kind, (0, 0))
        is_found = bool(_report(check, function, text).findings)
        score.kinds[kind] = (seeded + 1, found + is_found)
        if not is_found:
            score.misses.append((function.name, kind, text))


def _mutants(function: LibraryFunction, seed: int) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        if kind.name in _BY_LOOKING:
            continue
        mutant = mutate(function.source, kind, f"{seed}:{function.name}")
        if mutant is not None:
            yield kind.name, mutant.text


def _report(check: BehaviourCheck, function: LibraryFunction, source: str) -> RunReport:
    python = next(each for each in LANGUAGES if each.id == "python")
    after = function.document(source)
    end = function.start + len(after) - len(function.module_text) + function.end - function.start
    passage = Passage(after, function.start, end, python, function.module_text)
    path = tuple(function.name.removeprefix(f"{function.module}.").split("."))
    return check.report(RunSubject(passage, path, Aim.SAME))

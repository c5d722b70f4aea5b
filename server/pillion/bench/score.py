"""How good an auditor is, from the lines it pointed at. Pure arithmetic.

A finding is a hit if it lies within one line of a seeded bug. Findings on the same line of a sample count once.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

TOLERANCE_LINES = 1
# Of the normal distribution, two-sided: 95 in 100.
_Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Judged:
    """One auditor's findings in one sample: `kind` and `mutated_lines` are the sample's, None and () if it is clean."""

    kind: str | None
    mutated_lines: tuple[int, ...]
    finding_lines: tuple[int, ...]

    @property
    def hits(self) -> int:
        """How many of the findings are near the bug."""
        return sum(
            any(abs(line - mutated) <= TOLERANCE_LINES for mutated in self.mutated_lines)
            for line in set(self.finding_lines)
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a share between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over samples, and the shares that follow from them; a share of zero cases is None."""

    clean_functions: int
    mutants: int
    findings: int
    hits: int
    mutants_found: int
    false_alarms_on_clean: int

    @property
    def precision(self) -> float | None:
        """The share of the findings, on mutants and clean functions, that are hits."""
        return _share(self.hits, self.findings)

    @property
    def precision_95(self) -> Interval:
        """Where the precision lies, with 95 % confidence."""
        return wilson(self.hits, self.findings)

    @property
    def recall(self) -> float | None:
        """The share of the mutants with a hit."""
        return _share(self.mutants_found, self.mutants)

    @property
    def recall_95(self) -> Interval:
        """Where the recall lies, with 95 % confidence."""
        return wilson(self.mutants_found, self.mutants)

    @property
    def false_alarms_per_function(self) -> float | None:
        """Findings per clean function; may exceed 1."""
        return _share(self.false_alarms_on_clean, self.clean_functions)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **asdict(self),
            "precision": self.precision,
            "precision_95": asdict(self.precision_95),
            "recall": self.recall,
            "recall_95": asdict(self.recall_95),
            "false_alarms_per_function": self.false_alarms_per_function,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """One auditor's counts: over all samples, and over the mutants of each kind (without clean functions)."""

    auditor: str
    total: Tally
    kinds: dict[str, Tally]

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        kinds = {name: tally.as_data() for name, tally in self.kinds.items()}
        return {"auditor": self.auditor, **self.total.as_data(), "kinds": kinds}


def score(auditor: str, judged: Sequence[Judged]) -> Score:
    """One auditor's counts on a suite."""
    kinds = sorted({each.kind for each in judged if each.kind is not None})
    by_kind = {kind: tally(each for each in judged if each.kind == kind) for kind in kinds}
    return Score(auditor, tally(judged), by_kind)


def tally(judged: Iterable[Judged]) -> Tally:
    """The counts over some samples."""
    every = list(judged)
    clean = [each for each in every if each.kind is None]
    return Tally(
        clean_functions=len(clean),
        mutants=len(every) - len(clean),
        findings=_findings(every),
        hits=sum(each.hits for each in every),
        mutants_found=sum(each.hits > 0 for each in every),
        false_alarms_on_clean=_findings(clean),
    )


def wilson(successes: int, trials: int, z: float = _Z_95) -> Interval:
    """Wilson's score interval of a share; without trials nothing is known, so it is 0 to 1.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
    """
    if trials == 0:
        return Interval(0.0, 1.0)
    share, square = successes / trials, z * z
    middle = share + square / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    scale = 1 + square / trials
    return Interval(max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def _findings(judged: Iterable[Judged]) -> int:
    return sum(len(set(each.finding_lines)) for each in judged)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

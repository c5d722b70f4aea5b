"""Decision tokens as a judge of `pillion bench auditor`, and the margin from which its doubts are worth showing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pillion.audit.decision_reading import Doubt, doubt
from pillion.backends.likelihood import Likelihood
from pillion.bench.model_judge import PYTHON, task_words
from pillion.bench.score import Judged, tally
from pillion.bench.suite import Sample, Work
from pillion.models.trust import RULE, decisions_key
from pillion.pool.pool import Pool
from pillion.prompts.audit_conversation import AuditConversation
from pillion.syntax.decision_points import decision_points
from pillion.syntax.document import ParsedText
from pillion.tiers import Lane

# In nats. Less would be noise, and more is hardly ever seen.
MARGINS = (1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0)
# Each line with its largest doubt.
LineDoubts = Mapping[int, float]


class DecisionJudge:
    """Judges with the likelihoods of one endpoint of `pool`."""

    def __init__(self, pool: Pool, endpoint: str, model: str) -> None:
        self._pool = pool
        self._endpoint = endpoint
        self.model = model
        self._doubts: list[LineDoubts] = []

    @property
    def name(self) -> str:
        """The name that its figures are kept under."""
        return decisions_key(self.model)

    @property
    def is_model(self) -> bool:
        """Always True."""
        return True

    @property
    def works(self) -> tuple[Work, ...]:
        """Decisions are read in what is new."""
        return (Work.IMPLEMENT,)

    async def aclose(self) -> None:
        """Stops its engine."""
        await self._pool.aclose()

    async def judge(self, sample: Sample) -> Sequence[int]:
        """The lines with a doubt of the smallest margin.

        Raises:
            RequestNotPossibleError: the endpoint doesn't say how likely a text is.
            PillionError: it failed.
        """
        doubts: dict[int, float] = {}
        for each in await self._doubts_about(sample):
            line = sample.source.count("\n", 0, each.point.start) + 1
            doubts[line] = max(each.nats, doubts.get(line, 0.0))
        self._doubts.append(doubts)
        return lines_above(doubts, MARGINS[0])

    def calibrated(self, judged: Sequence[Judged]) -> tuple[list[Judged], float]:
        """See Calibrating."""
        return calibrate(judged, self._doubts)

    async def _doubts_about(self, sample: Sample) -> list[Doubt]:
        points = decision_points(ParsedText.of(PYTHON, sample.source))
        conversation = AuditConversation(task_words(sample), PYTHON.id, finds=False)
        request = conversation.decisions(sample.source, [point.start for point in points])
        heard: dict[int, Likelihood] = {}
        async for event in self._pool.likelihoods(Lane.AUDIT, self._endpoint, request):
            if isinstance(event, Likelihood):
                heard[event.place] = event
        pairs = zip(points, request.places, strict=True)
        doubts = [doubt(point, heard[place], PYTHON) for point, place in pairs if place in heard]
        return [each for each in doubts if each is not None]


def calibrate(judged: Sequence[Judged], doubts: Sequence[LineDoubts]) -> tuple[list[Judged], float]:
    """The samples with the findings that count, and the margin that is best on all of them.

    A margin looks better on the functions that it was chosen for than on others. So the findings that count are those
    of each half by the margin that is best on the other half. A function and its mutant are in the same half.
    """
    halves = [[number for number in range(len(judged)) if number // 2 % 2 == half] for half in (0, 1)]
    counted = list(judged)
    for ours, others in (halves, halves[::-1]):
        margin = best_margin([judged[each] for each in others], [doubts[each] for each in others])
        for number in ours:
            counted[number] = _with_lines(judged[number], doubts[number], margin)
    return counted, best_margin(judged, doubts)


def best_margin(judged: Sequence[Judged], doubts: Sequence[LineDoubts]) -> float:
    """The margin whose precision is surely the highest (the lower end of its 95 % interval), of those that find enough
    bugs; of equals the smallest."""

    def worth(margin: float) -> tuple[bool, float, float]:
        total = tally(_with_lines(each, doubt, margin) for each, doubt in zip(judged, doubts, strict=True))
        return (total.recall or 0.0) >= RULE.min_recall, total.precision_95.low if total.findings else 0.0, -margin

    return max(MARGINS, key=worth)


def lines_above(doubts: LineDoubts, margin: float) -> tuple[int, ...]:
    """The lines with a doubt of at least the margin."""
    return tuple(sorted(line for line, nats in doubts.items() if nats >= margin))


def _with_lines(judged: Judged, doubts: LineDoubts, margin: float) -> Judged:
    return replace(judged, finding_lines=lines_above(doubts, margin))

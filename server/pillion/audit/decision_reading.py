"""Judges the decisions in code by how likely a model finds them. Pure: no engine, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pillion.backends.likelihood import Likelihood
from pillion.findings.finding import Finding, Severity
from pillion.findings.place import InDraft
from pillion.syntax.decision_points import DecisionClass, DecisionPoint, class_of, decision_points
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import Language
from pillion.syntax.units import Unit

# The category of such a finding.
DECISION = "decision"
# Each point is a request, or a round of the engine's. A function has about six.
MAX_POINTS_A_UNIT = 24
# So far above the margin that was measured, a finding is a warning.
_WARNING_ABOVE_NATS = 2.5


@dataclass(frozen=True, slots=True)
class Doubt:
    """A decision that the model would take otherwise, by `nats`."""

    point: DecisionPoint
    choice: str
    nats: float


class DecisionScript:
    """The closed units whose decisions nobody has read yet, and what their likelihoods say. Without a language, none
    are read. `margin_nats`: less doubt than this is no finding."""

    def __init__(self, language: Language | None, margin_nats: float) -> None:
        self._language = language
        self._margin_nats = margin_nats
        self._code = ""
        self._waiting: list[Unit] = []

    @property
    def reads(self) -> bool:
        """Whether decisions are read at all."""
        return self._language is not None

    @property
    def waits(self) -> bool:
        """Whether a unit waits."""
        return bool(self._waiting)

    def add(self, text: str, closed: Iterable[Unit]) -> None:
        """The code goes on, and these units have closed."""
        if self.reads:
            self._code += text
            self._waiting += [unit for unit in closed if not unit.blank]

    def start_over(self) -> None:
        """The code so far is void."""
        self._code = ""
        self._waiting.clear()

    def take(self) -> tuple[tuple[Unit, ...], str, tuple[DecisionPoint, ...]]:
        """The waiting units, all the code up to their end, and their decisions."""
        units, self._waiting = tuple(self._waiting), []
        if not units or self._language is None:
            return (), "", ()
        code = self._code[: units[-1].end]
        return units, code, points_of(code, units, self._language)

    def put_back(self, units: Iterable[Unit]) -> None:
        """Nobody has read these, so they wait again."""
        self._waiting[:0] = units

    def found(self, heard: Iterable[tuple[DecisionPoint, Likelihood]], code: str) -> tuple[Finding[InDraft], ...]:
        """The findings in the code, from the decisions whose likelihoods were heard."""
        if self._language is None:
            return ()
        doubts = [doubt(point, likelihood, self._language) for point, likelihood in heard]
        return tuple(doubt_findings([each for each in doubts if each is not None], code, self._margin_nats))


def points_of(code: str, units: Sequence[Unit], language: Language) -> tuple[DecisionPoint, ...]:
    """The decisions of these units of the code, not too many in each. Of many, numbers are left out first."""
    parsed = ParsedText.of(language, code)
    return tuple(point for unit in units for point in _few(decision_points(parsed, unit.start, unit.end)))


def doubt(point: DecisionPoint, likelihood: Likelihood, language: Language) -> Doubt | None:
    """The doubt about one decision; None if the model would write the same, something of another class, or if the
    decision isn't exactly one of its tokens."""
    choices = likelihood.choices
    if not choices or likelihood.written.strip() != point.text:
        return None
    word = choices[0].text.strip()
    if word == point.text or class_of(word, language) is not point.kind:
        return None
    # A token that isn't listed is less likely than all that are.
    own = max((each.logprob for each in choices if each.text.strip() == point.text), default=choices[-1].logprob)
    return Doubt(point, word, choices[0].logprob - own)


def doubt_findings(doubts: Iterable[Doubt], code: str, margin_nats: float) -> list[Finding[InDraft]]:
    """A finding for each line with a doubt of at least the margin: its largest doubt. The largest come first."""
    found: dict[int, Finding[InDraft]] = {}
    for each in sorted(doubts, key=lambda each: -each.nats):
        if each.nats >= margin_nats:
            start = code.rfind("\n", 0, each.point.start) + 1
            end = code.find("\n", each.point.start)
            line = code[start : end if end >= 0 else None]
            quote = line.strip()
            at = start + len(line) - len(line.lstrip())
            severity: Severity = "warning" if each.nats >= margin_nats + _WARNING_ABOVE_NATS else "information"
            place = InDraft(at, at + len(quote))
            found.setdefault(start, Finding(quote, severity, DECISION, _words(each), place))
    return list(found.values())


def _words(doubt: Doubt) -> str:
    point, choice = doubt.point, doubt.choice
    if point.kind is DecisionClass.NUMBER:  # an engine's token may be only the first digits
        return f"The second model would write a number here that begins with `{choice}`, not `{point.shown}`."
    if point.kind is DecisionClass.COMPARISON and choice == "not":
        choice = "not in"
    return f"The second model would write `{choice}` here, not `{point.shown}`."


def _few(points: tuple[DecisionPoint, ...]) -> tuple[DecisionPoint, ...]:
    if len(points) > MAX_POINTS_A_UNIT:
        points = tuple(each for each in points if each.kind is not DecisionClass.NUMBER)
    return points[:MAX_POINTS_A_UNIT]

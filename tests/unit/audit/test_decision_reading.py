"""What likelihoods say of decisions: tables of what an engine would have written, and what is found then."""

import pytest

from pillion.audit.decision_reading import MAX_POINTS_A_UNIT, DecisionScript, doubt, doubt_findings, points_of
from pillion.backends.likelihood import Choice, Likelihood
from pillion.syntax.decision_points import DecisionPoint, decision_points
from pillion.syntax.document import ParsedText
from pillion.syntax.languages import LANGUAGES
from pillion.syntax.units import Unit

PYTHON = next(each for each in LANGUAGES if each.id == "python")
MARGIN_NATS = 3.5


def point(code: str) -> DecisionPoint:
    """The only decision of a line."""
    (found,) = decision_points(ParsedText.of(PYTHON, code))
    return found


def likely(written: str, **choices: float) -> Likelihood:
    return Likelihood(0, written, tuple(Choice(text.replace("_", " "), value) for text, value in choices.items()))


LESS, NOT_IN, NOTHING_RETURNED, ONE = point("a < b"), point("a not in b"), point("pass"), point("a[1]")
DOUBTED: dict[str, tuple[DecisionPoint, Likelihood, tuple[str, float] | None]] = {
    "another of its class": (LESS, Likelihood(0, " <", (Choice(" <=", -0.1), Choice(" <", -4.1))), ("<=", 4.0)),
    "the same, in other white space": (LESS, Likelihood(0, " <", (Choice("<", -0.1), Choice(" <", -4.1))), None),
    "its own likelihood in either white space": (
        LESS,
        Likelihood(0, " <", (Choice(" <=", -0.1), Choice("<", -2.1), Choice(" <", -4.1))),
        ("<=", 2.0),
    ),
    "less likely than all that are listed": (LESS, Likelihood(0, " <", (Choice(" >", -0.5), Choice(" x", -6.5))), (">", 6.0)),
    "another class comes first": (LESS, Likelihood(0, " <", (Choice(" and", -0.1), Choice(" <=", -2.0))), None),
    "no decision comes first": (LESS, Likelihood(0, " <", (Choice(".", -0.1), Choice(" <=", -2.0))), None),
    "more than the decision in its token": (LESS, Likelihood(0, " <<", (Choice(" <=", -0.1),)), None),
    "a part of it in its token": (point("a <= b"), Likelihood(0, " <", (Choice(" >", -0.1),)), None),
    "nothing known": (LESS, Likelihood(0, " <", ()), None),
    "only one choice known": (LESS, Likelihood(0, " <", (Choice(" <=", -0.1),)), ("<=", 0.0)),
    "the first of two words": (NOT_IN, Likelihood(0, " not", (Choice(" in", -0.1), Choice(" not", -5.1))), ("in", 5.0)),
    "a jump": (NOTHING_RETURNED, Likelihood(0, "pass", (Choice("return", -0.1), Choice("pass", -4.1))), ("return", 4.0)),
    "a number": (ONE, Likelihood(0, "1", (Choice("0", -0.1), Choice("1", -4.1))), ("0", 4.0)),
    "the first digit of a number": (point("a[12]"), Likelihood(0, "1", (Choice("0", -0.1), Choice("1", -4.1))), None),
}  # fmt: skip


@pytest.mark.parametrize(("decision", "likelihood", "doubted"), DOUBTED.values(), ids=DOUBTED)
def test_what_is_doubted(decision: DecisionPoint, likelihood: Likelihood, doubted: tuple[str, float] | None) -> None:
    found = doubt(decision, likelihood, PYTHON)
    assert (None if found is None else (found.choice, round(found.nats, 6))) == doubted


CODE = "def f(a):\n    if a < 1 and a in b:\n        return a[1]\n"


def found(*nats: float) -> list[tuple[str, str, str]]:
    """The findings if the model would write something else at each decision of CODE, by so many nats."""
    points = decision_points(ParsedText.of(PYTHON, CODE))
    others = {"<": "<=", "1": "0", "and": "or", "in": "not", "return": "raise"}
    likelihoods = [
        Likelihood(0, each.text, (Choice(others[each.text], 0.0), Choice(each.text, -value)))
        for each, value in zip(points, nats, strict=True)
    ]
    doubts = [doubt(*pair, PYTHON) for pair in zip(points, likelihoods, strict=True)]
    findings = doubt_findings([each for each in doubts if each is not None], CODE, MARGIN_NATS)
    assert all(CODE[each.start : each.end] == each.quote for each in findings)
    assert {each.code for each in findings} <= {"audit/decision"}
    return [(each.quote, each.severity, each.message) for each in findings]


def words(written: str, other: str) -> str:
    return f"The second model would write `{other}` here, not `{written}`."


IF, RETURN = "if a < 1 and a in b:", "return a[1]"
FOUND = {
    "nothing": ((0, 0, 0, 0, 0, 0), []),
    "less than the margin": ((3.4, 0, 0, 0, 0, 0), []),
    "the margin": ((3.5, 0, 0, 0, 0, 0), [(IF, "information", words("<", "<="))]),
    "far above it": ((6.0, 0, 0, 0, 0, 0), [(IF, "warning", words("<", "<="))]),
    "the largest of a line": ((4, 0, 5, 0, 0, 0), [(IF, "information", words("and", "or"))]),
    "two words": ((0, 0, 0, 4, 0, 0), [(IF, "information", words("in", "not in"))]),
    "the largest line first": (
        (4, 0, 0, 0, 9, 0),
        [(RETURN, "warning", words("return", "raise")), (IF, "information", words("<", "<="))],
    ),
    "a number": (
        (0, 0, 0, 0, 0, 5),
        [(RETURN, "information", "The second model would write a number here that begins with `0`, not `1`.")],
    ),
}


@pytest.mark.parametrize(("nats", "expected"), FOUND.values(), ids=FOUND)
def test_what_is_found(nats: tuple[float, ...], expected: list[tuple[str, str, str]]) -> None:
    assert found(*nats) == expected


def test_a_unit_has_so_many_points_and_no_more() -> None:
    code = "".join(f"x = {number} < y\n" for number in range(MAX_POINTS_A_UNIT + 5))
    short, long = Unit(0, 0, 10, code[:10]), Unit(1, 10, len(code), code[10:])
    assert [each.text for each in points_of(code, [short], PYTHON)] == ["0", "<"]
    assert [each.text for each in points_of(code, [long], PYTHON)] == ["<"] * MAX_POINTS_A_UNIT
    assert len(points_of(code, [short, long], PYTHON)) == 2 + MAX_POINTS_A_UNIT


def test_a_void_draft_is_forgotten() -> None:
    script = DecisionScript(PYTHON, MARGIN_NATS)
    script.add("a < b\n", [Unit(0, 0, 6, "a < b\n")])
    assert script.waits
    script.start_over()
    assert not script.waits
    script.add("c > d\n", [Unit(0, 0, 6, "c > d\n")])
    units, code, points = script.take()
    assert (len(units), code, [each.text for each in points]) == (1, "c > d\n", [">"])


def test_without_a_language_nothing_is_read() -> None:
    script = DecisionScript(None, 0.0)
    script.add("a < b\n", [Unit(0, 0, 6, "a < b\n")])
    assert (script.reads, script.waits, script.take()) == (False, False, ((), "", ()))

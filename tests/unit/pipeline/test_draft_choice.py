"""Which of several drafts is taken, after the first one failed when it was run, and what is said of that."""

import pytest

from pillion.auditors.running.run_check import RunReport
from pillion.pipeline.draft import Draft
from pillion.pipeline.draft_choice import best_of, events_of_choice, holds
from pillion.pipeline.outcome import Outcome

SHOWN = "median([1, 2]) returns 8.0, but its documentation says 15.0"


def outcome(text: str, failures: int = 0, *, shown: str = SHOWN, examples: int = 2, **other: str) -> Outcome:
    """A draft that fails so many of its examples; `not_run` and `rejected` as in the report and the outcome."""
    ran = RunReport(examples=examples, counterexample=shown if failures else "", not_run=other.get("not_run", ""))
    draft = Draft(text, "gpu0", 10, 0.0, 1.0, cut_off=False)
    return Outcome(draft, ran=ran, failures=failures, rejected=other.get("rejected", ""))


BAD = outcome("a", 2)
SAME = [outcome(text, 1) for text in "abc"]


@pytest.mark.parametrize(
    ("tried", "taken", "chosen", "is_earlier"),
    [
        pytest.param([BAD, outcome("b")], "b", f"the first draft failed ({SHOWN}); the second doesn't", False, id="right"),
        pytest.param(
            [BAD, outcome("b", 1), outcome("c", 1)], "b", f"the first draft failed ({SHOWN}); the second fails less", True,
            id="the earliest of the best",
        ),
        pytest.param(
            [BAD, outcome("b", not_run="uses socket"), outcome("c")], "c",
            f"the first draft failed ({SHOWN}); the third doesn't", False,
            id="one that is known to hold, not one that can't be run",
        ),
        pytest.param(
            [BAD, outcome("b", not_run="uses socket"), outcome("c", 1)], "b",
            f"the first draft failed ({SHOWN}); the second isn't known to", True,
            id="nobody knows",
        ),
        pytest.param(
            [BAD, outcome("b", rejected="it is no code")], "a",
            f"a second draft can't be used (it is no code), so the first one stays, although {SHOWN}", True,
            id="no other can be used",
        ),
        pytest.param(
            [BAD, outcome("b", 2), outcome("c", 3)], "a",
            f"2 more drafts fail as well, or can't be used, so the first one stays, although {SHOWN}", True,
            id="none is better",
        ),
        pytest.param(
            [BAD, *(outcome(text, 2) for text in "bcdefghijk"), outcome("l")], "l",
            f"the first draft failed ({SHOWN}); the last doesn't", False,
            id="after many",
        ),
    ],
)  # fmt: skip
def test_the_one_that_fails_least_is_taken(tried: list[Outcome], taken: str, chosen: str, is_earlier: bool) -> None:
    best = best_of(tried)
    assert (best.draft.text, best.chosen) == (taken, chosen)
    assert best.set_aside is not None
    assert best.set_aside.text == ("a" if taken != "a" else "b")
    told = next(iter(events_of_choice(tried, best, 2.0)))
    assert getattr(told, "is_earlier", None) is is_earlier


@pytest.mark.parametrize(
    ("tried", "doubted"),
    [
        pytest.param(SAME, True, id="one example fails in the same way in three drafts, and another holds"),
        pytest.param([BAD, *SAME], True, id="after a worse one"),
        pytest.param(SAME[:2], False, id="in two"),
        pytest.param([*SAME[:2], SAME[0]], False, id="in two, of which one came twice"),
        pytest.param([*SAME[:2], outcome("c", 1, shown="another")], False, id="in another way"),
        pytest.param([outcome(text, 2) for text in "abc"], False, id="two examples fail"),
        pytest.param([outcome(text, 1, examples=1) for text in "abc"], False, id="there is no other example"),
        pytest.param([*SAME, outcome("d")], False, id="another draft holds"),
    ],
)
def test_an_example_that_several_drafts_fail_alike_may_be_wrong(tried: list[Outcome], doubted: bool) -> None:
    best = best_of(tried)
    assert best.chosen.endswith("; 3 drafts give the same, so the example may be wrong") is doubted
    assert bool(best.failures) or not doubted, "it is a hint: the failure still counts"


@pytest.mark.parametrize(
    ("other", "first", "held"),
    [
        pytest.param(outcome("b"), BAD, True, id="no failure"),
        pytest.param(outcome("b", 1), BAD, False, id="a failure"),
        pytest.param(outcome("b", rejected="it is no code"), BAD, False, id="refused"),
        pytest.param(outcome("b", not_run="uses socket"), BAD, False, id="it can't be run"),
        pytest.param(
            outcome("b", not_run="uses socket"), outcome("a", 1, not_run="uses socket"), True, id="neither can in part"
        ),
    ],
)
def test_no_other_draft_is_needed_once_one_holds(other: Outcome, first: Outcome, held: bool) -> None:
    assert holds(other, first) is held

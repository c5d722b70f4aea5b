"""Precision, recall and false alarms, beside figures worked out by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillion.bench.score import Interval, Judged, Tally, score, tally, wilson


@pytest.mark.parametrize(
    ("mutated", "found", "hits"),
    [
        pytest.param((5,), (5,), 1, id="the very line"),
        pytest.param((5,), (4,), 1, id="the line above"),
        pytest.param((5,), (6,), 1, id="the line below"),
        pytest.param((5,), (3, 7), 0, id="two lines off"),
        pytest.param((5, 6, 7), (8, 4, 9), 2, id="around several lines"),
        pytest.param((5,), (5, 5, 5), 1, id="the same line again"),
        pytest.param((5,), (4, 5, 20), 2, id="two hits and a miss"),
        pytest.param((1,), (0, -3), 1, id="outside the function"),
        pytest.param((5,), (), 0, id="nothing said"),
        pytest.param((), (1, 2), 0, id="a clean function"),
    ],
)
def test_a_hit_is_within_a_line(mutated: tuple[int, ...], found: tuple[int, ...], hits: int) -> None:
    assert Judged("kind" if mutated else None, mutated, found).hits == hits


JUDGED = [
    Judged("off-by-one", (3,), (3, 9)),  # a hit and a miss
    Judged("off-by-one", (3,), ()),  # missed
    Judged("lost-guard", (2,), (1, 2, 2)),  # two hits, one of them said twice
    Judged("and-or", (8,), (2,)),  # a miss
    Judged(None, (), (1, 1, 4)),  # two false alarms
    Judged(None, (), ()),
    Judged(None, (), ()),
]


def test_a_score_worked_out_by_hand() -> None:
    result = score("someone", JUDGED)
    assert result.total == Tally(
        clean_functions=3, mutants=4, findings=7, hits=3, mutants_found=2, false_alarms_on_clean=2
    )
    assert result.total.precision == pytest.approx(3 / 7)
    assert result.total.recall == pytest.approx(2 / 4)
    assert result.total.false_alarms_per_function == pytest.approx(2 / 3)
    assert result.kinds == {
        "and-or": Tally(0, 1, findings=1, hits=0, mutants_found=0, false_alarms_on_clean=0),
        "lost-guard": Tally(0, 1, findings=2, hits=2, mutants_found=1, false_alarms_on_clean=0),
        "off-by-one": Tally(0, 2, findings=2, hits=1, mutants_found=1, false_alarms_on_clean=0),
    }


def test_shares_of_nothing_are_none_and_their_bounds_are_everything() -> None:
    nothing = tally([])
    assert (nothing.precision, nothing.recall, nothing.false_alarms_per_function) == (None, None, None)
    assert nothing.precision_95 == nothing.recall_95 == Interval(0, 1)


def test_a_score_is_data() -> None:
    data = json.loads(json.dumps(score("someone", JUDGED).as_data()))
    assert (data["auditor"], data["mutants"], data["recall"]) == ("someone", 4, 0.5)
    assert data["recall_95"] == {"low": pytest.approx(0.150, abs=1e-3), "high": pytest.approx(0.850, abs=1e-3)}
    assert data["kinds"]["lost-guard"]["precision"] == 1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # From the formula by hand: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z² = 3.8415.
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 20, 0.0089, 0.2361),
        (50, 100, 0.4038, 0.5962),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


@given(trials=st.integers(1, 10_000), share=st.floats(0, 1))
def test_the_interval_holds_the_share_and_narrows(trials: int, share: float) -> None:
    successes = round(share * trials)
    found, more = wilson(successes, trials), wilson(4 * successes, 4 * trials)
    assert 0 <= found.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= found.high <= 1
    assert more.high - more.low < found.high - found.low

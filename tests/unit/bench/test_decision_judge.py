"""Decision tokens as a judge: the margin that is chosen, and on which functions its figures are."""

import pytest

from pillion.bench.decision_judge import MARGINS, DecisionJudge, LineDoubts, best_margin, calibrate, lines_above
from pillion.bench.judges import Calibrating, measure, measured
from pillion.bench.score import Judged
from pillion.bench.suite import Suite, build_suite
from pillion.errors import RequestNotPossibleError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.models.trust import decisions_key
from tests.support.pools import backend, open_pool

CLEAN, BUG = Judged(None, (), ()), Judged("and-or", (7,), ())
Pair = tuple[dict[int, float], dict[int, float]]
"""What is doubted in a clean function, and in its mutant, whose bug is in line 7."""


def judged(pairs: list[Pair]) -> tuple[list[Judged], list[LineDoubts]]:
    return [CLEAN, BUG] * len(pairs), [each for pair in pairs for each in pair]


MARGINS_OF: dict[str, tuple[list[Pair], float]] = {
    "nobody doubts anything": ([({}, {})] * 20, MARGINS[0]),
    "all bugs, nothing else": ([({}, {7: 9.0})] * 20, MARGINS[0]),
    "small doubts are wrong": ([({1: 2.2}, {7: 5.2})] * 20, 2.5),
    "right about few": ([({1: 5.2}, {7: 4.2})] * 17 + [({}, {7: 9.5})] * 3, 5.5),
    "right about too few": ([({1: 5.2}, {7: 4.2})] * 19 + [({}, {7: 9.5})], MARGINS[0]),
    "surely right, or perhaps": ([({}, {7: 3.2})] * 9 + [({1: 3.2}, {})] * 1 + [({}, {7: 6.0})] * 1, MARGINS[0]),
}


@pytest.mark.parametrize(("pairs", "margin"), MARGINS_OF.values(), ids=MARGINS_OF)
def test_the_best_margin(pairs: list[Pair], margin: float) -> None:
    assert best_margin(*judged(pairs)) == margin


def test_the_figures_are_on_functions_that_the_margin_was_not_chosen_on() -> None:
    """Where the halves differ, what fits one is wrong on the other."""
    halves: list[Pair] = [({1: 2.2}, {7: 3.0}), ({1: 4.2}, {7: 6.0})] * 10
    counted, margin = calibrate(*judged(halves))
    assert margin == 4.5
    assert [each.finding_lines for each in counted[:4]] == [(), (), (1,), (7,)]
    assert len(counted) == 40


@pytest.mark.parametrize(("margin", "lines"), [(1.0, (2, 5)), (2.0, (2, 5)), (2.1, (5,)), (9.0, ())])
def test_lines_above_a_margin(margin: float, lines: tuple[int, ...]) -> None:
    assert lines_above({5: 4.0, 2: 2.0}, margin) == lines


@pytest.fixture(scope="module")
def suite() -> Suite:
    return build_suite(4, modules=("textwrap", "shlex", "configparser", "heapq"))


def test_a_function_and_its_mutant_stand_side_by_side(suite: Suite) -> None:
    names = [sample.name for sample in suite.samples]
    assert names[::2] == names[1::2]
    assert [sample.clean for sample in suite.samples] == [True, False] * 4


async def test_a_model_that_would_always_return(suite: Suite, small: FakeEngine) -> None:
    small.script(Rule(match_end=":", choices=[(" return", -0.1), (" raise", -3.3)]))
    async with open_pool({"audit": ["gpu1"]}, backend("openai", small.url, "gpu1")) as pool:
        judge = DecisionJudge(pool, "gpu1", "small")
        assert isinstance(judge, Calibrating)
        report = await measure([judge], suite, lambda _: None)
    (result,) = report.results
    assert result.score.auditor == decisions_key("small") == "small: decision tokens"
    assert result.margin_nats in MARGINS
    assert measured(result, result.score.auditor, "today").margin_nats == result.margin_nats
    assert {entry.path for entry in small.log()} == {"/completion"}
    headers = {sample.function.header.strip().splitlines()[0] for sample in suite.samples}
    assert all(any(header in entry.prompt for header in headers) for entry in small.log())


async def test_an_endpoint_that_cant_be_asked_has_no_result(suite: Suite, small: FakeEngine) -> None:
    small.change(likelihoods="none")
    async with open_pool({"audit": ["gpu1"]}, backend("openai", small.url, "gpu1")) as pool:
        judge = DecisionJudge(pool, "gpu1", "small")
        assert (await measure([judge], suite, lambda _: None)).results == ()
        with pytest.raises(RequestNotPossibleError):
            await judge.judge(suite.samples[0])

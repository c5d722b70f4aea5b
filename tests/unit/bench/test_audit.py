"""`pillion bench audit`: its drafts, its targets, its picture, and what it measures in one small run."""

import ast
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import pytest

from pillion.bench.audit import Comparison, compare_fakes
from pillion.bench.sample_drafts import SampleDraft, implement, sample_drafts
from pillion.bench.scenarios import Run, Scenario, Span
from pillion.bench.timeline import svg
from pillion.errors import DocumentError
from pillion.pipeline.draft import Draft
from pillion.pipeline.outcome import make_outcome
from pillion.telemetry.job_figures import JobFigures

DRAFTS = {draft.title: draft for draft in sample_drafts()}
SVG = "{http://www.w3.org/2000/svg}"
MET: Mapping[Scenario, float] = {
    Scenario.ALONE: 10.0,
    Scenario.SEQUENCE: 22.9,
    Scenario.AFTER: 12.0,
    Scenario.BESIDE: 10.4,
}


def figures(*, endpoint: str = "small", tail_s: float = 0.0) -> JobFigures:
    return JobFigures("large", endpoint, 100, 10.0, 10.0, False, 0.0, 0.0, 0, tail_s, 0, 0, 0)


def comparison(
    seconds: Mapping[Scenario, float], *, title: str = "a draft", scale: float | None = 0.25, endpoint: str = "large"
) -> Comparison:
    def run(scenario: Scenario, took_s: float) -> Run:
        spans = (Span("small", "part", 1.0, 2.0), Span(endpoint, "draft", 0.0, took_s))
        return Run(scenario, took_s, figures(), spans, (0.0, 0.9))

    return Comparison(title, {scenario: run(scenario, took_s) for scenario, took_s in seconds.items()}, scale)


class Shape(NamedTuple):
    """What a draft has to be."""

    lines: range
    functions: int


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("one function", Shape(range(85, 96), 1)),
        ("ten functions", Shape(range(100, 111), 10)),
        ("400 lines", Shape(range(395, 411), 40)),
    ],
)
def test_the_drafts_are_as_long_as_promised(title: str, shape: Shape) -> None:
    code = DRAFTS[title].code
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)]
    assert code.count("\n") in shape.lines
    assert len([each for each in functions if each.name != "__init__"]) == shape.functions


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS.keys())
def test_the_drafts_become_edits(draft: SampleDraft) -> None:
    outcome = make_outcome(draft.task(), Draft(draft.reply, "large", 1, 0.0, 1.0, cut_off=False))
    assert outcome.after_text == draft.code
    assert draft.code.count(draft.wrong) == 1


def test_a_draft_of_nothing_is_refused() -> None:
    with pytest.raises(DocumentError, match="“Stack” isn't in the document"):
        implement("x = 1\n", "Stack")


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({}, []),
        (
            {Scenario.BESIDE: 10.6},
            [
                "a draft: side by side takes 1.060 × the draft alone, at most 1.05",
                "a draft: side by side is 2.160 × faster than the sequence, at least 2.2",
            ],
        ),
        ({Scenario.SEQUENCE: 22.8}, ["a draft: side by side is 2.192 × faster than the sequence, at least 2.2"]),
        ({Scenario.ALONE: 9.9}, ["a draft: side by side takes 1.051 × the draft alone, at most 1.05"]),
    ],
)
def test_targets(change: Mapping[Scenario, float], missed: list[str]) -> None:
    compared = comparison({**MET, **change})
    assert compared.missed() == missed
    assert compared.as_data()["missed"] == missed
    assert comparison({**MET, **change}, scale=None).missed() == [], "real engines have no targets"


def test_data_has_the_ratios() -> None:
    rows = {row["scenario"]: row for row in comparison(MET).as_data()["runs"]}
    assert rows["two endpoints, side by side"]["draft_ratio"] == pytest.approx(1.04)
    assert rows["two endpoints, side by side"]["speedup"] == pytest.approx(22.9 / 10.4)


def test_the_picture_is_xml_with_a_row_for_each_scenario_and_endpoint() -> None:
    picture = ElementTree.fromstring(svg([comparison(MET), comparison(MET, title="b")], "all"))  # noqa: S314
    words = [each.text for each in picture.iter(f"{SVG}text")]
    for scenario in Scenario:
        assert words.count(scenario.value) == 2
    assert words.count("large") == words.count("small") == 2 * len(Scenario)
    assert {"a draft", "b", "0 s", "10 s", "the draft", "judges a part"} <= set(words)
    hovers = [each.text for each in picture.iter(f"{SVG}title")]
    assert hovers.count("judges a part: 1.00 s") == 2 * len(Scenario)


def test_the_picture_stays_within_its_width() -> None:
    picture = ElementTree.fromstring(svg([comparison(MET)], "all"))  # noqa: S314
    ends = [float(each.get("x", 0)) + float(each.get("width", 0)) for each in picture.iter(f"{SVG}rect")]
    assert max(ends) <= 860


def test_the_picture_escapes_words_that_came_from_elsewhere() -> None:
    drawn = svg([comparison(MET, title="<b>&", endpoint="<gpu>")], "1 < 2")
    picture = ElementTree.fromstring(drawn)  # noqa: S314
    assert {"<b>&", "<gpu>", "1 < 2"} <= {each.text for each in picture.iter(f"{SVG}text")}
    assert "<b>" not in drawn


@pytest.mark.quiet
async def test_side_by_side_is_first_and_the_sequence_last() -> None:
    (compared,) = await compare_fakes((DRAFTS["ten functions"],), 0.02, 3, (), lambda what: None)
    order = (Scenario.ALONE, Scenario.BESIDE, Scenario.AFTER, Scenario.SEQUENCE)
    seconds = [compared.runs[scenario].seconds for scenario in order[1:]]
    assert all(one < other for one, other in pairwise(seconds)), seconds
    of = {scenario: compared.runs[scenario].figures for scenario in Scenario}
    assert of[Scenario.ALONE].audit_endpoint == ""
    assert of[Scenario.SEQUENCE].audit_endpoint == "large"
    assert of[Scenario.AFTER].audit_endpoint == of[Scenario.BESIDE].audit_endpoint == "small"
    assert [of[scenario].overlap_ratio > 0 for scenario in order] == [False, True, False, False]
    assert [of[scenario].findings for scenario in order] == [0, 1, 1, 1]

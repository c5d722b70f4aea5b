"""`pillion bench auditor`: auditors are given what the pipeline gives them, and what they say is counted and printed."""

import argparse
import ast
import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from pillion.auditors.auditor import Passage, Sees
from pillion.bench.judges import DeterministicJudge, Result, measure, measured
from pillion.bench.score import Judged, Tally, score
from pillion.bench.suite import Sample, Suite, build_suite
from pillion.cli import bench
from pillion.cli.bench_auditor import measure_and_print
from pillion.findings.finding import Finding
from pillion.findings.place import InPassage
from pillion.models.trust import RULE, Measured

FEW = ("textwrap", "heapq", "shlex", "configparser")


@dataclass(frozen=True)
class WordAuditor:
    """Points at every place where a word stands in the new part."""

    word: str
    sees: Sees
    name: str = "word"
    seen: list[Passage] = field(default_factory=list)

    def audit(self, passage: Passage) -> Sequence[Finding[InPassage]]:
        self.seen.append(passage)
        ends = range(passage.start, passage.end)
        places = [at for at in ends if passage.text.startswith(self.word, at)]
        return [Finding(self.word, "error", "word", "There it is.", InPassage(at, at + 1), self.name) for at in places]


@dataclass(frozen=True)
class KnowingJudge:
    """Knows where the bugs are, and says so as far as `says` lets it."""

    name: str
    says: Callable[[Sample], Sequence[int]]
    is_model: bool = False

    async def judge(self, sample: Sample) -> Sequence[int]:
        return self.says(sample)

    async def aclose(self) -> None:
        """Nothing was started."""


PERFECT = KnowingJudge("perfect", lambda sample: sample.mutated_lines[:1])
WOLF = KnowingJudge("wolf", lambda sample: (1_000,))


@pytest.fixture(scope="module")
def suite() -> Suite:
    return build_suite(6, modules=FEW)


@pytest.mark.parametrize("sees", Sees)
def test_a_finding_is_placed_in_the_function(suite: Suite, sees: Sees) -> None:
    auditor = WordAuditor("return", sees)
    for sample in suite.samples:
        lines = [number for number, line in enumerate(sample.source.split("\n"), 1) for _ in line.split("return")[1:]]
        assert asyncio.run(DeterministicJudge(auditor).judge(sample)) == lines
    assert sum(each.function.indentation != "" for each in suite.samples) > 2, "methods are among them"


def test_an_auditor_of_edits_sees_the_module_with_a_stub_before(suite: Suite) -> None:
    auditor = WordAuditor("return", Sees.EDIT)
    for sample in suite.samples:
        asyncio.run(DeterministicJudge(auditor).judge(sample))
    for sample, passage in zip(suite.samples, auditor.seen, strict=True):
        assert passage.text[passage.start : passage.end] == sample.indented
        assert passage.text[: passage.start] == passage.before[: passage.start] != ""
        ast.parse(passage.before)
        assert "raise NotImplementedError" in passage.before[passage.start :]


def test_an_auditor_of_units_sees_the_function_alone(suite: Suite) -> None:
    auditor = WordAuditor("return", Sees.UNIT)
    asyncio.run(DeterministicJudge(auditor).judge(suite.samples[1]))
    (passage,) = auditor.seen
    assert (passage.text, passage.start, passage.end) == (suite.samples[1].source, 0, len(suite.samples[1].source))


def test_everybody_is_measured_on_everything(suite: Suite) -> None:
    notes: list[str] = []
    report = asyncio.run(measure([PERFECT, WOLF], suite, notes.append))
    perfect, wolf = (result.score.total for result in report.results)
    assert perfect == Tally(6, 6, findings=6, hits=6, mutants_found=6, false_alarms_on_clean=0)
    assert wolf == Tally(6, 6, findings=12, hits=0, mutants_found=0, false_alarms_on_clean=6)
    assert (report.functions, report.fingerprint) == (6, suite.fingerprint)
    assert (notes[0], notes[-1], len(notes)) == ("perfect: 1 of 12", "wolf: 12 of 12", 24)


@pytest.mark.parametrize(
    ("judged", "expected"),
    [
        pytest.param(
            [Judged("and-or", (3,), (3,)), Judged(None, (), (1,)), Judged(None, (), ())],
            (0.5, 1.0, 0.5, 2, 1),
            id="some",
        ),
        pytest.param([Judged("and-or", (3,), ()), Judged(None, (), ())], (0.0, 0.0, 0.0, 1, 1), id="silence"),
    ],
)
def test_a_result_is_kept_as_a_measurement(
    judged: list[Judged], expected: tuple[float, float, float, int, int]
) -> None:
    found = measured(Result(score("small", judged), 0.1), "small", "2026-01-02")
    assert found == Measured("small", *expected, at="2026-01-02")
    assert RULE.verdict(found) == "unmeasured"


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    return parser.parse_args(given)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert measure_and_print(arguments("auditor", "--json", "--functions", "3", "--seed", "5"), [PERFECT, WOLF]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["functions"], data["seed"], len(data["fingerprint"])) == (3, 5, 12)
    assert [(each["auditor"], each["precision"], each["recall"]) for each in data["auditors"]] == [
        ("perfect", 1.0, 1.0),
        ("wolf", 0.0, 0.0),
    ]


def test_tables(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    silent = KnowingJudge("silent", lambda sample: ())
    assert measure_and_print(arguments("auditor", "--functions", "4"), [PERFECT, silent]) == 0
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in capsys.readouterr().out.splitlines()]
    assert ["perfect", "4 of 4 = 100% (51% to 100%)", "4 of 4 = 100% (51% to 100%)", "0.00"] in [
        row[:4] for row in rows
    ]
    assert ["silent", "no findings", "0 of 4 = 0% (0% to 49%)", "0.00"] in [row[:4] for row in rows]
    assert sum(row[1:] == ["1/1", "0/1"] for row in rows) == 4

"""`pillion bench auditor`: auditors are given what the pipeline gives them, and what they say is counted and printed."""

import argparse
import ast
import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from pillion.auditors.auditor import Passage, Sees
from pillion.auditors.auditor_registry import AUDITORS
from pillion.auditors.running.run_check import Aim, RunReport, RunSubject
from pillion.bench.judges import DeterministicJudge, Result, RunJudge, judges, measure, measured
from pillion.bench.rewrites import rewritten
from pillion.bench.score import Judged, Tally, score
from pillion.bench.suite import Sample, Suite, Work, build_suite
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
    says: Callable[[Sample], Sequence[int] | None]
    is_model: bool = False
    works: tuple[Work, ...] = tuple(Work)

    async def judge(self, sample: Sample) -> Sequence[int] | None:
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
    assert [each.work for each in report.results] == [Work.IMPLEMENT, Work.IMPLEMENT, Work.REFACTOR, Work.REFACTOR]
    perfect, wolf = (result.score.total for result in report.results[:2])
    assert [result.score.total for result in report.results[2:]] == [perfect, wolf]
    assert perfect == Tally(6, 6, findings=6, hits=6, mutants_found=6, false_alarms_on_clean=0)
    assert wolf == Tally(6, 6, findings=12, hits=0, mutants_found=0, false_alarms_on_clean=6)
    assert (report.functions, report.fingerprint) == (6, suite.fingerprint)
    assert (notes[0], notes[-1], len(notes)) == ("implement, perfect: 1 of 12", "refactor, wolf: 12 of 12", 48)


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
    found = measured(Result(score("small", judged), Work.IMPLEMENT, (0.1,), 1), "small", "2026-01-02")
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
    assert [(each["work"], each["auditor"], each["precision"], each["recall"]) for each in data["auditors"]] == [
        (work, *figures)
        for work in ("implement", "refactor")
        for figures in (("perfect", 1.0, 1.0), ("wolf", 0.0, 0.0))
    ]
    assert all(each["milliseconds_median"] <= each["milliseconds_p95"] for each in data["auditors"])


def test_tables(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    silent = KnowingJudge("silent", lambda sample: None if sample.clean else (), works=(Work.REFACTOR,))
    assert measure_and_print(arguments("auditor", "--functions", "4"), [PERFECT, silent]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 100
    rows = [" ".join(line.split()) for line in printed.splitlines()]
    assert sum(row.startswith("perfect 4 of 4 = 100% (51% to 100%) 4 of 4 0.000 100% ") for row in rows) == 2
    assert sum(row.startswith("silent 0 of 4 = 0% (0% to 49%) none 0.000 50% ") for row in rows) == 1
    assert sum(row.endswith(" 1 perfect 1 perfect 1") for row in rows) == 4


def test_a_clean_refactoring_is_other_text_that_does_the_same(suite: Suite) -> None:
    for sample in suite.of(Work.REFACTOR):
        assert sample.before == sample.function.module_text
        assert sample.source != sample.function.source
        ast.parse(sample.document)
    text = "def f(result, x=1):\n    # why\n    if x:\n        return g(x)\n    return None\n"
    assert (
        rewritten(text)
        == "def f(result, x=1):\n    if x:\n        result_1 = g(x)\n        return result_1\n    return None\n"
    )


@dataclass(frozen=True)
class CompareTexts:
    """A check as the running ones are: it says what differs, and not everything can be run."""

    name: str = "texts"

    def report(self, subject: RunSubject) -> RunReport:
        passage = subject.passage
        if subject.aim is not Aim.SAME:
            return RunReport(not_run="new")
        # The same tree, or not: the rewriting is undone.
        old, new = (
            next(
                ast.unparse(node) for node in ast.walk(ast.parse(text)) if getattr(node, "name", "") == subject.path[-1]
            )
            for text in (passage.before, passage.text)
        )
        same = old == new or "result" in new
        found = (
            ()
            if same
            else (
                Finding(
                    "x", "error", "behaviour", "It differs.", InPassage(passage.start, passage.start + 1), self.name
                ),
            )
        )
        return RunReport(found, compared=3)


def test_checks_that_run_code_are_judged_in_the_same_way(suite: Suite) -> None:
    judge = RunJudge(CompareTexts())
    implement, refactor = asyncio.run(measure([judge], suite, lambda what: None)).results
    assert (implement.checked_share, implement.score.total.findings) == (0.0, 0)
    total = refactor.score.total
    assert (refactor.checked_share, total.false_alarms_on_clean) == (1.0, 0)
    assert total.mutants_found == total.hits == total.findings > 3


def test_every_auditor_is_judged_and_in_little_time() -> None:
    """A sample of the whole bench, with the type checkers that are installed here."""
    found = judges([CompareTexts()])
    names = [each.name for each in found]
    assert names[0] == "syntax"
    assert names[-1] == "texts"
    assert set(names) >= {each.name for each in AUDITORS} - {"checker"}
    began = time.monotonic()
    report = asyncio.run(measure(found, build_suite(2, seed=3, modules=FEW), lambda what: None))
    assert time.monotonic() - began < 110
    assert len(report.results) == 2 * len(found)

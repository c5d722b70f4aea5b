"""A model is measured as it is used: asked part by part, and what it points at counts by its line."""

import json

import pytest

from pillion.bench.model_judge import ModelJudge
from pillion.bench.suite import Sample, build_suite
from pillion.errors import EngineError
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.support.pools import backend, open_pool

NOTHING = '{"findings": []}'


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A long function, so that it has several units."""
    suite = build_suite(8, modules=("textwrap", "shlex", "configparser", "heapq"))
    return max(suite.samples, key=lambda each: each.source.count("\n"))


def pointing_at(line: str) -> str:
    quoted = {"quote": line, "severity": "warning", "category": "bug", "message": "That is wrong."}
    return json.dumps({"findings": [quoted], "unmet": [1]})


async def test_a_finding_counts_by_its_line(auditing: FakeEngine, sample: Sample) -> None:
    lines = sample.source.splitlines()
    number, line = next((n, text) for n, text in enumerate(lines, 1) if n > 8 and lines.count(text) == 1 and text[4:])
    auditing.script(Rule(pointing_at(line.strip())))  # to every question: only where it stands does it count
    async with open_pool({"audit": ["gpu1"]}, backend("openai", auditing.url, "gpu1")) as pool:
        judge = ModelJudge(pool, "fake-model")
        assert list(await judge.judge(sample)) == [number]
        assert (judge.name, judge.is_model) == ("fake-model", True)
    asked = [entry for entry in auditing.log() if entry.schema is not None]
    kinds = ["/".join(entry.schema["properties"]) for entry in asked if entry.schema is not None]
    assert kinds[0] == "criteria"
    assert kinds[-1].startswith("findings")
    assert kinds.count("findings") >= 2, "part by part"
    assert sample.function.header.strip() in asked[0].prompt, "it knows what the function is for"


@pytest.mark.parametrize("rules", [[Rule(NOTHING)], [Rule("I can't say.")], [Rule("")]], ids=["none", "prose", "empty"])
async def test_who_finds_nothing_points_nowhere(auditing: FakeEngine, sample: Sample, rules: list[Rule]) -> None:
    auditing.script(*rules)
    async with open_pool({"audit": ["gpu1"]}, backend("openai", auditing.url, "gpu1")) as pool:
        assert list(await ModelJudge(pool, "fake-model").judge(sample)) == []


@pytest.mark.parametrize("fault", [Fault("status"), Fault("drop", 1)], ids=["refused", "breaks off"])
async def test_an_engine_that_fails_is_not_measured(auditing: FakeEngine, sample: Sample, fault: Fault) -> None:
    auditing.script(Rule(NOTHING, fault=fault))
    async with open_pool({"audit": ["gpu1"]}, backend("openai", auditing.url, "gpu1")) as pool:
        with pytest.raises(EngineError, match="fake-model could not be measured"):
            await ModelJudge(pool, "fake-model").judge(sample)

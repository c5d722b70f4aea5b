"""Calls that a model proposes: which of its words count as some."""

import json

import pytest

from pillion.prompts.call_proposals import MAX_CALLS, call_proposal_prompt, read_calls
from tests.pipeline.jobs import task


@pytest.mark.parametrize(
    ("reply", "calls"),
    [
        pytest.param('{"calls": ["f(1)", " f(2) ", "f(1)"]}', ("f(1)", "f(2)"), id="none twice"),
        pytest.param('Sure: {"calls": ["f(1)", "f(2', ("f(1)",), id="cut off"),
        pytest.param('{"calls": ["f", "f(\\n)", 3, null, ["f()"]]}', (), id="no calls"),
        pytest.param(json.dumps({"calls": [f"f({number})" for number in range(99)]}), None, id="very many"),
        pytest.param(json.dumps({"calls": [f"f({'1' * 500})"]}), (), id="very long"),
        pytest.param('{"calls": "f(1)"}', (), id="no list"),
        pytest.param('["f(1)"]', (), id="no object"),
        pytest.param("f(1)", (), id="no JSON"),
        pytest.param('{"calls": ["\\ud800f(1)"]}', ("\ufffdf(1)",), id="half a character"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_what_is_taken_of_an_answer(reply: str, calls: tuple[str, ...] | None) -> None:
    found = read_calls(reply)
    assert len(found) == MAX_CALLS if calls is None else found == calls


def test_the_example_in_the_prompt_is_read_like_an_answer() -> None:
    work = task("refactor", "total", instruction="It is slow.")
    prompt = call_proposal_prompt(work.target.symbol, work.document, work.instruction)
    assert len(read_calls(prompt.messages[2].content)) == 4
    asked = prompt.messages[-1].content
    assert "8 calls of total" in asked
    assert "It is slow." in asked
    assert work.target.symbol.text in asked

"""The end of a begun answer: the engine stops at the closing fence, so the fence is written here, unless something else
ended the answer."""

import pytest

from pillion.backends.backend import Done, Text
from pillion.pool.watch import AnswerWatch

BEGINNING = "```python\ndef f(x):\n"


@pytest.mark.parametrize(
    ("said", "done", "text"),
    [
        pytest.param("    return x", Done(), f"{BEGINNING}    return x\n```", id="stopped"),
        pytest.param("    return x\n", Done(), f"{BEGINNING}    return x\n```", id="after a line's end"),
        pytest.param("    return x\n```\n", Done(), f"{BEGINNING}    return x\n```\n", id="closed by the model"),
        pytest.param("    return x\n", Done(cut_off=True), f"{BEGINNING}    return x\n", id="cut off"),
        pytest.param(
            "```python\ndef f(y):\n    return y", Done(), "```python\ndef f(y):\n    return y\n```", id="anew"
        ),
        pytest.param("def f(y):\n    return y", Done(), "def f(y):\n    return y", id="anew without a fence"),
        pytest.param("```\nIt is good.", Done(), "", id="no code"),
    ],
)
def test_a_begun_answer_is_closed(said: str, done: Done, text: str) -> None:
    watch = AnswerWatch(100)
    watch.begin(BEGINNING)
    watch.heard(Text(said))
    *_, last = watch.closed(done)
    assert (watch.text, last) == (text, done)


def test_an_answer_that_was_not_begun_stays_as_it_is() -> None:
    watch = AnswerWatch(100)
    watch.heard(Text("```python\nx = 1\n"))
    assert watch.closed(Done()) == [Done()]
    assert watch.text == "```python\nx = 1\n"

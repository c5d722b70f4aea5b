"""*Ask Pillion…*: what the words mean for the code that is meant, and what else could be done."""

from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.conftest import write_config
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.support.shop import SOURCE

DISCOUNT, RATE = 3, 15


def asking(text: str, uri: str, line: int) -> dict[str, Any]:
    place = {"line": line, "character": 0}
    return {"text": text, "uri": uri, "range": {"start": place, "end": place}}


@pytest.mark.parametrize(
    ("text", "line", "chosen"),
    [
        pytest.param("add a docstring", DISCOUNT, ("SIMPLE", "docstring", "gpu1"), id="docstring"),
        pytest.param("add a docstring", RATE, ("SIMPLE", "change", "gpu1"), id="it-has-a-docstring"),
        pytest.param("explain it", DISCOUNT, ("SIMPLE", "explain", "gpu1"), id="explain"),
        pytest.param("what if percent is 0?", DISCOUNT, ("SIMPLE", "answer", "gpu1"), id="question"),
        pytest.param("why does the test fail?", DISCOUNT, ("MODERATE", "answer", "gpu0"), id="hard-question"),
        pytest.param("rename percent to share", DISCOUNT, ("SIMPLE", "change", "gpu1"), id="rename"),
        pytest.param("refactor it", DISCOUNT, ("MODERATE", "refactor", "gpu0"), id="refactor"),
        pytest.param("make it faster", DISCOUNT, ("MODERATE", "change", "gpu0"), id="change"),
        pytest.param("can you make it faster?", DISCOUNT, ("MODERATE", "change", "gpu0"), id="request"),
        pytest.param("implement a cache", DISCOUNT, ("COMPLEX", "change", "gpu0"), id="audited-change"),
        pytest.param("implement it", RATE, ("COMPLEX", "implement", "gpu0"), id="implement"),
        pytest.param("how would you design it?", RATE, ("COMPLEX", "design", "gpu0"), id="design"),
    ],
)
async def test_what_the_words_mean(
    start_editor: StartEditor, two_gpus: Path, shop_uri: str, text: str, line: int, chosen: tuple[str, str, str]
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    found = plain(await editor.command("pillion.classify", asking(text, shop_uri, line)))
    choice = found["choices"][found["choice"]]
    assert (choice["tier"], choice["action"], choice["endpoint"]) == chosen
    assert found["symbol"] == ("discount" if line == DISCOUNT else "rate")
    assert {each["tier"] for each in found["choices"]} == {"SIMPLE", "MODERATE", "COMPLEX"}
    for each in found["choices"]:
        assert each["model"] == {"gpu0": "large", "gpu1": "small"}[each["endpoint"]]
        assert found["symbol"] in each["title"] or each["action"] == "design"
        assert each["auditor"] == ("gpu1" if each["tier"] == "COMPLEX" and each["action"] != "answer" else None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("what if percent is 0?", "a question: the small model answers", id="question"),
        pytest.param("why does the test fail?", "you wrote “test”: the large model answers", id="hard-question"),
        pytest.param("does it need a docstring?", "you wrote “docstring”: the small model does it", id="named"),
        pytest.param("make it faster", "a change to the code (“faster”, “make”): the large model does it", id="change"),
        pytest.param("hi", "a greeting: the small model answers", id="greeting"),
        pytest.param("simplify", "a change to the code: the large model does it", id="one-word-change"),
        pytest.param(
            "how would you design it?",
            "you wrote “design”: the large model does it, and the small one checks",
            id="audited",
        ),
    ],
)
async def test_the_reason_fits_what_is_done(
    start_editor: StartEditor, two_gpus: Path, shop_uri: str, text: str, reason: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert plain(await editor.command("pillion.classify", asking(text, shop_uri, DISCOUNT)))["reason"] == reason


async def test_with_one_engine_nobody_is_small_or_large(
    start_editor: StartEditor, tmp_path: Path, large: FakeEngine, shop_uri: str
) -> None:
    only = f'[endpoints.only]\nprotocol = "ollama"\nurl = "{large.url}"\nmodel = "large"\n'
    editor = await start_editor(write_config(tmp_path, only))
    editor.open(shop_uri, SOURCE)
    found = plain(await editor.command("pillion.classify", asking("make it faster", shop_uri, DISCOUNT)))
    assert found["reason"] == "a change to the code (“faster”, “make”)"


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        pytest.param({}, "text, uri, range", id="nothing"),
        pytest.param({"text": None, "uri": "file:///a.py"}, "text, uri, range", id="no-words"),
        pytest.param({"text": "x", "uri": "file:///a.py", "range": 1}, "“range” isn't a range", id="no-range"),
    ],
)
async def test_requests_that_make_no_sense(
    start_editor: StartEditor, two_gpus: Path, argument: dict[str, Any], message: str
) -> None:
    editor = await start_editor(two_gpus)
    with pytest.raises(Exception, match=message):
        await editor.command("pillion.classify", argument)


@pytest.mark.parametrize("text", ["", "  "])
async def test_before_a_word_is_typed_it_is_known_what_is_asked_about(
    text: str, start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    found = plain(await editor.command("pillion.classify", asking(text, shop_uri, DISCOUNT)))
    assert (found["symbol"], found["choices"]) == ("discount", [])


async def test_where_there_is_nothing_to_ask_about(start_editor: StartEditor, two_gpus: Path, shop_uri: str) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert "no function" in plain(await editor.command("pillion.classify", asking("x", shop_uri, 0)))["reason"]
    other = asking("x", "file:///nowhere.py", 0)
    assert "nowhere.py" in plain(await editor.command("pillion.classify", other))["reason"]

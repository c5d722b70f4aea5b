"""A configuration file that can't be read moves nobody to engines that they didn't choose."""

from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.support.shop import SOURCE

REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
BROKEN = ["[endpoints.gpu0\n", "review = whenFlagged\n", "\xff\xfe", "a = " + "[" * 100 + "]" * 100]
IDS = ["a bracket", "no quotes", "not UTF-8", "too deep"]


@pytest.mark.parametrize("text", BROKEN, ids=IDS)
async def test_at_the_start_jobs_are_refused_and_the_reason_is_said(
    text: str, start_editor: StartEditor, applied_at_once: Path, large: FakeEngine, shop_uri: str
) -> None:
    good = applied_at_once.read_bytes()
    applied_at_once.write_bytes(text.encode("latin-1"))
    large.script(Rule(REFACTORED))
    editor = await start_editor(applied_at_once)
    editor.open(shop_uri, SOURCE)
    ended = await editor.finished(await editor.run("refactor", shop_uri, 8))
    assert ended["state"] == "failed"
    assert f"No engine is used before your configuration can be read: {applied_at_once}" in ended["reason"]
    await editor.message("No engine is used before your configuration can be read")
    assert await editor.hover(shop_uri, 8, 5) is None or large.log() == []
    applied_at_once.write_bytes(good)
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "applied"


@pytest.mark.parametrize("text", BROKEN, ids=IDS)
async def test_later_what_it_said_before_holds(
    text: str, start_editor: StartEditor, applied_at_once: Path, large: FakeEngine, shop_uri: str
) -> None:
    good = applied_at_once.read_text()
    large.script(Rule(REFACTORED))
    editor = await start_editor(applied_at_once)
    editor.open(shop_uri, SOURCE)
    assert [each["name"] for each in plain(await editor.command("pillion.endpoints"))["endpoints"]] == ["gpu0", "gpu1"]
    applied_at_once.write_bytes(text.encode("latin-1"))
    await editor.message("what it said before holds until it can be read")
    told = plain(await editor.command("pillion.endpoints"))
    assert [each["name"] for each in told["endpoints"]] == ["gpu0", "gpu1"]
    assert "what it said before holds" in told["problems"][0]
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "applied"
    applied_at_once.write_text(good.replace("gpu0", "big"))
    told = plain(await editor.command("pillion.endpoints"))
    assert ([each["name"] for each in told["endpoints"]], told["problems"]) == (["big", "gpu1"], [])


async def test_one_wrong_setting_costs_only_itself(
    start_editor: StartEditor, applied_at_once: Path, large: FakeEngine, shop_uri: str
) -> None:
    applied_at_once.write_text(applied_at_once.read_text() + "\n[hover]\nbudgt_s = 3\n")
    large.script(Rule(REFACTORED))
    editor = await start_editor(applied_at_once)
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "applied"

"""A client that says by itself how jobs ended and what is wrong with the configuration isn't told twice."""

from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.conftest import write_config
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.support.shop import SOURCE

TELLS = {"pillion": {"events": True, "previews": True, "tells": True}}
TOTAL = SOURCE.count("\n", 0, SOURCE.index("def total"))
BAD = "[hover]\nbudgt_s = 3\n"


async def test_engines_that_are_gone(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=TELLS)
    editor.open(shop_uri, SOURCE)
    large.kill()
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL))
    assert (final["state"], final["about"]) == ("failed", "engines")
    assert "Nobody answers at" in final["reason"]
    assert editor.messages == []


async def test_a_document_that_is_too_long(start_editor: StartEditor, two_gpus: Path, shop_uri: str) -> None:
    config = write_config(two_gpus.parent, f"{two_gpus.read_text()}\n[limits]\nmax_document_lines = 5\n")
    editor = await start_editor(config, options=TELLS)
    assert plain(await editor.command("pillion.endpoints"))["max_document_lines"] == 5
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run_anywhere("refactor", shop_uri, TOTAL))
    assert (final["state"], final["about"]) == ("failed", "document")
    assert editor.messages == []


@pytest.mark.parametrize("tells", [True, False])
async def test_a_job_whose_document_is_closed(
    tells: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=5)
    large.script(Rule("def total(prices):\n    return sum(prices)\n" * 20))
    editor = await start_editor(two_gpus, options=_options(tells))
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, TOTAL)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 2)
    editor.close(shop_uri)
    final = await editor.finished(job)
    assert final["reason"] == "Refactor total was cancelled: the document was closed."
    assert Path(final["draft_file"]).is_file()
    assert [f"Pillion: {final['reason']}" in each for each in editor.messages] == ([] if tells else [True])


@pytest.mark.parametrize("tells", [True, False])
async def test_a_mistake_in_the_configuration(tells: bool, start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(write_config(two_gpus.parent, two_gpus.read_text() + BAD), options=_options(tells))
    found = plain(await editor.command("pillion.endpoints"))["problems"]
    assert ["hover.budgt_s" in each for each in found] == [True]
    assert ["mistakes" in each for each in editor.messages] == ([] if tells else [True])


def _options(tells: bool) -> dict[str, Any]:
    return TELLS if tells else {"pillion": {"events": True, "previews": True}}

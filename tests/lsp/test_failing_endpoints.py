"""Some cells of the fault table (tests/jobs/fault_table.py) in an editor with the real server."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.lsp.conftest import StartEditor
from tests.support.shop import SOURCE

REFACTORED = "def total(prices):\n    return sum(prices)\n"
CODE = f"```python\n{REFACTORED}```"
LINE = SOURCE[: SOURCE.index("def total")].count("\n")


class Cell(NamedTuple):
    """The failing endpoint alone in its lane, or `second` behind it; what the user is told, and in which state it ends."""

    fault: Fault
    told: str
    state: str = "failed"
    second: bool = False
    settings: str = ""


CELLS = {
    "a key": Cell(Fault("status", status=401), "gpu0 answered 401: scripted error. Check this endpoint's key: api_key_env"),
    "a model": Cell(Fault("status", status=404, body='{"error": "model not found"}'), "doesn't have the model 'large'. Run: ollama pull large"),
    "a line cut": Cell(Fault("cut_line", 3), "gpu0: the stream broke off in the middle of a line. The engine's own log"),
    "cut by a limit": Cell(Fault("length", 3), "gpu0 was cut off after 3 tokens: ask for less at once", "refused"),
    "a key, and a second one": Cell(Fault("status", status=401), "gpu0's draft is void: gpu0 answered 401", "applied", True),
}  # fmt: skip


def set_up(config: Path, cell: Cell) -> None:
    lane = '["gpu0", "gpu1"]' if cell.second else '["gpu0"]'
    text = config.read_text(encoding="utf-8").replace('model = "large"', f'model = "large"\n{cell.settings}')
    text = text.replace('moderate = ["gpu0"]', f"moderate = {lane}").replace('complex = ["gpu0"]', f"complex = {lane}")
    config.write_text(f'review = "never"\n{text}\n[drafts]\nbegin_answers = false\n', encoding="utf-8")


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
async def test_a_cell_in_the_editor(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, cell: Cell
) -> None:
    set_up(two_gpus, cell)
    large.script(Rule(CODE, fault=cell.fault))
    small.script(Rule(CODE))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, LINE))
    assert final["state"] == cell.state
    told = editor.log_line(cell.told) if cell.second else editor.message(cell.told)
    assert await told
    text = editor.documents[shop_uri].text
    assert (text == SOURCE) is (cell.state != "applied")
    assert (REFACTORED in text) is (cell.state == "applied")


async def test_a_wait_is_shown_and_ends_at_once_if_it_is_cancelled(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    set_up(two_gpus, Cell(Fault("hang"), ""))
    large.script(Rule(fault=Fault("status", status=429, retry_after_s=200), times=1), Rule(CODE))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, LINE)

    def waits(event: dict[str, Any]) -> bool:
        return bool(event["id"] == job and event["doing"].startswith("gpu0 asks to wait 2"))

    assert (await editor.event(waits))["state"] == "drafting"
    began = time.monotonic()
    await editor.command("pillion.cancel", job)
    assert (await editor.finished(job))["state"] == "cancelled"
    assert time.monotonic() - began < 20
    assert editor.documents[shop_uri].text == SOURCE
    assert len(large.log()) == 1


async def test_a_short_wait_is_waited_out(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    set_up(two_gpus, Cell(Fault("hang"), ""))
    large.script(Rule(fault=Fault("status", status=503, retry_after_s=0.3), times=2), Rule(CODE))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, LINE))
    assert final["state"] == "applied"
    assert REFACTORED in editor.documents[shop_uri].text
    assert any(each["doing"].startswith("gpu0 asks to wait 1 s") for each in editor.events)
    assert len(large.log()) == 3

"""Implementing a TODO in an editor: what the menu says at each place, and what is sent and applied."""

from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import plain
from tests.unit.syntax.test_todos import INVENTORY

TITLE = "Pillion: Implement the TODO “validate the quantity”"
LINES = INVENTORY.split("\n")
LINE = next(n for n, line in enumerate(LINES) if "validate" in line)
CODE = "if quantity < 0:\n    raise ValueError(quantity)"
WRITTEN = INVENTORY.replace(
    "        # TODO: validate the quantity\n",
    "        if quantity < 0:\n            raise ValueError(quantity)\n",
)


@pytest.mark.parametrize(
    ("line", "implement"),
    [
        (LINE, [TITLE]),
        (0, []),
        (1, []),
        (LINE - 1, ["Pillion: Implement add"]),
        (next(n for n, line in enumerate(LINES) if "def count" in line), ["Pillion: Implement count"]),
    ],
)
async def test_the_menu_has_what_is_at_the_cursor(
    line: int, implement: list[str], start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, INVENTORY)
    found = [each.title.partition(" — ")[0] for each in await editor.actions(shop_uri, line)]
    assert [each for each in found if "Implement" in each] == implement
    assert (found[0] == TITLE) == (TITLE in implement), "what the cursor is on comes first"
    assert any(each.startswith("Pillion: Explain ") for each in found), "the others are about what is around it"
    assert not any("TODO" in each for each in found if "Implement" not in each)


@pytest.mark.parametrize("conflict", [False, True], ids=["at-rest", "typed-into"])
async def test_only_its_place_is_written(
    conflict: bool,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    large.change(tokens_per_s=20)
    large.script(Rule(f"```python\n{CODE}\n```"))
    small.script(Rule('{"findings": []}'))
    editor = await start_editor(two_gpus, options={"pillion": {"events": True, "previews": True, "review": "always"}})
    editor.open(shop_uri, INVENTORY)
    job = await editor.run("implement", shop_uri, LINE)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 6)
    partly = plain(await editor.command("pillion.preview", {"job": job}))
    assert partly["text"].startswith(INVENTORY[: INVENTORY.index("# TODO")])
    assert "def count" in partly["text"]
    if conflict:
        editor.type(shop_uri, 0, 0, "# on top\n")
        at = editor.documents[shop_uri].text.index("self.items[name] = quantity")
        editor.type(shop_uri, at, at + len("self.items[name] = quantity"), "self.items[name] = int(quantity)")
    final = await editor.finished(job)
    assert (final["state"], final["title"]) == ("offered", TITLE)
    assert await editor.command("pillion.accept", job)
    expected = WRITTEN
    if conflict:
        expected = "# on top\n" + WRITTEN.replace("= quantity", "= int(quantity)")
    assert editor.documents[shop_uri].text == expected
    prompt = large.log()[0].messages[-1]["content"]
    assert "validate the quantity. Write the code that belongs in the place of that comment" in prompt
    assert "def add(self, name, quantity):" in prompt


async def test_a_todo_that_is_gone_is_said(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(f"```python\n{CODE}\n```"))
    small.script(Rule('{"findings": []}'))
    editor = await start_editor(two_gpus, options={"pillion": {"events": True, "previews": True, "review": "always"}})
    editor.open(shop_uri, INVENTORY)
    job = await editor.run("implement", shop_uri, LINE)
    assert (await editor.finished(job))["state"] == "offered"
    at = INVENTORY.index("# TODO: validate")
    editor.type(shop_uri, at, at + len("# TODO: validate the quantity"), "assert quantity")
    assert not (plain(await editor.command("pillion.accept", job)))["applied"]
    await editor.message("isn't in the document any more")

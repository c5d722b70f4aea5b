"""A new file, as a client is sent it: created with its text in one edit, shown, checked, and never over another one."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain

SHOP = "RATE = 0.2\n\n\ndef total(prices):\n    return sum(prices)\n"
DATES = "from datetime import date\n\n\ndef today():\n    return date.today()\n"
REPLY = f"```python\n# dates.py\n{DATES}```\n"


def able(capabilities: types.ClientCapabilities) -> None:
    """An editor that creates files and shows documents."""
    assert capabilities.workspace is not None
    kinds = [types.ResourceOperationKind.Create, types.ResourceOperationKind.Delete]
    capabilities.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(True, kinds)
    capabilities.window = types.WindowClientCapabilities(
        show_document=types.ShowDocumentClientCapabilities(support=True)
    )


def unable(capabilities: types.ClientCapabilities) -> None:
    """An editor that changes texts and nothing else."""
    assert capabilities.workspace is not None
    capabilities.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    return tmp_path


async def opened(start_editor: StartEditor, config: Path, folder: Path, says: Any = able, **own: Any) -> Editor:
    editor = await start_editor(config, says=says, options={"pillion": {"events": True, **own}})
    editor.open((folder / "shop.py").as_uri(), SHOP)
    return editor


async def created(editor: Editor, folder: Path, words: str, line: int = 1, action: str = "create") -> dict[str, Any]:
    place = {"line": line, "character": 0}
    argument = {"action": action, "uri": (folder / "shop.py").as_uri(), "range": {"start": place, "end": place}}
    job = await editor.command("pillion.run", {**argument, "instruction": words})
    return await editor.finished(str(job))


async def test_created_shown_and_taken_back(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    large.script(Rule(REPLY))
    editor = await opened(start_editor, two_gpus, folder)
    final = await created(editor, folder, "a module about dates")
    assert (final["state"], final["title"]) == ("applied", "Pillion: Create a new file"), editor.messages
    assert final["changes"] == [{"kind": "create", "uri": (folder / "dates.py").as_uri()}]
    (sent,) = editor.edits
    assert [type(each).__name__ for each in sent.edit.document_changes or ()] == ["CreateFile", "TextDocumentEdit"]
    assert (folder / "dates.py").read_text(encoding="utf-8") == DATES
    shown = await editor.shown_document()
    assert (shown.uri, shown.take_focus) == ((folder / "dates.py").as_uri(), False), "the user may be typing elsewhere"
    assert plain(await editor.command("pillion.undo", {"job": final["id"]}))["undone"]
    assert not (folder / "dates.py").exists()
    prompt = large.log()[0].messages[-1]["content"]
    assert "shop.py\n  def total(prices)" in prompt


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("create shop.py", "“shop.py” is there already"),
        ("create ../out.py", "isn't in the workspace"),
        ("create .git/hooks/pre-commit", "none of the files that Pillion creates"),
        ("create aux.py", "hidden or odd"),
        ("", "needs a “finding” or an “instruction”|has to know what you want"),
    ],
)
async def test_what_cannot_be_created_asks_no_engine(
    words: str, reason: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    editor = await opened(start_editor, two_gpus, folder)
    final = await created(editor, folder, words)
    assert final["state"] == "failed"
    assert any(each in final["reason"] for each in reason.split("|")), final["reason"]
    assert large.log() == []


async def test_an_error_in_it_waits_for_the_user(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    large.script(Rule(REPLY.replace("from datetime import date\n", "import os\n")))
    editor = await opened(start_editor, two_gpus, folder, previews=True)
    final = await created(editor, folder, "a module about dates")
    assert final["state"] == "offered"
    assert "(in dates.py)" in final["reason"]
    shown = plain(await editor.command("pillion.preview", {"job": final["id"]}))
    (change,) = shown["changes"]
    assert change["text"].endswith("return date.today()\n")
    assert not (folder / "dates.py").exists()
    assert plain(await editor.command("pillion.accept", {"job": final["id"]}))["applied"]
    assert (folder / "dates.py").exists()


async def test_an_editor_that_creates_no_files_gets_an_offer(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    large.script(Rule(REPLY))
    editor = await opened(start_editor, two_gpus, folder, says=unable)
    final = await created(editor, folder, "a module about dates")
    assert (final["state"], "can't create a file" in final["reason"]) == ("offered", True), final
    assert Path(final["draft_file"]).read_text(encoding="utf-8").endswith(REPLY)


@pytest.mark.parametrize(
    ("text", "line", "rows"),
    [
        ("# TODO: move the rate to a new file\nX = 1\n", 0, ["Pillion: Create a file: “move the rate to a new file”"]),
        ("# TODO: handle an empty list\nX = 1\n", 0, []),
        (SHOP, 0, []),
        (SHOP, 4, []),
    ],
)
async def test_which_menus_have_it(
    text: str, line: int, rows: list[str], start_editor: StartEditor, two_gpus: Path, folder: Path
) -> None:
    editor = await start_editor(two_gpus)
    uri = (folder / "other.py").as_uri()
    editor.open(uri, text)
    found = await editor.actions(uri, line)
    assert [each.title for each in found if str(each.kind) == "source.pillion.create"] == rows


@pytest.mark.parametrize(
    ("text", "line", "chosen"),
    [
        ("create a module that parses dates", 0, ("COMPLEX", "create", "Create a new file")),
        ("create a module that parses dates", 4, ("COMPLEX", "create", "Create a new file")),
        ("create a cache", 4, ("COMPLEX", "change", "Change total")),
        ("design a cache of prices", 0, ("COMPLEX", "design", "Write a design document")),
        ("what is the architecture?", 4, ("COMPLEX", "architect", "Write an architecture document")),
    ],
)
async def test_what_asking_for_it_means(
    text: str, line: int, chosen: tuple[str, str, str], start_editor: StartEditor, two_gpus: Path, folder: Path
) -> None:
    editor = await opened(start_editor, two_gpus, folder)
    place = {"line": line, "character": 0}
    said = {"text": text, "uri": (folder / "shop.py").as_uri(), "range": {"start": place, "end": place}}
    found = plain(await editor.command("pillion.classify", said))
    choice = found["choices"][found["choice"]]
    assert (choice["tier"], choice["action"], choice["title"]) == chosen
    assert choice["auditor"] == "gpu1"


DESIGN = (
    "# A cache of prices\n\n## What is there\n\n`total()` in `shop.py` adds prices up, and `tax.py` has the taxes.\n\n"
    "## Proposed design\n\nA new `PriceCache` in `cache.py` keeps prices for an hour, so that nobody waits for them twice.\n"
)


@pytest.mark.parametrize(
    ("action", "words", "name"),
    [
        ("design", "a cache of prices", "design-cache-prices.md"),
        ("architect", "", "architecture.md"),
        ("design", "write notes.md: a cache", "notes.md"),
    ],
)
async def test_a_document_is_written_from_what_the_workspace_has(
    action: str, words: str, name: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    (folder / "src").mkdir()
    (folder / "src" / "stock.py").write_text("class Stock:\n    def left(self): ...\n", encoding="utf-8")
    large.script(Rule(f"```markdown\n{DESIGN}```\n"))
    editor = await opened(start_editor, two_gpus, folder)
    final = await created(editor, folder, words, action=action)
    assert (final["state"], final["findings"]) == ("applied", 1), editor.messages
    assert (folder / name).read_text(encoding="utf-8") == DESIGN
    prompt = large.log()[0].messages[-1]["content"]
    assert "src/stock.py\n  class Stock\n    def left(self)" in prompt
    assert words in prompt


CLASS = "import os\n\n\nclass Shop:\n    rate = 1\n"


@pytest.mark.parametrize(
    ("line", "only", "rows"),
    [
        (0, None, ["architect"]),
        (1, None, []),
        (3, None, ["design"]),
        (4, None, []),
        (1, ["source"], ["architect"]),
        (4, ["source"], ["design", "architect"]),
        (4, ["refactor"], []),
    ],
)
async def test_which_menus_have_documents(
    line: int, only: list[str] | None, rows: list[str], start_editor: StartEditor, two_gpus: Path, folder: Path
) -> None:
    editor = await start_editor(two_gpus)
    uri = (folder / "other.py").as_uri()
    editor.open(uri, CLASS)
    found = [str(each.kind) for each in await editor.actions(uri, line, 4 if line else 0, only=only)]
    source = [each.removeprefix("source.pillion.") for each in found if each.startswith("source.")]
    assert [each for each in source if each != "tests"] == rows

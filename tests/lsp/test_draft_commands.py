"""Kept drafts in an editor: the list that the command line has, applied after all, or dropped."""

import json
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.rates import DANGEROUS, IMPLEMENTED, implement
from tests.support.shop import SOURCE

WRITTEN = SOURCE[: SOURCE.index("def rate")] + IMPLEMENTED.removeprefix("```python\n").removesuffix("```")


async def kept(editor: Editor) -> list[dict[str, Any]]:
    return list(plain(await editor.command("pillion.drafts"))["drafts"])


async def with_a_kept_draft(
    start_editor: StartEditor, config: Path, engines: tuple[FakeEngine, FakeEngine], uri: str, draft: str = IMPLEMENTED
) -> tuple[Editor, str]:
    """An editor in which a draft of `rate` was rejected, which keeps it; and the draft's path."""
    options = {"pillion": {"events": True, "previews": True, "review": "always"}}
    editor = await start_editor(config, options=options)
    job = (await implement(editor, uri, *engines, draft=draft))["id"]
    await editor.command("pillion.reject", {"job": job})
    (row,) = await kept(editor)
    return editor, str(row["path"])


async def apply(editor: Editor, path: str) -> dict[str, Any]:
    return await editor.finished(plain(await editor.command("pillion.applyDraft", {"path": path}))["job"])


async def test_a_kept_draft_is_applied_where_its_symbol_is_now(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor, path = await with_a_kept_draft(start_editor, two_gpus, (large, small), shop_uri)
    editor.type(shop_uri, 0, 0, "# moved down\n")
    requests = len(large.log()) + len(small.log())
    offered = await apply(editor, path)
    assert (offered["state"], offered["endpoint"]) == ("offered", "draft"), "it is reviewed like any other"
    assert len(await kept(editor)) == 1
    await editor.command("pillion.accept", {"job": offered["id"]})
    assert editor.documents[shop_uri].text == f"# moved down\n{WRITTEN}"
    assert await kept(editor) == []
    assert len(large.log()) + len(small.log()) == requests, "no model is asked"


async def test_it_goes_through_the_checks_again(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor, path = await with_a_kept_draft(start_editor, two_gpus, (large, small), shop_uri, DANGEROUS)
    offered = await apply(editor, path)
    assert "executes code that comes as data" in offered["reason"]
    await editor.command("pillion.reject", {"job": offered["id"]})
    assert [each["path"] for each in await kept(editor)] == [path], "it is kept once"
    Path(path).write_text("```python\ndef rate(\n```")
    refused = await apply(editor, path)
    assert refused["state"] in ("refused", "failed")
    assert editor.documents[shop_uri].text == SOURCE
    assert [each["path"] for each in await kept(editor)] == [path]


async def test_a_refused_one_is_tried_again_by_a_model(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor, path = await with_a_kept_draft(start_editor, two_gpus, (large, small), shop_uri)
    offered = await apply(editor, path)
    large.script(Rule(IMPLEMENTED.replace("2020", "2022")))
    again = plain(await editor.command("pillion.retry", {"job": offered["id"], "instruction": "another year"}))["job"]
    final = await editor.finished(again)
    assert (final["state"], final["endpoint"]) == ("offered", "gpu0")


async def test_a_dropped_draft_is_gone(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor, path = await with_a_kept_draft(start_editor, two_gpus, (large, small), shop_uri)
    await editor.command("pillion.dropDraft", {"path": path})
    assert await kept(editor) == []
    assert not Path(path).exists()


@pytest.mark.parametrize("command", ["pillion.applyDraft", "pillion.dropDraft"])
@pytest.mark.parametrize("path", [None, "", 7, "/etc/passwd"])
async def test_only_kept_drafts_are_touched(
    command: str, path: Any, start_editor: StartEditor, two_gpus: Path, tmp_path: Path
) -> None:
    editor = await start_editor(two_gpus)
    own = tmp_path / "notes.md"
    own.write_text("mine")
    for each in (path, str(own)):
        with pytest.raises(JsonRpcException, match=r"takes one object|No draft is kept"):
            await editor.command(command, {"path": each})
    assert own.read_text() == "mine"


async def test_what_cannot_be_applied_is_said(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor, path = await with_a_kept_draft(start_editor, two_gpus, (large, small), shop_uri)
    start = SOURCE.index("def rate")
    editor.type(shop_uri, start, len(SOURCE), "")
    with pytest.raises(JsonRpcException, match="isn't there any more"):
        await editor.command("pillion.applyDraft", {"path": path})
    editor.close(shop_uri)
    with pytest.raises(JsonRpcException, match=r"shop\.py isn't open"):
        await editor.command("pillion.applyDraft", {"path": path})
    note = Path(path).with_suffix(".json")
    assert json.loads(note.read_text())["uri"] == shop_uri
    note.unlink()
    with pytest.raises(JsonRpcException, match="doesn't say which file"):
        await editor.command("pillion.applyDraft", {"path": path})

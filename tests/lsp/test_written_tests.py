"""Tests that a model writes: they come into the file that the conventions say, open, closed or new."""

from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain

SOURCE = "def twice(x):\n    return 2 * x\n\n\ndef thrice(x):\n    raise NotImplementedError\n"
REPLY = """```python
import doubling
from doubling import twice


def test_twice():
    assert twice(2) == 4
```"""
NEW = "from doubling import twice\n\n\ndef test_twice():\n    assert twice(2) == 4\n"
OLD = "import doubling\n\n\ndef test_module():\n    assert doubling\n"
AFTER = (
    "import doubling\nfrom doubling import twice\n\n\ndef test_module():\n    assert doubling\n"
    + NEW.partition("\n")[2]
)


def says(able: types.ClientCapabilities) -> None:
    assert able.workspace is not None
    kinds = [types.ResourceOperationKind(each) for each in ("create", "rename", "delete")]
    able.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(True, kinds)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "doubling.py"
    file.write_text(SOURCE)
    return file


async def opened(start_editor: StartEditor, config: Path, source: Path, review: str = "never") -> Editor:
    options = {"pillion": {"events": True, "previews": True, "review": review}}
    editor = await start_editor(config, says=says, options=options)
    editor.open(source.as_uri(), SOURCE)
    return editor


async def test_a_new_file(start_editor: StartEditor, two_gpus: Path, large: FakeEngine, source: Path) -> None:
    large.script(Rule(REPLY))
    editor = await opened(start_editor, two_gpus, source)
    final = await editor.finished(await editor.run("tests", source.as_uri(), 0))
    assert (final["state"], final["tier"]) == ("applied", "MODERATE"), final.get("reason")
    test = source.with_name("test_doubling.py")
    assert test.read_text() == NEW
    assert (final["applied"]["lines"], final["applied"]["undo"]) == (5, True)
    assert [(each["kind"], each["uri"]) for each in final["changes"]] == [("create", test.as_uri())]
    assert editor.documents[source.as_uri()].text == SOURCE
    asked = large.log()[-1].messages[-1]["content"]
    assert "test_doubling.py has this import: `from doubling import twice`" in asked
    assert plain(await editor.command("pillion.undo", {"job": final["id"]}))["undone"]
    assert not test.exists()


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_file_that_is_there(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, source: Path, is_open: bool
) -> None:
    large.script(Rule(REPLY))
    test = source.with_name("test_doubling.py")
    test.write_text(OLD)
    editor = await opened(start_editor, two_gpus, source)
    if is_open:
        editor.open(test.as_uri(), OLD)
    final = await editor.finished(await editor.run("tests", source.as_uri(), 0))
    assert final["state"] == "applied", final.get("reason")
    assert (editor.documents[test.as_uri()].text if is_open else test.read_text()) == AFTER
    (sent,) = editor.edits
    (change,) = sent.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.version is None) is not is_open
    assert all(each.range.start == each.range.end for each in change.edits), "tests only add"


async def test_a_review_shows_the_whole_new_text(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, source: Path
) -> None:
    large.script(Rule(REPLY.replace("== 4", "== four")))
    test = source.with_name("test_doubling.py")
    test.write_text(OLD)
    editor = await opened(start_editor, two_gpus, source, "whenFlagged")
    final = await editor.finished(await editor.run("tests", source.as_uri(), 0))
    assert final["state"] == "offered"
    assert (
        final["reason"] == "the audit found: “four” is not defined (in test_doubling.py)." or "four" in final["reason"]
    )
    shown = plain(await editor.command("pillion.preview", {"job": final["id"]}))
    (change,) = shown["changes"]
    assert change["text"] == AFTER.replace("== 4", "== four")
    (found,) = change["diagnostics"]
    assert "four" in found["message"]
    assert found["range"]["start"]["line"] == AFTER[: AFTER.index("== 4")].count("\n")
    test.write_text(OLD.replace("def test_module", "# Why.\ndef test_module"))
    assert plain(await editor.command("pillion.accept", {"job": final["id"]}))["applied"]
    assert test.read_text() == AFTER.replace("== 4", "== four").replace("def test_module", "# Why.\ndef test_module")


async def test_the_menu_of_source_actions(start_editor: StartEditor, two_gpus: Path, source: Path) -> None:
    editor = await opened(start_editor, two_gpus, source)
    for line, offered in ((0, ["source.pillion.tests"]), (5, [])):
        found = await editor.actions(source.as_uri(), line, only=["source.pillion.tests"])
        assert [each.kind for each in found] == offered


async def test_code_without_a_convention_says_so(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, tmp_path: Path
) -> None:
    file = tmp_path / "Cart.java"
    editor = await start_editor(two_gpus, says=says, options={"pillion": {"events": True}})
    editor.open(file.as_uri(), "class Cart {\n    int total() {\n        return 1;\n    }\n}\n", "java")
    final = await editor.finished(await editor.run("tests", file.as_uri(), 1))
    assert final["state"] == "failed"
    assert "Nothing says where the tests of Cart.java go." in final["reason"]
    assert large.log() == [], "no model was asked"

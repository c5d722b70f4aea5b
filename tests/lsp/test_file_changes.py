"""Changes of several files, as a client is sent them: all at once, and only where it says that it can do that."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support import splitting
from tests.support.editor import Editor, plain
from tests.support.shop import SOURCE

SERVE = (splitting.__file__, "serve", "--stdio")
ROOT = Path(splitting.__file__).parents[2]
ANSWER = "create parts/tax.py RATE = 1\\n\nedit\nedit b.py 0 2\nrename c.py d.py"
EDITED = SOURCE.replace("result = 0", "result = 1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("shop.py", "b.py", "c.py"):
        (tmp_path / name).write_text(SOURCE if name == "shop.py" else f"{name[0]} = 0\n")
    return tmp_path


def able(*operations: str, versions: bool = True) -> Any:
    """What the editor says of itself."""

    def says(able: types.ClientCapabilities) -> None:
        assert able.workspace is not None
        kinds = [types.ResourceOperationKind(each) for each in operations]
        able.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(versions, kinds or None)

    return says


async def opened(start_editor: StartEditor, config: Path, folder: Path, says: Any, review: str = "never") -> Editor:
    options = {"pillion": {"events": True, "review": review}}
    environment = {"PYTHONPATH": str(ROOT)}
    editor = await start_editor(config, says=says, options=options, serve=SERVE, environment=environment)
    for name in ("shop.py", "b.py"):
        editor.open((folder / name).as_uri(), (folder / name).read_text())
    return editor


def there(folder: Path) -> dict[str, str]:
    """The folder's Python files."""
    return {each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*.py")}


async def run(editor: Editor, folder: Path) -> dict[str, Any]:
    line = SOURCE[: SOURCE.index("def total")].count("\n")
    return await editor.finished(await editor.run("split", (folder / "shop.py").as_uri(), line))


async def test_all_at_once_and_back(start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path) -> None:
    large.script(Rule(ANSWER))
    before = there(folder)
    editor = await opened(start_editor, two_gpus, folder, able("create", "rename", "delete"))
    final = await run(editor, folder)
    assert final["state"] == "applied", editor.messages
    assert [each["kind"] for each in final["changes"]] == ["create", "edit", "edit", "rename"]
    assert final["applied"]["undo"]
    (sent,) = editor.edits
    kinds = [type(each).__name__ for each in sent.edit.document_changes or ()]
    assert kinds == ["CreateFile", "TextDocumentEdit", "TextDocumentEdit", "TextDocumentEdit", "RenameFile"]
    texts = {uri.rpartition("/")[2]: each.text for uri, each in editor.documents.items()}
    assert texts == {"shop.py": EDITED, "b.py": "b = 2\n"}
    assert there(folder) == {**{name: before[name] for name in ("shop.py", "b.py")}, "parts/tax.py": "RATE = 1\n", "d.py": "c = 0\n"}  # fmt: skip
    (folder / "parts" / "tax.py").write_text("RATE = 2\n")
    undone = plain(await editor.command("pillion.undo", {"job": final["id"]}))
    assert not undone["undone"]
    assert "tax.py was changed since" in undone["reason"]
    (folder / "parts" / "tax.py").write_text("RATE = 1\n")
    assert plain(await editor.command("pillion.undo", {"job": final["id"]}))["undone"]
    assert there(folder) == before
    assert [each.text for each in editor.documents.values()] == [before["shop.py"], before["b.py"]]


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        pytest.param(able(versions=False), "doesn't change several files in one step", id="no documentChanges"),
        pytest.param(able(), "can't create a file for a language server", id="only texts"),
        pytest.param(able("create", "delete"), "can't rename a file for a language server", id="no renaming"),
    ],
)
async def test_a_client_that_cannot_is_sent_nothing_and_the_draft_is_kept(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path, says: Any, reason: str
) -> None:
    large.script(Rule(ANSWER))
    before = there(folder)
    editor = await opened(start_editor, two_gpus, folder, says)
    final = await run(editor, folder)
    assert final["state"] == "offered"
    assert reason in final["reason"]
    assert Path(final["draft_file"]).read_text() == ANSWER
    assert (editor.edits, there(folder)) == ([], before)


async def test_a_change_of_one_document_holds_all_back_and_a_preview_shows_all(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    large.script(Rule(ANSWER))
    before = there(folder)
    editor = await opened(start_editor, two_gpus, folder, able("create", "rename", "delete"), review="always")
    final = await run(editor, folder)
    assert final["state"] == "offered"
    shown = plain(await editor.command("pillion.preview", {"job": final["id"]}))
    assert shown["text"] == EDITED
    assert [(each["kind"], each.get("text", "")) for each in shown["changes"]] == [
        ("create", "RATE = 1\n"),
        ("edit", "b = 2\n"),
        ("rename", ""),
    ]
    uri = (folder / "b.py").as_uri()
    editor.type(uri, 0, len("b = 0"), "b = 5")
    accepted = plain(await editor.command("pillion.accept", {"job": final["id"]}))
    assert not accepted["applied"]
    await editor.message("you changed the code it would change in b.py")
    assert (editor.edits, there(folder)) == ([], before)
    editor.type(uri, 0, len("b = 5"), "b = 0")
    assert plain(await editor.command("pillion.accept", {"job": final["id"]}))["applied"]
    assert there(folder)["parts/tax.py"] == "RATE = 1\n"


async def test_a_client_that_asks_its_user_shows_all_of_it_together(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, folder: Path
) -> None:
    large.script(Rule(ANSWER))

    def says(capabilities: types.ClientCapabilities) -> None:
        able("create", "rename")(capabilities)
        assert capabilities.workspace is not None
        assert capabilities.workspace.workspace_edit is not None
        support = types.ChangeAnnotationsSupportOptions(groups_on_label=True)
        capabilities.workspace.workspace_edit.change_annotation_support = support

    editor = await opened(start_editor, two_gpus, folder, says, review="always")
    assert (await run(editor, folder))["state"] == "applied"
    edit = editor.edits[0].edit
    (annotation,) = (edit.change_annotations or {}).values()
    assert annotation.needs_confirmation
    for change in edit.document_changes or ():
        if isinstance(change, types.TextDocumentEdit):
            assert all(isinstance(each, types.AnnotatedTextEdit) for each in change.edits)
        else:
            assert change.annotation_id is not None

"""What an auditor's error does to the edit: it is confirmed or offered, and never applied without a word."""

from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from tests.lsp.conftest import StartEditor
from tests.support.rates import DANGEROUS, EVAL_MESSAGE, EXEC_MESSAGE, implement
from tests.support.shop import SOURCE

FOUND = f"the audit found: {EVAL_MESSAGE.rstrip('.')}; {EXEC_MESSAGE}"
WRITTEN = SOURCE[: SOURCE.index("def rate")] + DANGEROUS.removeprefix("```python\n").removesuffix("```")


def annotation_of(edit: types.WorkspaceEdit) -> types.ChangeAnnotation | None:
    """The change annotation that all of the edit's changes have."""
    (change,) = edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    names = {each.annotation_id for each in change.edits if isinstance(each, types.AnnotatedTextEdit)}
    annotations = edit.change_annotations or {}
    assert names == set(annotations)
    return annotations[names.pop()] if names else None


async def test_an_edit_with_an_error_needs_confirmation(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    final = await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    assert final["state"] == "applied", editor.messages
    (sent,) = editor.edits
    annotation = annotation_of(sent.edit)
    assert annotation is not None
    assert (annotation.label, annotation.needs_confirmation) == ("Pillion: Implement rate", True)
    assert annotation.description == FOUND
    assert editor.documents[shop_uri].text == WRITTEN
    found = await editor.diagnostics(shop_uri, 2)
    assert {each.severity for each in found} == {types.DiagnosticSeverity.Error}
    assert {each.code for each in found} == {"check/execute"}
    assert editor.questions == []


async def test_warnings_never_block(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    assert (await implement(editor, shop_uri, large, small))["state"] == "applied"
    (sent,) = editor.edits
    assert annotation_of(sent.edit) is None
    await editor.diagnostics(shop_uri, 2)


async def test_what_is_not_confirmed_is_offered_and_not_asked_again(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.refuse_edits = 1
    final = await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    assert final["state"] == "offered"
    message = await editor.message(f"the edit is ready and was not applied: the editor is busy; {FOUND}")
    assert "pillion.accept applies it" in message
    kept = Path(message.rsplit("kept in ", 1)[1])
    assert kept.read_text() == DANGEROUS
    assert (len(editor.edits), editor.questions, editor.documents[shop_uri].text) == (1, [], SOURCE)
    await editor.progress(final["id"])
    assert await editor.command("pillion.accept", final["id"])
    applied = await editor.event(lambda event: event["id"] == final["id"] and event["state"] == "applied")
    assert (kept.exists(), "draft_file" in final, "draft_file" in applied) == (False, True, False)
    assert annotation_of(editor.edits[1].edit) is None, "it was accepted already"
    assert editor.documents[shop_uri].text == WRITTEN
    await editor.diagnostics(shop_uri, 2)


@pytest.mark.parametrize(
    ("declines", "sent", "state"),
    [pytest.param(0, 2, "applied", id="confirmed"), pytest.param(1, 2, "offered", id="declined")],
)
async def test_typing_while_the_editor_asks_brings_one_more_question(
    declines: int,
    sent: int,
    state: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    editor = await start_editor(two_gpus)

    def type_on_top() -> None:
        editor.type(shop_uri, 0, 0, "# mine\n")
        editor.before_edit = decline if declines else None

    def decline() -> None:
        editor.refuse_edits = 1

    editor.before_edit = type_on_top
    final = await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    assert final["state"] == state
    assert len(editor.edits) == sent
    assert editor.documents[shop_uri].text == "# mine\n" + (WRITTEN if state == "applied" else SOURCE)
    assert editor.questions == []
    if state == "offered":
        await editor.message("pillion.accept applies it")


@pytest.mark.parametrize(
    ("answer", "state", "capabilities"),
    [
        pytest.param("Apply anyway", "applied", "emacs", id="apply"),
        pytest.param("Discard", "refused", "emacs", id="discard"),
        pytest.param(None, "offered", "emacs", id="no-answer"),
        pytest.param("Discard", "refused", "neovim@v0.11.0", id="no-versioned-edits-either"),
    ],
)
async def test_a_client_that_cannot_confirm_gets_a_question(
    answer: str | None,
    state: str,
    capabilities: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    editor = await start_editor(two_gpus, capabilities=capabilities)
    editor.answer_with = answer
    first = await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    assert first["state"] == "offered"
    await editor.event(lambda event: event["id"] == first["id"] and event["state"] == state)
    question = await editor.message(f"not applied: {FOUND} The draft is kept in")
    assert [each.message for each in editor.questions] == [question]
    assert [each.title for each in editor.questions[0].actions or ()] == ["Discard", "Apply anyway"]
    assert len(editor.edits) == (state == "applied")
    if state == "offered":
        assert editor.documents[shop_uri].text == SOURCE
        await editor.command("pillion.reject", first["id"])
        await editor.event(lambda event: event["id"] == first["id"] and event["state"] == "refused")


async def test_a_conflict_is_offered_with_what_was_found(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    at = SOURCE.index("raise NotImplementedError")
    editor.before_edit = lambda: editor.type(shop_uri, at, at, "# mine\n    ")
    assert (await implement(editor, shop_uri, large, small, draft=DANGEROUS))["state"] == "offered"
    await editor.message(f"you changed the code it would change; {FOUND}")
    assert (len(editor.edits), len(editor.questions)) == (1, 1)


async def test_a_dismissed_error_blocks_no_more(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    await editor.diagnostics(shop_uri, 2)
    await editor.command("pillion.dismiss", {"uri": shop_uri, "all": True})
    editor.close(shop_uri)
    final = await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    assert final["state"] == "applied"
    assert annotation_of(editor.edits[-1].edit) is None
    assert not editor.published[shop_uri].diagnostics

"""New names from a real server: the user chooses one; the edit gives it, or the editor's own rename does."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.shop import SOURCE

NAMES = Rule('{"names": ["amounts", "items", "priceList"]}')
RESULT_LINE, TOTAL_LINE = 8, 7
QUESTION = "Pillion: a new name for “result”"
BY_EDITOR = "“total” is seen outside of one function"


def renamed(old: str, new: str) -> str:
    head, _, body = SOURCE.partition("def total")
    return f"{head}def total{body.replace(old, new)}"


async def rename(editor: Editor, uri: str, line: int, character: int, **more: Any) -> dict[str, Any]:
    """Chooses the action at a place, and waits for the end of its job."""
    (action,) = [
        each
        for each in await editor.actions(uri, line, character)
        if str(each.kind) == "refactor.rewrite.pillion.rename"
    ]
    return await editor.finished(await editor.choose(action, **more))


ANSWERS = {
    "the first": ("amounts", "amounts", "applied"),
    "another, in the file's style": ("price_list", "price_list", "applied"),
    "none": (None, "result", "cancelled"),
}


@pytest.mark.parametrize(("answer", "name", "state"), ANSWERS.values(), ids=ANSWERS)
async def test_the_user_chooses(
    answer: str | None,
    name: str,
    state: str,
    start_editor: StartEditor,
    two_gpus: Path,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    small.script(NAMES)
    editor = await start_editor(two_gpus)
    editor.answer_with = answer
    editor.open(shop_uri, SOURCE)
    final = await rename(editor, shop_uri, RESULT_LINE, 5)
    assert (final["state"], final["tier"], final["output"]) == (state, "SIMPLE", "names"), final
    assert editor.documents[shop_uri].text == renamed("result", name)
    (question,) = editor.questions
    assert question.message == QUESTION
    assert [each.title for each in question.actions or ()] == ["amounts", "items", "price_list"]
    if state == "applied":
        assert await editor.command("pillion.undo", {"job": final["id"]})
        assert editor.documents[shop_uri].text == SOURCE


async def test_a_client_that_answers_no_questions_gets_the_first(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(NAMES)
    # It says that it lets its user choose, and doesn't.
    editor = await start_editor(two_gpus, options={"pillion": {"events": True, "renames": True}})
    editor.open(shop_uri, SOURCE)
    assert (await rename(editor, shop_uri, RESULT_LINE, 5))["state"] == "applied"
    assert editor.documents[shop_uri].text == renamed("result", "amounts")
    await editor.message("“result” becomes “amounts”; other names: items, price_list.")


async def test_the_users_own_name_needs_no_question(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(NAMES)
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert (await rename(editor, shop_uri, RESULT_LINE, 5, instruction="to grand_total"))["state"] == "applied"
    assert editor.documents[shop_uri].text == renamed("result", "grand_total")
    assert editor.questions == []


async def test_the_user_types_while_the_question_is_open(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(NAMES)
    editor = await start_editor(two_gpus)
    editor.answer_with = "items"
    editor.before_edit = lambda: editor.type(shop_uri, 0, 0, "# typed meanwhile\n")
    editor.open(shop_uri, SOURCE)
    assert (await rename(editor, shop_uri, RESULT_LINE, 5))["state"] == "applied"
    assert editor.documents[shop_uri].text == f"# typed meanwhile\n{renamed('result', 'items')}"


async def test_what_others_use_is_left_to_the_editor(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule('{"names": ["add_up"]}'))
    editor = await start_editor(two_gpus)
    editor.answer_with = "add_up"
    editor.open(shop_uri, SOURCE)
    final = await rename(editor, shop_uri, TOTAL_LINE, 5)
    assert final["state"] == "ready"
    assert final["prose"] == f"add_up. {BY_EDITOR}: your editor's own rename changes it everywhere."
    assert editor.documents[shop_uri].text == SOURCE


OWN_RENAMES: dict[str, tuple[Any, str, str]] = {
    "done": ({"renamed": True, "reason": ""}, "applied", ""),
    "not done": ({"renamed": False, "reason": "no server renames here"}, "ready", "(no server renames here)"),
    "no answer": (None, "ready", "the editor has renamed nothing"),
}


@pytest.mark.parametrize(("answer", "state", "words"), OWN_RENAMES.values(), ids=OWN_RENAMES)
async def test_the_editors_own_rename_gets_the_name(
    answer: Any, state: str, words: str, start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule('{"names": ["add_up", "sum_up"]}'))
    editor = await start_editor(two_gpus, options={"pillion": {"events": True, "previews": True, "renames": True}})
    asked: list[Any] = []

    @editor.client.feature("pillion/chooseName")
    def choose(params: Any) -> str:
        asked.append(plain(params))
        return "sum_up"

    @editor.client.feature("pillion/rename")
    def rename_it(params: Any) -> Any:
        asked.append(plain(params))
        return answer

    editor.open(shop_uri, SOURCE)
    final = await rename(editor, shop_uri, TOTAL_LINE, 6)
    assert final["state"] == state, final
    assert words in final.get("prose", "")
    question, request = asked
    assert question["names"] == ["add_up", "sum_up"]
    assert BY_EDITOR in question["question"]
    assert request == {"uri": shop_uri, "position": {"line": TOTAL_LINE, "character": 4}, "name": "sum_up"}
    assert editor.documents[shop_uri].text == SOURCE
    assert editor.questions == []


async def test_the_place_of_a_rename_is_where_the_name_is_now(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule('{"names": ["add_up"]}'))
    editor = await start_editor(two_gpus, options={"pillion": {"events": True, "renames": True}})
    places: list[Any] = []

    @editor.client.feature("pillion/chooseName")
    def choose(params: Any) -> str:
        editor.type(shop_uri, 0, 0, "\n\n")
        return "add_up"

    @editor.client.feature("pillion/rename")
    def rename_it(params: Any) -> dict[str, Any]:
        places.append(plain(params)["position"])
        return {"renamed": True, "reason": ""}

    editor.open(shop_uri, SOURCE)
    await rename(editor, shop_uri, TOTAL_LINE, 4)
    assert places == [{"line": TOTAL_LINE + 2, "character": 4}]


async def test_names_that_cannot_be_used_are_asked_for_again(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, large: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule('{"names": ["class", "price", "import os"]}'))
    large.script(NAMES)
    editor = await start_editor(two_gpus)
    editor.answer_with = "items"
    editor.open(shop_uri, SOURCE)
    final = await rename(editor, shop_uri, RESULT_LINE, 5)
    assert (final["state"], final["endpoint"]) == ("applied", "gpu0")
    said = large.log()[-1].messages[-1]["content"]
    assert "“class” means something else in Python; “price” is used there already; “import os” is no name" in said
    schema = large.log()[-1].schema
    assert schema is not None
    assert list(schema["properties"]) == ["names"]


async def test_the_menu_names_the_name(start_editor: StartEditor, two_gpus: Path, shop_uri: str) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    titles = {}
    for line, character in ((RESULT_LINE, 6), (RESULT_LINE, 10), (RESULT_LINE, 2), (4, 11), (9, 8)):
        found = await editor.actions(shop_uri, line, character, only=["refactor.rewrite.pillion.rename"])
        titles[line, character] = [each.title.partition(" — ")[0] for each in found]
        assert all(isinstance(each, types.CodeAction) for each in found)
    assert titles == {
        (RESULT_LINE, 6): ["Pillion: Rename result"],
        (RESULT_LINE, 10): ["Pillion: Rename result"],
        (RESULT_LINE, 2): [],
        (4, 11): ["Pillion: Rename price"],
        (9, 8): ["Pillion: Rename price"],
    }

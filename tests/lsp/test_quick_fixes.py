"""What the editor offers for a finding, and what comes of it."""

from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor
from tests.support.rates import BASE, BASE_MESSAGE, CUT, CUT_MESSAGE, implement

ALL = "Pillion: dismiss all findings in this file"


def line_of(editor: Editor, uri: str, text: str) -> int:
    """The line that `text` is in."""
    whole = editor.documents[uri].text
    return whole.count("\n", 0, whole.index(text))


def argument_of(action: types.CodeAction) -> dict[str, Any]:
    """The argument of an action's command."""
    assert action.command is not None
    argument: Any
    (argument,) = action.command.arguments or ()
    return dict(argument)


async def fixes(editor: Editor, uri: str, quote: str, **context: Any) -> list[types.CodeAction]:
    """The quick fixes with the cursor on `quote`."""
    found = await editor.actions(uri, line_of(editor, uri, quote), 6, only=["quickfix"], **context)
    return [each for each in found if str(each.kind).startswith("quickfix.")]


async def test_what_a_finding_offers(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    base, cut = await editor.diagnostics(shop_uri, 2)
    found = await fixes(editor, shop_uri, CUT)
    assert [(each.title, each.kind, each.diagnostics) for each in found] == [
        (f"Pillion: fix: {CUT_MESSAGE}", "quickfix.pillion.debug", (cut,)),
        (f"Pillion: ask the large model: {CUT_MESSAGE}", "quickfix.pillion.ask", (cut,)),
        (f"Pillion: dismiss: {CUT_MESSAGE}", "quickfix.pillion.dismiss", (cut,)),
        (ALL, "quickfix.pillion.dismiss", (base, cut)),
    ]
    place = {"line": cut.range.start.line, "character": cut.range.start.character}
    data: Any = cut.data
    for number, name in enumerate(("debug", "ask")):
        given = argument_of(found[number])
        assert found[number].command is not None
        assert (given["action"], given["uri"], given["finding"]) == (name, shop_uri, data["id"])
        assert (given["range"]["start"], given["version"]) == (place, editor.documents[shop_uri].version)
    assert argument_of(found[2]) == {"uri": shop_uri, "id": data["id"]}
    assert argument_of(found[3]) == {"uri": shop_uri, "all": True}


class Menu(NamedTuple):
    """Where the menu is opened, what is asked for, and which quick fixes come."""

    character: int
    only: list[str] | None
    named: bool
    offered: list[str]


MENUS = {
    "at its start": Menu(4, None, False, ["debug", "ask", "dismiss", "dismiss"]),
    "at its end": Menu(20, None, False, ["debug", "ask", "dismiss", "dismiss"]),
    "before it": Menu(0, None, False, []),
    "named by the client": Menu(0, None, True, ["debug", "ask", "dismiss", "dismiss"]),
    "one kind": Menu(4, ["quickfix.pillion.ask"], False, ["ask"]),
    "another kind": Menu(4, ["refactor"], False, []),
}


async def test_when_it_is_offered(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    _, cut = await editor.diagnostics(shop_uri, 2)
    line = line_of(editor, shop_uri, CUT)
    for case, menu in MENUS.items():
        named = [cut] if menu.named else []
        found = await editor.actions(shop_uri, line, menu.character, diagnostics=named, only=menu.only)
        kinds = [str(each.kind) for each in found]
        quick = [kind for kind in kinds if kind.startswith("quickfix.")]
        assert quick == [f"quickfix.pillion.{each}" for each in menu.offered], case
        assert ("refactor.rewrite.pillion.refactor" in kinds) == (menu.only in (None, ["refactor"])), case
        assert kinds[len(kinds) - len(quick) :] == quick, case
    assert await fixes(editor, shop_uri, "def discount") == []


async def test_fix_runs_on_the_large_model_and_knows_what_is_wrong(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    audits = len(small.log())
    fix = (await fixes(editor, shop_uri, CUT))[0]
    final = await editor.finished(await editor.choose(fix))
    assert (final["state"], final["tier"], final["endpoint"]) == ("applied", "MODERATE", "gpu0"), editor.messages
    prompt = large.log()[-1].messages[-1]["content"]
    assert f"In line 4, “{CUT}”: {CUT_MESSAGE}" in prompt
    assert "whole corrected code" in prompt
    assert "year == 2021" in editor.documents[shop_uri].text
    assert len(small.log()) == audits
    (left,) = await editor.diagnostics(shop_uri, 1)
    assert left.message == BASE_MESSAGE


async def test_a_fix_settles_its_finding_even_where_the_line_stays(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    fix = (await fixes(editor, shop_uri, BASE))[0]
    assert (await editor.finished(await editor.choose(fix)))["state"] == "applied", editor.messages
    assert BASE in editor.documents[shop_uri].text
    assert await editor.diagnostics(shop_uri, 0) == []


async def test_ask_shows_the_large_models_words_and_edits_nothing(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    large.script(Rule("It is right. The cut ended in December. Check the month."))
    before, edits = editor.documents[shop_uri].text, len(editor.edits)
    ask = (await fixes(editor, shop_uri, CUT))[1]
    final = await editor.finished(await editor.choose(ask))
    assert (final["state"], final["endpoint"]) == ("ready", "gpu0")
    assert await editor.message("rate: It is right. The cut ended in December.")
    prompt = large.log()[-1].messages[-1]["content"]
    assert f"“{CUT}”: {CUT_MESSAGE}" in prompt
    assert "three short sentences" in prompt
    assert (editor.documents[shop_uri].text, len(editor.edits)) == (before, edits)
    assert len(await editor.diagnostics(shop_uri, 2)) == 2


async def test_a_finding_that_is_gone_is_said(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    asked = len(large.log())
    fix = (await fixes(editor, shop_uri, CUT))[0]
    at = editor.documents[shop_uri].text.index(CUT)
    editor.type(shop_uri, at, at + 2, "IF")
    assert (await editor.finished(await editor.choose(fix, version=None)))["state"] == "failed"
    assert await editor.message("The finding is gone")
    assert len(large.log()) == asked


async def test_debug_takes_the_users_own_words_instead(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    argument = argument_of((await fixes(editor, shop_uri, CUT))[0])
    own = {name: value for name, value in argument.items() if name != "finding"}
    job = await editor.command("pillion.run", {**own, "instruction": "It was 2021."})
    assert (await editor.finished(job))["state"] == "applied", editor.messages
    assert "It was 2021." in large.log()[-1].messages[-1]["content"]

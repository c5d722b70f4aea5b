"""The menu: what comes first, what has the focus, what the rows are called, and which kinds they have."""

import asyncio
import time
from functools import cmp_to_key
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from tests.conftest import two_gpus_toml, write_config
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.rates import CUT, CUT_MESSAGE, implement
from tests.support.shop import SOURCE

TOTAL, RATE = 8, 15
ASK = "pillion.askPillion"
AI = types.CodeActionTag.LlmGenerated


def options(**own: Any) -> dict[str, Any]:
    return {"pillion": {"events": True, **own}}


def as_vs_code_sorts(actions: list[types.CodeAction], *, headers: bool = True) -> list[types.CodeAction]:
    """The rows of VS Code's menu, top to bottom: `codeActionsComparator` of codeAction.ts, then the groups of
    codeActionMenu.ts (without headers there is one)."""

    def compare(one: types.CodeAction, other: types.CodeAction) -> int:
        keys = [
            (AI in (each.tags or ()), not each.diagnostics, not (each.is_preferred or False)) for each in (one, other)
        ]
        return (keys[0] > keys[1]) - (keys[0] < keys[1])

    sorted_rows = sorted(actions, key=cmp_to_key(compare))
    groups = ("quickfix", "refactor.rewrite", "source", "")

    def group(action: types.CodeAction) -> int:
        kind = str(action.kind)
        return next(n for n, each in enumerate(groups) if each == "" or kind == each or kind.startswith(f"{each}."))

    shown = [each for each in sorted_rows if not str(each.kind).startswith("source")]
    return sorted(shown, key=group) if headers else shown


async def at_the_cut(editor: Editor, uri: str, **context: Any) -> list[types.CodeAction]:
    """The menu with the cursor on a finding."""
    text = editor.documents[uri].text
    return await editor.actions(uri, text.count("\n", 0, text.index(CUT)), 6, **context)


def tags_models(able: types.ClientCapabilities) -> None:
    """What today's VS Code says: it knows the tag of what a model does."""
    assert able.text_document is not None
    assert able.text_document.code_action is not None
    able.text_document.code_action.tag_support = types.CodeActionTagOptions([AI])


async def titles_at(editor: Editor, uri: str, line: int) -> list[str]:
    """What the menu says at a line."""
    return [each.title for each in await editor.actions(uri, line)]


async def engines_are_named(editor: Editor, uri: str, line: int) -> list[str]:
    """The menu's titles, once the configuration is loaded: by itself, since nothing asks for it."""
    async with asyncio.timeout(20):
        while not any(" — " in each for each in await titles_at(editor, uri, line)):
            await asyncio.sleep(0.1)
    return await titles_at(editor, uri, line)


@pytest.mark.parametrize("client", ["vscode", "old-vscode", "neovim", "emacs"])
async def test_the_fix_comes_first_and_no_first_row_dismisses(
    client: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    capabilities = {"neovim": "neovim@v0.11.0", "emacs": "emacs"}.get(client, "visual-studio-code")
    says = tags_models if client == "vscode" else None
    own = options(asks=ASK, review="never")
    editor = await start_editor(two_gpus, capabilities=capabilities, options=own, says=says)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    offered = await at_the_cut(editor, shop_uri)
    assert [each.title.partition(" — ")[0] for each in offered] == [
        "Pillion: Complete the docstring of rate",
        "Pillion: Comment rate",
        "Pillion: Explain rate",
        "Pillion: Refactor rate",
        "Pillion: Write tests for rate",
        "Pillion: Ask…",
        f"Pillion: fix: {CUT_MESSAGE}",
        f"Pillion: ask the large model: {CUT_MESSAGE}",
        f"Pillion: dismiss: {CUT_MESSAGE}",
        "Pillion: dismiss all findings in this file",
    ]
    assert any(AI in (each.tags or ()) for each in offered) == (client == "vscode")
    if client in {"neovim", "emacs"}:
        return
    for headers in (True, False):
        shown = as_vs_code_sorts(offered, headers=headers)
        assert str(shown[0].kind) == "quickfix.pillion.debug"
        quick = [str(each.kind).rpartition(".")[2] for each in shown if str(each.kind).startswith("quickfix")]
        assert quick == ["debug", "ask", "dismiss", "dismiss"]
    only_fixes = as_vs_code_sorts(await at_the_cut(editor, shop_uri, only=["quickfix"]), headers=False)
    assert str(only_fixes[0].kind) == "quickfix.pillion.debug"


async def test_titles_name_the_engines_once_they_are_known(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    name = "a_function_with_a_name_that_leaves_no_room_for_more"
    editor.open(shop_uri, f"{SOURCE}\n\ndef {name}(a):\n    return a\n")
    assert await titles_at(editor, shop_uri, TOTAL) == [
        "Pillion: Add a docstring to total",
        "Pillion: Comment total",
        "Pillion: Explain total",
        "Pillion: Refactor total",
        "Pillion: Write tests for total",
    ]
    assert await engines_are_named(editor, shop_uri, TOTAL) == [
        "Pillion: Add a docstring to total — gpu1",
        "Pillion: Comment total — gpu1",
        "Pillion: Explain total — gpu1",
        "Pillion: Refactor total — gpu0",
        "Pillion: Write tests for total — gpu0",
    ]
    assert "Pillion: Implement rate — gpu0, audited by gpu1" in await titles_at(editor, shop_uri, RATE)
    assert f"Pillion: Refactor {name}" in await titles_at(editor, shop_uri, SOURCE.count("\n") + 2)
    assert (large.log(), small.log()) == ([], []), "no engine is asked for a menu"


@pytest.mark.parametrize(
    ("room", "named"), [(100, True), (None, False), (3, False), ("100", False), (True, False)], ids=repr
)
async def test_titles_have_the_room_that_the_client_has(
    room: Any, named: bool, start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    options = {"pillion": {} if room is None else {"room": room}}
    editor = await start_editor(two_gpus, options=options)
    name = "a_function_with_a_name_that_leaves_no_room_for_more"
    editor.open(shop_uri, f"{SOURCE}\n\ndef {name}(a):\n    return a\n")
    await engines_are_named(editor, shop_uri, TOTAL)
    titles = await titles_at(editor, shop_uri, SOURCE.count("\n") + 2)
    assert (f"Pillion: Refactor {name} — gpu0" in titles) == named, titles
    assert plain(await editor.command("pillion.endpoints"))["problems"] == [], "it is no setting"


ALONE = """
[endpoints.only]
protocol = "ollama"
url = "http://127.0.0.1:9"
model = "one"
"""


@pytest.mark.parametrize(
    ("settings", "titles"),
    [
        pytest.param("", {"Pillion: Refactor total — MODERATE on only"}, id="one-engine"),
        pytest.param("[audit]\nenabled = false\n", {"Pillion: Implement rate — gpu0"}, id="no-audit"),
    ],
)
async def test_titles_say_what_tells_the_actions_apart(
    settings: str, titles: set[str], start_editor: StartEditor, tmp_path: Path, shop_uri: str
) -> None:
    config = two_gpus_toml("http://127.0.0.1:9", "http://127.0.0.1:9") + settings if settings else ALONE
    editor = await start_editor(write_config(tmp_path, config))
    editor.open(shop_uri, SOURCE)
    shown = {*await engines_are_named(editor, shop_uri, TOTAL), *await titles_at(editor, shop_uri, RATE)}
    assert titles <= shown


async def test_a_menu_never_waits_for_the_configuration(start_editor: StartEditor, shop_uri: str) -> None:
    editor = await start_editor()
    editor.open(shop_uri, SOURCE)
    await editor.actions(shop_uri, TOTAL)  # grammars are loaded by the first
    slowest_s, ends_at_s = 0.0, time.monotonic() + 3.0
    while time.monotonic() < ends_at_s:
        began_s = time.monotonic()
        await editor.actions(shop_uri, TOTAL)
        slowest_s = max(slowest_s, time.monotonic() - began_s)
        await asyncio.sleep(0.02)
    assert slowest_s < 0.5, "the load took more, on a busy machine, and held no menu up"


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        pytest.param(None, ["pillion.explain", "pillion.ask"], id="all"),
        pytest.param(["pillion"], ["pillion.explain", "pillion.ask"], id="own"),
        pytest.param(["pillion.explain"], ["pillion.explain"], id="explain"),
        pytest.param(["pillion.ask"], ["pillion.ask"], id="ask"),
        pytest.param(["refactor.rewrite.pillion.explain"], ["refactor.rewrite.pillion.explain"], id="former-name"),
        pytest.param(["refactor.rewrite"], [], id="what-rewrites"),
        pytest.param(["refactor", "quickfix"], [], id="others"),
    ],
)
async def test_what_only_speaks_is_no_rewrite(
    only: list[str] | None, kinds: list[str], start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(asks=ASK))
    editor.open(shop_uri, SOURCE)
    found = await editor.actions(shop_uri, TOTAL, only=only)
    assert [str(each.kind) for each in found if "plain" in str(each.kind) or str(each.kind) == "pillion.ask"] == kinds
    for action in found:
        if str(action.kind) == "pillion.ask":
            assert action.command is not None
            assert (action.title, action.command.command) == ("Pillion: Ask…", ASK)
            argument: Any = (action.command.arguments or ())[0]
            place = {"line": TOTAL, "character": 0}
            assert plain(argument) == {"uri": shop_uri, "range": {"start": place, "end": place}}


@pytest.mark.parametrize("asks", [None, "", 3, ["x"]])
async def test_ask_is_in_the_menu_of_clients_that_have_it(
    asks: Any, start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(**({} if asks is None else {"asks": asks})))
    editor.open(shop_uri, SOURCE)
    assert not any("Ask" in each for each in await titles_at(editor, shop_uri, TOTAL))


@pytest.mark.parametrize("span", [(0, 0), (0, 12), (4, 4)], ids=["nothing there", "too much", "something"])
async def test_everywhere_in_a_document_something_can_be_asked(
    span: tuple[int, int], start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options={"pillion": {"asks": "mine.ask"}})
    editor.open(shop_uri, SOURCE)
    first, last = span
    for only in (["pillion.ask"], None):
        said = types.CodeActionContext([], only=only, trigger_kind=types.CodeActionTriggerKind.Invoked)
        place = types.Range(types.Position(first, 0), types.Position(last, 0))
        params = types.CodeActionParams(types.TextDocumentIdentifier(shop_uri), place, said)
        found = [plain(each) for each in await editor.client.text_document_code_action_async(params) or []]
        assert [each["title"] for each in found if each["kind"] == "pillion.ask"] == ["Pillion: Ask…"]

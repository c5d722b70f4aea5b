"""Dismissing findings: hidden at once, never shown again unless the user wants it, whatever became of the file."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, implement

SOME_ID = "0" * 32


@pytest.fixture
def dismissed_file(tmp_path: Path) -> Path:
    """Where the server's user has the dismissals."""
    return tmp_path / ".state" / "pillion" / "dismissed.txt"


async def dismiss(editor: Editor, uri: str, title: str) -> None:
    """Chooses a quick fix by its title."""
    text = editor.documents[uri].text
    line = text.count("\n", 0, text.index(CUT))
    await editor.choose(next(each for each in await editor.actions(uri, line, 6) if title in each.title))


@pytest.mark.parametrize(
    ("title", "left"),
    [
        pytest.param(f"dismiss: {CUT_MESSAGE}", [BASE_MESSAGE], id="one"),
        pytest.param("dismiss all", [], id="all"),
    ],
)
async def test_a_dismissed_finding_is_never_shown_again(
    title: str,
    left: list[str],
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
    dismissed_file: Path,
    tmp_path: Path,
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    await dismiss(editor, shop_uri, title)
    assert [each.message for each in await editor.diagnostics(shop_uri, len(left))] == left
    text = editor.documents[shop_uri].text
    editor.close(shop_uri)
    editor.open(shop_uri, text)
    await editor.actions(shop_uri, 0)
    assert [each.message for each in editor.published[shop_uri].diagnostics] == left
    kept = [json.loads(line) for line in dismissed_file.read_text().splitlines()]
    assert len(kept) == 2 - len(left)
    lines = text.split("\n")
    assert all(each["text"] == lines[each["line"] - 1].strip() for each in kept), "the line as it was"
    assert {each["file"] for each in kept} == {str(tmp_path / "shop.py")}
    assert dismissed_file.stat().st_mode & 0o077 == 0
    again = await start_editor(two_gpus)
    final = await implement(again, shop_uri, large, small)
    assert (final["state"], final["findings"]) == ("applied", 2)
    await again.actions(shop_uri, 0)
    shown = again.published.get(shop_uri)
    assert [each.message for each in (shown.diagnostics if shown else ())] == left


async def test_two_servers_do_not_lose_each_others(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, dismissed_file: Path
) -> None:
    editors = [await start_editor(two_gpus) for _ in range(2)]
    for editor in editors:
        await implement(editor, shop_uri, large, small)
        await editor.diagnostics(shop_uri, 2)
    await dismiss(editors[0], shop_uri, f"dismiss: {CUT_MESSAGE}")
    # The other one has read the file before that.
    await editors[1].command("pillion.dismiss", {"uri": shop_uri, "id": SOME_ID})
    assert len(dismissed_file.read_text().splitlines()) == 2


@pytest.mark.parametrize("content", [b"\xff\xfe\x00nonsense\n", b"x" * 1_000_001], ids=["nonsense", "endless"])
async def test_a_corrupt_file_is_said_in_the_log_and_starts_anew(
    content: bytes,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
    dismissed_file: Path,
) -> None:
    dismissed_file.parent.mkdir(parents=True)
    dismissed_file.write_bytes(content)
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    assert "dismissals" in await editor.log_line(str(dismissed_file))
    await dismiss(editor, shop_uri, "dismiss all")
    assert len(dismissed_file.read_text().splitlines()) == 2


async def test_a_file_that_cannot_be_used_costs_only_the_memory(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, dismissed_file: Path
) -> None:
    dismissed_file.mkdir(parents=True)
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    await editor.log_line("can't be read, so earlier dismissals are forgotten: Is a directory")
    await dismiss(editor, shop_uri, "dismiss all")
    await editor.log_line("can't be written, so the dismissal holds for this session only")
    assert await editor.diagnostics(shop_uri, 0) == []
    assert [each.name for each in dismissed_file.parent.iterdir() if each.name.startswith(".dismissed")] == []


MISTAKES: list[tuple[tuple[Any, ...], str]] = [
    ((), "takes one object"),
    (("all",), "takes one object"),
    (({},), "“uri” is missing"),
    (({"uri": 3, "all": True},), "“uri” is missing"),
    (({"uri": "file:///a.py"},), "“id” isn't the id of a finding"),
    (({"uri": "file:///a.py", "all": False},), "“id” isn't the id of a finding"),
    (({"uri": "file:///a.py", "all": "yes"},), "“all” isn't true or false"),
    (({"uri": "file:///a.py", "id": "../../etc/passwd"},), "“id” isn't the id of a finding"),
    (({"uri": "file:///a.py", "id": SOME_ID, "all": True},), "not both"),
]


async def test_arguments_that_make_no_sense(start_editor: StartEditor, dismissed_file: Path) -> None:
    editor = await start_editor()
    for arguments, message in MISTAKES:
        with pytest.raises(JsonRpcException, match=message) as caught:
            await editor.command("pillion.dismiss", *arguments)
        assert caught.value.code == JsonRpcInvalidParams.CODE
    assert not dismissed_file.exists()
    await editor.command("pillion.dismiss", {"uri": "file:///a.py", "id": SOME_ID})
    assert json.loads(dismissed_file.read_text())["id"] == SOME_ID


QUIET = {"pillion": {"events": True, "previews": True}}


async def both_dismissed(editor: Editor, uri: str, large: FakeEngine, small: FakeEngine) -> list[str]:
    """Has two findings shown and dismisses them; their ids."""
    await implement(editor, uri, large, small)
    shown = await editor.diagnostics(uri, 2)
    result = plain(await editor.command("pillion.dismiss", {"uri": uri, "all": True}))
    assert result["message"] == "dismissed: 2 findings in shop.py"
    ids = [plain(each.data)["id"] for each in shown]
    assert sorted(result["dismissed"]) == sorted(ids)
    assert await editor.diagnostics(uri, 0) == []
    return ids


async def test_what_is_undone_is_on_the_screen_again_where_its_text_is_now(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, dismissed_file: Path
) -> None:
    editor = await start_editor(two_gpus, options=QUIET)
    # A client that shows drafts is one that shows the message too: nothing waits here.
    ids = await both_dismissed(editor, shop_uri, large, small)
    assert editor.questions == []
    before = {each["id"]: each for each in plain(await editor.command("pillion.dismissed"))["dismissed"]}
    assert set(before) == set(ids)
    editor.type(shop_uri, 0, 0, "# one more line\n")
    assert plain(await editor.command("pillion.undismiss", {"ids": ids[:1]})) == {"shown": 1}
    (back,) = await editor.diagnostics(shop_uri, 1)
    assert plain(back.data)["id"] == ids[0]
    assert back.range.start.line == before[ids[0]]["line"], "a line further down, and counted from 0"
    assert len(dismissed_file.read_text().splitlines()) == 1
    editor.close(shop_uri)
    assert plain(await editor.command("pillion.undismiss", {"ids": [ids[1], SOME_ID]})) == {"shown": 0}
    assert dismissed_file.read_text() == ""


async def test_a_client_that_shows_no_drafts_is_asked(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.answer_with = "Undo"
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    await dismiss(editor, shop_uri, f"dismiss: {CUT_MESSAGE}")
    await editor.message(f"Pillion: dismissed: {CUT_MESSAGE}")
    assert [each.title for each in editor.questions[-1].actions or ()] == ["Undo"]
    async with asyncio.timeout(30):
        while len(editor.published[shop_uri].diagnostics) != 2:
            await asyncio.sleep(0.02)
    assert plain(await editor.command("pillion.dismissed")) == {"dismissed": []}


async def test_a_client_that_can_ask_nothing_is_told(start_editor: StartEditor) -> None:
    editor = await start_editor()
    editor.refuse_requests = True
    await editor.command("pillion.dismiss", {"uri": "file:///a.py", "id": SOME_ID})
    await editor.message("pillion dismissed undo 1 brings it back")


async def test_what_the_command_line_undid_is_seen_at_the_next_job(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, dismissed_file: Path
) -> None:
    editor = await start_editor(two_gpus, options=QUIET)
    await both_dismissed(editor, shop_uri, large, small)
    dismissed_file.write_text("")
    text = editor.documents[shop_uri].text
    await editor.finished(await editor.run("explain", shop_uri, text.count("\n", 0, text.index(CUT))))
    await editor.diagnostics(shop_uri, 2)


async def test_a_secret_never_gets_into_the_file(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str, dismissed_file: Path
) -> None:
    token = "ghp_" + "a8Kd93mZqP0xT7vW2bN5cY1eR4uH6jL9sGfD"
    large.script(Rule(f'```python\ndef rate(x: float) -> float:\n    key = "{token}"\n    return x, key\n```'))
    editor = await start_editor(two_gpus, options=QUIET)
    editor.open(shop_uri, "def rate(x: float) -> float:\n    return x\n")
    job = await editor.run("refactor", shop_uri, 0)
    final = await editor.finished(job)
    if final["state"] == "offered":
        await editor.command("pillion.accept", {"job": job})
    async with asyncio.timeout(30):
        while not (shown := editor.published.get(shop_uri)) or not shown.diagnostics:
            await asyncio.sleep(0.02)
    assert any("GitHub token" in each.message for each in shown.diagnostics)
    await editor.command("pillion.dismiss", {"uri": shop_uri, "all": True})
    kept = dismissed_file.read_text()
    assert "key = [secret]" in kept.replace('\\"', "")
    assert token[4:12] not in kept


@pytest.mark.parametrize("arguments", [(), ("x",), ({},), ({"ids": "x"},), ({"ids": [3]},), ({"ids": ["../.."]},)])
async def test_undoing_what_makes_no_sense(arguments: tuple[Any, ...], start_editor: StartEditor) -> None:
    editor = await start_editor()
    with pytest.raises(JsonRpcException, match="ids, a list") as caught:
        await editor.command("pillion.undismiss", *arguments)
    assert caught.value.code == JsonRpcInvalidParams.CODE

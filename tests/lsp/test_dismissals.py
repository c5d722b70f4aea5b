"""Dismissing findings: hidden at once, never shown again, whatever became of the file with the dismissals."""

from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from pillion.bench.fake.process import FakeEngine
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor
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
    kept = dismissed_file.read_text()
    assert len(kept.splitlines()) == 2 - len(left)
    assert all(len(line) == 32 for line in kept.splitlines()), "hashes and no code"
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
    assert dismissed_file.read_text() == f"{SOME_ID}\n"

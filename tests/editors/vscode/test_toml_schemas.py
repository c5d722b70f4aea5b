"""Even Better TOML is offered the schema of `.pillion.toml`, and what is set then is what its language server needs."""

import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.editors.polling import until
from tests.editors.toml.servers import opened
from tests.editors.vscode.code_server import install_extension
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.sessions import Session
from tests.editors.vscode.vsix import pack
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

OpenTomlShop = Callable[[], Awaitable[Session]]
FILE = ".pillion.toml"
QUESTION = "Even Better TOML can complete and check .pillion.toml"
USE = "Use Pillion’s Schema"
NEVER = "Don’t Ask Again"
SECTION = "evenBetterToml.schema"
TYPED = "[hover]\nenabld = false\n"
# The extension isn't in any registry of packages: this has its name and its setting. Its server is the real one's fork.
STAND_IN: dict[str, Any] = {
    "publisher": "tamasfe",
    "name": "even-better-toml",
    "version": "0.21.2",
    "engines": {"vscode": "^1.91.0"},
    "license": "MIT",
    "contributes": {
        "configuration": {
            "properties": {
                f"{SECTION}.enabled": {"type": "boolean", "scope": "resource", "default": True},
                f"{SECTION}.associations": {
                    "type": "object",
                    "scope": "resource",
                    "default": {r"^(.*(/|\\)\.?taplo\.toml|\.?taplo\.toml)$": "taplo://taplo.toml"},
                },
            }
        }
    },
}


@pytest.fixture(scope="module")
def with_toml(extensions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which both extensions are installed."""
    folder = tmp_path_factory.mktemp("with-toml") / "extensions"
    shutil.copytree(extensions, folder)
    source = tmp_path_factory.mktemp("stand-in")
    (source / "package.json").write_text(json.dumps(STAND_IN), encoding="utf-8")
    (source / "README.md").write_text("A stand-in.\n", encoding="utf-8")
    install_extension(pack(source), folder, tmp_path_factory.mktemp("installing"))
    return folder


def associations(session: Session) -> dict[str, str]:
    """As the user's settings have them; none while VS Code writes the file."""
    text = (session.server.home / "data/User/settings.json").read_text(encoding="utf-8")
    settings = json.loads(text) if text else {}
    found: dict[str, str] = settings.get(f"{SECTION}.associations", {})
    return found


@pytest.fixture
def open_toml_shop(start_session: StartSession, with_toml: Path, two_gpus: Path) -> OpenTomlShop:
    """Opens a session with both extensions; the shop's folder has a `.pillion.toml` with a mistake."""

    async def open_toml_shop() -> Session:
        session = await start_session({SHOP: SOURCE, FILE: TYPED}, extensions=with_toml, config=two_gpus)
        await session.window.open(SHOP)
        await session.window.ready()
        return session

    return open_toml_shop


async def test_one_button_and_the_file_is_checked(open_toml_shop: OpenTomlShop) -> None:
    session = await open_toml_shop()
    window = session.window
    assert not any(QUESTION in each for each in await window.notifications.so_far())
    await window.open(FILE)
    assert await window.notifications.buttons(QUESTION) == [USE, NEVER]
    await window.notifications.press(QUESTION, USE)

    async def found() -> dict[str, str]:
        return associations(session)

    (schema,) = (await until(found, bool, "the association")).values()
    assert "globalStorage/pillion.pillion/" in schema
    settings = {"evenBetterToml": {"schema": {"associations": associations(session)}}}
    async with opened("taplo", window.folder / FILE, settings=settings) as editor:
        assert "enabld" in await editor.problem_with("enabld")
    other = window.folder / "other.toml"
    other.write_text(f"{TYPED}=", encoding="utf-8")
    async with opened("taplo", other, settings=settings) as editor:
        assert "enabld" not in await editor.problem_with("expected")


async def test_who_does_not_want_it_is_asked_once(open_toml_shop: OpenTomlShop) -> None:
    session = await open_toml_shop()
    window = session.window
    await window.open(FILE)
    await window.notifications.press(QUESTION, NEVER)
    await window.notifications.gone(QUESTION)
    await window.reload()
    await window.open(SHOP)
    await window.ready()
    await window.open(FILE)
    await window.open(SHOP)
    assert not any(QUESTION in each for each in await window.notifications.so_far())
    assert associations(session) == {}


async def test_nobody_is_asked_about_an_extension_they_do_not_have(open_shop: StartSession) -> None:
    session = await open_shop(workspace_files={FILE: TYPED})
    window = session.window
    await window.open(FILE)
    await window.open(SHOP)
    assert not any(QUESTION in each for each in await window.notifications.so_far())

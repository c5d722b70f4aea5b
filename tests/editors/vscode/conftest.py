"""What the scenarios share: the extension, a code-server and a window for each test, and pictures of how it ended."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.editors.vscode.code_server import CodeServer, install_extension
from tests.editors.vscode.vsix import the_vsix
from tests.editors.vscode.window import Window, open_window
from tests.support.shop import SOURCE

SHOP = "shop.py"
SERVER_COMMAND = [sys.executable, "-P", "-m", "pillion", "serve", "--stdio"]
_DEFAULT_ARTEFACTS = Path(__file__).parents[1] / "output"


@dataclass(frozen=True)
class Session:
    """A window, and the code-server behind it."""

    window: Window
    server: CodeServer


StartSession = Callable[..., Awaitable[Session]]


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """The folder for pictures and logs: $PILLION_TEST_ARTEFACTS, or output/ beside the tests."""
    folder = Path(os.environ.get("PILLION_TEST_ARTEFACTS") or _DEFAULT_ARTEFACTS)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the extension is installed, and nothing else."""
    folder = tmp_path_factory.mktemp("extensions")
    install_extension(the_vsix(), folder, tmp_path_factory.mktemp("installing"))
    return folder


@pytest.fixture
async def start_session(tmp_path: Path, artefacts: Path, request: pytest.FixtureRequest) -> AsyncIterator[StartSession]:
    """Starts code-servers with a window each. How the windows look at the end is kept among the artefacts."""
    async with AsyncExitStack() as stack:
        sessions: list[Session] = []

        async def start(
            files: Mapping[str, str],
            *,
            extensions: Path,
            config: Path | None = None,
            settings: Mapping[str, Any] | None = None,
            machine_settings: Mapping[str, Any] | None = None,
            environment: Mapping[str, str] | None = None,
            trusting: bool = True,
        ) -> Session:
            home, folder = tmp_path / f"vscode{len(sessions)}", tmp_path / "workspace"
            home.mkdir()
            folder.mkdir(exist_ok=True)
            for name, text in files.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(text.encode())
            running = CodeServer.running(
                home,
                extensions,
                environment={**({"PILLION_CONFIG": str(config)} if config else {}), **(environment or {})},
                settings=settings or {},
                machine_settings={"pillion.server.command": SERVER_COMMAND, **(machine_settings or {})},
                trusting=trusting,
            )
            server = stack.enter_context(running)
            session = Session(await stack.enter_async_context(open_window(server.url, folder)), server)
            sessions.append(session)
            return session

        yield start
        for number, session in enumerate(sessions):
            await _keep(session, artefacts / f"{_file_name(request.node.nodeid)}{number or ''}")


@pytest.fixture
def open_shop(start_session: StartSession, extensions: Path, two_gpus: Path) -> StartSession:
    """Opens a window with the extension, two engines and the shop, and waits until the extension is ready."""

    async def open_shop(
        text: str = SOURCE, *, workspace_files: Mapping[str, str] | None = None, **kwargs: Any
    ) -> Session:
        arguments = {"extensions": extensions, "config": two_gpus} | kwargs
        session = await start_session({SHOP: text, **(workspace_files or {})}, **arguments)
        await session.window.open(SHOP)
        await session.window.ready()
        return session

    return open_shop


@pytest.fixture
def no_extensions(tmp_path: Path) -> Path:
    """An empty folder for extensions."""
    folder = tmp_path / "no-extensions"
    folder.mkdir()
    return folder


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder with Node alone, to be the PATH of a machine that has neither Pillion nor Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "node").symlink_to(str(shutil.which("node")))
    return folder


async def _keep(session: Session, stem: Path) -> None:
    await session.window.page.screenshot(path=stem.with_suffix(".png"))
    kept = stem.with_suffix(".logs")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(session.server.home / "data" / "logs", kept)


def _file_name(node_id: str) -> str:
    name = node_id.rpartition("/")[2].removeprefix("test_").replace(".py::test_", "-")
    return "".join(each if each.isalnum() or each in "-_" else "-" for each in name)

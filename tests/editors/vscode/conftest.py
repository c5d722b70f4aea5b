"""What the scenarios share: the extension, code-servers with a window each, and pictures of how it ended."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from pillion.files.lock import locked
from tests.editors.vscode.code_server import install_extension
from tests.editors.vscode.sessions import KeptSession, Session, open_session
from tests.editors.vscode.vsix import the_vsix
from tests.editors.vscode.window import running_browser
from tests.support.shop import SOURCE

SHOP = "shop.py"
_DEFAULT_ARTEFACTS = Path(__file__).parents[1] / "output"


StartSession = Callable[..., Awaitable[Session]]
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Notes a failure: no other test may use what a failed one has left."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """The folder for pictures and logs: $PILLION_TEST_ARTEFACTS, or output/ beside the tests."""
    folder = Path(os.environ.get("PILLION_TEST_ARTEFACTS") or _DEFAULT_ARTEFACTS)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the extension is installed, and nothing else; made by the first of the processes that want it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "with-pillion"
    shared.mkdir(exist_ok=True)
    folder = shared / "extensions"
    with locked(shared):
        if not folder.exists():
            installing = tmp_path_factory.mktemp("installing")
            install_extension(the_vsix(), installing / "extensions", installing)
            (installing / "extensions").rename(folder)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The Chromium of all windows."""
    async with running_browser() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept(
    browser: Browser, extensions: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[KeptSession]:
    """The session that tests without wishes of their own use one after the other."""
    async with AsyncExitStack() as stack:
        yield KeptSession(browser, extensions, lambda: tmp_path_factory.mktemp("kept"), stack)


@pytest_asyncio.fixture(loop_scope="session")
async def start_session(
    browser: Browser, tmp_path: Path, artefacts: Path, request: pytest.FixtureRequest
) -> AsyncIterator[StartSession]:
    """Starts code-servers with a window each. How the windows look at the end is kept among the artefacts."""
    async with AsyncExitStack() as stack:
        sessions: list[Session] = []

        async def start(files: Mapping[str, str], **options: Any) -> Session:
            home = tmp_path / f"vscode{len(sessions)}"
            session = await stack.enter_async_context(open_session(browser, home, files, **options))
            sessions.append(session)
            return session

        yield start
        for number, session in enumerate(sessions):
            await _keep(session, artefacts / f"{_file_name(request.node.nodeid)}{number or ''}")


@pytest.fixture
def open_own_shop(start_session: StartSession, extensions: Path, two_gpus: Path) -> StartSession:
    """Opens a session of the test's own, with the extension, two engines and the shop, and waits until it is ready."""

    async def open_own_shop(workspace_files: Mapping[str, str] | None = None, **options: Any) -> Session:
        files = {SHOP: SOURCE, **(workspace_files or {})}
        session = await start_session(files, extensions=extensions, config=two_gpus, **options)
        await session.window.open(SHOP)
        await session.window.ready()
        return session

    return open_own_shop


@pytest_asyncio.fixture(loop_scope="session")
async def open_shop(
    kept: KeptSession, two_gpus: Path, artefacts: Path, request: pytest.FixtureRequest
) -> AsyncIterator[StartSession]:
    """The same, in a session that other tests have used: its editors, its messages and its server are new."""
    used: list[Session] = []

    async def open_shop(
        text: str = SOURCE,
        settings: Mapping[str, Any] | None = None,
        workspace_files: Mapping[str, str] | None = None,
    ) -> Session:
        files = {SHOP: text, **(workspace_files or {})}
        session = await kept.with_settings(settings or {}, config=two_gpus, files=files)
        used.append(session)
        await session.window.open(SHOP)
        await session.window.ready()
        return session

    yield open_shop
    for session in used:
        await _keep(session, artefacts / _file_name(request.node.nodeid))
    if request.node.stash.get(_FAILED, False):
        await kept.end()


@pytest_asyncio.fixture(loop_scope="session")
async def last_in_its_window(kept: KeptSession) -> AsyncIterator[None]:
    """The next test gets a new one. Where a draft's document was in front as a test began, VS Code opened no menu of code
    actions any more; why isn't known."""
    yield
    await kept.end()


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

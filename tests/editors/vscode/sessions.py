"""A code-server with one window on a folder: for a single test, or kept for the next one."""

import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from tests.editors.vscode.code_server import CodeServer
from tests.editors.vscode.window import Window, open_window

SERVER_COMMAND = [sys.executable, "-P", "-m", "pillion", "serve", "--stdio"]


@dataclass(frozen=True)
class Session:
    """A window, and the code-server behind it."""

    window: Window
    server: CodeServer


@asynccontextmanager
async def open_session(
    browser: Browser,
    home: Path,
    files: Mapping[str, str],
    *,
    extensions: Path,
    config: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    machine_settings: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    trusting: bool = True,
) -> AsyncIterator[Session]:
    """A code-server with these settings, and a window on a folder with these files; all of it below `home`."""
    folder = home / "workspace"
    write_files(folder, files)
    running = CodeServer.running(
        home,
        extensions,
        environment={**({"PILLION_CONFIG": str(config)} if config else {}), **(environment or {})},
        settings=settings or {},
        machine_settings={"pillion.server.command": SERVER_COMMAND, **(machine_settings or {})},
        trusting=trusting,
    )
    with running as server:
        async with open_window(browser, server.url, folder) as window:
            yield Session(window, server)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Writes files by their names; characters and line ends are as given."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def remove_files_but(folder: Path, names: Collection[str]) -> None:
    """Removes the files of a folder that don't have these names."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in names:
            path.unlink()


class KeptSession:
    """A session that lasts as long as tests want the same settings and none of them fails. To load a window takes as long
    as two tests in it, so those with the same settings stand together."""

    def __init__(
        self, browser: Browser, extensions: Path, new_folder: Callable[[], Path], stack: AsyncExitStack
    ) -> None:
        self._browser = browser
        self._extensions = extensions
        self._new_folder = new_folder
        self._stack = stack
        self._settings: Mapping[str, Any] = {}
        self._session: Session | None = None

    async def with_settings(self, settings: Mapping[str, Any], config: Path, files: Mapping[str, str]) -> Session:
        """The session with these settings; its server has read this configuration, its folder has these files alone, and no
        file is open."""
        if self._session is not None and self._settings == settings:
            _copy(config, self._session.server.home)
            remove_files_but(self._session.window.folder, files)
            write_files(self._session.window.folder, files)
            await self._session.window.start_over()
            return self._session
        await self.end()
        home = self._new_folder()
        opening = open_session(
            self._browser,
            home,
            files,
            extensions=self._extensions,
            config=_copy(config, home),
            settings=settings,
        )
        self._session = await self._stack.enter_async_context(opening)
        self._settings = settings
        return self._session

    async def end(self) -> None:
        """Ends it; the next test gets a new one."""
        self._session = None
        await self._stack.aclose()


def _copy(config: Path, home: Path) -> Path:
    copied = home / "config.toml"
    copied.write_bytes(config.read_bytes())
    return copied

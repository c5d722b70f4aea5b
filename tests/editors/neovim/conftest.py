"""Neovims on fake engines, set up by the command that users run."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.editors.neovim.driver import INIT_LUA, Neovim, newest_neovim, oldest_neovim
from tests.support.editor import private_environment
from tests.support.shop import SOURCE

OpenShop = Callable[..., Neovim]


def pillion_editor(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `pillion editor` with a home of its own."""
    command = [sys.executable, "-P", "-m", "pillion", "editor", *arguments]
    environment = private_environment(home, None)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command installs into Neovim's configuration folder."""
    home = tmp_path_factory.mktemp("installed")
    pillion_editor(home, "neovim", "--install", "--yes")
    return home / ".config" / "nvim"


@pytest.fixture(scope="session")
def snippet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the command prints for Neovim 0.7."""
    return pillion_editor(tmp_path_factory.mktemp("printed"), "neovim-0.7").stdout


@pytest.fixture
def configuration(tmp_path: Path, installed: Path) -> Path:
    """Neovim's configuration folder, with Pillion in it and a user's init.lua."""
    folder = Path(shutil.copytree(installed, tmp_path / ".config" / "nvim"))
    (folder / "init.lua").write_text(INIT_LUA)
    return folder


@pytest.fixture
def open_shop(tmp_path: Path, configuration: Path, two_gpus: Path) -> Iterator[OpenShop]:
    """Opens the shop in Neovim 0.11; `settings` is what the user has put into vim.g.pillion."""
    editors: list[Neovim] = []

    def start(settings: str = "{}", source: str = SOURCE, config: Path = two_gpus, name: str = "shop.py") -> Neovim:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source)
        (configuration / "init.lua").write_text(f"{INIT_LUA}\nvim.g.pillion = {settings}\n")
        editors.append(Neovim.start(newest_neovim(), tmp_path, config, file))
        return editors[-1].ready()

    yield start
    for editor in editors:
        editor.quit()


@pytest.fixture
def open_in_oldest(tmp_path: Path, snippet: str, two_gpus: Path) -> Iterator[OpenShop]:
    """Opens the shop in Neovim 0.7.2 with the documented minimum."""
    editors: list[Neovim] = []

    def start() -> Neovim:
        folder = tmp_path / ".config" / "nvim"
        (folder / "plugin").mkdir(parents=True)
        (folder / "init.lua").write_text(INIT_LUA.rpartition("vim.o.statusline")[0])
        (folder / "plugin" / "pillion.lua").write_text(snippet)
        file = tmp_path / "shop.py"
        file.write_text(SOURCE)
        editors.append(Neovim.start(oldest_neovim(), tmp_path, two_gpus, file))
        return editors[-1]

    yield start
    for editor in editors:
        editor.quit()

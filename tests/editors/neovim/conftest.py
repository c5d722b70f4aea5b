"""Neovims on fake engines, set up by the command that users run."""

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


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """Neovim's configuration folder, with Pillion in it and a user's init.lua."""
    pillion_editor(tmp_path, "neovim", "--install", "--yes")
    folder = tmp_path / ".config" / "nvim"
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
def open_in_oldest(tmp_path: Path, two_gpus: Path) -> Iterator[OpenShop]:
    """Opens the shop in Neovim 0.7.2 with the documented minimum."""
    editors: list[Neovim] = []

    def start() -> Neovim:
        folder = tmp_path / ".config" / "nvim"
        (folder / "plugin").mkdir(parents=True)
        (folder / "init.lua").write_text(INIT_LUA.rpartition("vim.o.statusline")[0])
        snippet = pillion_editor(tmp_path, "neovim-0.7").stdout
        (folder / "plugin" / "pillion.lua").write_text(snippet)
        file = tmp_path / "shop.py"
        file.write_text(SOURCE)
        editors.append(Neovim.start(oldest_neovim(), tmp_path, two_gpus, file))
        return editors[-1]

    yield start
    for editor in editors:
        editor.quit()

"""The real embedded engine in Neovim 0.11, with nothing configured: as a new user meets it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.editors.neovim.driver import Neovim, newest_neovim
from tests.editors.neovim.test_actions import DISCOUNT
from tests.support.file_server import FileServer
from tests.support.shop import SOURCE

# A laptop's CPU and a model of 135M parameters; most of it is for starting the engine.
ANSWERS_WITHIN_S = 120.0
# The wheel has 5,700 pieces of 16 KiB: at this pace it takes 28 s and more, so a cancel is never too late.
PAUSE_S = 0.005

OpenBare = Callable[..., Neovim]


@pytest.fixture
def open_bare(tmp_path: Path, configuration: Path) -> Iterator[OpenBare]:
    """Opens the shop where no engine is configured. (`configuration` has put Pillion into Neovim.)"""
    editors: list[Neovim] = []

    def start(models: Path, **environment: str) -> Neovim:
        assert configuration.is_dir()
        file = tmp_path / "shop.py"
        file.write_text(SOURCE)
        own = {"PILLION_MODEL_DIR": str(models), **environment}
        editors.append(Neovim.start(newest_neovim(), tmp_path, None, file, own))
        return editors[-1].ready()

    yield start
    for editor in editors:
        editor.quit()


def the_docstring_came(nvim: Neovim) -> None:
    """Waits for one, whatever it says, and sees that nothing else changed."""
    text = nvim.until(nvim.text, lambda text: text != SOURCE, ANSWERS_WITHIN_S)
    before, after = SOURCE.split("percent):\n")
    assert text.startswith(f'{before}percent):\n    """')
    assert text.endswith(f'"""\n{after}')
    compile(text, nvim.file.name, "exec")


def echoed(nvim: Neovim) -> Callable[[], list[str]]:
    """From now on, what is shown in the message area."""
    nvim.lua("""
        echoed = {}
        local echo = vim.api.nvim_echo
        vim.api.nvim_echo = function(chunks, ...)
          table.insert(echoed, chunks[1][1])
          echo(chunks, ...)
        end
    """)
    return lambda: list(nvim.lua("return echoed"))


def test_without_any_configuration(open_bare: OpenBare, model_folder: Path) -> None:
    nvim = open_bare(model_folder)
    nvim.act(DISCOUNT, "Add a docstring")
    the_docstring_came(nvim)
    assert len(nvim.offered()) == 1, "there was nothing to ask"
    nvim.nvim.command("PillionPull")
    nvim.until(nvim.notified, lambda said: said[-1:] == ["Pillion: no model is missing."])


def test_the_first_action_asks_for_the_model(open_bare: OpenBare, index: FileServer, tmp_path: Path) -> None:
    nvim = open_bare(tmp_path / "models", PIP_INDEX_URL=index.index_url)
    nvim.act(DISCOUNT, "Add a docstring")
    nvim.choose("Tiny")
    question = nvim.until(nvim.offered, lambda found: len(found) == 2)[1]
    assert "which models shall run here? Good: 1.5B drafts" in " ".join(question["prompt"].split())
    assert question["labels"][-3:] == ["Quick · 491 MB", "Tiny · 98 MB", "Not now"]
    the_docstring_came(nvim)
    assert [path.suffix for path in (tmp_path / "models").iterdir() if path.name != ".lock"] == [".gguf"]


def test_who_said_not_now_is_told_how_to_get_it(open_bare: OpenBare, index: FileServer, tmp_path: Path) -> None:
    """Each time, and on a terminal of 80 columns."""
    nvim = open_bare(tmp_path / "models", PIP_INDEX_URL=index.index_url)
    nvim.attach_screen()
    nvim.choose("Add a docstring", "Not now", "Explain")
    for command in ("Pillion", "Pillion"):
        nvim.go_to(DISCOUNT, 4)
        nvim.nvim.command(command)
        nvim.until(nvim.screen, lambda screen: "this needs its model; :PillionPull fetches it" in screen[-1])
        nvim.nvim.command("echo ''")
    assert index.asked == []


def test_a_download_is_shown_cancelled_and_resumed(open_bare: OpenBare, index: FileServer, tmp_path: Path) -> None:
    index.pause_s = PAUSE_S
    nvim = open_bare(tmp_path / "models", PIP_INDEX_URL=index.index_url)
    lines = echoed(nvim)
    nvim.choose("Tiny")
    nvim.nvim.command("PillionPull")
    nvim.until(lines, lambda found: any(" of 98 MB" in each for each in found))
    nvim.nvim.command("PillionCancel")
    nvim.until(nvim.messages, lambda said: "the download was stopped" in said)
    (partial,) = (tmp_path / "models").glob("*.partial")
    kept_bytes = partial.stat().st_size
    assert kept_bytes > 0
    index.pause_s = 0
    nvim.nvim.command("PillionPull")
    nvim.until(nvim.notified, lambda said: said == ["Pillion: the model is on this machine now."], ANSWERS_WITHIN_S)
    assert index.asked[-1] == f"bytes={kept_bytes}-"

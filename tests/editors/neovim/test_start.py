"""What a user of Neovim 0.11 is told before the first job: of the start, of mistakes, of a file that was saved."""

from pathlib import Path

import pytest

from tests.conftest import write_config
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim

LOGGED = "return table.concat(require('pillion.log').lines, '\\n')"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param("{ revue = 'always' }", "revue", id="misspelt"),
        pytest.param("{ keys = { acept = 'ga' }, comand = {} }", "comand, keys.acept", id="two"),
        pytest.param("{ review = 'always', keys = { close = 'Q' } }", "", id="all known"),
    ],
)
def test_an_option_that_there_is_not(settings: str, told: str, open_shop: OpenShop) -> None:
    nvim = open_shop(settings)
    assert nvim.notified() == ([f"Pillion has no option {told}."] if told else [])


def test_mistakes_in_the_configuration_are_said_at_the_start(open_shop: OpenShop, tmp_path: Path) -> None:
    nvim = open_shop(config=write_config(tmp_path, "[hover]\nbudgt_s = 3\n"))
    nvim.until(lambda: nvim.lua(LOGGED), lambda logged: "your configuration has mistakes" in logged)
    assert "budget_s" in nvim.lua(LOGGED)
    nvim.until(lambda: nvim.lua("return require('pillion.server').problems()"))  # they come after the message
    nvim.nvim.command("checkhealth pillion")
    health = "\n".join(nvim.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)"))
    assert "A mistake in your configuration: config.toml: hover.budgt_s" in health


def test_a_configuration_that_was_saved_holds(open_shop: OpenShop, two_gpus: Path) -> None:
    nvim = open_shop()
    for name in ("gpu0", "big"):
        two_gpus.write_text(two_gpus.read_text().replace("gpu0", name))
        nvim.nvim.command("PillionEndpoints")
        shown = nvim.until(nvim.floats)
        assert f"# {name}:" in shown[0]
        nvim.nvim.feedkeys("q", "xt")
        nvim.until(nvim.floats, lambda found: found == [])


def test_a_server_that_starts_is_waited_for(
    open_shop: OpenShop, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Neovim, "ready", lambda nvim: nvim)  # this one never is
    nvim = open_shop("{ cmd = { 'sleep', '60' } }")
    assert nvim.until(nvim.status) == "pillion …"
    nvim.nvim.command("PillionExplain")
    assert nvim.until(nvim.notified) == ["Pillion is starting. This is done when it is ready."]

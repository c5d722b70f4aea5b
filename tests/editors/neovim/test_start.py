"""What a user of Neovim 0.11 is told before the first job: of the start, of mistakes, of a file that was saved."""

from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.conftest import two_gpus_toml, write_config
from tests.editors.engines import Cable
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
        assert f"**{name}:" in shown[0]
        nvim.nvim.feedkeys("q", "xt")
        nvim.until(nvim.floats, lambda found: found == [])


def test_an_engine_that_has_died_is_found_by_a_look(
    open_shop: OpenShop, tmp_path: Path, large: FakeEngine, small: FakeEngine
) -> None:
    """No job has met it: to look is enough, and the status knows it from then on."""
    with Cable(large.url) as cable:
        nvim = open_shop(config=write_config(tmp_path, two_gpus_toml(cable.url, small.url)))
        assert nvim.until(nvim.status) == "pillion ✓"
        cable.pull()
        nvim.nvim.command("PillionEndpoints")
        shown = nvim.until(nvim.floats)[0]
        dead, alive = shown.split("\n\n")
        assert dead.startswith("**gpu0: down**\n")
        assert "first for moderate, complex" in dead
        assert "can't connect" in dead or "not reached" in dead or "nobody" in dead.lower(), dead
        assert alive.startswith("**gpu1: idle")
        nvim.until(nvim.status, lambda status: status == "pillion: gpu0 is down")
        assert large.log() == small.log() == []  # a sign of life takes no tokens
        nvim.nvim.feedkeys("q", "xt")
        cable.plug_in()
        nvim.until(nvim.floats, lambda found: found == [])
        nvim.nvim.command("PillionEndpoints")
        nvim.until(nvim.floats, lambda found: found and "**gpu0: idle" in found[0])
        nvim.until(nvim.status, lambda status: status == "pillion ✓")


def test_a_server_that_starts_is_waited_for(
    open_shop: OpenShop, configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Neovim, "ready", lambda nvim: nvim)  # this one never is
    nvim = open_shop("{ cmd = { 'sleep', '60' } }")
    assert nvim.until(nvim.status) == "pillion …"
    nvim.nvim.command("PillionExplain")
    assert nvim.until(nvim.notified) == ["Pillion is starting. This is done when it is ready."]

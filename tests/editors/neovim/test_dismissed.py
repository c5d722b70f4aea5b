"""Dismissing a finding in Neovim 0.11 is said, asks nothing, and can be undone."""

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import written
from tests.editors.neovim.test_review import script
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, DANGEROUS, EVAL_MESSAGE, LINE


def found(nvim: Neovim, large: FakeEngine, small: FakeEngine) -> int:
    """Has two findings in the document; the line of the first one."""
    script(large, small)
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.diagnostics, lambda found: sorted(found) == sorted([BASE_MESSAGE, CUT_MESSAGE]))
    return written()[: written().index(CUT)].count("\n")


@pytest.mark.parametrize("how", ["PillionUndismiss", "PillionDismissed"])
def test_what_was_dismissed_comes_back(how: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    line = found(nvim, large, small)
    menus = len(nvim.offered())
    nvim.act(line, "Pillion: dismiss: ")
    nvim.until(nvim.diagnostics, lambda found: found == [BASE_MESSAGE])
    said = nvim.until(nvim.notified, lambda said: "dismissed" in said[-1])[-1]
    assert CUT_MESSAGE.rstrip(".") in said
    assert said.endswith(" · :PillionUndismiss")
    assert len(nvim.offered()) == menus + 1, "nothing was asked"
    nvim.choose(CUT_MESSAGE)
    nvim.nvim.command(how)
    nvim.until(nvim.diagnostics, lambda found: sorted(found) == sorted([BASE_MESSAGE, CUT_MESSAGE]))
    assert "shown again" in nvim.until(nvim.notified, lambda said: "shown again" in said[-1])[-1]


def test_all_of_a_file_come_back_at_once(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    nvim.act(found(nvim, large, small), "dismiss all findings")
    nvim.until(nvim.diagnostics, lambda found: found == [])
    nvim.until(nvim.notified, lambda said: "dismissed" in said[-1])
    nvim.nvim.command("PillionUndismiss")
    nvim.until(nvim.diagnostics, lambda found: len(found) == 2)
    nvim.nvim.command("PillionUndismiss")
    nvim.until(nvim.notified, lambda said: said[-1].startswith("Pillion: nothing was dismissed just now."))


def test_without_any(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("PillionDismissed")
    nvim.until(nvim.notified, lambda said: said == ["Pillion: nothing was dismissed."])


def test_on_a_terminal_it_is_said_first_what_became_of_it(
    open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    """The words of a finding may be long, and have quotes of their own."""
    script(large, small, DANGEROUS)
    nvim = open_shop('{ review = "never" }')
    nvim.attach_screen()
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.diagnostics, lambda found: EVAL_MESSAGE in found)
    line = nvim.text()[: nvim.text().index("eval(")].count("\n")
    nvim.act(line, "Pillion: dismiss: “eval”")
    nvim.until(nvim.diagnostics, lambda found: EVAL_MESSAGE not in found)
    nvim.choose("“eval”")
    nvim.nvim.command("PillionDismissed")
    screen = nvim.until(nvim.screen, lambda screen: screen[-1].startswith("Pillion: shown again"))
    assert screen[-1].startswith("Pillion: shown again: “eval” executes code that comes as data")

"""The documented minimum in Neovim 0.7.2: actions, diagnostics, hover."""

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.test_actions import DISCOUNT, written
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED, LINE

CLIENTS = "return #vim.tbl_filter(function(client) return client.initialized end, vim.lsp.get_active_clients())"


def test_actions_diagnostics_hover(open_in_oldest: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    large.script(Rule(IMPLEMENTED))
    small.script(
        Rule(FINDINGS, match=CUT),
        Rule("It takes a percentage off a price.", match="discount"),
        Rule('{"findings": []}'),
    )
    nvim = open_in_oldest()
    nvim.until(lambda: nvim.lua(CLIENTS), lambda count: count == 1)
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.text, lambda text: text == written())
    nvim.until(nvim.diagnostics, lambda found: sorted(found) == sorted([BASE_MESSAGE, CUT_MESSAGE]))
    nvim.go_to(DISCOUNT, 5)
    nvim.nvim.feedkeys("K", "xt")
    nvim.until(nvim.floats, lambda found: found and "takes a percentage off" in found[0])
    nvim.nvim.command("edit other.py")
    nvim.until(lambda: nvim.lua("return vim.tbl_count(vim.lsp.buf_get_clients(0))"), lambda count: count == 1)
    assert nvim.lua(CLIENTS) == 1

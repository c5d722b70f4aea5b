"""What the menu offers and what comes of it, in Neovim 0.11."""

import time

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED, LINE
from tests.support.shop import SOURCE

DISCOUNT, TOTAL, RESULT = 3, 7, 8
# A language server in Neovim's own process, which renames the word at the place that it is told.
RENAMING_SERVER = """
vim.lsp.start({
  name = "renames",
  cmd = function()
    return {
      request = function(method, params, done)
        if method == "initialize" then
          done(nil, { capabilities = { renameProvider = true } })
        elseif method == "textDocument/rename" then
          local at = params.position
          local stop = { line = at.line, character = at.character + #"total" }
          local edit = { range = { start = at, ["end"] = stop }, newText = params.newName }
          done(nil, { changes = { [params.textDocument.uri] = { edit } } })
        else
          done(nil, vim.NIL)
        end
        return true, 1
      end,
      notify = function() return true end,
      is_closing = function() return false end,
      terminate = function() end,
    }
  end,
})
"""
REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
DESCRIBED = '{"summary": "Return the price after a discount.", "parameters": [], "returns": "", "raises": []}'


def written() -> str:
    """The document with the draft of `rate` in it."""
    code = IMPLEMENTED.removeprefix("```python\n").removesuffix("```")
    return SOURCE[: SOURCE.index("def rate")] + code


def test_menu_has_what_fits_the_function(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.act(DISCOUNT, "Pillion: Refactor discount")
    (menu,) = nvim.offered()
    titles = [row.removesuffix(" [pillion]").partition(" — ")[0] for row in menu["labels"]]
    assert titles[:4] == [
        "Pillion: Add a docstring to discount",
        "Pillion: Comment discount",
        "Pillion: Explain discount",
        "Pillion: Refactor discount",
    ]


@pytest.mark.usefixtures("applied_at_once")
def test_selected_lines(open_shop: OpenShop, large: FakeEngine) -> None:
    large.script(Rule("```python\nresult = sum(prices)\n```"))
    nvim = open_shop()
    nvim.go_to(TOTAL + 1)
    nvim.choose("Refactor 3 lines in total")
    nvim.nvim.input("V2j")
    nvim.lua("vim.schedule(function() vim.lsp.buf.code_action() end)")
    rows = nvim.until(nvim.offered, lambda found: len(found) > 0)[0]["labels"]
    assert any("Explain 3 lines in total" in row for row in rows), rows
    loop = "    result = 0\n    for price in prices:\n        result = result + price\n"
    nvim.until(nvim.text, lambda text: text == SOURCE.replace(loop, "    result = sum(prices)\n"))


def test_rename_of_a_local_name(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule('{"names": ["amount", "sum_of_prices"]}'))
    nvim = open_shop()
    nvim.choose("Rename result", "sum_of_prices")
    nvim.act(RESULT, "Rename result")
    head, _, body = SOURCE.partition("def total")
    nvim.until(nvim.text, lambda text: text == f"{head}def total{body.replace('result', 'sum_of_prices')}")


def test_rename_by_another_server(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule('{"names": ["add_up"]}'))
    nvim = open_shop()
    nvim.nvim.exec_lua(RENAMING_SERVER)
    nvim.choose("Rename total", "add_up")
    nvim.act(TOTAL, "Rename total")
    nvim.until(nvim.text, lambda text: text == SOURCE.replace("def total", "def add_up"))


def test_docstring(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule(DESCRIBED))
    nvim = open_shop()
    nvim.act(DISCOUNT, "Add a docstring")
    expected = SOURCE.replace(
        "def discount(price, percent):\n",
        'def discount(price, percent):\n    """Return the price after a discount."""\n',
    )
    nvim.until(nvim.text, lambda text: text == expected)


@pytest.mark.usefixtures("applied_at_once")
def test_refactor_while_the_user_types_elsewhere(open_shop: OpenShop, large: FakeEngine) -> None:
    large.change(tokens_per_s=8)
    large.script(Rule(REFACTORED))
    nvim = open_shop()
    nvim.act(TOTAL, "Refactor total")
    nvim.until(nvim.status, lambda status: "gpu0" in status)
    nvim.go_to(0)
    slowest_s = 0.0
    for letter in "# typed meanwhile":
        began = time.monotonic()
        nvim.nvim.feedkeys(f"i{letter}" if letter == "#" else f"a{letter}", "xt")
        slowest_s = max(slowest_s, time.monotonic() - began)
    nvim.nvim.feedkeys("a ", "xt")
    done = nvim.until(nvim.text, lambda text: "sum(prices)" in text)
    assert done.startswith('# typed meanwhile """A shop."""')
    assert slowest_s < 0.5


def test_cancel_in_mid_draft_frees_the_engine(open_shop: OpenShop, large: FakeEngine) -> None:
    large.change(tokens_per_s=5)
    large.script(Rule(REFACTORED * 20))
    nvim = open_shop()
    nvim.act(TOTAL, "Refactor total")
    nvim.until(large.log, lambda log: log and log[0].tokens_sent >= 2)
    nvim.nvim.command("PillionCancel")
    log = nvim.until(large.log, lambda log: log[0].ended != "open")
    assert log[0].ended == "client_closed"
    assert nvim.text() == SOURCE
    nvim.until(nvim.status, lambda status: status == "pillion ✓")


def test_findings_are_diagnostics_with_quick_fixes(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    large.script(Rule(IMPLEMENTED, match="Implement this"), Rule(IMPLEMENTED.replace("2020", "2021")))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))
    nvim = open_shop()
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.text, lambda text: text == written())
    nvim.until(nvim.diagnostics, lambda found: sorted(found) == sorted([BASE_MESSAGE, CUT_MESSAGE]))
    line = written()[: written().index(CUT)].count("\n")
    nvim.act(line, f"Pillion: fix: {CUT_MESSAGE}")
    nvim.until(nvim.text, lambda text: text == written().replace("2020", "2021"))
    nvim.until(nvim.diagnostics, lambda found: found == [BASE_MESSAGE])


def test_hover(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off a price."))
    nvim = open_shop()
    nvim.go_to(DISCOUNT, 5)
    nvim.nvim.feedkeys("K", "xt")
    nvim.until(nvim.floats, lambda found: found and "takes a percentage off" in found[0])

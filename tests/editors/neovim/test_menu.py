"""`:Pillion` and *Ask* in Neovim 0.11: what can be done here comes first, and nothing is offered that can't run."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import DISCOUNT, REFACTORED, TOTAL
from tests.support.rates import LINE
from tests.support.shop import SOURCE

# A menu in which the user takes a while to choose.
RESTARTED = """
    local select, waiting = vim.ui.select, nil
    vim.ui.select = function(items, options, on_choice)
      vim.ui.select = select
      waiting = { items, options, on_choice }
    end
    menu_waits = function()
      return waiting ~= nil
    end
    chosen_late = function()
      select(unpack(waiting))
    end
"""


def menu_at(nvim: Neovim, line: int, command: str = "Pillion") -> list[str]:
    """The rows of the menu at a line."""
    nvim.go_to(line, 4)
    before = len(nvim.offered())
    nvim.nvim.command(command)
    return list(nvim.until(nvim.offered, lambda found: len(found) > before)[before]["labels"])


@pytest.mark.parametrize(
    ("line", "command", "first"),
    [
        (DISCOUNT, "Pillion", ["Add a docstring to discount", "Refactor discount"]),
        (LINE, "Pillion", ["Implement rate"]),
        (0, f"{TOTAL + 1},{TOTAL + 3}Pillion", ["Refactor total"]),
    ],
)
def test_the_functions_actions_come_first(line: int, command: str, first: list[str], open_shop: OpenShop) -> None:
    rows = menu_at(open_shop(), line, command)
    last_action = max(rows.index(row) for row in rows if any(row.startswith(each) for each in first))
    assert all(any(row.startswith(each) for row in rows) for each in first)
    assert not [row for row in rows[: last_action + 1] if ":Pillion" in row], "a command stands above an action"
    assert sum("Ask" in row for row in rows) == 1
    assert rows[-1].startswith("More: ")


def test_more_leads_to_every_command(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.choose("More: ", "Show the log")
    menu_at(nvim, DISCOUNT)
    nvim.until(nvim.floats, lambda found: found and "Neovim's own log" in found[0])
    commands = nvim.lua("return vim.tbl_keys(vim.api.nvim_get_commands({}))")
    listed = {label.rpartition(":")[2] for label in nvim.offered()[-1]["labels"]}
    assert listed == {name for name in commands if name.startswith("Pillion") and name != "Pillion"}


def test_an_action_from_the_menu_runs(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = open_shop()
    nvim.choose("Explain discount")
    menu_at(nvim, DISCOUNT)
    nvim.until(nvim.floats, lambda found: found == ["It takes a percentage off."])


def test_what_there_is_nothing_to_do_for_is_not_in_it(open_shop: OpenShop) -> None:
    rows = menu_at(open_shop(), DISCOUNT)
    assert not [row for row in rows if any(word in row for word in ("Accept", "Undo", "Refused", "Cancel"))]


def test_where_there_is_no_server_the_commands_are_left(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("enew")
    assert menu_at(nvim, 0) == ["More: drafts, engines, the log, …"]


def test_it_opens_once_a_server_that_starts_is_there(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = open_shop()
    nvim.choose("Explain discount")
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionRestart")
    nvim.nvim.command("Pillion")
    assert nvim.notified() == ["Pillion is starting. This is done when it is ready."]
    assert nvim.offered() == []
    nvim.until(nvim.floats, lambda found: found == ["It takes a percentage off."])


def test_a_menu_from_before_a_restart_runs_on_the_new_server(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = open_shop()
    nvim.lua(RESTARTED)
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("Pillion")
    nvim.choose("Explain discount")
    nvim.until(lambda: nvim.lua("return menu_waits()"))
    nvim.nvim.command("PillionRestart")
    nvim.lua("chosen_late()")
    nvim.until(nvim.floats, lambda found: found == ["It takes a percentage off."])


@pytest.mark.parametrize("command", ["PillionExplain", "PillionAsk what is it for?"])
def test_commands_right_after_a_restart_are_done(command: str, open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = open_shop()
    nvim.nvim.command("PillionRestart")
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command(command)
    nvim.nvim.current.buffer.append("# typed", 0)  # the place moves along
    nvim.until(nvim.floats, lambda found: found == ["It takes a percentage off."])
    assert "discount" in small.log()[-1].prompt


def test_ask_is_one_step(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It **adds** all prices."))
    nvim = open_shop()
    nvim.go_to(TOTAL)
    nvim.lua("test.inputs = { ... }", "what is this for?")
    nvim.nvim.command("PillionAsk")
    nvim.until(nvim.floats, lambda found: found == ["It **adds** all prices."])
    assert nvim.offered() == []
    said = nvim.notified()[-1]
    assert "total on gpu1" in said
    assert said.endswith(" · :PillionAsk! has others")


def test_the_same_words_in_another_way(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    small.change(tokens_per_s=3)
    small.script(Rule("It adds all prices, one after the other, and that takes a while to say."))
    large.script(Rule(REFACTORED))
    nvim = open_shop()
    nvim.go_to(TOTAL)
    nvim.nvim.command("PillionAsk what is it?")
    nvim.until(small.log, lambda log: log and log[0].tokens_sent >= 2)
    nvim.choose("MODERATE: Change total")
    nvim.nvim.command("PillionAsk!")
    assert nvim.until(small.log, lambda log: log[0].ended != "open")[0].ended == "client_closed"
    prompt = nvim.until(large.log, lambda log: log)[0].prompt
    assert "what is it?" in prompt
    (menu,) = nvim.offered()
    assert menu["prompt"].startswith("Pillion about total: ")


def test_ask_from_the_menu_of_actions(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It adds all prices."))
    nvim = open_shop()
    nvim.lua("test.inputs = { ... }", "what is this for?")
    place = {"line": TOTAL, "character": 4}
    argument = {"uri": nvim.file.as_uri(), "range": {"start": place, "end": place}}
    nvim.lua(
        """
        local client = vim.lsp.get_clients({ name = "pillion" })[1]
        client:exec_cmd({ title = "Ask…", command = "pillion.ask", arguments = { ... } }, { bufnr = 0 })
        """,
        argument,
    )
    nvim.until(nvim.floats, lambda found: found == ["It adds all prices."])
    assert "total" in small.log()[0].prompt


def test_where_nothing_can_be_done_it_says_why(open_shop: OpenShop) -> None:
    """Neither the menu nor *Ask* leads to words that nothing can be done with."""
    why = "shop.py has 40,018 lines, and Pillion works on up to 40,000"
    nvim = open_shop(source=SOURCE + "# long\n" * 40_000)
    nvim.nvim.command("4 | Pillion")
    (menu,) = nvim.until(nvim.offered)
    assert menu["labels"] == ["More: drafts, engines, the log, …"]
    assert menu["prompt"].startswith(f"Pillion: {why}")
    nvim.lua("test.inputs = { ... }", "what is this for?")
    nvim.nvim.command("4 | PillionAsk")
    nvim.until(nvim.notified, lambda said: said[-1:] and said[-1].startswith(f"Pillion: {why}"))
    assert nvim.lua("return #test.inputs") == 1, "nobody was asked for words"


def test_what_is_asked_where_there_is_no_function_may_need_one(open_shop: OpenShop) -> None:
    nvim = open_shop()
    assert any(row.startswith("Ask") for row in menu_at(nvim, 0)), "a new file can be asked for anywhere"
    nvim.nvim.command("1 | PillionAsk what is this for?")
    why = "Pillion: There is no function or class at the cursor"
    nvim.until(nvim.notified, lambda said: said[-1:] and said[-1].startswith(why))

"""Answers in words, and what can be done from the windows that they are in."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.test_actions import DISCOUNT
from tests.editors.neovim.test_review import ALWAYS, on_offer, script
from tests.editors.neovim.test_screen import on_a_terminal, shows
from tests.support.rates import LINE

RULER_WIDTH = 18


@pytest.mark.parametrize(
    "answer",
    [
        "It takes a percentage off a price, and does that each time it is called, whatever it is called with.",
        "It is called:\n\n```python\ndiscount(100, 20)\ndiscount(100, 30)\ndiscount(100, 40)\n# and so on and on\n```",
    ],
    ids=["words", "in a block of code"],
)
def test_a_cancelled_answer_says_that_it_is_not_all(answer: str, open_shop: OpenShop, small: FakeEngine) -> None:
    small.change(tokens_per_s=6)
    small.script(Rule(answer))
    nvim = on_a_terminal(open_shop())
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionExplain")
    nvim.until(small.log, lambda log: log and log[0].tokens_sent >= 8)
    nvim.until(nvim.floats)
    nvim.nvim.command("PillionCancel")
    (text,) = nvim.until(nvim.floats, lambda found: found and "cancelled" in found[0])
    assert text.endswith("*(cancelled: this isn't all of it)*")
    assert text.count("```") % 2 == 0
    shows(nvim, "Explain discount (cancelled)", "(cancelled: this isn't all of it)")


@pytest.mark.parametrize("command", ["PillionAsk", "PillionAsk what else?", "PillionExplain", "Pillion"])
def test_from_a_window_of_its_own_the_document_is_meant(command: str, open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = open_shop()
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionExplain")
    nvim.until(nvim.floats)
    assert nvim.nvim.current.buffer.name.startswith("pillion://answer/")
    nvim.lua("test.inputs = { ... }", "what else?")
    nvim.choose("Explain discount")
    nvim.nvim.command(command)
    prompts = [each.prompt for each in nvim.until(small.log, lambda log: len(log) == 2)]
    assert "discount" in prompts[-1]
    assert ("what else?" in prompts[-1]) == ("Ask" in command)


def test_from_a_draft_too(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    nvim.nvim.current.window = on_offer(nvim)["window"]
    before = len(small.log())
    small.script(Rule("It is the rate."))
    nvim.nvim.command("PillionAsk what is it for?")
    assert "def rate" in nvim.until(small.log, lambda log: len(log) > before)[-1].prompt


def test_where_there_is_no_server_nobody_is_asked_for_words(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("enew")
    nvim.lua("test.inputs = { ... }", "what is this for?")
    nvim.nvim.command("PillionAsk")
    assert nvim.notified()[-1].startswith("Pillion isn't running for this file.")
    assert nvim.lua("return #test.inputs") == 1


def test_a_message_ends_before_the_ruler_of_a_float(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off."))
    nvim = on_a_terminal(open_shop())
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionExplain")
    shows(nvim, "q closes")
    nvim.lua("require('pillion.say').short(...)", "Pillion: " + "a word " * 20)
    shown = shows(nvim, "a word a word")[-1]
    assert "…" in shown[: 80 - RULER_WIDTH], shown


def test_the_engines_are_shown_without_marks_and_without_enter(open_shop: OpenShop) -> None:
    nvim = on_a_terminal(open_shop())
    nvim.nvim.command("PillionRestart")
    nvim.nvim.command("PillionEndpoints")
    screen = shows(nvim, "gpu0: ", "gpu1: ", "q closes")
    assert not [row for row in screen if "# gpu" in row or "**" in row]
    said = nvim.messages()
    assert said.index("Pillion is starting.") < said.index("Pillion asks each engine")

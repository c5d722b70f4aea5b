"""Why something didn't happen can be read on a terminal of 80 columns: the reason is what nobody knows yet."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import DESCRIBED, DISCOUNT, REFACTORED, TOTAL, written
from tests.editors.neovim.test_outcomes import BROKEN
from tests.editors.neovim.test_review import on_offer, script
from tests.editors.neovim.test_screen import COLUMNS, LONG, LONG_SOURCE, on_a_terminal, shows
from tests.support.rates import DANGEROUS, IMPLEMENTED, LINE
from tests.support.shop import SOURCE

GOOD = Rule('{"findings": []}')
CONFLICT = "you changed the code it would change"
NOT_COMPARED = "behaviour not compared: running is turned off (sandbox.enabled)"


def changed_meanwhile(nvim: Neovim, engine: FakeEngine, row: int, text: str) -> None:
    """While an action is worked on, the user changes a line that it would change."""
    nvim.until(engine.log, lambda log: log and log[0].tokens_sent >= 2)
    nvim.nvim.current.buffer[row] = text
    engine.change(tokens_per_s=0)


@pytest.mark.parametrize("source", [SOURCE, LONG_SOURCE], ids=["short names", "long names"])
def test_that_the_user_changed_the_code_is_said_in_full(
    source: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    small.script(GOOD)
    name = "rate" if source == SOURCE else f"rate_of_{LONG}"
    large.script(Rule(IMPLEMENTED.replace("rate", name, 1)))
    nvim = on_a_terminal(open_shop(source=source))
    large.change(tokens_per_s=8)
    nvim.act(LINE, "Implement rate")
    changed_meanwhile(nvim, large, LINE + 1, "    raise ValueError")
    on_offer(nvim)
    screen = shows(nvim, CONFLICT, "ga accepts")
    assert CONFLICT in screen[-1]
    nvim.nvim.command("echo ''")
    shows(nvim, f"it waits: {CONFLICT}")


def test_that_nobody_compared_is_said_in_full(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    small.script(GOOD)
    large.script(Rule(REFACTORED))
    nvim = on_a_terminal(open_shop())
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    assert shows(nvim, f"it waits: {NOT_COMPARED}")[-1] == NOT_COMPARED
    nvim.nvim.feedkeys("ga", "xt")
    assert not [row for row in shows(nvim, "applied: ") if "it waits" in row]


def test_a_reason_longer_than_a_line_can_be_read(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, DANGEROUS)
    nvim = on_a_terminal(open_shop())
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    shows(nvim, "it waits: the audit found: ", ":PillionFinding")
    nvim.nvim.command("PillionFinding")
    (read,) = nvim.until(nvim.floats)
    assert read.startswith("Implement rate waits: the audit found: ")
    assert "“eval” executes code that comes as data: check it before you keep it; “exec” executes code" in read


def test_the_reason_of_what_is_shown_in_place_takes_the_lines_it_needs(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule(DESCRIBED))
    nvim = on_a_terminal(open_shop(source=LONG_SOURCE))
    small.change(tokens_per_s=8)
    nvim.act(DISCOUNT, "Add a docstring")
    changed_meanwhile(nvim, small, DISCOUNT + 1, '    """Mine."""')
    shows(nvim, f"it waits: {CONFLICT}", "ga accepts · gR rejects")


def test_what_was_refused_says_why_before_what_was_asked(
    open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    small.script(GOOD)
    large.script(Rule(BROKEN))
    nvim = on_a_terminal(open_shop(source=LONG_SOURCE))
    nvim.act(LINE, "Implement rate")
    screen = shows(nvim, "refused: ", " :PillionRefused")
    assert screen[-1].startswith("Pillion: refused: the model's answer ")


@pytest.mark.parametrize("where", ["draft", "document"])
def test_what_is_found_in_a_draft_has_no_menu_yet(
    where: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = on_a_terminal(open_shop('{ review = "always" }'))
    nvim.act(LINE, "Implement rate")
    review = on_offer(nvim)
    nvim.until(lambda: nvim.diagnostics(review["buffer"]))
    if where == "draft":
        nvim.nvim.current.window = review["window"]
    nvim.nvim.command("PillionFinding")
    (text,) = nvim.until(nvim.floats)
    assert text.startswith("Draft, line ")
    assert text.endswith("ga accepts the draft; then gra on its line has it fixed or dismissed.")
    assert len(text.splitlines()[-1]) < COLUMNS
    assert nvim.text() == SOURCE


@pytest.mark.parametrize("settings", ["{}", '{ review = "always" }'])
def test_a_buffer_that_cannot_be_changed_is_said_and_the_draft_stays(
    settings: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = on_a_terminal(open_shop(settings))
    nvim.nvim.current.buffer.options["modifiable"] = False
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    nvim.nvim.command("echo ''")
    nvim.nvim.feedkeys("ga", "xt")
    nvim.until(nvim.screen, lambda screen: "this buffer can't be changed ('nomodifiable')" in screen[-1])
    shows(nvim, "1 to review")
    nvim.nvim.current.buffer.options["modifiable"] = True
    nvim.nvim.feedkeys("ga", "xt")
    nvim.until(nvim.text, lambda text: text == written())

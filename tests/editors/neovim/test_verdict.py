"""Several drafts at once in Neovim 0.11: which one accept and reject mean."""

from typing import NamedTuple

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim, waits
from tests.editors.neovim.test_actions import REFACTORED, TOTAL
from tests.editors.neovim.test_review import ALWAYS, AS_BEFORE, WINDOW
from tests.support.rates import IMPLEMENTED, LINE
from tests.support.shop import SOURCE

REWRITTEN, WRITTEN = "sum(prices)", "base = 0.19"


class Case(NamedTuple):
    """Where the cursor is, what is chosen if the user is asked, and the draft that was meant."""

    line: int = 0
    window: str = ""
    choice: str = ""
    meant: str = ""
    asked: bool = False


CASES = {
    "at one, in the document": Case(line=TOTAL + 1, meant=REWRITTEN),
    "at the other, in the document": Case(line=LINE, meant=WRITTEN),
    "in a draft's window": Case(window=REWRITTEN, meant=REWRITTEN),
    "at none: asked": Case(choice="Pillion: Refactor total in shop.py", meant=REWRITTEN, asked=True),
    "at none: asked, and no answer": Case(asked=True),
}


def on_offer(nvim: Neovim) -> list[str]:
    """What the drafts that wait for the user have in them."""
    texts = [each["text"] for each in nvim.reviews() if waits(each)]
    return [each for each in (REWRITTEN, WRITTEN) if any(each in text for text in texts)]


def both_on_offer(nvim: Neovim, large: FakeEngine, small: FakeEngine) -> None:
    """Two drafts for the same document, both complete."""
    small.script(Rule('{"findings": []}'))
    large.script(Rule(REFACTORED))
    nvim.act(TOTAL, "Refactor total")
    nvim.until(lambda: on_offer(nvim), lambda found: found == [REWRITTEN])
    large.script(Rule(IMPLEMENTED))
    nvim.act(LINE, "Implement rate")
    nvim.until(lambda: on_offer(nvim), lambda found: found == [REWRITTEN, WRITTEN])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_draft_at_the_cursor_is_meant(
    case: Case, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    nvim = open_shop(ALWAYS)
    own = nvim.nvim.current.window.handle
    both_on_offer(nvim, large, small)
    if case.window:
        (window,) = [each["window"] for each in nvim.reviews() if case.window in each["text"]]
        nvim.nvim.current.window = window
    else:
        nvim.go_to(case.line)
    before = len(nvim.offered())
    nvim.choose(case.choice or "none of them")
    nvim.nvim.command("PillionAccept")
    if case.meant:
        nvim.until(nvim.reviews, lambda found: len(found) == 1)
        assert [each for each in (REWRITTEN, WRITTEN) if each in nvim.text()] == [case.meant]
    assert (len(nvim.offered()) > before) == case.asked
    assert case.meant or (nvim.text(), len(nvim.reviews())) == (SOURCE, 2)
    nvim.nvim.current.window = own
    assert nvim.lua(WINDOW, own)[0], "the other draft is still on screen"


def test_the_only_one_is_meant_and_the_window_is_as_before(
    open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    nvim = open_shop(ALWAYS)
    own = nvim.nvim.current.window.handle
    both_on_offer(nvim, large, small)
    nvim.go_to(TOTAL)
    nvim.nvim.command("PillionReject")
    nvim.until(nvim.reviews, lambda found: len(found) == 1)
    nvim.nvim.command("new")  # far from both
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: WRITTEN in text)
    nvim.until(nvim.reviews, lambda found: found == [])
    assert nvim.lua(WINDOW, own) == AS_BEFORE
    nvim.nvim.command("PillionAccept")
    assert nvim.notified()[-1].startswith("Pillion has no draft to decide on.")

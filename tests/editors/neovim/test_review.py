"""Reviews in Neovim 0.11: a draft beside the original, and what becomes of it."""

from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim, waits
from tests.editors.neovim.test_actions import REFACTORED, TOTAL, written
from tests.support.rates import CUT, CUT_MESSAGE, DANGEROUS, EVAL_MESSAGE, FINDINGS, IMPLEMENTED, LINE
from tests.support.shop import SOURCE

ALWAYS = '{ review = "always" }'
WINDOW = """
    local window = ...
    local found = vim.tbl_map(function(name)
      return vim.wo[window][name]
    end, { "diff", "scrollbind", "cursorbind", "wrap", "foldmethod", "foldenable", "winbar" })
    vim.api.nvim_win_call(window, function()
      for line = 1, vim.fn.line("$") do
        if vim.fn.foldlevel(line) > 0 then
          return table.insert(found, ("line %d is in a fold"):format(line))
        end
      end
    end)
    return found
"""
AS_BEFORE = [False, False, False, True, "manual", True, ""]


def script(large: FakeEngine, small: FakeEngine, draft: str = IMPLEMENTED, tokens_per_s: float = 0) -> None:
    """What the engines answer when `rate` is implemented."""
    large.change(tokens_per_s=tokens_per_s)
    large.script(Rule(draft))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))


def on_offer(nvim: Neovim) -> dict[str, Any]:
    """The review, once the draft waits for the user."""
    found = nvim.until(nvim.review, waits)
    assert found is not None
    return found


def test_draft_streams_into_a_diff_and_is_accepted(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, tokens_per_s=8)
    nvim = open_shop(ALWAYS)
    own = nvim.nvim.current.window.handle
    nvim.act(LINE, "Implement rate")
    partly = nvim.until(nvim.review, lambda review: review and "base = 0.19" in review["text"])
    assert partly is not None
    assert "return base" not in partly["text"]
    assert (partly["modifiable"], partly["diff"]) == (False, True)
    assert "gpu0" in partly["winbar"]
    assert nvim.nvim.current.window.handle == own, "the cursor was taken away"
    complete = on_offer(nvim)
    assert nvim.until(nvim.review, lambda review: review and review["text"] == written())
    assert CUT_MESSAGE in nvim.until(lambda: nvim.diagnostics(complete["buffer"]))
    assert nvim.text() == SOURCE
    assert nvim.status().startswith("pillion: 1 to review (")
    nvim.nvim.current.window = complete["window"]
    nvim.nvim.feedkeys("ga", "xt")
    nvim.until(nvim.text, lambda text: text == written())
    nvim.until(nvim.review, lambda review: review is None)
    assert nvim.lua(WINDOW, own) == AS_BEFORE
    assert nvim.status() == "pillion ✓"


@pytest.mark.parametrize("how", ["key", "command"])
def test_rejecting_leaves_everything_as_it_was(
    how: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.nvim.command("set diffopt-=closeoff")  # by itself, Neovim ends a diff with one side
    own = nvim.nvim.current.window.handle
    before = (nvim.lua("return vim.b.changedtick"), nvim.lua(WINDOW, own), nvim.file.read_bytes())
    nvim.act(LINE, "Implement rate")
    review = on_offer(nvim)
    if how == "key":
        nvim.nvim.current.window = review["window"]
        nvim.nvim.feedkeys("gR", "xt")
    else:
        nvim.nvim.command("PillionReject")
    nvim.until(nvim.review, lambda review: review is None)
    assert nvim.text() == SOURCE
    nvim.nvim.current.window = own
    assert (nvim.lua("return vim.b.changedtick"), nvim.lua(WINDOW, own), nvim.file.read_bytes()) == before
    assert nvim.status() == "pillion ✓"


def test_an_edit_with_an_error_is_offered(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, DANGEROUS)
    nvim = open_shop()
    nvim.act(LINE, "Implement rate")
    review = on_offer(nvim)
    assert "Implement rate" in review["winbar"]
    assert any("“eval” executes code" in each for each in nvim.until(nvim.notified))
    assert EVAL_MESSAGE in nvim.until(lambda: nvim.diagnostics(review["buffer"]))
    assert nvim.text() == SOURCE
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: 'eval("0.19")' in text)


def test_rejecting_a_draft_that_streams_cancels_it(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, IMPLEMENTED * 20, tokens_per_s=5)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.review)
    nvim.until(large.log, lambda log: log and log[0].tokens_sent >= 2)
    nvim.nvim.command("PillionReject")
    nvim.until(nvim.review, lambda review: review is None)
    log = nvim.until(large.log, lambda log: log[0].ended != "open")
    assert log[0].ended == "client_closed"
    assert nvim.text() == SOURCE


def test_closing_leaves_the_draft_on_offer(
    open_shop: OpenShop, large: FakeEngine, small: FakeEngine, tmp_path: Path
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    own = nvim.nvim.current.window.handle
    nvim.act(LINE, "Implement rate")
    review = on_offer(nvim)
    nvim.nvim.current.window = review["window"]
    nvim.nvim.feedkeys("q", "xt")
    nvim.until(nvim.review, lambda review: review is None)
    assert nvim.lua(WINDOW, own) == AS_BEFORE
    assert nvim.status().startswith("pillion: 1 to review (")
    (tmp_path / "elsewhere.txt").write_text("no code\n")
    nvim.nvim.command(f"edit {tmp_path / 'elsewhere.txt'}")
    nvim.choose("on offer: Pillion: Implement rate")
    nvim.nvim.command("PillionDrafts")
    assert on_offer(nvim)
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == written())


def test_typing_during_a_review_is_kept(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    nvim.go_to(0)
    nvim.nvim.feedkeys("O# typed\x1b", "xt")
    expected = "# typed\n" + written()
    nvim.until(nvim.review, lambda review: review and review["text"] == expected)
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == expected)


def test_never_applies_whatever_was_found(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, DANGEROUS)
    nvim = open_shop('{ review = "never" }')
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.text, lambda text: 'eval("0.19")' in text)
    assert nvim.review() is None
    assert EVAL_MESSAGE in nvim.until(nvim.diagnostics)


@pytest.mark.parametrize("settings", ["{}", ALWAYS])
def test_a_refused_draft_says_why(settings: str, open_shop: OpenShop, large: FakeEngine) -> None:
    large.script(Rule("```python\ndef total(prices:\n```"))
    nvim = open_shop(settings)
    nvim.act(TOTAL, "Refactor total")
    said = nvim.until(nvim.notified)
    assert said[0].startswith("Pillion: Refactor total: refused: ")
    assert said[0].endswith(" :PillionRefused")
    assert nvim.text() == SOURCE
    nvim.choose("kept: ", "Read it")
    nvim.nvim.command("PillionDrafts")
    nvim.until(nvim.floats, lambda found: any("def total(prices:" in each for each in found))


def test_a_review_on_screen_needs_no_words(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    assert nvim.notified() == []
    nvim.nvim.command("PillionReject")
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    nvim.until(nvim.notified, lambda said: said == ["Pillion: Implement rate: rejected; nothing was changed"])


def test_why_a_refactoring_waits_is_said(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    """Who didn't ask to review every edit doesn't know it."""
    small.script(Rule('{"findings": []}'))
    large.script(Rule(REFACTORED))
    nvim = open_shop()
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    (said,) = nvim.until(nvim.notified)
    assert said == "Pillion: Refactor total: behaviour not compared: running is turned off (sandbox.enabled)"
    assert nvim.text() == SOURCE


@pytest.mark.parametrize("elsewhere", [("enew", "buffer shop.py"), ("tabnew", "tabprevious")])
def test_a_draft_for_a_document_out_of_sight_waits_for_it(
    elsewhere: tuple[str, str], open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    leave, come_back = elsewhere
    script(large, small, tokens_per_s=30)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    nvim.nvim.command(leave)
    (said,) = nvim.until(nvim.notified)
    assert said == "Pillion: Implement rate: it waits: you review every edit · :PillionDrafts"
    assert nvim.review() is None
    nvim.nvim.command(come_back)
    review = on_offer(nvim)
    nvim.nvim.current.window = review["window"]
    nvim.nvim.feedkeys("q", "xt")
    nvim.until(nvim.review, lambda review: review is None)
    nvim.nvim.command("split")
    nvim.nvim.command("enew")
    nvim.nvim.command("buffer shop.py")
    nvim.lua("vim.wait(300)")
    assert nvim.review() is None, "who has put it off isn't shown it again"


IN_TWO_PLACES = """```python
def total(prices):
    result = 0.0
    for price in prices:
        result = result + price
    return round(result)
```"""
FIRST, SECOND = ("result = 0\n", "result = 0.0\n"), ("return result\n", "return round(result)\n")


@pytest.mark.parametrize("where", ["draft", "document"])
def test_each_change_is_decided_where_the_cursor_is(
    where: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small, IN_TWO_PLACES)
    nvim = open_shop(ALWAYS)
    own = nvim.nvim.current.window
    nvim.act(TOTAL, "Refactor total")
    review = on_offer(nvim)
    nvim.until(lambda: nvim.review() or {}, lambda found: "ga accepts all 2" in found.get("winbar", ""))
    if where == "draft":
        nvim.nvim.current.window = review["window"]
    line = SOURCE[: SOURCE.index(FIRST[0])].count("\n")
    nvim.go_to(line, 4)
    nvim.until(lambda: nvim.review() or {}, lambda found: "ga accepts 1 of 2 · gR rejects it" in found["winbar"])
    nvim.nvim.feedkeys("ga", "xt")
    accepted = SOURCE.replace(*FIRST)
    nvim.until(nvim.text, lambda text: text == accepted)
    assert nvim.review() is not None, "the other change is still on offer"
    nvim.until(lambda: nvim.review() or {}, lambda found: "ga accepts · gR rejects" in found.get("winbar", ""))
    nvim.nvim.feedkeys("gR", "xt")
    nvim.until(nvim.review, lambda found: found is None)
    assert nvim.text() == accepted
    nvim.nvim.current.window = own
    nvim.nvim.command("undo")
    assert nvim.text() == SOURCE, "one step takes it back"


def test_a_rejected_change_leaves_the_draft(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, IN_TWO_PLACES)
    nvim = open_shop(ALWAYS)
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    nvim.until(lambda: nvim.review() or {}, lambda found: "ga accepts all 2" in found.get("winbar", ""))
    nvim.go_to(SOURCE[: SOURCE.index(SECOND[0])].count("\n"), 4)
    nvim.nvim.feedkeys("gR", "xt")
    nvim.until(lambda: nvim.review() or {}, lambda found: found.get("text") == SOURCE.replace(*FIRST))
    assert nvim.text() == SOURCE
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == SOURCE.replace(*FIRST))


def test_a_draft_is_made_again_with_a_word(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, IN_TWO_PLACES)
    nvim = open_shop(ALWAYS)
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    large.script(Rule(REFACTORED, match_last="the user wants it otherwise: use sum"))
    nvim.nvim.command("PillionAgain use sum")
    nvim.until(lambda: nvim.review() or {}, lambda found: "sum(" in found.get("text", "") and waits(found))
    assert nvim.text() == SOURCE


def test_another_file_is_shown_below_the_document(open_shop: OpenShop, large: FakeEngine) -> None:
    large.script(Rule("```python\ndef test_total():\n    assert total([1]) == 1\n```"))
    nvim = open_shop()
    nvim.act(TOTAL, "Write tests for total")
    on_offer(nvim)
    found = nvim.until(nvim.review, lambda review: review and "def test_total" in review["text"])
    assert found is not None
    assert found["text"].startswith(SOURCE)
    assert "test_shop.py ──\nfrom shop import total\n\n\ndef test_total():\n" in found["text"]
    assert nvim.text() == SOURCE

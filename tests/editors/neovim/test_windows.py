"""What the user does with windows while a draft is on screen in Neovim 0.11, and where a draft can't be shown."""

import pytest

from pillion.fake_engine.process import FakeEngine
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import written
from tests.editors.neovim.test_review import ALWAYS, AS_BEFORE, WINDOW, on_offer, script
from tests.support.rates import LINE

WINDOWS = """
    return vim.tbl_map(function(window)
      return vim.fs.basename(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window)))
    end, vim.api.nvim_list_wins())
"""
DRAFTS = """
    return #vim.tbl_filter(function(bufnr)
      return vim.api.nvim_buf_get_name(bufnr):find("pillion://draft/", 1, true) ~= nil
    end, vim.api.nvim_list_bufs())
"""
# What comes before the action so that there is no place for a window beside the document, and what makes one.
NO_PLACE = {
    "the document floats": (
        """
        local bufnr = vim.api.nvim_get_current_buf()
        vim.cmd.enew()
        local place = { relative = "editor", row = 1, col = 1, width = 60, height = 20 }
        vim.api.nvim_open_win(bufnr, true, place)
        """,
        "",
    ),
    "too narrow": ("vim.o.winwidth = 90; vim.o.winminwidth = 90", "vim.o.winminwidth = 1"),
}


def reviewed(nvim: Neovim) -> int:
    """Has a draft on offer, with the cursor in the document; that one's window."""
    own = int(nvim.nvim.current.window.handle)
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    return own


def shows(nvim: Neovim) -> list[str]:
    """The files and drafts on screen, by name."""
    return list(nvim.lua(WINDOWS))


@pytest.mark.parametrize("other_windows", [False, True])
def test_another_file_in_the_documents_window_ends_the_review(
    other_windows: bool, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    if other_windows:
        nvim.nvim.command("split")
    own = reviewed(nvim)
    nvim.nvim.command("edit other.txt")
    nvim.until(nvim.review, lambda review: review is None)
    assert nvim.lua(WINDOW, own) == AS_BEFORE
    nvim.nvim.command("buffer shop.py")
    if not other_windows:  # then it was out of sight, and is shown again
        on_offer(nvim)
        nvim.nvim.command("PillionReject")
        nvim.until(nvim.review, lambda review: review is None)
    assert nvim.lua(WINDOW, own) == AS_BEFORE
    assert "other.txt" not in shows(nvim)


def test_another_file_in_the_drafts_window(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    own = reviewed(nvim)
    review = on_offer(nvim)
    nvim.nvim.current.window = review["window"]
    nvim.nvim.command("silent! edit other.txt")
    assert shows(nvim) == ["shop.py", "shop.py"], "the draft's name ends in the document's"
    nvim.nvim.command("edit! other.txt")
    nvim.until(lambda: nvim.lua(WINDOW, own), lambda found: found == AS_BEFORE)
    assert nvim.lua(WINDOW, review["window"]) == AS_BEFORE
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == written())
    assert shows(nvim) == ["shop.py", "other.txt"]
    assert "rror" not in nvim.messages()


@pytest.mark.parametrize("leave", [":quit\r", ":wq\r", "ZZ"])
def test_a_draft_is_never_the_last_window(
    leave: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    reviewed(nvim)
    nvim.nvim.feedkeys(leave, "xt")
    nvim.until(nvim.review, lambda review: review is None)
    assert shows(nvim) == ["shop.py"]
    assert nvim.lua(WINDOW, nvim.nvim.current.window.handle) == AS_BEFORE
    assert nvim.status() == "pillion: 1 to review (:PillionDrafts)"
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == written())


@pytest.mark.parametrize(("before", "after"), NO_PLACE.values(), ids=NO_PLACE.keys())
def test_without_a_place_for_a_draft(
    before: str, after: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.lua(before)
    nvim.act(LINE, "Implement rate")
    said = nvim.until(nvim.notified, lambda said: said and said[-1].endswith(" · :PillionDrafts"))
    assert sum("there is no room to show the draft" in each for each in said) == bool(after)
    assert (nvim.lua(DRAFTS), "rror" in nvim.messages()) == (0, False)
    nvim.lua(after)
    nvim.choose("on offer: Pillion: Implement rate")
    nvim.nvim.command("PillionDrafts")
    on_offer(nvim)
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: text == written())


def test_keys_are_named_where_they_work(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    own = reviewed(nvim)
    review = on_offer(nvim)
    for window, leaves in ((review["window"], True), (own, False)):
        nvim.nvim.current.window = window
        bar = on_offer(nvim)["winbar"]
        assert bar.startswith("ga accepts · gR rejects")
        assert ("q leaves it" in bar) == leaves
    nvim.nvim.feedkeys("ga", "xt")  # in the document
    nvim.until(nvim.text, lambda text: text == written())


def test_the_users_folds_stay(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    scrolls = nvim.nvim.options["scrollopt"]
    nvim.nvim.command("4,5fold")
    reviewed(nvim)
    assert nvim.nvim.funcs.foldclosed(4) == -1, "a review shows all"
    nvim.nvim.command("PillionReject")
    nvim.until(nvim.review, lambda review: review is None)
    assert [nvim.nvim.funcs.foldclosed(line) for line in (3, 4, 5, 6)] == [-1, 4, 4, -1]
    nvim.nvim.command("enew")
    assert nvim.lua("return { vim.wo.foldenable, vim.o.scrollopt }") == [True, scrolls]

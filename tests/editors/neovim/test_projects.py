"""Two projects in one Neovim 0.11: each has a server of its own, and a job stays with the one that runs it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import REFACTORED, TOTAL
from tests.editors.neovim.test_review import ALWAYS, on_offer
from tests.support.rates import IMPLEMENTED, LINE
from tests.support.shop import SOURCE


class Both(NamedTuple):
    """The editor, and each project's server."""

    nvim: Neovim
    pids: dict[str, int]


OpenBoth = Callable[[], Both]


def servers(nvim: Neovim) -> set[int]:
    """The process ids of the servers, which are Neovim's only children."""
    return set(nvim.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())"))


def visit(nvim: Neovim, file: Path) -> None:
    """Goes to a file and waits for its server."""
    nvim.nvim.command(f"edit {file}")
    nvim.file = file
    nvim.ready()


@pytest.fixture
def open_both(open_shop: OpenShop, tmp_path: Path, large: FakeEngine, small: FakeEngine) -> OpenBoth:
    """Opens a shop in each of two projects, a and b; b's is on screen."""

    def start() -> Both:
        for name in ("a", "b"):
            (tmp_path / name / ".git").mkdir(parents=True)
            (tmp_path / name / "shop.py").write_text(SOURCE)
        large.script(Rule(REFACTORED))
        small.script(Rule('{"findings": []}'))
        nvim = open_shop(ALWAYS, name="a/shop.py")
        (first,) = servers(nvim)
        visit(nvim, tmp_path / "b" / "shop.py")
        (second,) = servers(nvim) - {first}
        return Both(nvim, {"a": first, "b": second})

    return start


@pytest.mark.parametrize(("key", "applied"), [("ga", True), ("gR", False)])
def test_a_drafts_keys_reach_its_own_server(key: str, applied: bool, open_both: OpenBoth) -> None:
    nvim, _ = open_both()
    nvim.act(TOTAL, "Refactor total")
    review = on_offer(nvim)
    nvim.nvim.current.window = review["window"]
    nvim.nvim.feedkeys(key, "xt")
    nvim.until(nvim.reviews, lambda found: found == [])
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    assert ("sum(prices)" in nvim.text()) == applied
    expected = ("behaviour not compared", "applied: ", "rejected; ")
    assert [said for said in nvim.notified() if not any(words in said for words in expected)] == []


def test_lists_and_cancel_are_for_both(open_both: OpenBoth, tmp_path: Path, large: FakeEngine) -> None:
    nvim, _ = open_both()
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    visit(nvim, tmp_path / "a" / "shop.py")
    nvim.nvim.command("PillionDrafts")
    labels = nvim.until(nvim.offered, lambda found: len(found) == 2)[1]["labels"]
    assert labels[0] == "on offer: Pillion: Refactor total"
    nvim.nvim.command("PillionEndpoints")
    (text,) = nvim.until(nvim.floats)
    assert [line for line in text.splitlines() if line in {str(tmp_path / "a"), str(tmp_path / "b")}]
    assert text.count("**gpu0: ") == 2
    nvim.nvim.feedkeys("q", "xt")

    large.change(tokens_per_s=5)
    large.script(Rule(IMPLEMENTED * 20))
    nvim.act(LINE, "Implement rate")
    nvim.until(large.log, lambda log: log[-1].tokens_sent >= 2 and log[-1].ended == "open")
    visit(nvim, tmp_path / "b" / "shop.py")
    nvim.nvim.command("PillionCancel")
    assert nvim.until(large.log, lambda log: log[-1].ended != "open")[-1].ended == "client_closed"


def test_a_server_that_ends_takes_only_its_own_jobs_along(open_both: OpenBoth, tmp_path: Path) -> None:
    nvim, pids = open_both()
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)
    nvim.nvim.command("split")
    visit(nvim, tmp_path / "a" / "shop.py")
    os.kill(pids["a"], signal.SIGKILL)
    nvim.until(nvim.status, lambda status: status == "pillion is starting again")
    nvim.until(lambda: servers(nvim), lambda now: len(now) == 2 and pids["a"] not in now)
    nvim.ready()
    assert "to review" in nvim.status()
    visit(nvim, tmp_path / "b" / "shop.py")
    nvim.nvim.command("PillionAccept")
    nvim.until(nvim.text, lambda text: "sum(prices)" in text)


def test_restart_is_for_both(open_both: OpenBoth, large: FakeEngine) -> None:
    nvim, pids = open_both()
    before = set(pids.values())
    os.kill(pids["b"], signal.SIGSTOP)  # it ends long after the other has started again
    try:
        nvim.nvim.command("PillionRestart")
        nvim.until(lambda: servers(nvim), lambda now: len(now - before) == 2 and pids["a"] not in now)
    finally:
        os.kill(pids["b"], signal.SIGCONT)
    nvim.until(lambda: servers(nvim), lambda now: len(now) == 2 and not now & before)
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    assert nvim.notified() == []
    nvim.ready()
    nvim.act(TOTAL, "Refactor total")
    on_offer(nvim)

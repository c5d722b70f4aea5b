"""The session in Neovim 0.11: status, endpoints that go and come back, a server that ends, questions, lists."""

import os
import signal
import sys
from pathlib import Path

import pytest

from pillion import __version__
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.conftest import two_gpus_toml, write_config
from tests.editors.engines import Cable
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import DISCOUNT, REFACTORED, TOTAL
from tests.support.rates import IMPLEMENTED, LINE
from tests.support.shop import SOURCE

# The server itself, which hangs when it gets a signal.
HANGS = """
import signal, sys, time
from pillion.cli import main
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(600))
sys.exit(main())
"""


def server_pid(nvim: Neovim) -> int:
    """The process id of the server, a child of Neovim."""
    code = """
        for _, pid in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
          return pid
        end
    """
    return int(nvim.until(lambda: nvim.lua(code) or 0))


def works(nvim: Neovim, large: FakeEngine) -> None:
    """A whole job, from the menu to the edit."""
    large.script(Rule(IMPLEMENTED))
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.text, lambda text: "base = 0.19" in text)


def test_status_goes_through_its_states(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    large.change(tokens_per_s=10)
    large.script(Rule(IMPLEMENTED))
    small.change(tokens_per_s=20)
    small.script(Rule('{"findings": []}'))
    nvim = open_shop()
    assert nvim.until(nvim.status) == "pillion ✓"
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.status, lambda status: status.startswith("pillion: drafting on gpu0 · ") and "gpu1 " in status)
    shown = nvim.lua("return vim.api.nvim_eval_statusline(vim.o.statusline, {}).str")
    assert "gpu0" in shown
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    assert "base = 0.19" in nvim.text()


@pytest.mark.usefixtures("applied_at_once")
def test_progress_is_echoed(open_shop: OpenShop, small: FakeEngine) -> None:
    small.change(tokens_per_s=8)
    small.script(Rule("It takes a percentage off a price and gives the rest back."))
    nvim = open_shop()
    nvim.lua(
        "echoed = {}; local echo = vim.api.nvim_echo; vim.api.nvim_echo = function(chunks, ...) table.insert(echoed, chunks[1][1]); echo(chunks, ...) end"
    )
    nvim.act(DISCOUNT, "Explain discount")
    nvim.until(nvim.floats, lambda found: found and found[0].endswith("gives the rest back."))
    nvim.until(lambda: nvim.lua("return echoed[#echoed]"), lambda last: last == "")
    echoed = nvim.lua("return echoed")
    assert any("drafting on gpu1" in line and "tokens/s" in line for line in echoed), echoed
    assert max(map(len, echoed)) <= 145


def test_what_is_said_fits_on_a_line_and_the_log_has_all(open_shop: OpenShop, large: FakeEngine) -> None:
    large.script(Rule("```python\ndef total(prices:\n```"))
    nvim = open_shop()
    nvim.lua("vim.o.columns, vim.o.laststatus = 120, 0")
    room = nvim.nvim.eval("v:echospace")
    nvim.act(TOTAL, "Refactor total")
    (said,) = nvim.until(nvim.notified)
    assert len(said) <= room
    assert said.startswith("refused: the model's answer "), "the reason has the room"
    assert said.endswith(" :PillionRefused")
    whole = "Pillion: the draft is in\n" + "/a/folder" * 20
    nvim.lua("require('pillion.say').from_server({ type = 2, message = ... })", whole)
    (shown,) = [line for line in nvim.messages().splitlines() if "the draft is in" in line]
    assert shown.startswith("Pillion: the draft is in /a/folder")
    assert len(shown) <= room
    logged = nvim.lua("return table.concat(require('pillion.log').lines, '\\n')")
    assert whole in logged
    assert "…" not in logged


def test_endpoint_goes_down_and_comes_back(
    open_shop: OpenShop, tmp_path: Path, large: FakeEngine, small: FakeEngine
) -> None:
    with Cable(large.url) as cable:
        nvim = open_shop(config=write_config(tmp_path, two_gpus_toml(cable.url, small.url)))
        cable.pull()
        nvim.act(TOTAL, "Refactor total")
        nvim.until(nvim.status, lambda status: status == "pillion: gpu0 is down")
        assert nvim.text() == SOURCE
        nvim.nvim.command("PillionEndpoints")
        nvim.until(nvim.floats, lambda found: any("gpu0: down" in each for each in found))
        nvim.nvim.feedkeys("q", "xt")
        nvim.until(nvim.floats, lambda found: found == [])
        cable.plug_in()
        nvim.until(nvim.status, lambda status: status == "pillion ✓")
        works(nvim, large)


def test_crashed_server_starts_again_and_says_so_once(open_shop: OpenShop, large: FakeEngine) -> None:
    nvim = open_shop()
    for _ in range(2):
        os.kill(server_pid(nvim), signal.SIGKILL)
        nvim.until(nvim.status, lambda status: status == "pillion is starting again")
        nvim.ready()
    assert sum("is started again" in each for each in nvim.notified()) == 1
    works(nvim, large)


def test_crash_in_mid_draft_ends_the_job(open_shop: OpenShop, large: FakeEngine) -> None:
    large.change(tokens_per_s=5)
    large.script(Rule(IMPLEMENTED * 20))
    nvim = open_shop('{ review = "always" }')
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.review)
    nvim.until(large.log, lambda log: log and log[0].tokens_sent >= 2)
    os.kill(server_pid(nvim), signal.SIGKILL)
    nvim.until(nvim.review, lambda review: review is None)
    nvim.until(large.log, lambda log: log[0].ended == "client_closed")
    assert nvim.text() == SOURCE


def test_server_that_always_ends_is_given_up(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.lua("""
        local ended = vim.fn.exepath("false")
        vim.lsp.config("pillion", { cmd = { ended } })
        vim.defer_fn = (function(defer)
          return function(run, wait_ms)
            return defer(run, math.min(wait_ms, 50))
          end
        end)(vim.defer_fn)
    """)
    os.kill(server_pid(nvim), signal.SIGKILL)
    nvim.until(nvim.status, lambda status: status == "pillion isn't running")
    assert sum("again and again" in each for each in nvim.notified()) == 1


def test_restart(open_shop: OpenShop, large: FakeEngine) -> None:
    nvim = open_shop()
    before = server_pid(nvim)
    nvim.nvim.command("PillionRestart")
    nvim.until(
        lambda: nvim.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())"),
        lambda pids: pids and before not in pids,
    )
    nvim.ready()
    assert nvim.notified() == []
    works(nvim, large)


def test_restart_ends_a_server_that_hangs(open_shop: OpenShop) -> None:
    nvim = open_shop(f"{{ cmd = {{ [[{sys.executable}]], '-P', '-c', [[{HANGS}]], 'serve', '--stdio' }} }}")
    before = server_pid(nvim)
    os.kill(before, signal.SIGUSR1)
    nvim.nvim.command("PillionRestart")
    nvim.until(
        lambda: nvim.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())"),
        lambda pids: pids and before not in pids,
    )
    nvim.ready()
    # Neither of a crash, nor, by Neovim itself, of an exit code.
    assert nvim.notified() == []


@pytest.mark.parametrize("how", ["words", "input", "range"])
def test_ask_for_the_choice(how: str, open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("It **adds** all prices."))
    nvim = open_shop()
    nvim.go_to(0 if how == "range" else TOTAL)
    nvim.choose("SIMPLE: ")
    nvim.lua("test.inputs = { ... }", "what is this for?")
    commands = {
        "words": "PillionAsk! what is this for?",
        "input": "PillionAsk!",
        "range": f"{TOTAL + 1},{TOTAL + 5}PillionAsk!",
    }
    nvim.nvim.command(commands[how])
    nvim.until(nvim.floats, lambda found: found == ["It **adds** all prices."])
    (menu,) = nvim.offered()
    assert menu["prompt"].startswith("Pillion about total: ")
    assert menu["labels"][0].startswith("SIMPLE: ")
    assert menu["labels"][0].endswith("on gpu1 (small)")
    assert "what is this for?" in small.log()[0].prompt
    nvim.nvim.feedkeys("q", "xt")
    nvim.until(nvim.floats, lambda found: found == [])


def test_ask_on_another_tier_edits(open_shop: OpenShop, large: FakeEngine) -> None:
    large.script(Rule(REFACTORED))
    nvim = open_shop()
    nvim.go_to(TOTAL)
    nvim.choose("MODERATE: Change total")
    nvim.nvim.command("PillionAsk! use the builtin")
    nvim.until(nvim.text, lambda text: "sum(prices)" in text)
    assert "use the builtin" in large.log()[0].prompt


def test_explain_streams_into_a_window(open_shop: OpenShop, small: FakeEngine) -> None:
    small.change(tokens_per_s=5)
    small.script(Rule("It takes a percentage off a price and gives the rest back."))
    nvim = open_shop()
    nvim.go_to(DISCOUNT)
    nvim.nvim.command("PillionExplain")
    partly = nvim.until(nvim.floats)
    assert "the rest back" not in partly[0]
    nvim.until(nvim.floats, lambda found: found and found[0].endswith("gives the rest back."))
    assert nvim.lua("return { vim.bo.modifiable, vim.bo.filetype }") == [False, ""]
    nvim.nvim.feedkeys("q", "xt")
    nvim.until(nvim.floats, lambda found: found == [])
    assert nvim.text() == SOURCE


def test_health(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("checkhealth pillion")
    report = "\n".join(nvim.nvim.current.buffer[:])
    assert "The server is /" in report
    assert "It runs for files of no project; it has 1 file." in report
    assert "ERROR" not in report
    assert "gpu0 (large) is idle: first for moderate, complex" in report
    assert "gpu1 (small) is idle: first for simple, audit, hover" in report
    assert "what Neovim has of Pillion" not in report
    nvim.lua("require('pillion').VERSION = '0.0.1'")
    nvim.nvim.command("checkhealth pillion")
    report = "\n".join(nvim.nvim.current.buffer[:])
    assert f"The server is version {__version__}, and what Neovim has of Pillion is 0.0.1." in report


def test_drafts_without_any(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("PillionDrafts")
    nvim.until(nvim.notified, lambda said: said == ["Pillion has no drafts."])


def test_a_file_of_another_language_has_no_server(open_shop: OpenShop, tmp_path: Path) -> None:
    nvim = open_shop()
    (tmp_path / "notes.txt").write_text("words\n")
    nvim.nvim.command(f"edit {tmp_path / 'notes.txt'}")
    nvim.nvim.command("PillionExplain")
    assert nvim.notified() == ["Pillion isn't running for this file. :checkhealth pillion says why."]
    nvim.nvim.command("PillionRestart")  # not even while the other's server starts
    nvim.nvim.command("PillionExplain")
    assert nvim.notified() == ["Pillion isn't running for this file. :checkhealth pillion says why."] * 2

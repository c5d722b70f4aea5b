"""What became of a draft in Neovim 0.11: applied and taken back, refused and tried again, small and shown in place."""

from typing import NamedTuple

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import DESCRIBED, DISCOUNT, written
from tests.editors.neovim.test_review import ALWAYS, on_offer, script
from tests.support.rates import IMPLEMENTED, LINE
from tests.support.shop import SOURCE

BROKEN = "```python\ndef rate(year: int) -> float:\n    return (\n```"
DOCSTRING = '"""Return the price after a discount."""'
DOCUMENTED = SOURCE.replace("percent):\n", f"percent):\n    {DOCSTRING}\n")
KEYMAPS = """
    return vim.tbl_map(function(map)
      return map.lhs .. " " .. (map.rhs or "")
    end, vim.api.nvim_buf_get_keymap(0, "n"))
"""
GOOD = Rule('{"findings": []}')


def implemented(nvim: Neovim, large: FakeEngine, small: FakeEngine) -> None:
    """Has `rate` implemented, and applied."""
    script(large, small)
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.text, lambda text: text == written())


def test_an_applied_edit_is_seen_and_taken_back(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    implemented(nvim, large, small)
    said = nvim.until(nvim.notified, lambda said: said and "applied" in said[-1])[-1]
    assert said == "Pillion: Implement rate: applied: 4 lines, 2 findings · :PillionUndo"
    lines = written().splitlines()
    assert [lines[row] for row in nvim.until(nvim.marked)] == lines[-4:]
    nvim.nvim.command("PillionUndo")
    nvim.until(nvim.text, lambda text: text == SOURCE)
    nvim.until(nvim.notified, lambda said: said[-1] == "Pillion: Implement rate: taken back.")
    assert nvim.marked() == []
    nvim.nvim.command("PillionUndo")
    assert nvim.notified()[-1] == "Pillion: there is no applied edit to take back."


@pytest.mark.parametrize("how", ["typing", "time"])
def test_the_marks_go(how: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    if how == "time":
        nvim.lua(
            "local defer = vim.defer_fn; vim.defer_fn = function(run, ms) return defer(run, math.min(ms, 300)) end"
        )
    implemented(nvim, large, small)
    if how == "typing":
        nvim.until(nvim.marked)
        nvim.go_to(0)
        nvim.nvim.input("O# typed<Esc>")
    nvim.until(nvim.notified, lambda said: said and "applied" in said[-1])
    nvim.until(nvim.marked, lambda marked: marked == [])


def test_what_was_typed_since_stays(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    implemented(nvim, large, small)
    nvim.until(nvim.notified, lambda said: said and "applied" in said[-1])
    nvim.nvim.current.buffer.append("# typed", 0)
    nvim.nvim.command("PillionUndo")
    nvim.until(nvim.text, lambda text: text == "# typed\n" + SOURCE)
    assert "taken back" in nvim.until(nvim.notified, lambda said: "taken back" in said[-1])[-1]


def test_an_edit_that_was_changed_is_not_taken_back(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    implemented(nvim, large, small)
    nvim.until(nvim.notified, lambda said: said and "applied" in said[-1])
    row = written()[: written().index("base = 0.16")].count("\n")
    nvim.nvim.current.buffer[row] = "        base = 0.17  # mine"
    nvim.nvim.command("PillionUndo")
    said = nvim.until(nvim.notified, lambda said: "undoes step by step" in said[-1])[-1]
    assert said.startswith("Pillion: Implement rate: ")
    assert "# mine" in nvim.text()


class Again(NamedTuple):
    """What is chosen after a refusal, what is typed, and what the model is told because of it."""

    label: str
    typed: str = ""


AGAIN = {"again": Again("Try again"), "with a word": Again("Try again with a word", "mind the leap years")}


def refused(nvim: Neovim, large: FakeEngine) -> None:
    """Has an implementation refused, twice."""
    large.script(Rule(BROKEN))
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.notified, lambda said: said and "refused" in said[-1])


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN.keys())
def test_a_refusal_stays_reachable_and_is_tried_again(
    again: Again, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    small.script(GOOD)
    nvim = open_shop()
    refused(nvim, large)
    assert nvim.notified()[-1].endswith(":PillionRefused")
    assert nvim.status() == "pillion: refused (:PillionRefused)"
    large.script(Rule(IMPLEMENTED))
    nvim.lua("test.inputs = { ... }", again.typed)
    nvim.choose(again.label)
    if again.typed:
        nvim.choose()
    nvim.nvim.command("PillionRefused")
    nvim.until(nvim.text, lambda text: text == written())
    labels = nvim.offered()[-1]["labels"]
    assert "Show the draft" in labels
    attempts = [label for label in labels if label.startswith("Draft ")]
    assert len(attempts) == 2
    assert all("gpu0: " in each for each in attempts), "what each was refused for"
    assert again.typed in large.log()[-1].prompt


def test_a_refused_draft_can_be_read(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    small.script(GOOD)
    nvim = open_shop()
    refused(nvim, large)
    nvim.choose("Show the draft")
    nvim.nvim.command("PillionRefused")
    (text,) = nvim.until(nvim.floats)
    assert text.startswith("Refused: ")
    assert "return (" in text
    assert nvim.status() == "pillion ✓", "who has looked at it is told no more"


def test_what_the_user_rejects_is_no_refusal(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = open_shop(ALWAYS)
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    nvim.nvim.command("PillionReject")
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    nvim.nvim.command("PillionRefused")
    nvim.until(nvim.notified, lambda said: said[-1:] == ["Pillion: nothing was refused in this session."])


def test_a_second_try_is_said(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    small.script(GOOD)
    large.change(tokens_per_s=6)
    large.script(Rule(BROKEN, times=1), Rule(IMPLEMENTED))
    nvim = open_shop()
    nvim.act(LINE, "Implement rate")
    said = nvim.until(nvim.status, lambda status: "try 2: " in status)
    assert said.count("try 2: ") == 1
    nvim.until(nvim.text, lambda text: text == written())


def described(nvim: Neovim, small: FakeEngine, reply: str = DESCRIBED) -> list[str]:
    """Has a docstring for `discount` wait; what is drawn of it."""
    small.script(Rule(reply))
    nvim.act(DISCOUNT, "Add a docstring")
    return nvim.until(nvim.in_place)


@pytest.mark.parametrize("key", ["ga", "gR"])
def test_a_docstring_waits_where_it_will_stand(key: str, open_shop: OpenShop, small: FakeEngine) -> None:
    nvim = open_shop(ALWAYS)
    nvim.nvim.command("nnoremap <buffer> ga :echo 'mine'<CR>")
    before = sorted(nvim.lua(KEYMAPS))
    drawn = described(nvim, small)
    assert drawn[0] == f"{DISCOUNT}:    {DOCSTRING}"
    assert "ga accepts · gR rejects" in drawn[1]
    assert (nvim.review(), nvim.text()) == (None, SOURCE)
    assert nvim.notified() == ["Pillion: Add a docstring to discount: it waits; ga accepts, gR rejects"]
    assert nvim.status() == "pillion: 1 to review (ga accepts, gR rejects)"
    nvim.nvim.feedkeys(key, "xt")
    nvim.until(nvim.in_place, lambda drawn: drawn == [])
    nvim.until(nvim.status, lambda status: status == "pillion ✓")
    assert nvim.text() == (DOCUMENTED if key == "ga" else SOURCE)
    assert sorted(nvim.lua(KEYMAPS)) == before


def test_it_follows_what_is_typed_and_can_be_seen_as_a_diff(open_shop: OpenShop, small: FakeEngine) -> None:
    nvim = open_shop(ALWAYS)
    described(nvim, small)
    nvim.nvim.current.buffer.append(["# one", "# two"], 0)
    nvim.until(nvim.in_place, lambda drawn: drawn and drawn[0] == f"{DISCOUNT + 2}:    {DOCSTRING}")
    nvim.nvim.command("PillionReview")
    assert nvim.in_place() == []
    nvim.until(nvim.review, lambda review: review and DOCSTRING in review["text"])
    nvim.nvim.feedkeys("ga", "xt")
    nvim.until(nvim.text, lambda text: text == "# one\n# two\n" + DOCUMENTED)


def test_a_long_one_is_shown_beside(open_shop: OpenShop, small: FakeEngine) -> None:
    words = " ".join(f"It goes down by a part of the price number {each}." for each in range(25))
    nvim = open_shop(ALWAYS)
    small.script(Rule(DESCRIBED.replace("Return the price after a discount.", words)))
    nvim.act(DISCOUNT, "Add a docstring")
    on_offer(nvim)
    assert nvim.in_place() == []


def test_the_words_of_findings_can_be_read(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    nvim = open_shop()
    implemented(nvim, large, small)
    nvim.until(nvim.diagnostics, lambda found: len(found) == 2)
    row = written()[: written().index("year == 2020")].count("\n")
    nvim.go_to(row, 4)
    nvim.nvim.command("PillionFinding")
    (text,) = nvim.until(nvim.floats)
    assert text.startswith(f"Line {row + 1}, warning: The cut held for half of 2020 only.")
    assert "A tax rate" not in text
    nvim.nvim.feedkeys("q", "xt")
    nvim.go_to(0)
    nvim.nvim.command("PillionFinding")
    (text,) = nvim.until(nvim.floats)
    assert "The cut held" in text
    assert "A tax rate" in text


def test_no_findings_are_said(open_shop: OpenShop) -> None:
    nvim = open_shop()
    nvim.nvim.command("PillionFinding")
    assert nvim.notified() == ["Pillion has found nothing in this file."]


# What the model writes, what the file begins with, and which of the imports that it lacks the user adds.
IMPORTED_SINCE = {
    "above other code": ("sleep(year)", "import os\n\n\n", "from time import sleep"),
    "beside what the edit imports": ("sleep(len(re.findall('a', 'b')))", "", "from time import sleep"),
    "above what the edit imports": ("sleep(len(re.findall('a', 'b')))", "import zlib\n\n\n", "from time import sleep"),
    "before a line that begins alike": ("Queue(Path.home())", "", "from multiprocessing import Queue"),
}


@pytest.mark.parametrize(("uses", "first", "added"), IMPORTED_SINCE.values(), ids=IMPORTED_SINCE)
@pytest.mark.parametrize("settings", ["{}", '{ review = "never" }'])
def test_an_import_added_since_is_no_reason_to_keep_an_edit(
    settings: str, uses: str, first: str, added: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    small.script(GOOD)
    large.script(Rule(f"```python\ndef rate(year: int) -> float:\n    {uses}\n    return 0.19\n```"))
    nvim = open_shop(settings, first + SOURCE)
    nvim.act(LINE + first.count("\n"), "Implement rate")
    if settings == "{}":
        on_offer(nvim)
        nvim.nvim.feedkeys("ga", "xt")
    before = nvim.until(nvim.text, lambda text: uses in text)
    nvim.until(nvim.diagnostics)
    row = before[: before.index(uses)].count("\n")
    nvim.act(row, f"Add the import: {added}")
    nvim.until(nvim.text, lambda text: added in text)
    nvim.nvim.command("PillionUndo")
    after = nvim.until(nvim.text, lambda text: uses not in text)
    assert f"{added}\n" in after
    assert "import re\n" not in after
    assert "import Path\n" not in after
    compile(after, "shop.py", "exec")

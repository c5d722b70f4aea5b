"""What a user sees on a terminal of 80 columns and 24 rows: every line fits, and no message asks for Enter."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import DESCRIBED, DISCOUNT, written
from tests.editors.neovim.test_outcomes import BROKEN
from tests.editors.neovim.test_review import ALWAYS, on_offer, script
from tests.support.rates import LINE
from tests.support.shop import SOURCE

COLUMNS, ROWS = 80, 24
# A name with which every title is long.
LONG = "calculate_the_discount_that_a_customer_gets_for_an_order"
LONG_SOURCE = SOURCE.replace("discount", LONG).replace("def rate", f"def rate_of_{LONG}")
STATUS_LINE = "vim.o.statusline = \"%f %=%{v:lua.require'pillion'.status()}\"; vim.o.laststatus = 2"
EXPLAINED = (
    "It takes a **percentage** off a `price`.\n\n- `percent`: how much\n- one that is [odd] is taken as it is\n\n"
    "```python\ndiscount(100, 20)\n```"
)


def on_a_terminal(nvim: Neovim) -> Neovim:
    """The same as a user has it."""
    nvim.attach_screen(COLUMNS, ROWS)
    nvim.lua(STATUS_LINE)
    return nvim


def shows(nvim: Neovim, *words: str) -> list[str]:
    """The screen, once all these words are on it."""

    def found(screen: list[str]) -> bool:
        return all(any(each in row for row in screen) for each in words)

    screen = nvim.until(nvim.screen, found)
    assert not nvim.waits_for_a_key()
    return screen


@pytest.mark.parametrize("source", [SOURCE, LONG_SOURCE], ids=["short names", "long names"])
def test_a_review_fits(source: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    name = "rate" if source == SOURCE else f"rate_of_{LONG}"
    script(large, small, "```python\n" + written()[written().index("def rate") :].replace("rate", name, 1) + "```")
    nvim = on_a_terminal(open_shop(ALWAYS, source))
    nvim.act(LINE, "Implement rate")
    on_offer(nvim)
    screen = shows(nvim, "ga accepts · gR rejects │ Implement rate", "base = 0.19", "(ga accepts, gR rejects)")
    assert not [row for row in screen if "<" in row and "review" in row], "the status line was cut"
    nvim.nvim.feedkeys("ga", "xt")
    screen = shows(nvim, "applied: 4 lines", " · :PillionUndo")
    assert '"""A shop."""' in screen[0], "there is room for all of it again"
    nvim.nvim.command("PillionUndo")
    shows(nvim, "taken back")


@pytest.mark.parametrize("source", [SOURCE, LONG_SOURCE], ids=["short names", "long names"])
def test_a_docstring_fits(source: str, open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule(DESCRIBED))
    nvim = on_a_terminal(open_shop(ALWAYS, source))
    nvim.act(DISCOUNT, "Add a docstring")
    screen = shows(nvim, "▲ ga accepts · gR rejects", "it waits; ga accepts, gR rejects")
    assert len([row for row in screen if "def " in row]) == 3, "all of the document is on screen"
    nvim.nvim.feedkeys("ga", "xt")
    shows(nvim, "applied: 1 line", " · :PillionUndo")


@pytest.mark.parametrize("source", [SOURCE, LONG_SOURCE], ids=["short names", "long names"])
def test_a_refusal_fits(source: str, open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    small.script(Rule('{"findings": []}'))
    large.script(Rule(BROKEN))
    nvim = on_a_terminal(open_shop(source=source))
    nvim.act(LINE, "Implement rate")
    shows(nvim, ": refused: the model's answer ", ":PillionRefused")
    nvim.nvim.command("PillionRefused")
    menu = nvim.until(nvim.offered, lambda found: len(found) > 1)[-1]
    assert max(map(len, menu["labels"])) <= COLUMNS - 4
    assert len(menu["prompt"]) < COLUMNS


def test_the_menu_fits(open_shop: OpenShop) -> None:
    nvim = on_a_terminal(open_shop(source=LONG_SOURCE))
    for choice in ("More: ", "none"):
        nvim.choose(choice)
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("Pillion")
    for menu in nvim.until(nvim.offered, lambda found: len(found) == 2):
        assert max(map(len, menu["labels"])) <= COLUMNS - 4
        assert len(menu["labels"]) <= ROWS - 3


def test_an_explanation_is_rendered_and_fits_its_text(open_shop: OpenShop, small: FakeEngine) -> None:
    small.change(tokens_per_s=60)
    small.script(Rule(EXPLAINED))
    nvim = on_a_terminal(open_shop())
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionExplain")
    screen = shows(nvim, "It takes a percentage off a price.", "[odd]", "discount(100, 20)", "q closes")
    rows = [row for row in screen if "│" in row or "╭" in row or "╰" in row]
    assert len(rows) == 7 + 1, rows  # six lines of text, one of them empty, in a border; no fences
    assert not [row for row in rows if "**" in row or "`" in row or "\\" in row]
    assert rows[0].index("╮") - rows[0].index("╭") < COLUMNS - 20, "it is as wide as its text"
    nvim.nvim.feedkeys("\x1b", "xt")
    nvim.until(nvim.floats, lambda found: found == [])


def test_a_long_explanation_scrolls(open_shop: OpenShop, small: FakeEngine) -> None:
    small.script(Rule("\n\n".join(f"Paragraph {number}." for number in range(30))))
    nvim = on_a_terminal(open_shop())
    nvim.go_to(DISCOUNT, 4)
    nvim.nvim.command("PillionExplain")
    shows(nvim, "j and k scroll", "Paragraph 1.")
    nvim.nvim.feedkeys("G", "xt")
    shows(nvim, "Paragraph 29.")


def test_the_words_of_a_finding_stand_below_its_line(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    nvim = on_a_terminal(open_shop())
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.diagnostics, lambda found: len(found) == 2)
    message = "The cut held for half of 2020 only."
    nvim.nvim.input("gg")
    nvim.until(nvim.screen, lambda screen: not any(message in row for row in screen))
    row = written()[: written().index("year == 2020")].count("\n")
    nvim.nvim.input(f"{row + 1}G")
    shows(nvim, message)


def test_a_long_finding_is_broken_between_words(open_shop: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    words = "The cut held for the second half of the year 2020 only, and whoever asks about May gets a rate too low."
    script(large, small)
    small.script(
        Rule(
            '{"findings": [{"quote": "if year == 2020:", "severity": "warning", "category": "edge case", "message": "'
            + words
            + '"}]}',
            match="if year == 2020:",
        ),
        Rule('{"findings": []}'),
    )
    nvim = on_a_terminal(open_shop())
    nvim.act(LINE, "Implement rate")
    nvim.until(nvim.diagnostics)
    row = written()[: written().index("year == 2020")].count("\n")
    nvim.nvim.input(f"{row + 1}G")
    screen = shows(nvim, "└──── The cut held", "too low.")
    shown = " ".join(row.strip().removeprefix("└──── ") for row in screen[row + 1 : row + 4])
    assert words in " ".join(shown.split())


QUESTION = "Pillion: the embedded engine needs a model that isn't on this machine yet: smollm2-135m (98 MB)"
NEOVIMS_OWN = "vim.ui.select = dofile(vim.env.VIMRUNTIME .. '/lua/vim/ui.lua').select"


@pytest.mark.parametrize(("menu", "lines"), [(NEOVIMS_OWN, 2), ("", 1)], ids=["Neovim's own", "a plugin's"])
def test_a_question_breaks_between_words(menu: str, lines: int, open_shop: OpenShop) -> None:
    """A plugin puts it into a title, which has one line."""
    nvim = on_a_terminal(open_shop())
    nvim.lua(menu)
    asked = nvim.lua("return require('pillion.choose').prompt(...)", QUESTION).split("\n")
    assert len(asked) == lines
    assert max(map(len, asked)) < 80
    assert " ".join(asked) == QUESTION or lines == 1

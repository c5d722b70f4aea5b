"""Edits that meet a document which has changed since they were made: typing goes on as they arrive, in both Neovims."""

from typing import NamedTuple

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.neovim.conftest import OpenShop
from tests.editors.neovim.driver import Neovim
from tests.editors.neovim.test_actions import REFACTORED, TOTAL
from tests.editors.neovim.test_minimum import CLIENTS
from tests.support.shop import SOURCE

pytestmark = pytest.mark.usefixtures("applied_at_once")

# Between the server's edit and the editor's handling of it the user types a line, as often as `lines` says.
TYPE_AS_EDITS_ARRIVE = """
    arrived = {}
    local lines = ...
    local client = (vim.lsp.get_clients or vim.lsp.get_active_clients)()[1]
    local name = "workspace/applyEdit"
    local handlers = client.handlers or client.config.handlers
    local own = handlers[name] or vim.lsp.handlers[name]
    handlers[name] = function(err, params, context)
      local typed = table.remove(lines, 1)
      if typed then
        vim.api.nvim_buf_set_lines(0, 0, 0, false, { typed })
      end
      local answer = own(err, params, context)
      table.insert(arrived, answer.applied)
      return answer
    end
"""
ARRIVED = "return arrived"


class Case(NamedTuple):
    """What is typed before the action, and before each of its edits is handled."""

    before: tuple[str, ...] = ()
    meanwhile: tuple[str, ...] = ()


CASES = {
    "nobody types": Case(),
    "the first change there is": Case(meanwhile=("# one",)),
    "one of several": Case(before=("# zero",), meanwhile=("# one",)),
    "typing goes on": Case(before=("# zero",), meanwhile=("# one", "# two")),
}


def refactored() -> str:
    """The document with the draft of `total` in it."""
    code = REFACTORED.removeprefix("```python\n").removesuffix("```")
    return SOURCE[: SOURCE.index("def total")] + code + SOURCE[SOURCE.index("\n\ndef rate") :]


def typed_above(case: Case, text: str) -> str:
    """The document with all that was typed: each line came above the others."""
    return "".join(f"{line}\n" for line in reversed(case.before + case.meanwhile)) + text


def type_as_edits_arrive(nvim: Neovim, case: Case) -> None:
    """Types what comes before, and prepares the rest."""
    for line in case.before:
        nvim.nvim.current.buffer.append(line, 0)
    nvim.lua(TYPE_AS_EDITS_ARRIVE, list(case.meanwhile))


def applied_at_last(nvim: Neovim, case: Case, text: str) -> None:
    """Waits for the edit that was applied, and sees that each one before was refused."""
    nvim.until(nvim.text, lambda found: found == typed_above(case, text))
    expected = [False] * len(case.meanwhile) + [True]
    nvim.until(lambda: nvim.lua(ARRIVED), lambda found: found == expected)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_edit_for_an_older_document_is_made_anew(
    case: Case, open_shop: OpenShop, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(REFACTORED))
    small.script(Rule('{"findings": []}'))
    nvim = open_shop()
    type_as_edits_arrive(nvim, case)
    nvim.act(TOTAL + len(case.before), "Refactor total")
    applied_at_last(nvim, case, refactored())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_same_in_the_oldest(case: Case, open_in_oldest: OpenShop, large: FakeEngine, small: FakeEngine) -> None:
    large.script(Rule(REFACTORED))
    small.script(Rule('{"findings": []}'))
    nvim = open_in_oldest()
    nvim.until(lambda: nvim.lua(CLIENTS), lambda count: count == 1)
    type_as_edits_arrive(nvim, case)
    nvim.act(TOTAL + len(case.before), "Refactor total")
    applied_at_last(nvim, case, refactored())

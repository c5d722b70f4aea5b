"""Edits in which nobody has looked at what matters: they say so, and wait for the user's yes."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.actions.action_registry import ACTIONS
from pillion.actions.action_row import Output
from pillion.auditors.running.aim import Aim
from pillion.edits.invariants import SAME_BEHAVIOUR
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.shop import SOURCE

TOTAL = 8
REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
DANGEROUS = '```python\ndef total(prices):\n    return eval("sum")(prices)\n```'
SUMMED = SOURCE.replace(
    "    result = 0\n    for price in prices:\n        result = result + price\n    return result\n",
    "    return sum(prices)\n",
)
UNCHECKED = "behaviour not compared: running is turned off (sandbox.enabled)"


def confirmations(edits: list[types.ApplyWorkspaceEditParams]) -> list[str | None]:
    """What the editor asks the user about each edit; nothing for those that it doesn't ask about."""
    said = [list((sent.edit.change_annotations or {}).values()) for sent in edits]
    return [each[0].description if each and each[0].needs_confirmation else None for each in said]


def options(review: str | None, *, previews: bool) -> dict[str, Any]:
    return {"pillion": {"events": True, "previews": previews, **({"review": review} if review else {})}}


@pytest.mark.parametrize("previews", [True, False], ids=["shows-drafts", "asks"])
@pytest.mark.parametrize(
    ("review", "draft", "reason"),
    [
        pytest.param(None, REFACTORED, UNCHECKED, id="default"),
        pytest.param("whenFlagged", REFACTORED, UNCHECKED, id="when-flagged"),
        pytest.param("always", REFACTORED, UNCHECKED, id="always"),
        pytest.param("whenFlagged", DANGEROUS, f"keep it; {UNCHECKED}", id="with-an-error-too"),
        pytest.param("never", REFACTORED, "", id="never"),
    ],
)
async def test_a_refactoring_waits_and_says_why(
    review: str | None,
    draft: str,
    reason: str,
    previews: bool,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule(draft))
    editor = await start_editor(two_gpus, capabilities="emacs", options=options(review, previews=previews))
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL))
    assert final["review"] is bool(reason)
    if not reason:
        assert (final["state"], editor.documents[shop_uri].text) == ("applied", SUMMED)
        return
    assert (final["state"], editor.documents[shop_uri].text, editor.edits) == ("offered", SOURCE, [])
    assert final["reason"].endswith(f"{reason}.")
    if not previews:
        await editor.message(f"{reason}. The draft is kept in")
    assert await editor.command("pillion.accept", final["id"])
    assert "prices)" in editor.documents[shop_uri].text != SOURCE


async def test_an_editor_that_can_confirm_asks_about_it(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL))
    assert (final["state"], editor.documents[shop_uri].text) == ("applied", SUMMED)
    assert confirmations(editor.edits) == [f"{UNCHECKED}."]


async def test_a_docstring_is_checked_and_waits_for_nobody(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule('{"summary": "Add the prices up."}'))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("docstring", shop_uri, TOTAL))
    assert (final["state"], final["review"], confirmations(editor.edits)) == ("applied", False, [None])


def test_whoever_promises_the_same_behaviour_has_it_checked_or_compared() -> None:
    promising = [each for each in ACTIONS if each.id in {"docstring", "refactor"}]
    assert promising
    for action in promising:
        assert action.output is not Output.PROSE
        assert (SAME_BEHAVIOUR in action.invariants) != action.must_be_compared, action.id
    assert [each.id for each in ACTIONS if each.unchecked] == ["tests"]
    assert {each.id: each.aim for each in ACTIONS if each.aim} == {
        **dict.fromkeys(("docstring", "comments", "lint", "rename", "refactor"), Aim.SAME),
        **dict.fromkeys(("debug", "change"), Aim.OTHER),
        **dict.fromkeys(("implement", "create"), Aim.NEW),
    }

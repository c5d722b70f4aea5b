"""An edit that was applied is seen, and can be taken back from the status bar."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.sessions import Session
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUMMARY = "Take a percentage off a price."


async def document(session: Session, small: FakeEngine) -> None:
    """Has `discount` described."""
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    await session.window.go_to_text(SHOP, "discount")
    await session.window.actions.choose("Pillion: Add a docstring to discount")
    await session.window.text_with(SHOP, SUMMARY)


async def test_the_lines_are_marked_and_the_edit_is_taken_back(open_shop: StartSession, small: FakeEngine) -> None:
    session = await open_shop()
    window = session.window
    await document(session, small)
    assert "applied: 1 line · Undo" in await window.applied_with("applied")
    await until(lambda: window.marked(SHOP), lambda count: count == 1, "one marked line")
    await window.press_applied()
    await until(lambda: window.text(SHOP), lambda text: SUMMARY not in text, "the text as it was")
    await until(window.applied, lambda text: not text, "nothing more to take back")
    await until(lambda: window.marked(SHOP), lambda count: count == 0, "no mark")
    assert await window.save(SHOP) == SOURCE


async def test_typing_takes_the_mark_away_and_stays_when_the_edit_goes(
    open_shop: StartSession, small: FakeEngine
) -> None:
    session = await open_shop()
    window = session.window
    await document(session, small)
    await until(lambda: window.marked(SHOP), lambda count: count == 1, "one marked line")
    await window.go_to(1)
    await window.type("# mine\n")
    await until(lambda: window.marked(SHOP), lambda count: count == 0, "no mark")
    await window.quick.command("Pillion: Undo the Last Edit")
    await until(lambda: window.text(SHOP), lambda text: SUMMARY not in text, "the text as it was")
    assert await window.save(SHOP) == f"# mine\n{SOURCE}"


async def test_what_was_changed_by_hand_is_not_taken_back(open_shop: StartSession, small: FakeEngine) -> None:
    session = await open_shop()
    window = session.window
    await document(session, small)
    await window.save(SHOP)
    await window.go_to_text(SHOP, "percentage")
    await window.type("small ")
    await window.quick.command("Pillion: Undo the Last Edit")
    await window.notifications.with_words("Add a docstring to discount can’t be taken back")
    assert "a small percentage" in await window.text(SHOP)

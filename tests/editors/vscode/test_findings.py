"""Findings of the audit, where VS Code shows what is wrong; and what can be done about them."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.sessions import Session
from tests.support.rates import BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def implement(session: Session, large: FakeEngine, small: FakeEngine) -> None:
    """Has `rate` written and saves it; two findings come with it."""
    large.script(Rule(IMPLEMENTED, match="Implement this"), Rule(IMPLEMENTED.replace("2020", "2021")))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))
    await session.window.go_to_text(SHOP, "raise NotImplementedError")
    await session.window.actions.choose("Pillion: Implement rate")
    await session.window.text_with(SHOP, "return base")
    await session.window.save(SHOP)


async def test_findings_are_problems(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    session = await open_shop()
    await implement(session, large, small)
    await session.window.problems_with(CUT_MESSAGE)
    problems = await session.window.problems_with(BASE_MESSAGE)
    assert len(problems) == 2
    assert all("pillion" in row for row in problems)
    assert [row.partition("[")[2] for row in problems if CUT_MESSAGE in row] == ["Ln 18, Col 5]"]


async def test_a_quick_fix(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    session = await open_shop()
    window = session.window
    await implement(session, large, small)
    await window.problems_with(CUT_MESSAGE)
    await window.focus(SHOP)
    await window.go_to_text(SHOP, CUT)
    await window.actions.choose(f"Pillion: fix: {CUT_MESSAGE}")
    await window.text_with(SHOP, "year == 2021")
    assert "year == 2021" in await window.save(SHOP)
    assert large.log()[-1].prompt.count(CUT_MESSAGE) == 1
    await window.problems_without(CUT_MESSAGE)
    assert len(await window.problems_with(BASE_MESSAGE)) == 1


async def test_enter_in_the_menu_of_a_finding_mends_it(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    session = await open_shop()
    window = session.window
    await implement(session, large, small)
    await window.problems_with(CUT_MESSAGE)
    await window.focus(SHOP)
    await window.go_to_text(SHOP, CUT)
    offered = await until(window.actions.menu, lambda rows: any("fix" in row for row in rows), "the menu")
    assert f"fix: {CUT_MESSAGE}" in await window.actions.focused()
    assert ["dismiss" in row for row in offered].index(True) > ["fix: " in row for row in offered].index(True)
    await window.page.keyboard.press("Enter")
    await window.text_with(SHOP, "year == 2021")


async def test_dismissing_a_finding(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    session = await open_shop()
    window = session.window
    await implement(session, large, small)
    await window.problems_with(CUT_MESSAGE)
    before = window.read(SHOP)
    await window.focus(SHOP)
    await window.go_to_text(SHOP, CUT)
    await window.actions.choose(f"Pillion: dismiss: {CUT_MESSAGE}")
    await window.problems_without(CUT_MESSAGE)
    assert len(await window.problems_with(BASE_MESSAGE)) == 1
    assert window.read(SHOP) == before
    await window.notifications.press("Pillion: Dismissed: ", "Undo")
    await window.problems_with(CUT_MESSAGE)
    assert len(await window.problems()) == 2
    assert not await window.is_changed(SHOP)


async def test_what_was_dismissed_is_in_a_list_that_brings_it_back(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    window = (session := await open_shop()).window
    await implement(session, large, small)
    await window.problems_with(CUT_MESSAGE)
    await window.focus(SHOP)
    await window.go_to_text(SHOP, CUT)
    await window.actions.choose("Pillion: dismiss all findings in this file")
    await window.problems_without("pillion")
    await window.open_menu_of_status()
    await window.quick.pick("Dismissed Findings…")
    (row,) = [each for each in await window.quick.rows_with(CUT_MESSAGE) if CUT_MESSAGE in each]
    assert "shop.py:18" in row
    assert CUT in row, "the line as it was"
    await window.quick.pick(CUT_MESSAGE)
    await window.quick.accept()
    await window.problems_with(CUT_MESSAGE)
    assert len(await window.problems()) == 1

"""Actions from VS Code's own menus, and what happens to the text."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.vscode.code_actions import REFACTOR
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import first_request_ended
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

SUMMARY = "Take a percentage off a price."
DOCUMENTED = SOURCE.replace("percent):\n", f'percent):\n    """{SUMMARY}"""\n')
REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
SUMMED = SOURCE.replace(
    "    result = 0\n    for price in prices:\n        result = result + price\n    return result\n",
    "    return sum(prices)\n",
)
SLOW_TOKENS_PER_S = 4.0
# At this pace it takes a minute and more, so that whatever is done meanwhile is done in mid-draft.
LONG = REFACTORED * 40


async def test_a_docstring_by_the_light_bulb(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(f'{{"summary": "{SUMMARY}"}}'))
    session = await open_shop()
    window = session.window
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose_by_bulb("Pillion: Add a docstring to discount")
    await window.text_with(SHOP, SUMMARY)
    assert await window.save(SHOP) == DOCUMENTED
    await window.page.keyboard.press("Control+Z")
    assert await window.save(SHOP) == SOURCE, "it is one step to undo"


@pytest.mark.usefixtures("applied_at_once")
async def test_a_refactoring_by_the_menu(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    large.script(Rule(REFACTORED))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total", REFACTOR)
    await window.text_with(SHOP, "return sum(prices)")
    assert await window.save(SHOP) == SUMMED
    assert small.log() == []


async def test_cancelling_in_mid_draft(open_shop: StartSession, large: FakeEngine) -> None:
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    large.script(Rule(LONG))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.notifications.with_words("drafting on gpu0 · ")
    assert "Pillion: Refactor" in await window.notifications.with_words("tokens/s")
    await window.notifications.press("Pillion: Refactor", "Cancel")
    assert (await first_request_ended(large)).ended == "client_closed"
    await window.notifications.gone("Pillion: Refactor")
    await window.ready()
    assert not await window.is_changed(SHOP)
    assert window.read(SHOP) == SOURCE


async def test_cancelling_all(open_shop: StartSession, large: FakeEngine) -> None:
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    large.script(Rule(LONG))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.status_with("gpu0")
    await window.quick.command("Pillion: Cancel All Jobs")
    assert (await first_request_ended(large)).ended == "client_closed"
    await window.ready()
    assert not await window.is_changed(SHOP)


@pytest.mark.usefixtures("applied_at_once")
async def test_typing_elsewhere_during_a_draft(open_shop: StartSession, large: FakeEngine) -> None:
    large.change(tokens_per_s=SLOW_TOKENS_PER_S / 3)
    large.script(Rule(REFACTORED))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.status_with("gpu0")
    await window.go_to(1)
    await window.type("# 😋 a line on top\n\n")
    await window.go_to(19, 1)
    await window.type("    # mine\n")
    typed = await window.text(SHOP)
    assert "sum(prices)" not in typed, "the draft came too early to show anything"
    await window.text_with(SHOP, "return sum(prices)")
    head, tail = "# 😋 a line on top\n\n", "    raise NotImplementedError"
    assert await window.save(SHOP) == head + SUMMED.replace(tail, f"    # mine\n{tail}")

"""After a refusal: why, and what can be done, in the message and from the status item until it is settled."""

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import log_with
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN = "```python\ndef total(prices:\n    return (\n```"
WHOLE = "```python\ndef total(prices):\n    return sum(prices)\n```"
WORDS = "Refactor total was refused"
AGAIN, WITH_A_WORD, SHOW_DRAFT = "Try Again", "With a Word…", "Show Draft"
AGAIN_WITH_A_WORD = f"{AGAIN} with a Word…"


async def test_a_refusal_says_why_and_stays_until_a_try_succeeds(open_shop: StartSession, large: FakeEngine) -> None:
    large.script(Rule(WHOLE, match="with sum"), Rule(BROKEN, times=1), Rule("There is nothing to do."))
    window = (await open_shop(settings={"pillion.reviewView": "diff"})).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    message = await window.notifications.with_words(WORDS)
    assert message.count("gpu0 (large): ") == 2, "each attempt, and what it was refused for"
    assert await window.status_with("refused") == "error Pillion: 1 draft refused"
    buttons = await window.notifications.buttons(WORDS)
    assert {AGAIN, WITH_A_WORD, SHOW_DRAFT} <= set(buttons)
    await window.notifications.press(WORDS, SHOW_DRAFT)
    shown = await window.answer_with("There is nothing to do.")
    assert "Refactor total in shop.py was refused" in shown
    assert shown.index("gpu0 (large): ") < shown.index("nothing to do"), "the reasons are on top"
    await window.focus(SHOP)
    await window.ready()
    await window.open_menu_of_status()
    await window.quick.pick("Refused: Refactor total")
    rows = await window.quick.rows_with(AGAIN_WITH_A_WORD)
    assert any("Dismiss" in each for each in rows)
    await window.quick.pick(AGAIN_WITH_A_WORD)
    await window.quick.opened()
    await window.quick.write("do it with sum")
    await window.quick.accept()
    await window.review.draft_with("return sum(prices)")
    await window.review.complete()
    await window.review.press_lens("Accept")
    await window.text_with(SHOP, "return sum(prices)")
    assert "do it with sum" in (await log_with(large, 3))[-1].prompt
    await window.open_menu_of_status()
    assert not any("Refused" in each for each in await window.quick.rows())


async def test_a_refusal_can_be_dismissed_and_its_draft_is_still_kept(
    open_shop: StartSession, large: FakeEngine
) -> None:
    large.script(Rule(BROKEN))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.notifications.with_words(WORDS)
    await window.quick.command("Pillion: Show Drafts")
    await window.quick.pick("Refactor total")
    await window.quick.pick("Dismiss")
    await window.quick.closed()
    await window.open_menu_of_status()
    assert not any("Refused" in each for each in await window.quick.rows())
    await window.quick.cancel()
    assert window.read(SHOP) == SOURCE


async def test_the_large_model_is_tried(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    """Docstrings are the small model's; after it and the next one up there is none that hasn't tried."""
    small.script(Rule("no JSON at all"))
    large.script(Rule("nor here"))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose("Pillion: Add a docstring to discount")
    words = "Add a docstring to discount was refused"
    message = await window.notifications.with_words(words)
    assert "gpu1 (small): " in message
    assert "gpu0 (large): " in message
    assert not any(each.startswith("Try gpu") for each in await window.notifications.buttons(words))
    small.script(Rule('{"summary": "Take a percentage off."}'))
    await window.notifications.press(words, AGAIN)
    await window.text_with(SHOP, "Take a percentage off.")


THREE_ENGINES = """
[endpoints.{name}]
protocol = "ollama"
url = "{url}"
model = "large"

[lanes]
simple = ["gpu1"]
moderate = ["gpu0"]
complex = ["{name}"]
audit = ["gpu1"]
hover = ["gpu1"]
"""


@pytest.mark.parametrize("name", ["gpu2", "the-workstation-in-the-cellar"])
async def test_four_buttons_have_room(name: str, open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    small.script(Rule("no JSON at all"))
    large.script(Rule("nor here"))
    session = await open_shop()
    window = session.window
    file = session.server.home / "config.toml"
    before, _, _ = file.read_text().partition("[lanes]")
    file.write_text(before + THREE_ENGINES.format(name=name, url=large.url))
    await window.quick.command("Pillion: Restart Server")
    await window.ready()
    await window.focus(SHOP)
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose("Pillion: Add a docstring to discount")
    words = "Add a docstring to discount was refused"
    buttons = await window.notifications.buttons(words)
    assert len(buttons) == 4
    assert await window.notifications.clipped(words) == []

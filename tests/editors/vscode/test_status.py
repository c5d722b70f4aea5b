"""What the status bar says of the engines, and hovers."""

import re
from urllib.parse import urlsplit

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import log_with
from tests.editors.vscode.window import READY
from tests.support.rates import CUT, FINDINGS, IMPLEMENTED

pytestmark = pytest.mark.asyncio(loop_scope="session")

STATUSES = (
    re.escape(READY),
    r"sync Pillion: drafting on gpu0 · \d+ tokens? · \d+(\.\d)? tokens/s",
    r"sync Pillion: drafted on gpu0 \(\d+ tokens\) · .*gpu1 ",
    re.escape(READY),
)


def in_this_order(seen: list[str]) -> bool:
    """Whether all of STATUSES were seen, one after the other."""
    rest = iter(seen)
    return all(any(re.match(wanted, each) for each in rest) for wanted in STATUSES)


async def test_the_status_follows_a_job(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    large.change(tokens_per_s=10.0)
    # The verdict at the end takes a second or two.
    small.change(tokens_per_s=10.0)
    large.script(Rule(IMPLEMENTED))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "raise NotImplementedError")
    await window.actions.choose("Pillion: Implement rate")
    await window.text_with(SHOP, "return base")
    await window.ready()
    # What was recorded comes a frame after what is shown.
    await until(window.statuses_so_far, in_this_order, f"statuses like {STATUSES}")


async def test_an_endpoint_goes_down_and_comes_back(open_shop: StartSession, small: FakeEngine) -> None:
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    small.kill()
    await window.quick.command("Pillion: Explain")
    assert await window.status_with("gpu1 is down") == "warning Pillion: gpu1 is down"
    words = "Explain discount failed: "
    assert "Nobody answers at" in await window.notifications.with_words(words)
    assert await window.notifications.buttons(words) == ["Try Again", "Show Endpoints"]
    await window.open_menu_of_status()
    assert "Nobody answers at" in await window.quick.title()
    await window.quick.pick("Show Endpoints")
    (row,) = [each for each in await window.quick.rows_with("gpu1") if "gpu1" in each]
    assert "down" in row
    await window.quick.cancel()
    with FakeEngine.start(model="small", port=urlsplit(small.url).port) as again:
        await window.ready()
        assert again.log() == []
        again.script(Rule("It takes a percentage off."))
        await window.focus(SHOP)
        await window.quick.command("Pillion: Explain")
        await log_with(again, 1)


async def test_a_hover(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule("It takes a percentage off a price."))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    shown = await window.hover_with("It takes a percentage off a price.")
    assert "def discount(price, percent)" in shown
    assert "Pillion · gpu1" in shown


async def test_a_mistake_in_the_configuration_is_said_and_goes_when_it_is_mended(open_shop: StartSession) -> None:
    session = await open_shop()
    file = session.server.home / "config.toml"
    good = file.read_text()
    file.write_text(f"{good}\n[hover]\nbudgt_s = 3\n")
    assert await session.window.status_with("mistake") == "warning Pillion: 1 mistake in your configuration"
    words = "config.toml: hover.budgt_s"
    assert await session.window.notifications.buttons(words) == ["Open Configuration File"]
    file.write_text(good)
    await session.window.ready()


async def test_a_long_document_is_said_to_have_no_actions(open_shop: StartSession) -> None:
    session = await open_shop("def f():\n    return 0\n" * 25_000)
    words = "Pillion has no actions in shop.py: it has 50,001 lines, and Pillion works on up to 40,000."
    await session.window.notifications.with_words(words)
    assert await session.window.notifications.buttons(words) == ["Change the Limit"]


@pytest.mark.usefixtures("last_in_its_window", "applied_at_once")
async def test_closing_a_file_in_mid_job_leaves_its_draft(open_shop: StartSession, large: FakeEngine) -> None:
    large.change(tokens_per_s=5.0)
    large.script(Rule("```python\ndef total(prices):\n    return sum(prices)\n```" * 20))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.status_with("tokens")
    await window.quick.command("View: Close All Editors")
    words = "Refactor total was cancelled: the document was closed."
    await window.notifications.press(words, "Show Draft")
    await window.answer_with("def total")

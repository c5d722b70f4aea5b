"""Commands that take words or give them: *Ask Pillion…*, *Explain*, *Show Drafts*."""

from pathlib import Path

import pytest

from pillion.bench.fake.process import FakeEngine
from pillion.bench.fake.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import log_with
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "It takes a percentage off a price."


async def test_asking_shows_the_tier_and_lets_it_be_changed(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule("```python\ndef discount(price, share):\n    return price - price * share / 100\n```"))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    assert "What should be done with line 4?" in await window.quick.text()
    await window.quick.write("rename percent to share")
    await window.quick.accept()
    rows = await window.quick.rows_with("SIMPLE")
    assert "SIMPLE · gpu1, small" in rows[0]
    assert "you wrote “rename”" in rows[0]
    assert "discount" in await window.quick.title()
    assert {tier for tier in ("SIMPLE", "MODERATE", "COMPLEX") if any(tier in row for row in rows)} == {
        "SIMPLE",
        "MODERATE",
        "COMPLEX",
    }
    changing = next(row for row in rows if "MODERATE" in row and row.startswith("Change discount"))
    assert "gpu0, large" in changing
    await window.quick.pick_row(rows.index(changing))
    await window.text_with(SHOP, "price * share")
    assert await window.save(SHOP) == SOURCE.replace("percent", "share")
    assert "rename percent to share" in large.log()[-1].prompt
    assert small.log() == []


async def test_asking_takes_what_enter_gives(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(ANSWER))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    await window.quick.write("what if percent is 0?")
    await window.quick.accept()
    await window.quick.rows_with("SIMPLE")
    await window.quick.accept()
    await window.answer_with(ANSWER)
    (entry,) = await log_with(small, 1)
    assert "what if percent is 0?" in entry.prompt
    assert not await window.is_changed(SHOP)


async def test_explaining(open_shop: StartSession, small: FakeEngine) -> None:
    small.change(tokens_per_s=4.0)
    small.script(Rule(f"{ANSWER} Nothing else depends on it."))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Explain")
    partial = await window.answer_with("It takes")
    assert "Nothing else" not in partial, "the words come as the model says them"
    await window.answer_with("Nothing else depends on it.")
    await window.ready()
    assert window.read(SHOP) == SOURCE


async def test_asking_keeps_to_what_the_list_names(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(ANSWER))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    await window.quick.write("what if it is 0?")
    await window.quick.accept()
    await window.quick.rows_with("SIMPLE")
    # Below the list, which stays: the user looks at another function.
    await window.editor(SHOP).locator(".view-line", has_text="def rate").click()
    await window.quick.accept()
    await window.answer_with(ANSWER)
    (entry,) = await log_with(small, 1)
    asked_about = entry.prompt.rpartition("```")[0].rpartition("```")[2]
    assert ("def discount" in asked_about, "def rate" in asked_about) == (True, False), entry.prompt


async def test_an_answer_keeps_its_tab_while_it_is_written(
    open_shop: StartSession, two_gpus: Path, small: FakeEngine
) -> None:
    with FakeEngine.start(model="small", slots=2, tokens_per_s=3.0) as for_two:
        for_two.script(Rule(f"{ANSWER} " + "And so on. " * 100))
        config = two_gpus.read_text().replace(small.url, for_two.url)
        two_gpus.write_text(config.replace('model = "small"', 'model = "small"\nslots = 2'))
        window = (await open_shop()).window
        tabs = window.page.locator(".tabs-container .tab", has_text="Explain")
        for symbol in ("discount", "total"):
            await window.go_to_text(SHOP, symbol)
            await window.quick.command("Pillion: Explain")
            await log_with(for_two, 1 if symbol == "discount" else 2)
        await until(tabs.count, lambda count: count == 2, "two answers")
        await window.quick.command("Pillion: Cancel All Jobs")
        await window.answer_with("— cancelled")
        await window.ready()


async def test_drafts_that_became_no_edit_are_kept(open_shop: StartSession, large: FakeEngine) -> None:
    large.script(Rule("```python\ndef total(prices:\n    return (\n```"))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await window.notifications.with_words("Refactor")
    await window.quick.command("Pillion: Restart Server")
    await window.status_with("sync Pillion")
    await window.ready()
    await window.quick.command("Pillion: Show Drafts")
    rows = await window.quick.rows_with("refactor")
    assert "just now" in next(row for row in rows if "refactor" in row)
    await window.quick.pick("refactor")
    await window.answer_with("def total(prices:")
    assert window.read(SHOP) == SOURCE

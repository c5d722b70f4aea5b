"""Commands that take words or give them: *Ask Pillion…*, *Explain*, *Show Drafts*."""

from pathlib import Path

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import log_with
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "It takes a percentage off a price."


async def test_asking_is_one_step_and_the_others_are_a_key_away(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule("```python\ndef discount(price, share):\n    return price - price * share / 100\n```"))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    await window.quick.rows_with("What should be done with discount?")
    await window.quick.write("rename percent to share")
    rows = await until(window.quick.rows, lambda found: len(found) == 5, "all the ways to do it")
    assert "SIMPLE · gpu1, small" in rows[0]
    assert "you wrote “rename”: the small model does it" in rows[0]
    assert await window.quick.focused() == rows[0]
    assert "discount" in await window.quick.title()
    assert {tier for tier in ("SIMPLE", "MODERATE", "COMPLEX") if any(tier in row for row in rows)} == {
        "SIMPLE",
        "MODERATE",
        "COMPLEX",
    }
    changing = next(row for row in rows if "MODERATE" in row and row.startswith("Change discount"))
    assert "gpu0, large" in changing
    for _ in range(rows.index(changing)):
        await window.page.keyboard.press("ArrowDown")
    assert await window.quick.focused() == changing
    await window.quick.accept()
    await window.text_with(SHOP, "price * share")
    assert await window.save(SHOP) == SOURCE.replace("percent", "share")
    assert "rename percent to share" in large.log()[-1].prompt
    assert small.log() == []


@pytest.mark.parametrize("waits", [True, False], ids=["seen", "quicker-than-the-rows"])
async def test_asking_takes_what_enter_gives(open_shop: StartSession, small: FakeEngine, *, waits: bool) -> None:
    small.script(Rule(ANSWER))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    await window.quick.write("what if percent is 0?")
    if waits:
        await window.quick.rows_with("a question: the small model answers")
    await window.quick.accept()
    await window.explanation_with(ANSWER)
    (entry,) = await log_with(small, 1)
    assert "what if percent is 0?" in entry.prompt
    assert not await window.is_changed(SHOP)


async def test_the_rows_follow_the_words(open_shop: StartSession) -> None:
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    for words, first, tier in [
        ("what", "Answer about discount", "SIMPLE"),
        ("what about a docstring", "Add a docstring to discount", "SIMPLE"),
        ("change it", "Change discount", "MODERATE"),
        ("implement change discount", "Change discount", "COMPLEX"),
    ]:
        await window.quick.write(words)
        await window.quick.focused_with(first, tier)
    await window.quick.write("")
    await window.quick.rows_with("What should be done with")
    await window.quick.accept()  # nothing to do: it stays
    await window.quick.opened()
    await window.quick.cancel()
    await window.quick.closed()


async def test_explaining(open_shop: StartSession, small: FakeEngine) -> None:
    small.change(tokens_per_s=2.0)
    small.script(Rule(f"{ANSWER} Nothing `else` depends on it."))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Explain")
    partial = await window.explanation_with("gpu1 is writing…")
    assert "depends on it." not in partial, "the words come as the model says them"
    await window.explanation_with("Nothing else depends on it.")
    await window.ready()
    assert await window.answer.locator("code").all_inner_texts() == ["else"], "it is rendered"
    assert await window.page.locator(".editor-group-container").count() == 1, "the code keeps its room"
    assert window.read(SHOP) == SOURCE
    # The keyboard has stayed in the code, and Escape is enough.
    await window.type("x")
    await until(lambda: window.is_changed(SHOP), bool, "what was typed in the file")
    await window.page.keyboard.press("Control+Z")
    await window.page.keyboard.press("Escape")
    await until(lambda: window.page.locator(".part.panel:visible").count(), lambda count: count == 0, "a closed panel")


async def test_an_answer_can_do_nothing(open_shop: StartSession, small: FakeEngine) -> None:
    """Whatever a model writes is words."""
    hostile = (
        "See [this](command:workbench.action.closeWindow), ![that](https://evil.example/x.png), <https://evil.example>, "
        "<img src=x onerror=alert(1)> <a href='command:x'>y</a>\n\n<script>document.body.innerHTML = 'gone'</script>\n\n"
        "[ref]\n\n[ref]: command:x\n\nthe end"
    )
    small.script(Rule(hostile))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Explain")
    shown = await window.explanation_with("the end")
    assert "<img src=x onerror=alert(1)>" in shown
    assert "[this](command:workbench.action.closeWindow)" in shown
    assert await window.answer.locator("a, img, script, iframe, form, input").count() == 0


async def test_asking_from_the_menu(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(ANSWER))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")

    async def new_menu() -> list[str]:
        await window.actions.close()  # what is open is never filled anew
        return await window.actions.menu()

    # A menu doesn't wait for the configuration, in which the engines' names are.
    named = "Pillion: Refactor discount — gpu0"
    offered = await until(new_menu, lambda rows: named in rows, f"a menu with “{named}”")
    assert "Pillion: Ask…" in offered
    await window.actions.choose_from_open_menu("Pillion: Ask…")
    await window.quick.opened()
    await window.quick.write("what if percent is 0?")
    await window.quick.accept()
    await window.explanation_with(ANSWER)
    (entry,) = await log_with(small, 1)
    assert "def discount" in entry.prompt


async def test_asking_keeps_to_what_the_list_names(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(Rule(ANSWER))
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "discount")
    await window.quick.command("Pillion: Ask Pillion…")
    await window.quick.opened()
    await window.quick.write("what if it is 0?")
    await window.quick.rows_with("SIMPLE")
    # Below the list, which stays: the user looks at another function.
    await window.editor(SHOP).locator(".view-line", has_text="def rate").click()
    await window.quick.accept()
    await window.explanation_with(ANSWER)
    (entry,) = await log_with(small, 1)
    asked_about = entry.prompt.rpartition("```")[0].rpartition("```")[2]
    assert ("def discount" in asked_about, "def rate" in asked_about) == (True, False), entry.prompt


async def test_two_answers_that_are_written_at_once_share_the_view(
    open_shop: StartSession, two_gpus: Path, small: FakeEngine
) -> None:
    with FakeEngine.start(model="small", slots=2, tokens_per_s=3.0) as for_two:
        for_two.script(Rule(f"{ANSWER} " + "And so on. " * 100))
        config = two_gpus.read_text().replace(small.url, for_two.url)
        two_gpus.write_text(config.replace('model = "small"', 'model = "small"\nslots = 2'))
        window = (await open_shop()).window
        for symbol in ("discount", "total"):
            await window.go_to_text(SHOP, symbol)
            await window.quick.command("Pillion: Explain")
            await log_with(for_two, 1 if symbol == "discount" else 2)
        await window.explanation_with("Explain total")
        headings = window.answers.locator("h2 span")
        assert (await headings.all_inner_texts())[:2] == ["Explain total", "Explain discount"], "the newest comes first"
        await window.quick.command("Pillion: Cancel All Jobs")
        await window.explanation_with("cancelled")
        await window.ready()


@pytest.mark.usefixtures("last_in_its_window")
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


NAMES = Rule('{"names": ["price_total", "amount", "sum_of_prices"]}')


async def test_a_local_name_gets_the_one_that_is_chosen(open_shop: StartSession, small: FakeEngine) -> None:
    small.script(NAMES)
    window = (await open_shop()).window
    await window.go_to_text(SHOP, "result = 0")
    await window.actions.choose("Pillion: Rename result")
    await window.quick.opened()
    await window.quick.rows_with("price_total")
    await window.quick.write("sum_of_prices")
    await window.quick.accept()
    await window.text_with(SHOP, "return sum_of_prices")
    head, _, body = SOURCE.partition("def total")
    assert await window.save(SHOP) == f"{head}def total{body.replace('result', 'sum_of_prices')}"


CART = "function total(prices) {\n  return prices.length;\n}\n"
MAIN = "const { total } = require('./cart');\nconsole.log(total([1]));\n"


async def test_another_name_is_given_by_the_editors_own_rename(open_shop: StartSession, small: FakeEngine) -> None:
    """VS Code's own support of JavaScript renames in all files."""
    small.script(Rule('{"names": ["countPrices", "count", "size"]}'))
    cart = f"{CART}module.exports = {{ total }};\n"
    window = (await open_shop(workspace_files={"cart.js": cart, "main.js": MAIN})).window
    await window.open("cart.js")
    await window.go_to_text("cart.js", "total(prices)")
    await window.actions.choose("Pillion: Rename total")
    await window.quick.opened()
    await window.quick.accept()
    await window.text_with("cart.js", "function countPrices(prices)")

"""Drafts that wait for the user: they stream into a diff, and are accepted or rejected there."""

import pytest
from playwright.async_api import ViewportSize

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.editors.polling import until
from tests.editors.vscode.code_actions import QUICK_FIX
from tests.editors.vscode.conftest import SHOP, StartSession
from tests.editors.vscode.engine_logs import first_request_ended
from tests.editors.vscode.sessions import Session
from tests.support.rates import CUT, CUT_MESSAGE, DANGEROUS, FINDINGS, IMPLEMENTED
from tests.support.shop import SOURCE

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALWAYS = {"pillion.review": "always"}
AS_DIFF = {"pillion.reviewView": "diff"}
SLOW_TOKENS_PER_S = 3.0
ACCEPT, REJECT = "Accept Draft", "Reject Draft"


def written(draft: str) -> str:
    """The shop with this draft of `rate` in it."""
    return SOURCE[: SOURCE.index("def rate")] + draft.removeprefix("```python\n").removesuffix("```")


def script(large: FakeEngine, small: FakeEngine, draft: str = IMPLEMENTED) -> None:
    """The large engine writes `rate`; the small one finds two things in it."""
    large.script(Rule(draft, match="Implement this"))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))


async def implement(session: Session) -> None:
    """Has `rate` written."""
    await session.window.go_to_text(SHOP, "raise NotImplementedError")
    await session.window.actions.choose("Pillion: Implement rate", QUICK_FIX)


async def test_accepting(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small)
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    session = await open_shop(settings=ALWAYS | AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.opened()
    partial = await review.draft_with("base = 0.19")
    assert "return base" not in partial, "the draft streams into the diff"
    assert not await review.can_be_accepted(), "there is nothing whole to accept yet"
    await review.draft_with("return base")
    await until(review.squiggles, lambda count: count >= 2, "the findings in the draft")
    assert window.read(SHOP) == SOURCE
    await review.press_button(ACCEPT)
    await review.closed()
    await window.text_with(SHOP, "return base")
    assert await window.save(SHOP) == written(IMPLEMENTED)
    assert await window.problems_with(CUT_MESSAGE)


async def test_rejecting_leaves_the_file_as_it_is(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    # Line ends, the missing last one and a character outside the basic plane: all that could be put in order by mistake.
    text = SOURCE.replace('"""A shop."""', '"""A shop. 😋"""  ').replace("\n", "\r\n").rstrip()
    session = await open_shop(text, settings=ALWAYS | AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.draft_with("return base")
    await review.complete()
    await review.press_lens("Reject")
    await review.closed()
    await window.ready()
    assert not await window.is_changed(SHOP)
    assert window.read(SHOP) == text


async def test_rejecting_in_mid_draft_cancels(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    script(large, small, IMPLEMENTED.removesuffix("```") + "    # and so on\n" * 40)
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    session = await open_shop(settings=ALWAYS | AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.draft_with("base = 0.19")
    await review.press_button(REJECT)
    await review.closed()
    await window.ready()
    assert (await first_request_ended(large)).ended == "client_closed"
    assert not await window.is_changed(SHOP)
    assert window.read(SHOP) == SOURCE


SUMMARY = "Take a percentage off a price."
DOCUMENTED = SOURCE.replace("percent):\n", f'percent):\n    """{SUMMARY}"""\n')
IN_PLACE = ["✓ Accept", "✗ Reject", "↻ Again…", "Show Diff", "by gpu1"]


async def describe(session: Session, small: FakeEngine, summary: str = SUMMARY) -> None:
    """Has `discount` described, and waits for the draft in the document."""
    small.script(Rule(f'{{"summary": "{summary}"}}'))
    window = session.window
    await window.go_to_text(SHOP, "discount")
    await window.actions.choose("Pillion: Add a docstring to discount")
    await until(lambda: window.lenses(SHOP), lambda lines: lines == [" | ".join(IN_PLACE)], "what can be done")


async def test_a_small_draft_is_accepted_in_its_document(open_shop: StartSession, small: FakeEngine) -> None:
    session = await open_shop(settings=ALWAYS)
    window = session.window
    await describe(session, small)
    assert await window.additions(SHOP) == [f'⏎ """{SUMMARY}"""']
    assert not await window.review.is_open()
    assert await window.status() == "git-pull-request Pillion: 1 draft to review"
    assert not await window.is_changed(SHOP)
    await window.press_lens(SHOP, "Accept")
    await window.text_with(SHOP, SUMMARY)
    await until(lambda: window.lenses(SHOP), lambda lines: lines == [], "nothing more to decide")
    assert await window.additions(SHOP) == []
    assert await window.save(SHOP) == DOCUMENTED


async def test_the_keys_decide_on_a_small_draft_too(open_shop: StartSession, small: FakeEngine) -> None:
    session = await open_shop(settings=ALWAYS)
    window = session.window
    for key, text in (("x", SOURCE), ("a", DOCUMENTED)):
        await describe(session, small)
        await window.focus(SHOP)
        await window.page.keyboard.press("Control+K")
        await window.page.keyboard.press(key)
        await until(lambda: window.lenses(SHOP), lambda lines: lines == [], "nothing more to decide")
        await window.ready()
        assert await window.save(SHOP) == text


async def test_a_small_draft_follows_what_is_typed(open_shop: StartSession, small: FakeEngine) -> None:
    session = await open_shop(settings=ALWAYS)
    window = session.window
    await describe(session, small)
    await window.go_to(1)
    await window.type("# mine\n")
    await window.press_lens(SHOP, "Show Diff")
    await window.review.draft_with(SUMMARY)
    assert "# mine" in await window.review.draft()
    await window.review.complete()
    await window.review.press_lens("Accept")
    await window.text_with(SHOP, SUMMARY)
    assert await window.save(SHOP) == f"# mine\n{DOCUMENTED}"


TOTAL = """def total(prices):
    result = 0
    for price in prices:
        result = result + price
    print(result)
    return result
"""
FIRST = TOTAL.replace("result = 0\n", "result = 0.0\n")
SECOND = """    if result > 1:
        print("``` [x](command:y) $(check)")
    else:
        print(result)
    return math.floor(result)
"""
BOTH = FIRST[: FIRST.index("    print")] + SECOND
OPTIONS = "✓ Accept | ✗ Reject"


async def test_each_change_of_a_draft_is_decided_in_the_document(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    large.script(Rule(f"```python\nimport math\n\n\n{BOTH}```"))
    small.script(Rule('{"findings": []}'))
    session = await open_shop(TOTAL, settings=ALWAYS)
    window = session.window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    for_all = f"{OPTIONS} | ✓ All 2 | ✗ All | ↻ Again… | Show Diff"
    first, second = await until(lambda: window.lenses(SHOP), lambda found: len(found) == 2, "both changes")
    assert first.startswith(for_all)
    assert second == OPTIONS
    await until(window.below(SHOP).count, lambda count: count == 2, "the new code, and the import above the first line")
    new = window.below(SHOP).filter(has_text="floor")
    shown = " ".join((await new.inner_text()).split())
    assert 'print("``` [x](command:y) $(check)")' in shown
    assert await window.additions(SHOP) == ["→ result = 0.0"]
    assert not await window.is_changed(SHOP)
    assert not await window.page.locator(".comments-panel:visible").count(), "nothing else opens"
    await window.press_lens(SHOP, "Accept")
    await window.text_with(SHOP, "result = 0.0")
    await until(lambda: window.lenses(SHOP), lambda found: len(found) == 1, "the other change")
    assert await window.save(SHOP) == FIRST
    await new.hover()
    await new.get_by_role("button", name="Accept This Change").click()
    await window.text_with(SHOP, "math.floor")
    await until(lambda: window.lenses(SHOP), lambda found: found == [], "nothing more to decide")
    assert await window.below(SHOP).count() == 0
    assert await window.save(SHOP) == f"import math\n\n\n{BOTH}"


async def test_a_draft_is_made_again_with_a_word(open_shop: StartSession, large: FakeEngine, small: FakeEngine) -> None:
    large.script(
        Rule(f"```python\n{FIRST}```", match_last="it otherwise: with floats"), Rule(f"```python\n{TOTAL[:-7]}0\n```")
    )
    small.script(Rule('{"findings": []}'))
    session = await open_shop(TOTAL, settings=ALWAYS)
    window = session.window
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await until(lambda: window.additions(SHOP), lambda found: found == ["→ return 0"], "the first draft")
    await window.press_lens(SHOP, "Again")
    await window.quick.opened()
    await window.quick.write("with floats")
    await window.quick.accept()
    await until(lambda: window.additions(SHOP), lambda found: found == ["→ result = 0.0"], "the other draft")
    await window.focus(SHOP)
    await window.page.keyboard.press("Control+K")
    await window.page.keyboard.press("x")
    await until(lambda: window.lenses(SHOP), lambda found: found == [], "nothing more to decide")
    assert window.read(SHOP) == TOTAL


WIDE: ViewportSize = {"width": 2300, "height": 800}


async def test_both_sides_of_a_diff_scroll_together(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    filler = "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(60))
    draft = TOTAL.replace("    return", "".join(f"    a{number} = 1\n" for number in range(20)) + "    return")
    large.script(Rule(f"```python\n{draft}```"))
    small.script(Rule('{"findings": []}'))
    session = await open_shop(f"{filler}{TOTAL}\n\n{filler}", settings=ALWAYS | AS_DIFF)
    window, review = session.window, session.window.review
    size = window.page.viewport_size
    await window.page.set_viewport_size(WIDE)  # else VS Code shows both sides as one
    await window.go_to_text(SHOP, "total")
    await window.actions.choose("Pillion: Refactor total")
    await review.opened()
    await review.complete()
    for key in ("PageUp", "Control+Home", "PageDown"):
        await review.scrolls_by(key)
        # The same lines stand side by side.
        await until(review.lines, lambda sides: len({*sides[0]} & {*sides[1]}) > 10, f"both sides after {key}")
    await window.page.set_viewport_size(size or WIDE)
    await review.press_button(REJECT)
    await review.closed()


async def test_what_an_auditor_is_sure_of_waits_by_itself(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small, DANGEROUS)
    session = await open_shop(settings=AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.draft_with('exec("base = 0.16")')
    await until(review.lenses, lambda lenses: any("2 errors" in each for each in lenses), "the reason above the code")
    assert window.read(SHOP) == SOURCE
    await review.focus()
    await window.page.keyboard.press("Control+K")
    await window.page.keyboard.press("a")
    await review.closed()
    await window.text_with(SHOP, "exec(")
    assert await window.save(SHOP) == written(DANGEROUS)


async def test_a_draft_that_lost_its_place_is_said_and_can_be_discarded(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small)
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    session = await open_shop()
    window = session.window
    await implement(session)
    await window.status_with("gpu0")
    await window.focus(SHOP)
    await window.page.keyboard.press("Control+A")
    await window.page.keyboard.press("Delete")
    words = "what it would change isn’t in shop.py now"
    assert "Show Draft" in await window.notifications.buttons(await window.notifications.with_words(words))
    await window.notifications.press(words, "Discard")
    await window.ready()
    assert await window.text(SHOP) == ""


SQRT = "from math import sqrt"


async def test_an_import_that_a_draft_lacks_is_added_in_the_draft(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    draft = IMPLEMENTED.replace("return base", "return sqrt(base)")
    script(large, small, draft)
    session = await open_shop(settings=AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.draft_with("return sqrt(base)")
    add = f"Add the import: {SQRT}"
    await until(review.lenses, lambda lenses: any(add in each for each in lenses), "the way out")
    await review.press_lens(add)
    await review.draft_with(SQRT)
    await until(review.lenses, lambda lenses: not any(add in each for each in lenses), "nothing more to add")
    await review.complete()
    await review.press_lens("Accept")
    await review.closed()
    await window.text_with(SHOP, SQRT)
    assert (await window.save(SHOP)).endswith(written(draft)[SOURCE.index("def rate") :])


async def test_of_several_imports_that_a_draft_may_lack_the_user_says_which(
    open_shop: StartSession, large: FakeEngine, small: FakeEngine
) -> None:
    script(large, small, IMPLEMENTED.replace("return base", "return Queue().get(base)"))
    session = await open_shop(settings=AS_DIFF)
    window, review = session.window, session.window.review
    await implement(session)
    await review.draft_with("return Queue")
    await until(review.lenses, lambda lenses: any("Add the import…" in each for each in lenses), "the way out")
    await review.press_lens("Add the import…")
    await window.quick.pick("from queue import Queue")
    await review.draft_with("from queue import Queue")
    await review.complete()
    await review.press_lens("Accept")
    await window.text_with(SHOP, "from queue import Queue")

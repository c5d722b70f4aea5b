"""Comments from a real server: they come into code that stays as it is, also while the user types."""

from pathlib import Path

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.shop import SOURCE

TOTAL = 8
COMMENTED = """```python
def total(prices):
    result = 0
    for price in prices:
        # The till takes back what it sold.
        result = result + price
    return result  # in cents
```"""
AFTER = SOURCE.replace(
    "        result = result + price\n    return result\n",
    "        # The till takes back what it sold.\n        result = result + price\n    return result  # in cents\n",
)


async def test_comments_are_added_by_the_small_model(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, large: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule(COMMENTED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("comments", shop_uri, TOTAL))
    assert (final["state"], final["tier"], final["endpoint"]) == ("applied", "SIMPLE", "gpu1"), final["reason"]
    assert editor.documents[shop_uri].text == AFTER
    assert large.log() == []
    assert await editor.command("pillion.undo", {"job": final["id"]})
    assert editor.documents[shop_uri].text == SOURCE


async def test_a_reply_with_other_code_goes_one_lane_up_with_the_reason(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, large: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("```python\ndef total(prices):\n    # why\n    return sum(prices)\n```"))
    large.script(Rule(COMMENTED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("comments", shop_uri, TOTAL))
    assert (final["state"], final["endpoint"]) == ("applied", "gpu0"), final["reason"]
    assert "it would change the code, and not only its comments" in large.log()[-1].messages[-1]["content"]
    assert editor.documents[shop_uri].text == AFTER


async def test_a_review_shows_all_of_the_comments(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule(COMMENTED))
    options = {"pillion": {"events": True, "previews": True, "review": "always"}}
    editor = await start_editor(two_gpus, options=options)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("comments", shop_uri, TOTAL))
    assert final["state"] == "offered"
    editor.type(shop_uri, 0, 0, "# typed meanwhile\n")
    shown = await editor.command("pillion.preview", {"job": final["id"]})
    assert shown["text"] == f"# typed meanwhile\n{AFTER}"
    lines = shown["text"].split("\n")[shown["changed"]["start"]["line"] : shown["changed"]["end"]["line"] + 1]
    assert lines[0].strip().startswith("# The till")
    assert lines[-1].endswith("# in cents")
    assert await editor.command("pillion.accept", {"job": final["id"]}) == {"applied": True}
    assert editor.documents[shop_uri].text == f"# typed meanwhile\n{AFTER}"

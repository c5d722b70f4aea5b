"""Drafts are run before the user sees them, as an editor has it."""

from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.shop import SOURCE

SERVE = ("-m", "tests.support.serve_with_small_checks")
ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2])}
TOTAL = 8
EQUAL = "```python\ndef total(prices):\n    return sum(prices)\n```"
WRONG = "```python\ndef total(prices):\n    return sum(prices) + 1\n```"
ENDLESS = "```python\ndef total(prices):\n    while True:\n        prices = [*prices]\n```"
SUMMED = SOURCE.replace(
    "    result = 0\n    for price in prices:\n        result = result + price\n    return result\n",
    "    return sum(prices)\n",
)
SHOWN = "total([]) returned 1; it must return 0"
RAN = {"compared": 3, "examples": 0, "tried": 0, "not_run": "", "words": "behaviour compared on 3 inputs"}


@pytest.mark.parametrize("previews", [True, False], ids=["shows-drafts", "asks"])
@pytest.mark.parametrize("capabilities", ["visual-studio-code", "emacs"])
async def test_a_refactoring_that_does_the_same_is_applied_at_once(
    capabilities: str,
    previews: bool,
    start_editor: StartEditor,
    gpus_and_sandbox: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule(EQUAL))
    options = {"pillion": {"events": True, "previews": previews}}
    editor = await start_editor(
        gpus_and_sandbox, serve=SERVE, environment=ENVIRONMENT, capabilities=capabilities, options=options
    )
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL))
    assert (final["state"], final["review"], final["ran"]) == ("applied", False, RAN)
    assert editor.documents[shop_uri].text == SUMMED
    (sent,) = editor.edits
    assert not sent.edit.change_annotations
    assert editor.questions == []
    await editor.log_line("refactor: behaviour compared on 3 inputs")


async def test_one_that_does_not_is_tried_again_with_the_input_that_shows_it(
    start_editor: StartEditor, gpus_and_sandbox: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(WRONG, times=1), Rule(EQUAL, match_last=f"An earlier answer was wrong: {SHOWN}."))
    editor = await start_editor(gpus_and_sandbox, serve=SERVE, environment=ENVIRONMENT)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, TOTAL)
    again = await editor.event(lambda event: event["id"] == job and event.get("event") == "DraftVoided")
    assert (again["doing"], again["findings"], "ran" in again) == (f"trying again: {SHOWN}", 0, False)
    final = await editor.finished(job)
    assert (final["state"], editor.documents[shop_uri].text) == ("applied", SUMMED)
    assert (final["ran"], final["findings"]) == (RAN, 0)
    assert final["chosen"] == f"the first draft failed ({SHOWN}); the second doesn't"
    (kept,) = (await editor.command("pillion.drafts"))["drafts"]
    assert Path(kept["path"]).read_text() == WRONG
    assert kept["reason"] == f"set aside: {final['chosen']}"


async def test_one_that_does_not_twice_is_only_offered(
    start_editor: StartEditor, gpus_and_sandbox: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(WRONG))
    options = {"pillion": {"events": True, "previews": True}}
    editor = await start_editor(gpus_and_sandbox, serve=SERVE, environment=ENVIRONMENT, options=options)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL))
    assert (final["state"], editor.documents[shop_uri].text, final["severities"]) == ("offered", SOURCE, {"error": 1})
    assert final["reason"] == f"the audit found: {SHOWN}; behaviour compared on 3 inputs."
    shown = await editor.command("pillion.preview", final["id"])
    assert [each["message"] for each in shown["diagnostics"]] == [f"{SHOWN}."]
    assert await editor.command("pillion.accept", final["id"])
    (found,) = await editor.diagnostics(shop_uri, 1)
    assert (found.message, found.code) == (f"{SHOWN}.", "check/behaviour")


async def test_what_cannot_be_run_is_offered_with_the_reason(
    start_editor: StartEditor, gpus_and_sandbox: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(EQUAL))
    options = {"pillion": {"events": True, "previews": True}}
    editor = await start_editor(gpus_and_sandbox, serve=SERVE, environment=ENVIRONMENT, options=options)
    editor.open(shop_uri, f"import socket\n{SOURCE}")
    final = await editor.finished(await editor.run("refactor", shop_uri, TOTAL + 1))
    assert (final["state"], final["review"]) == ("offered", True)
    assert final["reason"] == "behaviour not compared: No module named 'socket'."
    assert final["ran"]["words"] == "could not be run: No module named 'socket'"


@pytest.mark.parametrize("how", ["cancel", "close"])
async def test_a_check_that_takes_long_can_be_cancelled(
    how: str, start_editor: StartEditor, gpus_and_sandbox: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(ENDLESS))
    editor = await start_editor(gpus_and_sandbox, serve=SERVE, environment=ENVIRONMENT)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, TOTAL)
    await editor.event(lambda event: event["id"] == job and event.get("event") == "ChecksStarted")
    if how == "cancel":
        await editor.command("pillion.cancel", {"job": job})
    else:
        editor.close(shop_uri)
    final: dict[str, Any] = await editor.finished(job)
    assert (final["state"], editor.edits) == ("cancelled", [])

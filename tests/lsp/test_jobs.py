"""A job's life in the editor: progress, cancelling, edits made meanwhile, offers."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, RequestLog, Rule
from tests.lsp.conftest import StartEditor

SOURCE = """def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


def other(a):
    return a
"""
pytestmark = pytest.mark.usefixtures("applied_at_once")

REFACTORED = "```python\ndef total(prices):\n    return sum(prices)\n```"
SLOW = 20.0


async def asked(engine: FakeEngine) -> None:
    """Waits until the engine has a request."""
    async with asyncio.timeout(30):
        while not engine.log():
            await asyncio.sleep(0.02)


async def closed_request(engine: FakeEngine) -> RequestLog:
    """The engine's only request, once it has ended."""
    async with asyncio.timeout(30):
        while True:
            entries = engine.log()
            if entries and entries[0].ended != "open":
                return entries[0]
            await asyncio.sleep(0.02)


async def test_run_returns_at_once_and_progress_has_real_numbers(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=SLOW)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    started = asyncio.get_running_loop().time()
    job = await editor.run("refactor", shop_uri, 0)
    answered_s = asyncio.get_running_loop().time() - started
    final = await editor.finished(job)
    took_s = asyncio.get_running_loop().time() - started
    assert answered_s < took_s / 2
    reports = await editor.progress(job)
    kinds = [type(report) for report in reports]
    assert kinds[0] is types.WorkDoneProgressBegin
    assert reports[0].title.startswith("Pillion: Refactor ")
    assert "…" not in reports[0].title
    assert kinds[-1] is types.WorkDoneProgressEnd
    assert reports[0].cancellable is True
    shown = [str(report.message) for report in reports]
    assert any("drafting on gpu0" in message and "tokens/s" in message for message in shown), shown
    (entry,) = large.log()
    assert final["tokens"] == entry.tokens_sent
    assert final["tokens_per_s"] == pytest.approx(SLOW, rel=0.3)
    assert editor.drafts[job] == REFACTORED


@pytest.mark.parametrize("how", ["progress", "command", "all", "closing"])
@pytest.mark.parametrize("phase", ["before-headers", "prefill", "streaming"])
async def test_cancelling_frees_the_engine(
    how: str, phase: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=5, prefill_tokens_per_s=1 if phase == "prefill" else 0)
    large.script(Rule(REFACTORED * 20, fault=Fault("hang") if phase == "before-headers" else None))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    if phase == "streaming":
        await editor.event(lambda event: event["id"] == job and event["tokens"] >= 2)
    else:
        await editor.event(lambda event: event["id"] == job and event["state"] == "drafting")
        await asked(large)
    if how == "progress":
        token = f"pillion-{job}"
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    elif how == "closing":
        editor.close(shop_uri)
    else:
        await editor.command("pillion.cancel", *([job] if how == "command" else []))
    assert (await editor.finished(job))["state"] == "cancelled"
    assert (await closed_request(large)).ended == "client_closed"
    if how == "closing":
        message = await editor.message("Refactor total was cancelled: the document was closed")
        assert ("The draft is kept in" in message) == (phase == "streaming")
    else:
        assert editor.documents[shop_uri].text == SOURCE
    await editor.progress(job)


async def test_shutdown_in_mid_job_closes_the_stream(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=2)
    large.script(Rule(REFACTORED * 20))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 1)
    assert await editor.quit() == 0
    assert (await closed_request(large)).ended == "client_closed"


async def test_an_edit_elsewhere_while_drafting_is_kept(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=SLOW)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 2)
    editor.type(shop_uri, 0, 0, "# 😋 a line on top\n\n")
    at = editor.documents[shop_uri].text.index("return a\n")
    editor.type(shop_uri, at, at + 8, "return 2 * a")
    assert (await editor.finished(job))["state"] == "applied"
    expected = "# 😋 a line on top\n\ndef total(prices):\n    return sum(prices)\n\n\ndef other(a):\n    return 2 * a\n"
    assert editor.documents[shop_uri].text == expected


@pytest.mark.parametrize("claimed", [pytest.param(False, id="refused"), pytest.param(True, id="said-to-be-applied")])
async def test_an_edit_that_the_client_has_not_sent_yet_is_rebased_too(
    claimed: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.claim_edits = claimed
    editor.open(shop_uri, SOURCE)
    # The user types between the server's request and its arrival: the client refuses the older version.
    editor.before_edit = lambda: editor.type(shop_uri, 0, 0, "# new\n")
    assert (await editor.finished(await editor.run("refactor", shop_uri, 0)))["state"] == "applied"
    assert editor.documents[shop_uri].text.startswith("# new\ndef total(prices):\n    return sum(prices)\n")
    assert len(editor.edits) == 2


# What a draft adds could as well have been added a line earlier: that is how a line-wise comparison sees it once
# something was typed above.
CLIP = "function clip(a) {\n  if (a < 0) {\n    return 0;\n  }\n  return a;\n}\n"
CLIPPED = CLIP.replace("  return a;\n", "  if (a > 9) {\n    return 9;\n  }\n  return a;\n")


# eglot tells of changes, its own and its user's, when that one pauses, and of many at once as of the whole text. Neovim
# waits for more to come and tells of them as of one.
@pytest.mark.parametrize("whole", [False, True], ids=["each", "whole"])
@pytest.mark.parametrize("after_s", [0.0, 2.5])
async def test_a_client_that_tells_of_its_change_late_gets_the_edit_once(
    after_s: float, whole: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, tmp_path: Path
) -> None:
    large.script(Rule(f"```javascript\n{CLIPPED}```"))
    editor = await start_editor(two_gpus)
    uri = editor.open((tmp_path / "clip.js").as_uri(), CLIP, "javascript")
    editor.hold_changes = True
    job = await editor.run("refactor", uri, 0)
    await editor.edit_came()
    await asyncio.sleep(after_s)
    editor.type(uri, 0, 0, "// new\n")
    editor.tell_changes(whole=whole)
    assert (await editor.finished(job))["state"] == "applied"
    assert len(editor.edits) == 1
    assert editor.documents[uri].text == f"// new\n{CLIPPED}"


async def test_a_client_that_tells_of_no_change_is_believed_and_the_draft_is_kept(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    editor.hold_changes = True
    final = await editor.finished(await editor.run("refactor", shop_uri, 0), 30)
    assert (final["state"], len(editor.edits)) == ("applied", 1)
    assert Path(final["draft_file"]).read_text() == REFACTORED


@pytest.mark.parametrize("reopened", [False, True], ids=["closed", "reopened"])
async def test_a_document_that_is_closed_before_its_change_is_told_of(
    reopened: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.claim_edits = True
    editor.open(shop_uri, SOURCE)
    # The editor drops what it says it did: the file is read again, or not.
    editor.before_edit = lambda: editor.close(shop_uri)
    job = await editor.run("refactor", shop_uri, 0)
    await editor.edit_came()
    if reopened:
        editor.open(shop_uri, SOURCE)
    assert (await editor.finished(job, 8))["state"] == "applied"
    assert len(editor.edits) == 1 + reopened
    if reopened:
        assert "    return sum(prices)\n" in editor.documents[shop_uri].text


# eglot 1.9's words. It asks before it compares the versions.
NOT_COMPARED = "behaviour not compared: running is turned off (sandbox.enabled)"
OLD, NO = "Edits on ‘shop.py’ require version 1, you have 2", "User cancelled server edit"


@pytest.mark.parametrize(
    ("answers", "typed", "sent", "state"),
    [
        pytest.param([OLD], True, 2, "applied", id="an-old-version"),
        pytest.param([NO], True, 1, "offered", id="no-while-typing"),
        pytest.param([NO], False, 1, "offered", id="no"),
        pytest.param([OLD, NO], True, 2, "offered", id="both"),
    ],
)
async def test_a_no_that_comes_as_an_error_is_a_no(
    answers: list[str],
    typed: bool,
    sent: int,
    state: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.fail_edits = list(answers)
    editor.open(shop_uri, SOURCE)
    if typed:
        editor.before_edit = lambda: editor.type(shop_uri, 0, 0, "# new\n")
    assert (await editor.finished(await editor.run("refactor", shop_uri, 0)))["state"] == state
    assert (len(editor.edits), editor.questions) == (sent, [])
    if state == "offered":
        await editor.message(f"the editor said: {NO}; {NOT_COMPARED}. pillion.accept applies it")


@pytest.mark.parametrize("accepted", [False, True], ids=["by-itself", "accepted"])
async def test_a_refused_edit_waits_for_the_change_that_made_it_old(
    accepted: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    refusals = 1 if accepted else 0
    editor.refuse_edits = refusals
    job = await editor.run("refactor", shop_uri, 0)
    if accepted:
        await editor.event(lambda event: event["id"] == job and event["state"] == "offered")
    editor.hold_changes = True
    editor.before_edit = lambda: editor.type(shop_uri, 0, 0, "# new\n")
    accepting = asyncio.ensure_future(editor.command("pillion.accept", job) if accepted else asyncio.sleep(0))
    await editor.edit_came(refusals + 1)
    await asyncio.sleep(0.4)
    editor.hold_changes = False
    editor.tell_changes()
    await accepting
    await editor.event(lambda event: event["id"] == job and event["state"] == "applied")
    assert len(editor.edits) == refusals + 2
    assert editor.documents[shop_uri].text.startswith(
        "# new\ndef total(prices):\n    return sum(prices)\n\n\ndef other"
    )


@pytest.mark.parametrize(
    ("answer", "state", "text"),
    [
        pytest.param("Apply anyway", "applied", "    return sum(prices)\n", id="apply"),
        pytest.param("Discard", "refused", "result = result + price + 1\n", id="discard"),
        pytest.param(None, "offered", "result = result + price + 1\n", id="no-answer"),
    ],
)
async def test_an_edit_in_the_same_place_is_offered_and_never_forced(
    answer: str | None,
    state: str,
    text: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    large.change(tokens_per_s=SLOW)
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.answer_with = answer
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 2)
    at = SOURCE.index("result + price") + len("result + price")
    editor.type(shop_uri, at, at, " + 1")
    await editor.event(lambda event: event["id"] == job and event["state"] == state)
    await editor.message("you changed the code it would change")
    assert text in editor.documents[shop_uri].text
    if state == "offered":
        assert await editor.command("pillion.accept", job)
        assert "    return sum(prices)\n" in editor.documents[shop_uri].text
        await editor.event(lambda event: event["id"] == job and event["state"] == "applied")
        with pytest.raises(Exception, match="has nothing on offer"):
            await editor.command("pillion.accept", job)


async def test_a_stale_menu_is_refused(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0, version=0)
    assert (await editor.finished(job))["state"] == "failed"
    await editor.message("The document changed since the menu was opened. Open the menu again.")
    assert large.log() == []


async def test_explain_shows_words_and_edits_nothing(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("It adds the prices up."))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("explain", shop_uri, 0)))["state"] == "ready"
    assert await editor.message("total: It adds the prices up.")
    assert editor.edits == []


async def test_a_client_without_progress_or_versioned_edits(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus, capabilities="neovim@v0.6.1")
    editor.open(shop_uri, SOURCE, version=0)
    job = await editor.run("refactor", shop_uri, 0)
    assert (await editor.finished(job))["state"] == "applied"
    assert "    return sum(prices)\n" in editor.documents[shop_uri].text
    assert editor.edits[0].edit.document_changes is None


async def test_an_editor_that_refuses_for_reasons_of_its_own_gets_an_offer(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.refuse_edits = 1
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    assert (await editor.finished(job))["state"] == "offered"
    await editor.message("the edit is ready and was not applied: the editor is busy")
    assert len(editor.edits) == 1, "it would only be refused again"
    assert editor.documents[shop_uri].text == SOURCE
    assert await editor.command("pillion.accept", job)
    assert "    return sum(prices)\n" in editor.documents[shop_uri].text


async def test_two_jobs_at_once_in_one_document(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=SLOW)
    small.change(tokens_per_s=SLOW)
    large.script(Rule(REFACTORED))
    small.script(Rule('{"summary": "Give the value back."}'))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    jobs = [await editor.run("refactor", shop_uri, 0), await editor.run("docstring", shop_uri, 7)]
    assert [(await editor.finished(job))["state"] for job in jobs] == ["applied", "applied"]
    expected = (
        'def total(prices):\n    return sum(prices)\n\n\ndef other(a):\n    """Give the value back."""\n    return a\n'
    )
    assert editor.documents[shop_uri].text == expected


async def test_typing_right_after_the_click_does_not_move_the_target(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    editor.type(shop_uri, 0, 0, "def wrong(a):\n    return a\n\n\n")
    assert (await editor.finished(job))["state"] == "applied", editor.messages
    expected = (
        "def wrong(a):\n    return a\n\n\ndef total(prices):\n    return sum(prices)\n\n\ndef other(a):\n    return a\n"
    )
    assert editor.documents[shop_uri].text == expected


async def test_a_forced_edit_brings_its_imports_and_helpers(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=SLOW / 2)  # what is typed must come before its end
    helper = "def _add(a, b):\n    return math.fsum((a, b))"
    large.script(Rule(f"```python\nimport math\n\ndef total(prices):\n    return _add(*prices)\n\n{helper}\n```"))
    editor = await start_editor(two_gpus)
    editor.answer_with = "Apply anyway"
    editor.open(shop_uri, f"import os\n\n\n{SOURCE}")
    job = await editor.run("refactor", shop_uri, 3)
    await editor.event(lambda event: event["id"] == job and event["tokens"] >= 2)
    at = editor.documents[shop_uri].text.index("result = 0")
    editor.type(shop_uri, at, at, "# mine\n    ")
    await editor.event(lambda event: event["id"] == job and event["state"] == "applied")
    text = editor.documents[shop_uri].text
    compile(text, "shop.py", "exec")
    assert "import os\nimport math\n" in text
    assert "def total(prices):\n    return _add(*prices)\n" in text
    assert helper in text
    assert "# mine" not in text
    await editor.progress(job)


async def test_a_client_that_knows_no_requests_keeps_the_offer(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REFACTORED))
    editor = await start_editor(two_gpus)
    editor.refuse_requests = True
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, 0)
    assert (await editor.finished(job))["state"] == "offered"
    await editor.message("pillion.accept applies it")
    await editor.progress(job)
    editor.refuse_requests = False
    assert await editor.command("pillion.accept", job)
    assert "    return sum(prices)\n" in editor.documents[shop_uri].text

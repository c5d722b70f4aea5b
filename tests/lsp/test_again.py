"""After a job: a refused draft is tried again, an applied edit is taken back, and what is going on is said."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain

Says = Callable[[types.ClientCapabilities], None] | None

SOURCE = """def total(prices):
    result = 0
    for price in prices:
        result = result + price
    return result


def other(a):
    return a
"""
SUMMED = SOURCE[SOURCE.index("def other") :].join(("def total(prices):\n    return sum(prices)\n\n\n", ""))
GOOD = "```python\ndef total(prices):\n    return sum(prices)\n```"
BROKEN = "```python\ndef total(prices):\n    return sum(prices\n```"
OTHER_MODELS = """
[endpoints.gpu2]
protocol = "ollama"
url = "{url}"
model = "large"
"""


async def change(editor: Editor, uri: str, line: int = 0, **more: Any) -> str:
    """Asks for a change of the function at a line."""
    place = {"line": line, "character": 4}
    argument = {"action": "change", "uri": uri, "range": {"start": place, "end": place}, "version": None}
    return str(await editor.command("pillion.run", {**argument, "instruction": "make it short", **more}))


async def refused_job(editor: Editor, uri: str, large: FakeEngine) -> dict[str, Any]:
    large.script(Rule(BROKEN))
    final = await editor.finished(await change(editor, uri))
    assert final["state"] == "refused", final
    return final


async def test_a_refusal_says_what_each_attempt_was_refused_for(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(BROKEN, times=1), Rule("There is nothing to do."))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri))
    assert final["state"] == "refused"
    first, second = final["attempts"]
    assert (first["endpoint"], first["model"], second["endpoint"]) == ("gpu0", "large", "gpu0")
    assert first["reason"]
    assert second["reason"]
    assert first["reason"] != second["reason"]
    tried_again = [each["doing"] for each in editor.events if each["doing"].startswith("trying again")]
    assert tried_again[0] == f"trying again: {first['reason']}"
    (listed,) = plain(await editor.command("pillion.drafts"))["refused"]
    assert (listed["job"], listed["uri"], listed["title"]) == (final["id"], shop_uri, "Pillion: Change total")
    assert listed["attempts"] == final["attempts"]
    assert Path(listed["draft_file"]).read_text() == "There is nothing to do."
    assert [Path(each["text_file"]).read_text() for each in final["attempts"]] == [BROKEN, "There is nothing to do."]


async def test_trying_again_tells_the_model_what_was_wrong_and_adds_the_users_word(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    refused = await refused_job(editor, shop_uri, large)
    editor.type(shop_uri, 0, 0, "# moved down\n\n")
    reason = refused["attempts"][-1]["reason"]
    large.script(Rule(GOOD, match="make it short use sum()", match_last=f"That can't be used: {reason}"))
    argument = {"job": refused["id"], "instruction": "use sum()"}
    job = plain(await editor.command("pillion.retry", argument))["job"]
    assert (await editor.finished(job))["state"] == "applied"
    assert editor.documents[shop_uri].text == f"# moved down\n\n{SUMMED}"
    assert plain(await editor.command("pillion.drafts"))["refused"] == []


@pytest.mark.parametrize(
    ("lanes", "larger"),
    [
        pytest.param('simple = ["gpu1"]\nmoderate = ["gpu1"]\ncomplex = ["gpu0"]', ("gpu0", "COMPLEX"), id="complex"),
        pytest.param('simple = ["gpu1"]\nmoderate = ["gpu0"]\ncomplex = ["gpu0"]', (None, None), id="tried-already"),
        pytest.param('simple = ["gpu1"]\nmoderate = ["gpu1"]\ncomplex = ["gpu1"]', (None, None), id="no-other"),
    ],
)
async def test_the_larger_model_is_named_and_tries(
    lanes: str,
    larger: tuple[str | None, str | None],
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    config = two_gpus.read_text()
    two_gpus.write_text(f"{config[: config.index('[lanes]')]}[lanes]\n{lanes}\n")
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    for engine in (large, small):
        engine.script(Rule(BROKEN))
    refused = await editor.finished(await change(editor, shop_uri, tier="SIMPLE"))
    tried = {each["endpoint"] for each in refused["attempts"]}
    expected = larger if larger[0] not in tried else (None, None)
    assert (refused.get("larger"), refused.get("larger_tier")) == expected, tried
    if expected[0] is not None:
        large.script(Rule(GOOD))
        argument = {"job": refused["id"], "tier": refused["larger_tier"]}
        final = await editor.finished(plain(await editor.command("pillion.retry", argument))["job"])
        assert (final["endpoint"], final["state"]) == ("gpu0", "applied")


async def test_trying_again_never_works_on_something_else(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    refused = await refused_job(editor, shop_uri, large)
    editor.type(shop_uri, 0, SOURCE.index("def other"), "")
    large.script(Rule(GOOD))
    requests = len(large.log())
    again = await editor.finished(plain(await editor.command("pillion.retry", {"job": refused["id"]}))["job"])
    assert (again["state"], again["reason"]) == ("failed", "“total” isn't there any more.")
    assert len(large.log()) == requests


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param({"job": "nosuch"}, id="unknown"),
        pytest.param({"job": ""}, id="none"),
        pytest.param({"job": "REFUSED", "tier": "HUGE"}, id="tier"),
        pytest.param({"job": "REFUSED", "instruction": 7}, id="instruction"),
        pytest.param({"job": "APPLIED"}, id="applied"),
    ],
)
async def test_what_cannot_be_tried_again_is_said(
    argument: dict[str, Any], start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    refused = await refused_job(editor, shop_uri, large)
    large.script(Rule(GOOD))
    applied = await editor.finished(await change(editor, shop_uri))
    ids = {"REFUSED": refused["id"], "APPLIED": applied["id"]}
    with pytest.raises(JsonRpcException):
        await editor.command("pillion.retry", {**argument, "job": ids.get(argument["job"], argument["job"])})


async def test_a_closed_document_is_opened_before_another_try(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    refused = await refused_job(editor, shop_uri, large)
    editor.close(shop_uri)
    with pytest.raises(JsonRpcException, match=r"shop\.py isn't open"):
        await editor.command("pillion.retry", {"job": refused["id"]})
    editor.open(shop_uri, SOURCE)
    with pytest.raises(JsonRpcException, match="Choose the action in its menu again"):
        await editor.command("pillion.retry", {"job": refused["id"]})


async def test_an_applied_edit_says_where_it_is_and_can_be_taken_back(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(GOOD))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri))
    applied = final["applied"]
    assert (applied["lines"], applied["version"], applied["undo"]) == (1, 2, True)
    ((start, end),) = [(each["start"]["line"], each["end"]["line"]) for each in applied["ranges"]]
    assert (start, end) == (1, 1)
    # What is typed elsewhere since, stays.
    editor.type(shop_uri, 0, 0, "# 😋 above\n")
    text = editor.documents[shop_uri].text
    at = text.index("return a\n")
    editor.type(shop_uri, at, at + 8, "return 2 * a")
    undone = plain(await editor.command("pillion.undo", {"job": final["id"]}))
    assert undone == {"undone": True}
    assert editor.documents[shop_uri].text == "# 😋 above\n" + SOURCE.replace("return a\n", "return 2 * a\n")
    with pytest.raises(JsonRpcException, match="no edit to take back"):
        await editor.command("pillion.undo", {"job": final["id"]})


def compares_no_versions(able: types.ClientCapabilities) -> None:
    assert able.workspace is not None
    assert able.workspace.workspace_edit is not None
    able.workspace.workspace_edit.document_changes = None


@pytest.mark.parametrize("says", [None, compares_no_versions])
async def test_an_edit_is_taken_back_once_however_often_and_quickly_it_is_asked_for(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str, says: Says
) -> None:
    large.script(Rule(GOOD))
    editor = await start_editor(two_gpus, says=says)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri))
    asked = [editor.command("pillion.undo", {"job": final["id"]}) for _ in range(3)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [plain(each) for each in answers if not isinstance(each, Exception)] == [{"undone": True}]
    assert all("no edit to take back" in str(each) for each in answers if isinstance(each, Exception))
    assert editor.documents[shop_uri].text == SOURCE


async def test_edits_that_are_ready_at_once_do_not_meet_in_a_client_that_compares_no_versions(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    names = [f"f{number}" for number in range(4)]
    source = "".join(f"def {name}():\n    a = 1\n    b = 2\n    return a + b\n\n\n" for name in names)
    large.script(*(Rule(f"```python\ndef {name}():\n    return 3\n```", match=f"shorten {name}") for name in names))
    options = {"pillion": {"events": True, "review": "always"}}
    editor = await start_editor(two_gpus, says=compares_no_versions, options=options)
    editor.open(shop_uri, source)
    jobs = [await change(editor, shop_uri, 6 * at, instruction=f"shorten {name}") for at, name in enumerate(names)]
    assert {(await editor.finished(job))["state"] for job in jobs} == {"offered"}
    accepted = await asyncio.gather(*(editor.command("pillion.accept", {"job": job}) for job in jobs))
    assert [plain(each) for each in accepted] == [{"applied": True}] * len(names)
    assert editor.documents[shop_uri].text == "".join(f"def {name}():\n    return 3\n\n\n" for name in names)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        pytest.param({"summary": "Add."}, 1, id="one"),
        pytest.param({"summary": "Add.", "parameters": {"prices": "All of them."}}, 5, id="several"),
    ],
)
async def test_the_lines_of_an_edit_are_its_own(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str, fields: dict[str, Any], lines: int
) -> None:
    """An edit that is made before an indented line ends with that line's indentation."""
    small.script(Rule(json.dumps(fields)))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri, action="docstring"))
    applied = final["applied"]
    ((start, end),) = [(each["start"]["line"], each["end"]["line"]) for each in applied["ranges"]]
    assert (applied["lines"], start, end) == (lines, 1, lines), editor.documents[shop_uri].text


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        pytest.param("typed-into", "its lines were changed since", id="typed-into"),
        pytest.param("closed", "the document was closed", id="closed"),
        pytest.param("reopened", "the document was closed, or read anew", id="reopened"),
    ],
)
async def test_what_was_typed_into_an_edit_is_never_taken_back(
    how: str, reason: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(GOOD))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri))
    if how == "typed-into":
        at = editor.documents[shop_uri].text.index("sum(")
        editor.type(shop_uri, at, at + 3, "fsum")
    else:
        text = editor.documents[shop_uri].text
        editor.close(shop_uri)
        if how == "reopened":
            editor.open(shop_uri, text)
    before = editor.documents[shop_uri].text if shop_uri in editor.documents else ""
    undone = plain(await editor.command("pillion.undo", {"job": final["id"]}))
    assert undone["undone"] is False
    assert undone["reason"].startswith(reason)
    assert (editor.documents[shop_uri].text if shop_uri in editor.documents else "") == before


async def test_what_is_going_on_is_said_in_a_users_words(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=6)
    large.script(Rule(GOOD))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await change(editor, shop_uri))
    doing = [each["doing"] for each in editor.events if each["id"] == final["id"]]
    assert doing[0] == "waiting for an engine"
    assert doing[-1] == ""
    assert any(each.startswith("drafting on gpu0 · ") and each.endswith("tokens/s") for each in doing), doing
    assert any("local checks" in each for each in doing), doing
    assert re.search(r"(?<![\d.])1 tokens", "\n".join(doing)) is None


async def test_a_fast_engine_does_not_make_the_server_tell_of_every_token(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=400)
    body = "".join(f"    value_{number} = prices[{number}]\n" for number in range(120))
    reply = f"```python\ndef total(prices):\n{body}    return sum(prices)\n```"
    large.script(Rule(reply))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    began = asyncio.get_running_loop().time()
    final = await editor.finished(await change(editor, shop_uri))
    took_s = asyncio.get_running_loop().time() - began
    told = [each for each in editor.events if each["id"] == final["id"]]
    assert final["tokens"] > 300
    assert len(told) < 20 + 12 * took_s
    assert editor.drafts[final["id"]] == reply, "every piece of the draft arrives all the same"


@pytest.mark.parametrize("job", [5, "", [], {"id": "1"}, True])
async def test_an_odd_id_never_cancels_all_jobs(
    job: object, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=40)
    large.script(Rule(GOOD))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    running = await change(editor, shop_uri)
    with pytest.raises(JsonRpcException):
        await editor.command("pillion.cancel", {"job": job})
    assert (await editor.finished(running))["state"] == "applied"

"""Reviewing drafts: by setting they wait for the user, and a client that shows them is given the document as it would be."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.positions import offset_of
from tests.support.rates import DANGEROUS, EVAL_MESSAGE, IMPLEMENTED, implement
from tests.support.shop import SOURCE

WRITTEN = SOURCE[: SOURCE.index("def rate")] + IMPLEMENTED.removeprefix("```python\n").removesuffix("```")
DANGEROUSLY_WRITTEN = SOURCE[: SOURCE.index("def rate")] + DANGEROUS.removeprefix("```python\n").removesuffix("```")
# Long enough for its first statements to be a unit of their own, which is audited while the others come.
LONG = f"""```python
def rate(year: int) -> float:
    \"\"\"Return the tax rate of a year.\"\"\"
    base = eval("0.19")
{"".join(f"    if year == {year}:{chr(10)}        base = base + 0.01{chr(10)}" for year in range(1990, 2010))}    return base
```"""
SLOW_TOKENS_PER_S = 30.0


def options(review: str | None = None, *, previews: bool = True) -> dict[str, Any]:
    settings = {} if review is None else {"review": review}
    return {"pillion": {"events": True, "previews": previews, **settings}}


async def preview(editor: Editor, job: str) -> dict[str, Any] | None:
    found = await editor.command("pillion.preview", {"job": job})
    return None if found is None else plain(found)


def quoted(shown: dict[str, Any], a_range: dict[str, Any]) -> str:
    start, end = (offset_of(shown["text"], types.Position(**a_range[side])) for side in ("start", "end"))
    return str(shown["text"][start:end])


@pytest.mark.parametrize(
    ("review", "draft", "state", "text"),
    [
        pytest.param("always", IMPLEMENTED, "offered", SOURCE, id="always"),
        pytest.param("always", DANGEROUS, "offered", SOURCE, id="always-flagged"),
        pytest.param("whenFlagged", IMPLEMENTED, "applied", WRITTEN, id="when-flagged"),
        pytest.param("whenFlagged", DANGEROUS, "offered", SOURCE, id="when-flagged-flagged"),
        pytest.param(None, DANGEROUS, "offered", SOURCE, id="default-flagged"),
        pytest.param("never", DANGEROUS, "applied", DANGEROUSLY_WRITTEN, id="never"),
    ],
)
async def test_which_edits_wait(
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
    review: str | None,
    draft: str,
    state: str,
    text: str,
) -> None:
    editor = await start_editor(two_gpus, options=options(review))
    final = await implement(editor, shop_uri, large, small, draft=draft)
    assert (final["state"], final["review"]) == (state, review == "always")
    assert editor.documents[shop_uri].text == text
    assert (editor.questions, editor.messages) == ([], []), "the client shows all of it"
    assert (final["title"], final["uri"]) == ("Pillion: Implement rate", shop_uri)
    if state == "offered":
        assert ("executes code" in final["reason"]) == (draft == DANGEROUS)
        assert Path(final["draft_file"]).read_text() == draft


@pytest.mark.parametrize("accepted", [True, False])
async def test_what_is_shown_is_what_accepting_gives(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str, accepted: bool
) -> None:
    editor = await start_editor(two_gpus, options=options("always"))
    job = (await implement(editor, shop_uri, large, small, draft=DANGEROUS))["id"]
    editor.type(shop_uri, 0, 0, "# at the top 🏍\n")
    shown = await preview(editor, job)
    assert shown is not None
    assert shown["complete"]
    assert shown["text"] == "# at the top 🏍\n" + DANGEROUSLY_WRITTEN
    assert quoted(shown, shown["changed"]).startswith("def rate")
    assert EVAL_MESSAGE in [each["message"] for each in shown["diagnostics"]]
    assert [quoted(shown, each["range"]) for each in shown["diagnostics"]] == ['eval("0.19")', 'exec("base = 0.16")']
    offered = plain(await editor.command("pillion.drafts"))["offered"]
    assert [(each["job"], each["uri"], each["title"]) for each in offered] == [
        (job, shop_uri, "Pillion: Implement rate")
    ]
    if accepted:
        await editor.command("pillion.accept", {"job": job})
    else:
        await editor.command("pillion.reject", {"job": job})
    before = "# at the top 🏍\n" + SOURCE
    assert editor.documents[shop_uri].text == (shown["text"] if accepted else before)
    state = "applied" if accepted else "refused"
    final = await editor.event(lambda event: event["id"] == job and event["state"] == state)
    assert bool(final["reason"]) == accepted, "why it was offered isn't why it was rejected"
    assert plain(await editor.command("pillion.drafts"))["offered"] == []


async def test_a_draft_is_seen_while_it_streams(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    large.script(Rule(LONG, match="Implement this"))
    small.script(Rule('{"findings": []}'))
    editor = await start_editor(two_gpus, options=options("always"))
    editor.open(shop_uri, SOURCE)
    job = await editor.run("implement", shop_uri, 15)
    seen: list[dict[str, Any]] = []
    while not editor.events or editor.events[-1]["state"] != "offered":
        seen += [shown] if (shown := await preview(editor, job)) is not None else []
        await asyncio.sleep(0.02)
    streamed = [each for each in seen if not each["complete"]]
    assert len({each["text"] for each in streamed}) > 10
    written = LONG.removeprefix("```python\n").removesuffix("```").rstrip()
    for each in streamed:
        assert each["text"].startswith(SOURCE[: SOURCE.index("def rate")])
        assert written.startswith(quoted(each, each["changed"]))
    sizes = [len(each["text"]) for each in streamed]
    assert sizes == sorted(sizes)
    assert any(each["diagnostics"] for each in streamed), "findings appear while the draft streams"
    for each in streamed:
        assert [quoted(each, found["range"]) for found in each["diagnostics"]] in ([], ['eval("0.19")'])


async def test_what_was_dismissed_is_not_shown_while_a_draft_streams(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options("never"))
    await implement(editor, shop_uri, large, small, draft=DANGEROUS)
    await editor.diagnostics(shop_uri, 2)
    await editor.command("pillion.dismiss", {"uri": shop_uri, "all": True})
    editor.type(shop_uri, 0, len(editor.documents[shop_uri].text), SOURCE)
    large.change(tokens_per_s=SLOW_TOKENS_PER_S)
    job = await editor.run("implement", shop_uri, 15)
    seen: list[dict[str, Any]] = []
    while editor.events[-1]["id"] != job or editor.events[-1]["state"] != "applied":
        seen += [shown] if (shown := await preview(editor, job)) is not None else []
        await asyncio.sleep(0.05)
    assert any("exec" in each["text"] for each in seen)
    assert all(each["diagnostics"] == [] for each in seen)


async def test_where_there_is_nothing_left_to_accept_nothing_is_shown(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options("always"))
    job = (await implement(editor, shop_uri, large, small))["id"]
    start = SOURCE.index("def rate")
    editor.type(shop_uri, start, len(SOURCE), "")
    assert await preview(editor, job) is None
    assert plain(await editor.command("pillion.accept", {"job": job})) == {"applied": False}
    editor.type(shop_uri, start, start, SOURCE[start:])
    assert await preview(editor, job) is not None
    assert plain(await editor.command("pillion.accept", {"job": job})) == {"applied": True}
    assert await preview(editor, job) is None


async def test_an_offer_outlives_many_jobs_and_its_closed_file(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options("always"))
    job = (await implement(editor, shop_uri, large, small))["id"]
    editor.close(shop_uri)
    for _ in range(60):
        await editor.run_anywhere("refactor", "file:///nowhere.py")
    shown = await preview(editor, job)
    assert shown is not None
    assert not shown["complete"], "nobody knows what the file has become"
    editor.open(shop_uri, SOURCE)
    shown = await preview(editor, job)
    assert shown is not None
    assert shown["complete"]
    assert plain(await editor.command("pillion.accept", {"job": job})) == {"applied": True}


async def test_what_is_being_accepted_cannot_be_rejected_or_accepted_again(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options("always"))
    job = (await implement(editor, shop_uri, large, small))["id"]
    answers = await asyncio.gather(
        *(editor.command(f"pillion.{name}", {"job": job}) for name in ("accept", "reject", "accept")),
        return_exceptions=True,
    )
    assert plain(answers[0]) == {"applied": True}
    assert all("has nothing on offer" in str(answer) for answer in answers[1:])
    assert [each["state"] for each in editor.events if each["id"] == job][-1] == "applied"
    assert editor.documents[shop_uri].text == WRITTEN


async def test_prose_comes_with_the_job(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("It adds the [prices](http://x.example)."))
    editor = await start_editor(two_gpus, options=options("always"))
    editor.open(shop_uri, SOURCE)
    job = await editor.run("explain", shop_uri, 8)
    final = await editor.finished(job)
    assert (final["state"], final["review"]) == ("ready", False)
    assert final["prose"] == "It adds the `[prices](http://x.example)`."
    assert editor.messages == []
    assert await preview(editor, job) is None


async def test_clients_that_show_nothing_are_asked_about_every_edit(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options("always", previews=False), capabilities="emacs")
    final = await implement(editor, shop_uri, large, small)
    assert final["state"] == "offered"
    await editor.message("the edit is ready and was not applied: you review every edit")
    assert editor.documents[shop_uri].text == SOURCE


async def test_a_tier_that_the_user_chose(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("```python\ndef discount(price, percent):\n    return price * (1 - percent / 100)\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    place = {"line": 3, "character": 4}
    argument = {"action": "change", "uri": shop_uri, "range": {"start": place, "end": place}, "version": 1}
    job = await editor.command("pillion.run", {**argument, "tier": "SIMPLE", "instruction": "fewer words"})
    final = await editor.finished(job)
    assert (final["state"], final["tier"], final["endpoint"]) == ("applied", "SIMPLE", "gpu1")
    assert large.log() == []
    assert "fewer words" in small.log()[0].prompt
    wrong: list[Any] = ["simple", []]
    for tier in wrong:
        with pytest.raises(Exception, match="“tier” is one of SIMPLE, MODERATE, COMPLEX"):
            await editor.command("pillion.run", {**argument, "tier": tier, "instruction": "x"})


async def test_the_preview_of_no_job(start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(two_gpus)
    with pytest.raises(Exception, match="There is no job 'x'"):
        await editor.command("pillion.preview", {"job": "x"})

"""Deciding on a draft hunk by hunk: each accepted on its own, what it needs comes along, and the rest stays on offer."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.positions import offset_of

SOURCE = '''"""A shop."""


def total(prices):
    result = 0
    for price in prices:
        result = result + price
    print(result)
    return result


def other(a):
    return a
'''
FIRST, SECOND = ("    result = 0\n", "    result = 0.0\n"), ("    return result\n", "    return math.floor(result)\n")
EVAL = ("    print(result)\n", "    eval(prices)\n")
IMPORT = ("def total", "import math\n\n\ndef total")


def with_changes(*changes: tuple[str, str], source: str = SOURCE) -> str:
    for old, new in changes:
        assert old in source
        source = source.replace(old, new, 1)
    return source


def draft(*changes: tuple[str, str], header: str = "import math\n\n\n") -> str:
    code = with_changes(*changes)
    return f"```python\n{header}{code[code.index('def total') : code.index('def other')].rstrip()}\n```"


BOTH = draft(FIRST, SECOND)
NO_SUCH = "no change '000000000000' on offer"


async def offered(
    start_editor: StartEditor, config: Path, large: FakeEngine, uri: str, text: str
) -> tuple[Editor, str]:
    """An editor with this draft of `total` on offer, and the job."""
    large.script(Rule(text))
    editor = await start_editor(config, options={"pillion": {"events": True, "previews": True, "review": "always"}})
    editor.open(uri, SOURCE)
    place = {"line": 3, "character": 4}
    argument = {"action": "change", "uri": uri, "range": {"start": place, "end": place}, "version": None}
    job = str(await editor.command("pillion.run", {**argument, "instruction": "count better"}))
    final = await editor.finished(job)
    assert final["state"] == "offered", final
    return editor, job


async def hunks(editor: Editor, job: str) -> list[dict[str, Any]]:
    shown = await editor.command("pillion.preview", {"job": job})
    return list(plain(shown)["hunks"]) if shown is not None else []


def changed(editor: Editor, uri: str, hunk: dict[str, Any]) -> list[tuple[str, str]]:
    """What a hunk replaces, and by what."""
    text = editor.documents[uri].text
    return [(text[_at(text, each, "start") : _at(text, each, "end")], each["newText"]) for each in hunk["changes"]]


def _at(text: str, change: dict[str, Any], side: str) -> int:
    return offset_of(text, types.Position(**change["range"][side]))


async def decide(editor: Editor, name: str, job: str, hunk: dict[str, Any]) -> Any:
    return plain(await editor.command(f"pillion.{name}", {"job": job, "hunk": hunk["id"]}))


async def test_a_hunk_says_what_it_replaces_and_what_it_brings(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    editor.type(shop_uri, 0, 0, "# 🏍\n")
    shown = plain(await editor.command("pillion.preview", {"job": job}))
    one, two = shown["hunks"]
    assert [changed(editor, shop_uri, each) for each in (one, two)] == [[FIRST], [SECOND]]
    assert (one["brings"], [each["newText"].strip() for each in two["brings"]]) == ([], ["import math"])
    for each in (*one["changes"], *two["changes"], *two["brings"]):
        start, end = (offset_of(shown["text"], types.Position(**each["written"][side])) for side in ("start", "end"))
        assert shown["text"][start:end] == each["newText"]
    assert editor.documents[shop_uri].text == "# 🏍\n" + SOURCE


@pytest.mark.parametrize(
    ("decisions", "text", "state"),
    [
        pytest.param("aa", with_changes(IMPORT, FIRST, SECOND), "applied", id="both"),
        pytest.param("ar", with_changes(FIRST), "applied", id="the-first"),
        pytest.param("ra", with_changes(IMPORT, SECOND), "applied", id="the-second"),
        pytest.param("rr", SOURCE, "refused", id="none"),
        pytest.param("aA", with_changes(IMPORT, FIRST, SECOND), "applied", id="one-then-the-rest"),
        pytest.param("rA", with_changes(IMPORT, SECOND), "applied", id="all-but-one"),
        pytest.param("aR", with_changes(FIRST), "applied", id="one-and-no-more"),
    ],
)
async def test_each_hunk_is_decided_alone(
    decisions: str,
    text: str,
    state: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    shop_uri: str,
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    names = {"a": "accept", "r": "reject"}
    left = 2
    for each in decisions:
        waiting = await hunks(editor, job)
        assert len(waiting) == left
        if each in names:
            await decide(editor, names[each], job, waiting[0])
        else:
            await editor.command(f"pillion.{names[each.lower()]}", {"job": job})
        left -= 1
    final = await editor.event(lambda event: event["id"] == job and event["state"] in ("applied", "refused"))
    assert (final["state"], editor.documents[shop_uri].text) == (state, text)
    assert plain(await editor.command("pillion.drafts"))["offered"] == []
    if state == "applied":
        assert final["applied"]["undo"]
        assert plain(await editor.command("pillion.undo", {"job": job})) == {"undone": True}
        assert editor.documents[shop_uri].text == SOURCE, "all of it is taken back in one step"


async def test_an_accepted_hunk_is_one_edit(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    _, second = await hunks(editor, job)
    edits = len(editor.edits)
    assert await decide(editor, "accept", job, second) == {"applied": True}
    assert len(editor.edits) == edits + 1
    assert editor.documents[shop_uri].text == with_changes(IMPORT, SECOND)
    (offer,) = plain(await editor.command("pillion.drafts"))["offered"]
    assert (offer["job"], offer["reason"]) == (job, "you decide on the other changes.")


async def test_the_user_types_between_two_decisions(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    first, second = await hunks(editor, job)
    editor.type(shop_uri, 0, 0, "# at the top\n")
    assert await decide(editor, "accept", job, first) == {"applied": True}
    at = editor.documents[shop_uri].text.index("def other")
    editor.type(shop_uri, at, at, "LIMIT = 1\n\n\n")
    assert await decide(editor, "accept", job, second) == {"applied": True}
    expected = with_changes(IMPORT, FIRST, SECOND).replace("def other", "LIMIT = 1\n\n\ndef other")
    assert editor.documents[shop_uri].text == f"# at the top\n{expected}"


async def test_a_hunk_whose_lines_the_user_changed_is_not_forced(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    first, second = await hunks(editor, job)
    at = SOURCE.index("result = 0") + len("result = ")
    editor.type(shop_uri, at, at + 1, "1")
    typed = editor.documents[shop_uri].text
    assert await decide(editor, "accept", job, first) == {"applied": False}
    await editor.message("not applied: the document was changed at this place since it was shown.")
    assert editor.documents[shop_uri].text == typed
    now, _ = await hunks(editor, job)
    assert changed(editor, shop_uri, now) == [("    result = 1\n", "    result = 0.0\n")], "it is shown as it would be"
    assert await decide(editor, "accept", job, second) == {"applied": True}
    assert editor.documents[shop_uri].text == with_changes(IMPORT, SECOND, source=typed)


async def test_the_user_takes_an_accepted_hunk_back(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    first, second = await hunks(editor, job)
    await decide(editor, "accept", job, first)
    text = editor.documents[shop_uri].text
    at = text.index("0.0")
    editor.type(shop_uri, at, at + 3, "0")
    assert [each["id"] for each in await hunks(editor, job)] == [second["id"]]
    await decide(editor, "accept", job, second)
    assert editor.documents[shop_uri].text == with_changes(IMPORT, SECOND)


async def test_what_breaks_alone_is_decided_together(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    opened = ("    for price in prices:\n", '    notes = """\n    for price in prices:\n')
    closed = ("    return result\n", '    """\n    return result\n')
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, draft(opened, closed, header=""))
    (hunk,) = await hunks(editor, job)
    assert changed(editor, shop_uri, hunk) == [("", '    notes = """\n'), ("", '    """\n')]
    await decide(editor, "accept", job, hunk)
    assert editor.documents[shop_uri].text == with_changes(opened, closed)


async def test_findings_come_with_their_hunk(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    code = draft(FIRST, EVAL, header="")
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, code)
    first, flagged = await hunks(editor, job)
    await decide(editor, "accept", job, first)
    assert shop_uri not in editor.published or editor.published[shop_uri].diagnostics == []
    await decide(editor, "accept", job, flagged)
    (found,) = await editor.diagnostics(shop_uri, 1)
    text = editor.documents[shop_uri].text
    assert text[offset_of(text, found.range.start) :].startswith("eval(")


async def test_a_rejected_hunk_takes_its_findings_along(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    code = draft(FIRST, EVAL, header="")
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, code)
    assert editor.events[-1]["findings"] == 1
    _, flagged = await hunks(editor, job)
    await decide(editor, "reject", job, flagged)
    shown = plain(await editor.command("pillion.preview", {"job": job}))
    assert (shown["diagnostics"], shown["text"]) == ([], with_changes(FIRST))
    last = [each for each in editor.events if each["id"] == job][-1]
    assert (last["findings"], last["reason"]) == (0, "you decide on the other changes.")


@pytest.mark.parametrize("name", ["accept", "reject"])
@pytest.mark.parametrize(
    ("hunk", "said"),
    [
        pytest.param("", "isn't a hunk's id", id="empty"),
        pytest.param(7, "isn't a hunk's id", id="a-number"),
        pytest.param("000000000000", NO_SUCH, id="unknown"),
    ],
)
async def test_no_hunk_is_never_taken_for_all_of_them(
    name: str, hunk: Any, said: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    if (name, said) == ("accept", NO_SUCH):  # the document may have been changed: the user is told
        assert plain(await editor.command("pillion.accept", {"job": job, "hunk": hunk})) == {"applied": False}
    else:
        with pytest.raises(JsonRpcException, match=said):
            await editor.command(f"pillion.{name}", {"job": job, "hunk": hunk})
    assert editor.documents[shop_uri].text == SOURCE
    assert len(await hunks(editor, job)) == 2


async def test_a_closed_document(start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    first, second = await hunks(editor, job)
    editor.close(shop_uri)
    assert await hunks(editor, job) == [], "nobody knows what the file has become"
    assert await decide(editor, "accept", job, first) == {"applied": False}
    await decide(editor, "reject", job, second)
    editor.open(shop_uri, SOURCE)
    (left,) = await hunks(editor, job)
    assert left["id"] == first["id"]


@pytest.mark.parametrize("accepts", [False, True], ids=["nothing-accepted", "one-accepted"])
async def test_a_draft_on_offer_is_made_again_with_a_word(
    accepts: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    editor, job = await offered(start_editor, two_gpus, large, shop_uri, BOTH)
    if accepts:
        first, _ = await hunks(editor, job)
        await decide(editor, "accept", job, first)
    large.script(Rule(draft(EVAL, header=""), match_last="That can't be used: the user wants it otherwise: no math."))
    again = plain(await editor.command("pillion.retry", {"job": job, "instruction": "no math."}))["job"]
    ended = await editor.event(lambda event: event["id"] == job and event["state"] in ("refused", "applied"))
    assert ended["state"] == ("applied" if accepts else "refused")
    assert (await editor.finished(again))["state"] == "offered"
    assert [each["job"] for each in plain(await editor.command("pillion.drafts"))["offered"]] == [again]
    assert editor.documents[shop_uri].text == (with_changes(FIRST) if accepts else SOURCE)

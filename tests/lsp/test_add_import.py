"""*Add the import*: in a draft that waits for the user, and in the document; and imports that come along by themselves."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor, plain
from tests.support.rates import implement
from tests.support.shop import SOURCE

SQRT = "from math import sqrt"


def draft(expression: str) -> str:
    """What the model says: it uses what the file doesn't import."""
    return (
        "```python\ndef rate(year: int) -> float:\n"
        f'    """Return the tax rate of a year."""\n    return {expression}\n```'
    )


def options(**own: Any) -> dict[str, Any]:
    return {"pillion": {"events": True, **own}}


async def preview(editor: Editor, job: str) -> dict[str, Any]:
    found = await editor.command("pillion.preview", {"job": job})
    return dict(plain(found))


async def test_what_is_certain_comes_along(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    said = draft("float(re.sub('a', '', Path.cwd().name))")
    assert (await implement(editor, shop_uri, large, small, draft=said))["state"] == "applied", editor.messages
    assert editor.documents[shop_uri].text.startswith('"""A shop."""\n\nimport re\nfrom pathlib import Path\n\n\ndef ')
    published = editor.published.get(shop_uri)
    assert not any("not defined" in each.message for each in (published.diagnostics if published else ()))


async def test_a_draft_that_waits_can_be_mended(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(previews=True))
    final = await implement(editor, shop_uri, large, small, draft=draft("sqrt(year)"))
    assert (final["state"], "“sqrt” is not defined" in final["reason"]) == ("offered", True)
    (found,) = [each for each in (await preview(editor, final["id"]))["diagnostics"] if "sqrt" in each["message"]]
    assert found["data"]["fix"] == f"Add the import: {SQRT}"
    finding = {"job": final["id"], "finding": found["data"]["id"]}
    assert plain(await editor.command("pillion.fix", {**finding, "import": "import os"}))["fixed"] is False
    assert plain(await editor.command("pillion.fix", finding)) == {"fixed": True}
    mended = await preview(editor, final["id"])
    assert f"{SQRT}\n\n\ndef discount" in mended["text"]
    assert not any("sqrt" in each["message"] for each in mended["diagnostics"])
    last = await editor.event(lambda event: event["id"] == final["id"] and "mended" in event.get("reason", ""))
    assert (last["state"], last["findings"], last["severities"]) == ("offered", 0, {}), "nothing is left to count"
    assert plain(await editor.command("pillion.fix", finding))["fixed"] is False, "once is enough"
    editor.type(shop_uri, len(SOURCE), len(SOURCE), "\n# typed since\n")
    assert await editor.command("pillion.accept", final["id"])
    text = editor.documents[shop_uri].text
    assert text.startswith(f'"""A shop."""\n\n{SQRT}\n\n\ndef discount')
    assert text.endswith("return sqrt(year)\n\n# typed since\n")


@pytest.mark.parametrize("typed", [False, True], ids=["at-rest", "typed-since"])
async def test_a_finding_in_the_document_is_settled(
    typed: bool, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(review="never"))
    await implement(editor, shop_uri, large, small, draft=draft("sqrt(year) + sqrt(2)"))
    text = editor.documents[shop_uri].text
    line = text.count("\n", 0, text.index("sqrt"))
    fixes = await editor.actions(shop_uri, line, 12, only=["quickfix"])
    assert (fixes[0].title, fixes[0].kind) == (f"Pillion: Add the import: {SQRT}", "quickfix.pillion.import")
    assert [str(each.kind) for each in fixes if each.is_preferred] == ["quickfix.pillion.import"]
    if typed:
        editor.type(shop_uri, 0, 0, "# typed since\n")
    assert plain(await editor.choose(fixes[0])) == {"fixed": True}
    assert editor.documents[shop_uri].text == ("# typed since\n" if typed else "") + text.replace(
        "\ndef discount", f"{SQRT}\n\n\ndef discount", 1
    )
    assert await editor.diagnostics(shop_uri, 0) == []
    (change,) = editor.edits[-1].edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.version is not None
    assert plain(await editor.choose(fixes[0]))["fixed"] is False


async def test_of_several_modules_each_is_offered_and_none_is_guessed(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(review="never"))
    await implement(editor, shop_uri, large, small, draft=draft("Queue().get()"))
    text = editor.documents[shop_uri].text
    assert "import" not in text
    fixes = await editor.actions(shop_uri, text.count("\n", 0, text.index("Queue")), 12, only=["quickfix"])
    offered = [each.title for each in fixes if str(each.kind) == "quickfix.pillion.import"]
    assert offered == [f"Pillion: Add the import: from {each} import Queue" for each in ("multiprocessing", "queue")]
    assert not any(each.is_preferred for each in fixes if str(each.kind) == "quickfix.pillion.import")
    (found,) = [each for each in editor.published[shop_uri].diagnostics if "Queue" in each.message]
    data = dict(plain(found.data))
    assert "fix" not in data
    assert [f"Pillion: {each['title']}" for each in data["fixes"]] == offered
    assert plain(await editor.choose(fixes[1])) == {"fixed": True}
    assert "from queue import Queue\n" in editor.documents[shop_uri].text


async def test_a_draft_that_waits_is_mended_by_the_import_that_is_meant(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus, options=options(previews=True))
    final = await implement(editor, shop_uri, large, small, draft=draft("Queue().get()"))
    (found,) = [each for each in (await preview(editor, final["id"]))["diagnostics"] if "Queue" in each["message"]]
    meant = next(each["import"] for each in found["data"]["fixes"] if "queue" in each["import"])
    finding = {"job": final["id"], "finding": found["data"]["id"]}
    assert plain(await editor.command("pillion.fix", finding))["fixed"] is False, "it isn't said which"
    assert plain(await editor.command("pillion.fix", {**finding, "import": meant})) == {"fixed": True}
    assert "from queue import Queue\n" in (await preview(editor, final["id"]))["text"]


@pytest.mark.parametrize(
    "argument",
    [
        None,
        {},
        {"finding": "x"},
        {"finding": "0" * 32},
        {"finding": "0" * 32, "job": "none"},
        {"finding": 3, "uri": "a"},
    ],
)
async def test_a_bad_argument_is_said(argument: Any, start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(two_gpus)
    with pytest.raises(Exception, match=r"pillion\.fix|There is no job"):
        await editor.command("pillion.fix", *([] if argument is None else [argument]))

"""Findings in the editor: published with what a client needs, following the text, outliving a closed file."""

from pathlib import Path

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor
from tests.support.positions import offset_of
from tests.support.rates import BASE, BASE_MESSAGE, CUT, CUT_MESSAGE, FINDINGS, IMPLEMENTED, LINE, implement


def quoted(editor: Editor, uri: str, diagnostic: types.Diagnostic) -> str:
    """The text under a diagnostic."""
    text = editor.documents[uri].text
    return text[offset_of(text, diagnostic.range.start) : offset_of(text, diagnostic.range.end)]


async def test_what_is_published(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    final = await implement(editor, shop_uri, large, small)
    assert final["state"] == "applied", editor.messages
    assert (final["findings"], final["severities"]) == (2, {"warning": 1, "information": 1})
    base, cut = await editor.diagnostics(shop_uri, 2)
    assert [quoted(editor, shop_uri, each) for each in (base, cut)] == [BASE, CUT]
    assert [each.message for each in (base, cut)] == [BASE_MESSAGE, CUT_MESSAGE]
    assert [each.code for each in (base, cut)] == ["audit/naming", "audit/edge-case"]
    assert [each.severity for each in (base, cut)] == [
        types.DiagnosticSeverity.Information,
        types.DiagnosticSeverity.Warning,
    ]
    assert {each.source for each in (base, cut)} == {"pillion"}
    assert all(isinstance(each.data, dict) and len(each.data["id"]) == 32 for each in (base, cut))
    assert editor.published[shop_uri].version == editor.documents[shop_uri].version


async def test_they_follow_the_text_and_go_with_it(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    editor.type(shop_uri, 0, 0, "# 😋 on top\n")
    await editor.actions(shop_uri, 0)
    assert [quoted(editor, shop_uri, each) for each in editor.published[shop_uri].diagnostics] == [BASE, CUT]
    assert editor.published[shop_uri].version == editor.documents[shop_uri].version
    at = editor.documents[shop_uri].text.index(CUT)
    editor.type(shop_uri, at + 3, at + 7, "YEAR")
    (left,) = await editor.diagnostics(shop_uri, 1)
    assert quoted(editor, shop_uri, left) == BASE
    text = editor.documents[shop_uri].text
    editor.type(
        shop_uri, 0, len(text), text.replace("    return base", "    # all of it was sent anew\n    return base")
    )
    await editor.actions(shop_uri, 0)
    assert [quoted(editor, shop_uri, each) for each in editor.published[shop_uri].diagnostics] == [BASE]
    text = editor.documents[shop_uri].text
    at = text.index(BASE)
    editor.type(shop_uri, text.index("def rate"), len(text), "")
    assert await editor.diagnostics(shop_uri, 0) == []


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        pytest.param("", "", [BASE, CUT], id="same"),
        pytest.param('"""A shop."""', f'"""A shop."""\n\n\nif len("{BASE}") > 2:\n    pass', [BASE, CUT], id="moved"),
        pytest.param(CUT, "if year == 2021:", [BASE], id="text-gone"),
        pytest.param(CUT, f"el{CUT}", [BASE], id="part-of-a-word"),
    ],
)
async def test_they_survive_closing_and_opening_the_file(
    old: str,
    new: str,
    left: list[str],
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    await editor.diagnostics(shop_uri, 2)
    text = editor.documents[shop_uri].text.replace(old, new, 1)
    editor.close(shop_uri)
    assert await editor.diagnostics(shop_uri, 0) == []
    assert editor.published[shop_uri].version is None
    editor.open(shop_uri, text, version=7)
    found = await editor.diagnostics(shop_uri, len(left))
    assert [quoted(editor, shop_uri, each) for each in found] == left
    assert all(each.range.start.line > LINE for each in found), "the quote in the module's head is further away"
    assert editor.published[shop_uri].version == 7


async def test_the_same_finding_is_shown_once(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    await implement(editor, shop_uri, large, small)
    before = await editor.diagnostics(shop_uri, 2)
    # A TODO has it written anew: the lines stay, and so do the findings on them.
    at = editor.documents[shop_uri].text.index("    return base")
    editor.type(shop_uri, at, at, "    # TODO: round it\n")
    large.script(Rule(IMPLEMENTED.replace("return base", "return round(base, 2)")))
    small.script(Rule(FINDINGS, match=CUT), Rule('{"findings": []}'))
    final = await editor.finished(await editor.run("implement", shop_uri, LINE))
    assert (final["state"], final["findings"]) == ("applied", 2), editor.messages
    await editor.actions(shop_uri, 0)
    after = editor.published[shop_uri].diagnostics
    assert [each.data for each in after] == [each.data for each in before]

"""Nothing that a client is sent can do more than be read, whoever wrote it; and no draft hides a character."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import attrs
import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.rpc.outgoing_messages import made_plain
from pillion.text.hidden import STEERING
from pillion.text.markdown import harmless
from pillion.text.plain import plain_text
from tests.lsp.conftest import StartEditor
from tests.lsp.test_verdict import annotation_of
from tests.support.editor import Editor
from tests.support.rates import CUT, IMPLEMENTED, LINE
from tests.support.shop import SOURCE

HOSTILE = "[Run](command:x) \x1b[31m\u202e\x9b ![i](https://e.example)\r[Run](command:y)\u2028$(flame)\x07<img src=x>"
ALIVE = re.compile(rf"\]\(|[\n\r{STEERING}]|\$\(\w|<img")
# Of these a client is told not a word: they are of documents, or lead to files.
EXACT = {"text", "new_text", "newText", "uri", "draft_file", "path", "arguments"}


def strings(value: Any, name: str = "") -> Iterator[str]:
    """All strings that a client was sent, but for what must be exact."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(each, key) if key not in EXACT else ()
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each, name)
    elif attrs.has(type(value)):
        yield from strings({field.name: getattr(value, field.name) for field in attrs.fields(type(value))})


def assert_inert(editor: Editor, *more: Any) -> None:
    """Nothing that the editor was told so far can do anything."""
    told = [editor.messages, editor.logged, editor.questions, editor.events, editor.endpoints, editor.published, more]
    for each in strings([*told, [(edit.label, edit.edit.change_annotations) for edit in editor.edits]]):
        assert ALIVE.search(each) is None, each


def prose_of(editor: Editor) -> str:
    return str(next(each["prose"] for each in editor.events if "prose" in each))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"params": {"type": 1, "message": "[a](command:b)\nc"}}, {"params": {"type": 1, "message": "[a] (command:b) c"}}),
        ({"params": {"message": plain_text("a\n[b](c:d)")}}, {"params": {"message": "a\n[b] (c:d)"}}),
        ({"id": "[a](b:c)", "error": {"message": "\x1b"}}, {"id": "[a](b:c)", "error": {"message": "\\x1b"}}),
        ({"result": "# HELP\n\x1b\n"}, {"result": "# HELP\n\\x1b\n"}),
        ({"result": [{"title": "\u202e", "command": {"title": "\r", "arguments": ["\r"]}}]},
         {"result": [{"title": "\\u202e", "command": {"title": " ", "arguments": ["\r"]}}]}),
        ({"params": {"documentChanges": [{"textDocument": {"uri": "a](b"}, "edits": [{"newText": "\x1b\r[a](b:c)"}]}]}},
         {"params": {"documentChanges": [{"textDocument": {"uri": "a](b"}, "edits": [{"newText": "\x1b\r[a](b:c)"}]}]}}),
        ({"result": {"text": "\x0c", "reason": "\x0c", "problems": ["a\nb"], "n": 1, "none": None}},
         {"result": {"text": "\x0c", "reason": " ", "problems": ["a b"], "n": 1, "none": None}}),
        ({"result": {"contents": {"kind": "markdown", "value": "[a](command:b)"}}},
         {"result": {"contents": {"kind": "markdown", "value": "`[a](command:b)`"}}}),
        ({"result": {"contents": {"kind": "markdown", "value": harmless("`a[0](b)`")}}},
         {"result": {"contents": {"kind": "markdown", "value": "`a[0](b)`"}}}),
        ({"params": {"prose": "![a](b)"}}, {"params": {"prose": "!\\[a\\](b)"}}),
        ([1, "\x1b", None, True], [1, "\\x1b", None, True]),
        ("\x1b", "\\x1b"),
    ],
)  # fmt: skip
def test_what_goes_out_is_plain(message: Any, expected: Any) -> None:
    assert made_plain(message) == expected


async def test_an_engines_error(start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str) -> None:
    large.script(Rule(fault=Fault("status", status=400, body=json.dumps({"error": HOSTILE}))))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert (await editor.finished(await editor.run("refactor", shop_uri, 7)))["state"] == "failed"
    assert "[Run] (command:x)" in await editor.message("gpu0 answered 400")
    await editor.command("pillion.endpoints")
    assert_inert(editor, await editor.command("pillion.endpoints"))


async def test_what_is_wrong_with_a_request(start_editor: StartEditor, two_gpus: Path, shop_uri: str) -> None:
    editor = await start_editor(two_gpus)
    wrong = {"action": HOSTILE, "uri": shop_uri, "range": _range(), "version": 1}
    requests: list[tuple[str, Any]] = [
        (f"x/{HOSTILE}", {}),
        (types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams(HOSTILE, [])),
        (types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams("pillion.run", [wrong])),
        (types.WORKSPACE_EXECUTE_COMMAND, types.ExecuteCommandParams("pillion.accept", [{"job": HOSTILE}])),
    ]
    for method, params in requests:
        with pytest.raises(JsonRpcException) as raised:
            await editor.client.protocol.send_request_async(method, params)
        assert ALIVE.search(raised.value.message) is None, raised.value.message
    assert_inert(editor)


async def test_a_workspaces_keys(start_editor: StartEditor, two_gpus: Path, tmp_path: Path, shop_uri: str) -> None:
    key = json.dumps(HOSTILE)  # its escapes are TOML's too
    (tmp_path / ".pillion.toml").write_text(f"{key} = 1\n[hover]\n{key} = 1\n")
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await editor.command("pillion.endpoints")
    assert "[Run] (command:x)" in await editor.message("your configuration has mistakes")
    assert_inert(editor, await editor.command("pillion.endpoints"))


async def test_a_files_name(start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(two_gpus)
    for name in (quote(HOSTILE.replace("/", "")), HOSTILE.replace("/", "")):
        uri = f"file:///tmp/{name}"
        await editor.command("pillion.run", {"action": "refactor", "uri": uri, "range": _range(), "version": 1})
    await editor.message("[Run] (command:x)")
    assert_inert(editor)


async def test_an_explanation(start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str) -> None:
    small.script(Rule(f"One.\n\nTwo {HOSTILE}"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("explain", shop_uri, 7))
    shown = await editor.message("total: One.\n\nTwo [Run] (command:x)")
    assert re.search(rf"\]\(|[\r{STEERING}]", shown) is None
    assert harmless(final["prose"]) == prose_of(editor)
    assert "\n`[Run](command:y)`" in final["prose"]
    assert re.search(f"[{STEERING}]", final["prose"]) is None


async def test_a_hover(start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str) -> None:
    small.script(Rule(f"Adds\r![x](https://evil.example)\r\r[up](command:y)\r```\rx\r{HOSTILE}"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE.replace("prices):", "prices='```\x0c[a](command:b)'):"))
    hover = await editor.hover(shop_uri, 7, 5)
    assert hover is not None
    assert hover.startswith(
        "````python\ndef total(prices='```\n[a](command:b)'):\n````\n\nAdds\n`![x](https://evil.example)`"
    )
    assert hover.endswith("\n\n*Pillion · gpu1*")
    assert re.search(f"[\r{STEERING}]", hover) is None


async def test_findings(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, small: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(IMPLEMENTED))
    said = {"quote": CUT, "severity": "warning", "category": "bug", "message": HOSTILE}
    small.script(Rule(json.dumps({"findings": [said]}), match=CUT), Rule(json.dumps({"criteria": [HOSTILE]})))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await editor.finished(await editor.run("implement", shop_uri, LINE))
    (found,) = await editor.diagnostics(shop_uri, 1)
    assert found.message.startswith("[Run] (command:x)")
    actions = await editor.actions(shop_uri, found.range.start.line, found.range.start.character)
    assert any("[Run] (command:x)" in each.title for each in actions)
    # A client names a diagnostic as it was told of it.
    named = await editor.actions(shop_uri, found.range.start.line, 0, diagnostics=[found])
    assert any("[Run] (command:x)" in each.title for each in named)
    assert_inert(editor, [each.title for each in actions])


SPOOFED = IMPLEMENTED.replace("base = 0.16", "base = 0.16  # \u202e half \u2066 a year")
ASKED = {
    "a comment": ("implement", LINE, SPOOFED, "U+202E (right-to-left override), U+2066"),
    "a docstring": ("docstring", 4, json.dumps({"summary": "Take \u202e a percentage\x1b[2K off."}), "U+202E"),
    "a docstring's parameter": (
        "docstring", 4, json.dumps({"summary": "Take it off.", "parameters": {"price": "the\x1b[8m price"}}), "U+001B",
    ),
    "a refactor": (
        "refactor", 8, "```python\ndef total(prices):\n    return sum(prices, start=int('0\u200b'))\n```", "U+200B",
    ),
}  # fmt: skip


@pytest.mark.parametrize("client", ["asks for confirmation", "shows drafts"])
@pytest.mark.parametrize(("action", "line", "reply", "named"), ASKED.values(), ids=ASKED)
async def test_no_hidden_character_is_applied_without_a_word(
    client: str,
    action: str,
    line: int,
    reply: str,
    named: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule(reply))
    small.script(Rule(reply) if action == "docstring" else Rule('{"findings": []}'))
    shows = {"pillion": {"events": True, "previews": True}}
    editor = await start_editor(two_gpus, options=shows if client == "shows drafts" else None)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run(action, shop_uri, line))
    if client == "shows drafts":
        assert (final["state"], editor.edits) == ("offered", [])
        assert named in final["reason"]
    else:
        annotation = annotation_of(editor.edits[0].edit)
        assert annotation is not None
        assert annotation.needs_confirmation
        assert named in str(annotation.description)
    assert_inert(editor)


def _range() -> dict[str, Any]:
    return {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def test_the_test_sees_what_is_alive() -> None:
    assert ALIVE.search(HOSTILE)
    assert list(strings(types.ShowMessageParams(types.MessageType.Info, HOSTILE)))[-1] == HOSTILE

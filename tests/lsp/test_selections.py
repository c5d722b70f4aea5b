"""What is selected is a target, too: statements, several functions, the whole file."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor

SOURCE = """import csv

LIMIT = 3


def load(path):
    rows = []
    for row in csv.reader(open(path)):
        if len(row) > 0:
            rows.append(row)
    print(len(rows))
    return rows


# The file is written anew.
def save(path, rows):
    writer = csv.writer(open(path, "w"))
    for row in rows:
        writer.writerow(row)


def main():
    save("b", load("a"))
"""
LOOP = (6, 10)
BOTH = (5, 19)
ALL = (0, 23)
OLD_LOOP = "".join(SOURCE.splitlines(keepends=True)[6:10])
NEW_LOOP = "    rows = [row for row in csv.reader(open(path)) if row]\n"
LOOP_REPLY = "```python\nrows = [row for row in csv.reader(open(path)) if row]\n```"
NEW_SAVE = '    csv.writer(open(path, "w")).writerows(rows)\n'
OLD_SAVE = "".join(SOURCE.splitlines(keepends=True)[16:19])
BOTH_REPLY = f"```python\ndef load(path):\n{NEW_LOOP}    print(len(rows))\n    return rows\n\n\ndef save(path, rows):\n{NEW_SAVE}```"
FILE_REPLY = f"```python\n{SOURCE.replace(OLD_LOOP, NEW_LOOP).replace('LIMIT = 3', 'LIMIT = 4')}```"
REPLIES = {"lines": LOOP_REPLY, "functions": BOTH_REPLY, "file": FILE_REPLY}
SPANS = {"lines": LOOP, "functions": BOTH, "file": ALL}
AFTER = {
    "lines": SOURCE.replace(OLD_LOOP, NEW_LOOP),
    "functions": SOURCE.replace(OLD_LOOP, NEW_LOOP).replace(OLD_SAVE, NEW_SAVE),
    "file": SOURCE.replace(OLD_LOOP, NEW_LOOP).replace("LIMIT = 3", "LIMIT = 4"),
}


def titles(menu: list[types.CodeAction]) -> list[str]:
    return [each.title.partition(" — ")[0].removeprefix("Pillion: ") for each in menu]


@pytest.mark.parametrize(
    ("span", "offered"),
    [
        (
            LOOP,
            ["Comment 4 lines in load", "Explain 4 lines in load", "Refactor 4 lines in load", "Write tests for load"],
        ),
        (BOTH, ["Comment load and save", "Explain load and save", "Refactor load and save"]),
        (ALL, ["Comment the file", "Explain the file", "Refactor the file"]),
        ((2, 3), ["Comment 1 line", "Explain 1 line", "Refactor 1 line"]),
        ((5, 12), ["Comment load", "Explain load", "Refactor load", "Write tests for load"]),
        ((3, 5), []),
    ],
)
async def test_the_menu_names_what_is_selected(
    span: tuple[int, int], offered: list[str], start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    found = titles(await editor.actions(shop_uri, span[0], to_line=span[1]))
    assert [each for each in found if not each.startswith("Add a docstring")] == offered


async def changed(editor: Editor, uri: str, span: tuple[int, int], **more: Any) -> dict[str, Any]:
    """The end of a change of what is selected."""
    place = {"start": {"line": span[0], "character": 0}, "end": {"line": span[1], "character": 0}}
    argument = {"action": "change", "uri": uri, "range": place, "version": None, "instruction": "make it short"}
    return await editor.finished(await editor.command("pillion.run", {**argument, **more}))


async def on_offer(start_editor: StartEditor, config: Path, uri: str, kind: str) -> tuple[Editor, dict[str, Any]]:
    """The editor of a user who reviews each edit, and the end of a change of what is selected."""
    editor = await start_editor(config, options={"pillion": {"events": True, "previews": True, "review": "always"}})
    editor.open(uri, SOURCE)
    return editor, await changed(editor, uri, SPANS[kind])


@pytest.mark.parametrize("kind", REPLIES)
async def test_a_change_is_applied_while_the_user_types_and_is_taken_back(
    kind: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REPLIES[kind]))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await changed(editor, shop_uri, SPANS[kind])
    assert final["state"] == "applied", final["reason"]
    assert editor.documents[shop_uri].text == AFTER[kind]
    editor.type(shop_uri, 0, 0, "# typed\n")
    assert await editor.command("pillion.undo", {"job": final["id"]})
    assert editor.documents[shop_uri].text == f"# typed\n{SOURCE}"


@pytest.mark.parametrize("kind", REPLIES)
async def test_a_review_shows_what_accepting_gives(
    kind: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REPLIES[kind]))
    editor, final = await on_offer(start_editor, two_gpus, shop_uri, kind)
    assert final["state"] == "offered"
    editor.type(shop_uri, 0, 0, "# typed\n")
    shown = await editor.command("pillion.preview", {"job": final["id"]})
    assert shown["text"] == f"# typed\n{AFTER[kind]}"
    assert await editor.command("pillion.accept", {"job": final["id"]}) == {"applied": True}
    assert editor.documents[shop_uri].text == f"# typed\n{AFTER[kind]}"


@pytest.mark.parametrize("kind", REPLIES)
async def test_an_edit_of_code_that_the_user_changed_can_be_forced(
    kind: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(REPLIES[kind]))
    editor, final = await on_offer(start_editor, two_gpus, shop_uri, kind)
    at = SOURCE.index("            rows.append")
    editor.type(shop_uri, at, at, "            print(row)\n")
    assert await editor.command("pillion.accept", {"job": final["id"]}) == {"applied": True}
    assert editor.documents[shop_uri].text == AFTER[kind]


@pytest.mark.parametrize("kind", REPLIES)
async def test_a_refused_draft_is_tried_again_where_the_code_is_now(
    kind: str, start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule("There is nothing to do.", times=2), Rule(REPLIES[kind]))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await changed(editor, shop_uri, SPANS[kind])
    assert final["state"] == "refused"
    at = SOURCE.index("            rows.append")
    editor.type(shop_uri, at, at, "            # typed\n")
    again = await editor.finished(await retried(editor, final["id"]))
    assert again["state"] == "applied", again["reason"]
    text = editor.documents[shop_uri].text
    assert text == AFTER[kind]


async def retried(editor: Editor, job_id: str) -> str:
    answer: Any = await editor.command("pillion.retry", {"job": job_id})
    return str(answer["job"] if isinstance(answer, dict) else answer.job)


async def test_the_model_sees_the_function_and_the_lines(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("They read the rows."))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await editor.finished(await editor.run("explain", shop_uri, LOOP[0], LOOP[1]))
    prompt = small.log()[-1].messages[-1]["content"]
    assert "def load(path):" in prompt
    assert prompt.endswith(
        "```python\nrows = []\nfor row in csv.reader(open(path)):\n    if len(row) > 0:\n        rows.append(row)\n```"
    )


async def test_a_report_at_the_top_level_is_about_its_statement(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("```python\nLIMIT: int = 3\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    place = types.Range(types.Position(2, 0), types.Position(2, 5))
    found = types.Diagnostic(place, "LIMIT has no type", types.DiagnosticSeverity.Warning, "X1", source="linter")
    fix = next(
        each for each in await editor.actions(shop_uri, 2, diagnostics=[found]) if each.kind == "quickfix.pillion.lint"
    )
    final = await editor.finished(await editor.choose(fix))
    assert final["state"] == "applied", final
    assert editor.documents[shop_uri].text == SOURCE.replace("LIMIT = 3", "LIMIT: int = 3")
    assert "linter reports in line 1, at “LIMIT”" in small.log()[-1].messages[-1]["content"]


async def test_words_are_asked_about_what_is_selected(start_editor: StartEditor, two_gpus: Path, shop_uri: str) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    place = {"start": {"line": LOOP[0], "character": 0}, "end": {"line": LOOP[1], "character": 0}}
    said: Any = await editor.command("pillion.classify", {"text": "make it shorter", "uri": shop_uri, "range": place})
    assert said["symbol"] == "4 lines in load"
    assert "Change 4 lines in load" in {each["title"] for each in said["choices"]}


async def test_a_finding_at_the_top_level_is_fixed_in_its_statement(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule("```python\nLIMIT = THREE\n```", times=1), Rule("```python\nLIMIT = 4\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    await changed(editor, shop_uri, (2, 3))
    await editor.diagnostics(shop_uri, 1)
    menu = await editor.actions(shop_uri, 2, 8, only=["quickfix"])
    fix = next(each for each in menu if each.kind == "quickfix.pillion.debug")
    final = await editor.finished(await editor.choose(fix))
    assert final["state"] == "applied", final["reason"]
    assert editor.documents[shop_uri].text == SOURCE.replace("LIMIT = 3", "LIMIT = 4")


async def test_a_rejected_edit_changes_nothing(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule(LOOP_REPLY))
    options = {"pillion": {"events": True, "previews": True, "review": "always"}}
    editor = await start_editor(two_gpus, options=options)
    editor.open(shop_uri, SOURCE)
    job = await editor.run("refactor", shop_uri, LOOP[0], LOOP[1])
    assert (await editor.finished(job))["state"] == "offered"
    await editor.command("pillion.reject", {"job": job})
    assert editor.documents[shop_uri].text == SOURCE

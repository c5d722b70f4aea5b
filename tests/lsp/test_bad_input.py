"""Bad input: the message the user sees, and that the server lives on."""

from pathlib import Path
from typing import Any

import pytest

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from tests.conftest import two_gpus_toml, write_config
from tests.lsp.conftest import StartEditor
from tests.support.editor import Editor

SOURCE = "def discount(price, percent):\n    return price - price * percent / 100\n"
DOCSTRING = '{"summary": "Take a percentage off a price."}'
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens


async def assert_lives_on(editor: Editor, small: FakeEngine, uri: str) -> None:
    """The server still does its job."""
    small.script(Rule(DOCSTRING))
    editor.open(uri, SOURCE)
    final = await editor.finished(await editor.run("docstring", uri, 0))
    assert final["state"] == "applied", editor.messages
    assert '"""Take a percentage off a price."""' in editor.documents[uri].text


@pytest.mark.parametrize(
    ("uri", "text", "language", "message"),
    [
        pytest.param(
            "git:/shop.py?ref=HEAD", SOURCE, "python", "is a view (git:), and Pillion edits files", id="not-a-file"
        ),
        pytest.param(
            "file:///tmp/a.txt", "hello\n", "plaintext", "Pillion doesn't read “plaintext” (a.txt). It knows Python,",
            id="unsupported-language",
        ),
        pytest.param(
            "file:///tmp/long.py", "x = 1\n" * 50_000, "python", "has 50,001 lines, and Pillion works on up to 40,000",
            id="50000-lines",
        ),
        pytest.param("file:///tmp/empty.py", "", "python", "There is no function or class", id="empty-file"),
    ],
)  # fmt: skip
async def test_documents_that_cannot_be_worked_on(
    uri: str,
    text: str,
    language: str,
    message: str,
    start_editor: StartEditor,
    two_gpus: Path,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(uri, text, language)
    assert await editor.actions(uri, 0) == []
    assert await editor.hover(uri, 0, 0) is None
    final = await editor.finished(await editor.run_anywhere("docstring", uri))
    assert final["state"] == "failed"
    await editor.message(message)
    assert editor.documents[uri].text == text
    await assert_lives_on(editor, small, shop_uri)


async def test_a_place_outside_of_all_functions(start_editor: StartEditor, two_gpus: Path, tmp_path: Path) -> None:
    uri, text = (tmp_path / "flat.py").as_uri(), "x = 1\n"
    editor = await start_editor(two_gpus)
    editor.open(uri, text)
    kinds = [str(each.kind).rpartition(".")[2] for each in await editor.actions(uri, 0)]
    assert kinds == ["docstring", "rename", "architect"], "of the file, and of the name"
    final = await editor.finished(await editor.run_anywhere("refactor", uri))
    assert final["state"] == "failed"
    await editor.message("There is no function or class at the cursor")
    assert editor.documents[uri].text == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"def f():\n    return '\xff'\n", "isn't UTF-8 (byte 21 is 0xff)", id="invalid-utf8"),
        pytest.param(SOURCE.encode(), "isn't open. Open it first", id="not-open"),
        pytest.param(None, "can't be read: No such file or directory", id="not-there"),
    ],
)
async def test_files_that_no_editor_has_open(
    content: bytes | None,
    message: str,
    tmp_path: Path,
    start_editor: StartEditor,
    two_gpus: Path,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    path = tmp_path / "closed.py"
    if content is not None:
        path.write_bytes(content)
    editor = await start_editor(two_gpus)
    final = await editor.finished(await editor.run_anywhere("docstring", path.as_uri()))
    assert final["state"] == "failed"
    await editor.message(message)
    assert content is None or path.read_bytes() == content
    await assert_lives_on(editor, small, shop_uri)


async def test_an_untitled_document_works_like_any_other(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine
) -> None:
    editor = await start_editor(two_gpus)
    await assert_lives_on(editor, small, "untitled:Untitled-1")


async def test_no_engine_reachable(start_editor: StartEditor, tmp_path: Path, small: FakeEngine, shop_uri: str) -> None:
    config = write_config(tmp_path, two_gpus_toml(NOBODY, small.url))
    editor = await start_editor(config)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, 0))
    assert final["state"] == "failed"
    message = await editor.message("Nobody answers at http://127.0.0.1:9 (endpoint 'gpu0')")
    assert "Is the engine running, and is the url right?" in message
    assert editor.documents[shop_uri].text == SOURCE
    await assert_lives_on(editor, small, shop_uri)


async def test_the_embedded_model_is_missing(start_editor: StartEditor, tmp_path: Path, shop_uri: str) -> None:
    editor = await start_editor(environment={"PILLION_MODEL_DIR": str(tmp_path / "empty")})
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("docstring", shop_uri, 0))
    assert final["state"] == "failed"
    await editor.message("this needs its model; `pillion model pull smollm2-135m` fetches it")
    assert len(await editor.actions(shop_uri, 0)) == 6


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        pytest.param(
            Fault("status", status=404, body='{"error": "model \'large\' not found"}'),
            "gpu0 doesn't have the model 'large'. Run: ollama pull large",
            id="missing-model",
        ),
        pytest.param(Fault("status", status=500, body='{"error": "out of memory"}'), "gpu0 answered 500: out of memory", id="500"),
        pytest.param(Fault("garbage", body="\x00\x01 what is this\n"), "which isn't the ollama protocol", id="nonsense"),
        pytest.param(Fault("html"), "gpu0 sent a web page, which isn't the ollama protocol", id="web-page"),
        pytest.param(Fault("error_line", after_tokens=2), "gpu0: ", id="error-in-mid-stream"),
        pytest.param(Fault("drop", after_tokens=2), "gpu0: the stream", id="cut-in-mid-stream"),
    ],
)  # fmt: skip
async def test_engines_that_fail(
    fault: Fault,
    message: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
) -> None:
    large.script(Rule("```python\ndef discount(price, percent):\n    return 1\n```", fault=fault))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, 0))
    assert final["state"] == "failed"
    await editor.message(message)
    assert editor.documents[shop_uri].text == SOURCE
    await assert_lives_on(editor, small, shop_uri)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param("```python\ndef discount(price, percent:\n    return 1\n```", "the model's answer can't be parsed (line", id="header"),
        pytest.param("```python\ndef discount(price, percent):\n    return 1 +\n```", "it would break the file's syntax", id="syntax"),
        pytest.param("I can't help with that.", "without any code", id="refusal"),
        pytest.param("```python\ndef other():\n    return 1\n```", "doesn't define “discount”", id="other-function"),
        pytest.param("```python\ndef discount(price):\n    return 1\n```", "the signature of “discount” would change", id="signature"),
        pytest.param(f"```python\n{SOURCE}```", "the model gave the code back unchanged", id="unchanged"),
        pytest.param("<think>how?", "gpu0 said nothing", id="only-thoughts"),
    ],
)  # fmt: skip
async def test_drafts_that_are_refused_are_kept_and_change_nothing(
    reply: str,
    reason: str,
    start_editor: StartEditor,
    two_gpus: Path,
    large: FakeEngine,
    small: FakeEngine,
    shop_uri: str,
    tmp_path: Path,
) -> None:
    large.script(Rule(reply))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("refactor", shop_uri, 0))
    assert final["state"] == "refused"
    message = await editor.message(reason)
    assert editor.documents[shop_uri].text == SOURCE
    assert editor.edits == []
    assert len(large.log()) == 2, "a refused draft is tried once more"
    assert reason.split("“")[0] in large.log()[1].messages[-1]["content"]
    kept = Path(message.rsplit("kept in ", 1)[1])
    assert kept.read_text() == reply
    assert kept.is_relative_to(tmp_path)
    await assert_lives_on(editor, small, shop_uri)


@pytest.mark.parametrize(
    ("toml", "messages"),
    [
        pytest.param('[hover]\nbudgets = 3\n', ["hover.budgets: unknown key; did you mean “budget_s”?"], id="unknown-key"),
        pytest.param('[endpoints.x]\nprotocol = "olama"\nmodel = "m"\n', ["endpoints.x.protocol"], id="wrong-protocol"),
    ],
)  # fmt: skip
async def test_a_broken_configuration_is_said_and_the_rest_holds(
    toml: str, messages: list[str], start_editor: StartEditor, tmp_path: Path, small: FakeEngine, shop_uri: str
) -> None:
    working = f'[endpoints.gpu1]\nprotocol = "openai"\nurl = "{small.url}/v1"\nmodel = "small"\n'
    editor = await start_editor(write_config(tmp_path, working + toml))
    editor.open(shop_uri, SOURCE)
    await editor.finished(await editor.run("docstring", shop_uri, 0))
    shown = await editor.message("your configuration has mistakes")
    assert all(message in shown for message in messages), shown
    await assert_lives_on(editor, small, shop_uri)


async def test_a_configuration_that_is_no_toml_is_said_and_nothing_is_drafted_without_it(
    start_editor: StartEditor, tmp_path: Path, small: FakeEngine, shop_uri: str
) -> None:
    working = f'[endpoints.gpu1]\nprotocol = "openai"\nurl = "{small.url}/v1"\nmodel = "small"\n'
    editor = await start_editor(write_config(tmp_path, f"{working}[endpoints\n"))
    editor.open(shop_uri, SOURCE)
    final = await editor.finished(await editor.run("docstring", shop_uri, 0))
    assert final["state"] == "failed"
    assert "isn't TOML" in final["reason"]
    await editor.message("isn't TOML")
    assert small.log() == []
    assert await editor.actions(shop_uri, 0), "the server lives on"


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({}, "There is no action"),
        ({"action": "delete", "uri": "file:///a.py"}, "There is no action 'delete'"),
        ({"action": "refactor"}, "“uri” is missing"),
        ({"action": "refactor", "uri": "file:///a.py", "range": 3}, "“range” isn't a range"),
        ({"action": "refactor", "uri": "file:///a.py", "version": "new"}, "“version” isn't a number"),
        ({"action": "refactor", "uri": "file:///a.py", "finding": "the first"}, "“finding” isn't the id of a finding"),
        ({"action": "debug", "uri": "file:///a.py"}, "“debug” needs a “finding” or an “instruction”"),
        ({"action": "ask", "uri": "file:///a.py", "instruction": " "}, "“ask” needs a “finding”"),
        ("refactor", "takes one object"),
    ],
)
async def test_requests_that_make_no_sense(
    argument: Any, message: str, start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    with pytest.raises(Exception, match=message):
        await editor.command("pillion.run", argument)
    await assert_lives_on(editor, small, shop_uri)

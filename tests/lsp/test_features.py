"""What the server offers, hover, TCP, positions, and what it does not leak."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from lsprotocol import types

from pillion.actions.action_registry import ACTIONS, action_by_id
from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Fault, Rule
from pillion.lsp.server import build_server
from tests.lsp.conftest import StartEditor
from tests.support.editor import private_environment

SOURCE = '''import os


@staticmethod
def documented(a):
    """Say a."""
    return a


class Shop:
    def open(self, hour):
        # 😋 comment
        self.hour = hour

    def close(self):
        raise NotImplementedError


x = 1
'''


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param(0, ["docstring", "architect"], id="import"),
        pytest.param(2, ["docstring"], id="blank-line"),
        pytest.param(3, ["docstring", "comments", "explain", "refactor", "tests"], id="decorator"),
        pytest.param(5, ["docstring", "comments", "explain", "refactor", "tests"], id="documented"),
        pytest.param(9, ["docstring", "comments", "explain", "refactor", "tests", "design"], id="class"),
        pytest.param(10, ["docstring", "comments", "explain", "refactor", "tests"], id="method"),
        pytest.param(12, ["docstring", "comments", "explain", "refactor", "tests"], id="body"),
        pytest.param(14, ["docstring", "explain", "implement"], id="stub"),
        pytest.param(18, ["rename"], id="top-level"),
        pytest.param(400, [], id="past-the-end"),
    ],
)
async def test_the_menu_offers_what_applies(
    line: int, offered: list[str], start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    found = await editor.actions(shop_uri, line)
    assert [action.kind for action in found] == [action_by_id(each).kind for each in offered]
    for action in found:
        assert action.command is not None
        (argument,) = action.command.arguments or ()
        assert set(dict(_plain(argument))) == {"action", "uri", "range", "version"}


@pytest.mark.parametrize(
    ("only", "count"),
    [
        (["refactor"], 3),
        (["refactor.rewrite"], 3),
        (["quickfix"], 0),
        (["source"], 2),
        (["pillion"], 1),
        ([""], 5),
        (["refactor.rewrite.pillion.docstring"], 1),
    ],
)
async def test_the_menu_keeps_to_the_kinds_asked_for(
    only: list[str], count: int, start_editor: StartEditor, two_gpus: Path, shop_uri: str
) -> None:
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert len(await editor.actions(shop_uri, 10, only=only)) == count


async def test_capabilities_come_from_the_table(start_editor: StartEditor, two_gpus: Path) -> None:
    editor = await start_editor(two_gpus)
    told = editor.initialized.capabilities
    assert isinstance(told.code_action_provider, types.CodeActionOptions)
    assert told.code_action_provider.resolve_provider is True
    kinds = list(told.code_action_provider.code_action_kinds or ())
    own = {"pillion.ask", "quickfix.pillion.import", "quickfix.pillion.dismiss"}
    assert set(kinds) == {kind for action in ACTIONS if action.offered for kind in action.kinds} | own
    assert len(set(kinds)) == len(kinds)
    assert told.execute_command_provider is not None
    assert set(told.execute_command_provider.commands) == {
        "pillion.run",
        "pillion.cancel",
        "pillion.accept",
        "pillion.reject",
        "pillion.dismiss",
        "pillion.stats",
        "pillion.preview",
        "pillion.drafts",
        "pillion.classify",
        "pillion.endpoints",
        "pillion.pull",
        "pillion.model",
        "pillion.reload",
        "pillion.retry",
        "pillion.fix",
        "pillion.undo",
        "pillion.undismiss",
        "pillion.dismissed",
        "pillion.applyDraft",
        "pillion.dropDraft",
    }


async def test_hover_explains_once_and_remembers(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, large: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("It opens the shop. ![x](http://evil/) <b>now</b>"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    first = await editor.hover(shop_uri, 10, 9)
    assert first is not None
    assert "def open(self, hour):" in first
    assert "It opens the shop." in first
    assert "`![x](http://evil/)` \\<b>now\\</b>" in first
    assert "gpu1" in first
    editor.type(shop_uri, 0, 0, "# moved\n")
    assert await editor.hover(shop_uri, 11, 9) == first
    assert len(small.log()) == 1
    assert large.log() == []
    at = editor.documents[shop_uri].text.index("self.hour")
    editor.type(shop_uri, at, at + 9, "self.time")
    await editor.hover(shop_uri, 11, 9)
    assert len(small.log()) == 2, "another text is another question"
    assert await editor.hover(shop_uri, 0, 2) is None


async def test_hover_is_partial_when_its_budget_runs_out(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.change(tokens_per_s=8)
    small.script(Rule("word " * 100))
    editor = await start_editor(two_gpus, environment={"PILLION_HOVER__BUDGET_S": "1.5"})
    editor.open(shop_uri, SOURCE)
    hover = await editor.hover(shop_uri, 10, 9)
    assert hover is not None
    assert "word word" in hover
    assert "partial" in hover
    assert (await _ended(small)) == "client_closed"


async def test_a_cancelled_hover_frees_the_engine(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.script(Rule("never", fault=Fault("hang")))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    protocol = editor.client.protocol
    params = types.HoverParams(types.TextDocumentIdentifier(shop_uri), types.Position(10, 9))
    asking = asyncio.ensure_future(protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover-1"))
    async with asyncio.timeout(20):
        while not small.log():
            await asyncio.sleep(0.02)
    editor.client.cancel_request(types.CancelParams("hover-1"))
    with pytest.raises(Exception, match="cancel"):
        await asking
    assert (await _ended(small)) == "client_closed"


async def test_a_dead_hover_lane_does_not_nag(
    start_editor: StartEditor, two_gpus: Path, small: FakeEngine, shop_uri: str
) -> None:
    small.kill()
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, SOURCE)
    assert await editor.hover(shop_uri, 10, 9) is None
    assert editor.messages == []


async def test_positions_count_utf_16_units(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    source = 'def f(a): return "😋" + a; # 😋\n\n\ndef g(b):\n    c = b\n    return c\n'
    large.script(Rule("```python\ndef g(b):\n    return b  # 😋 é\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, source)
    final = await editor.finished(await editor.run("refactor", shop_uri, 4))
    assert final["state"] == "applied"
    assert editor.documents[shop_uri].text == source.replace("    c = b\n    return c\n", "    return b  # 😋 é\n")


async def test_the_last_line_without_an_end(
    start_editor: StartEditor, two_gpus: Path, large: FakeEngine, shop_uri: str
) -> None:
    large.script(Rule("```python\ndef g(b):\n    return b\n```"))
    editor = await start_editor(two_gpus)
    editor.open(shop_uri, "def g(b):\n    c = b\n    return c")
    assert (await editor.finished(await editor.run("refactor", shop_uri, 0)))["state"] == "applied"
    assert editor.documents[shop_uri].text == "def g(b):\n    return b"


def test_finished_handlers_are_forgotten() -> None:
    server = build_server(lambda workspace, settings: pytest.fail("no job asks for engines here"))
    protocol = server.protocol

    async def type_a_lot() -> int:
        for message in _session_of_typing(300):
            protocol.handle_message(protocol.structure_message(message))
        await asyncio.sleep(0)
        return len(protocol._request_futures)

    assert asyncio.run(type_a_lot()) == 0


async def test_tcp(tmp_path: Path, two_gpus: Path) -> None:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-P", "-m", "pillion", "serve", "--tcp", f"127.0.0.1:{port}"]
    environment = private_environment(tmp_path, two_gpus)
    with subprocess.Popen(command, env=environment) as server:
        reader, writer = await _connected(port)
        body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        async with asyncio.timeout(10):
            assert b"pillion" in await reader.readuntil(b'"serverInfo"') + await reader.read(200)
        writer.close()
        server.terminate()


@pytest.mark.parametrize("how", ["kill", "terminate"])
async def test_real_engines_work_and_die_with_the_server(
    how: str, tmp_path: Path, model_folder: Path, start_editor: StartEditor, shop_uri: str
) -> None:
    from tests.support.editor import Editor

    editor = await Editor.start(tmp_path, environment={"PILLION_MODEL_DIR": str(model_folder)})
    server = psutil.Process(editor.server_pid)
    assert server.children() == [], "no engine before one is needed"
    editor.open(shop_uri, "def discount(price, percent):\n    return price - price * percent / 100\n")
    final = await editor.finished(await editor.run("docstring", shop_uri, 0), timeout_s=90)
    assert final["state"] == "applied", editor.messages
    assert '    """' in editor.documents[shop_uri].text
    compile(editor.documents[shop_uri].text, "shop.py", "exec")
    engines = server.children()
    assert len(engines) == 1, "only the small engine was needed"
    for connection in engines[0].net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN:
            assert connection.laddr.ip == "127.0.0.1"
    server.send_signal(9 if how == "kill" else 15)
    _, alive = psutil.wait_procs(engines, timeout=10)
    assert alive == []
    await editor.client.stop()


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)


def _session_of_typing(changes: int) -> list[dict[str, Any]]:
    uri = "file:///a.py"
    start: dict[str, Any] = {"processId": os.getpid(), "rootUri": None, "capabilities": {}}
    document = {"uri": uri, "languageId": "python", "version": 1, "text": SOURCE}
    place = {"line": 0, "character": 0}
    change = {"range": {"start": place, "end": place}, "text": "#\n"}
    return [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start},
        {"jsonrpc": "2.0", "method": "initialized", "params": {}},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}},
        *(
            {
                "jsonrpc": "2.0",
                "method": "textDocument/didChange",
                "params": {"textDocument": {"uri": uri, "version": n + 2}, "contentChanges": [change]},
            }
            for n in range(changes)
        ),
    ]


async def _ended(engine: FakeEngine) -> str:
    async with asyncio.timeout(30):
        while not (entries := engine.log()) or entries[-1].ended == "open":
            await asyncio.sleep(0.02)
    return entries[-1].ended


def _plain(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else value._asdict()

"""What comes over the pipe: whatever it is, every request gets one answer, and the session goes on."""

import asyncio
import json
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from pillion.fake_engine.process import FakeEngine
from pillion.fake_engine.records import Rule
from pillion.lsp.server import build_server
from pillion.rpc.framing import BadFrame
from pillion.rpc.incoming_messages import Incoming
from pillion.rpc.plain_protocol import ClientRefusedError
from tests.lsp import fuzzing
from tests.support.raw_client import INITIALIZE, RawClient, as_body, framed

SEED = 11
# All of them: make fuzz
COUNT = int(os.environ.get("FUZZED_MESSAGES", "3300"))
MOST_STDERR = 2_000

PARSE_ERROR, INVALID_REQUEST, NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
INTERNAL_ERROR, NOT_INITIALIZED = -32603, -32002


def test_no_fuzzed_request_stays_unanswered(
    tmp_path: Path, two_gpus: Path, large: FakeEngine, small: FakeEngine
) -> None:
    small.script(Rule("It adds."))
    large.script(Rule("It can't be done."))
    protocol = build_server(lambda workspace, settings: pytest.fail("nobody asks for engines")).protocol
    registered = {*protocol.fm.builtin_features, *protocol.fm.features, types.CANCEL_REQUEST}
    bodies = list(fuzzing.messages(registered, set(protocol.fm.commands), COUNT, SEED))
    requests = {each for each in map(fuzzing.id_of, bodies) if each is not None}
    with RawClient(tmp_path, two_gpus) as client:
        client.initialize()
        client.open(fuzzing.URI, fuzzing.TEXT)
        sending = threading.Thread(target=lambda: client.send(b"".join(map(framed, bodies))))
        sending.start()
        sending.join()
        client.notify("workspace/didChangeConfiguration", {"settings": {"pillion": {}}})
        client.open(fuzzing.URI, fuzzing.TEXT)
        place = {"textDocument": {"uri": fuzzing.URI}, "position": {"line": 3, "character": 5}}
        hover = client.request("textDocument/hover", place, timeout_s=60)
        assert "It adds." in hover["result"]["contents"]["value"]
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            answered = Counter(each["id"] for each in list(client.came) if "method" not in each and "id" in each)
            if requests <= answered.keys():
                break
            time.sleep(0.1)
        missing = [body for body in bodies if fuzzing.id_of(body) in requests - answered.keys()]
        assert missing == []
        assert {each: times for each, times in answered.items() if times != 1 and each in requests} == {}
        codes = Counter(each["error"]["code"] for each in client.came if "error" in each)
        assert INTERNAL_ERROR not in codes, [
            each for each in client.came if each.get("error", {}).get("code") == INTERNAL_ERROR
        ][:3]
        assert codes[INVALID_PARAMS] > len(requests) / 10
        code_action = {
            "textDocument": {"uri": fuzzing.URI},
            "range": {"start": place["position"], "end": place["position"]},
        }
        menu = client.request("textDocument/codeAction", {**code_action, "context": {"diagnostics": []}})
        assert menu["result"]
        assert client.request("shutdown", None)["result"] is None
        client.notify("exit", None)
        assert client.process.wait(10) == 0
        assert "Traceback" not in client.stderr, client.stderr[:3000]
        assert len(client.stderr) < MOST_STDERR, client.stderr[:3000]


class Conversation:
    """A server without a process: what is sent to it, and what it answers."""

    def __init__(self) -> None:
        server = build_server(lambda workspace, settings: pytest.fail("nobody asks for engines"))
        self.protocol = server.protocol
        self.protocol.set_writer(self)
        self.incoming = Incoming(self.protocol)
        self.came: list[Any] = []

    def write(self, data: bytes) -> None:
        """The server sends something."""
        self.came.append(json.loads(data.partition(b"\r\n\r\n")[2]))

    def close(self) -> None:
        """There is nothing to be closed."""

    async def answers(self, *messages: Any) -> list[tuple[Any, int | None]]:
        """(id, error's code or None) of each answer to these messages, which may be bytes."""
        self.came.clear()
        for each in messages:
            self.incoming.receive(each if isinstance(each, bytes | BadFrame) else as_body(each))
        for _ in range(20):
            await asyncio.sleep(0)
        return [(each["id"], each.get("error", {}).get("code")) for each in self.came if "method" not in each]


BEGIN = {"id": "begin", "method": "initialize", "params": INITIALIZE}
END = {"id": "end", "method": "shutdown"}
HOVER = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
NULL_PARAMS = b'{"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": null}'
DEEP = b'{"jsonrpc": "2.0", "params": [' + b"[" * 9000 + b"]" * 9000 + b'], "id": %s, "method": "textDocument/hover"}'


@pytest.mark.parametrize(
    ("before", "message", "answers"),
    [
        # In the wrong order.
        ([], {"id": 1, "method": "textDocument/hover", "params": HOVER}, [(1, NOT_INITIALIZED)]),
        ([], {"id": 1, "method": "nothing"}, [(1, NOT_INITIALIZED)]),
        ([], {"id": 1, "method": "shutdown"}, [(1, NOT_INITIALIZED)]),
        ([], {"method": "textDocument/didOpen", "params": {}}, []),
        ([{"id": 0, "method": "initialize", "params": {}}], {"id": 1, "method": "nothing"}, [(1, NOT_INITIALIZED)]),
        ([{"id": 0, "method": "initialize", "params": {}}], BEGIN, [("begin", None)]),
        ([BEGIN], BEGIN, [("begin", INVALID_REQUEST)]),
        ([BEGIN, END], {"id": 1, "method": "textDocument/hover", "params": HOVER}, [(1, INVALID_REQUEST)]),
        ([BEGIN, END], END, [("end", INVALID_REQUEST)]),
        ([BEGIN, END], BEGIN, [("begin", INVALID_REQUEST)]),
        ([BEGIN, END], {"method": "textDocument/didOpen", "params": {}}, []),
        # Requests for what there isn't.
        ([BEGIN], {"id": 1, "method": "textDocument/definition", "params": HOVER}, [(1, NOT_FOUND)]),
        ([BEGIN], {"id": 1, "method": "$/nothing"}, [(1, NOT_FOUND)]),
        ([BEGIN], {"id": 1, "method": "notebookDocument/didOpen", "params": {}}, [(1, NOT_FOUND)]),
        ([BEGIN], {"method": "$/nothing"}, []),
        ([BEGIN], {"id": 1, "method": "workspace/executeCommand", "params": {"command": "rm"}}, [(1, INVALID_PARAMS)]),
        # Params that aren't what LSP says.
        ([BEGIN], NULL_PARAMS, [(1, INVALID_PARAMS)]),
        ([BEGIN], {"id": 1, "method": "textDocument/hover"}, [(1, INVALID_PARAMS)]),
        ([BEGIN], {"id": 1, "method": "textDocument/hover", "params": [HOVER]}, [(1, INVALID_PARAMS)]),
        ([BEGIN], {"id": 1, "method": "textDocument/hover", "params": {**HOVER, "position": {"line": -1, "character": 0}}}, [(1, INVALID_PARAMS)]),
        ([BEGIN], as_body({"id": 1, "method": "textDocument/hover", "params": {**HOVER, "position": {"line": "@", "character": 0}}}).replace(b'"@"', b"1e999"), [(1, INVALID_PARAMS)]),
        ([BEGIN], as_body({"id": 1, "method": "textDocument/hover", "params": {**HOVER, "position": {"line": "@", "character": 0}}}).replace(b'"@"', b"9" * 6000), [(1, INVALID_PARAMS)]),
        ([BEGIN], as_body({"id": 1, "method": "workspace/executeCommand", "params": {"command": "pillion.run", "arguments": [{"action": "docstring", "uri": "file:///a.py", "range": {"start": {"line": "@", "character": 0}, "end": {"line": 0, "character": 0}}}]}}).replace(b'"@"', b"1e999"), [(1, INVALID_PARAMS)]),
        ([BEGIN], {"id": 1, "method": "codeAction/resolve", "params": {"title": "x", "data": float("nan")}}, [(1, INVALID_PARAMS)]),
        # No messages.
        ([BEGIN], b"{", [(None, PARSE_ERROR)]),
        ([BEGIN], b"", [(None, PARSE_ERROR)]),
        ([BEGIN], b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}', [(None, PARSE_ERROR)]),
        ([BEGIN], BadFrame("a header has no Content-Length"), [(None, PARSE_ERROR)]),
        ([BEGIN], b"3", [(None, INVALID_REQUEST)]),
        ([BEGIN], b"null", [(None, INVALID_REQUEST)]),
        ([BEGIN], b'{"jsonrpc": "2.0"}', [(None, INVALID_REQUEST)]),
        ([BEGIN], b'{"jsonrpc": "2.0", "id": 1}', [(1, INVALID_REQUEST)]),
        ([BEGIN], b'{"id": 1, "method": "shutdown"}', [(1, INVALID_REQUEST)]),
        ([BEGIN], b'{"jsonrpc": "1.0", "id": 1, "method": "shutdown"}', [(1, INVALID_REQUEST)]),
        ([BEGIN], b'{"jsonrpc": "2.0", "id": 1, "method": 3}', [(1, INVALID_REQUEST)]),
        ([BEGIN], {"id": 1, "method": "textDocument/didOpen", "params": {}}, [(1, INVALID_REQUEST)]),
        ([BEGIN], b"\xef\xbb\xbf" + as_body({"id": 1, "method": "nothing"}), [(1, NOT_FOUND)]),
        # Batches.
        ([BEGIN], b"[]", [(None, INVALID_REQUEST)]),
        ([BEGIN], b"[1, 2]", [(None, INVALID_REQUEST)]),
        ([BEGIN], [{"id": 1, "method": "a"}, {"method": "b"}, {"id": "c", "method": "c"}], [(1, INVALID_REQUEST), ("c", INVALID_REQUEST)]),
        # Ids.
        ([BEGIN], {"id": 1.5, "method": "nothing"}, [(1.5, NOT_FOUND)]),
        ([BEGIN], {"id": -(10**30), "method": "nothing"}, [(-(10**30), NOT_FOUND)]),
        ([BEGIN], {"id": "", "method": "nothing"}, [("", NOT_FOUND)]),
        ([BEGIN], {"id": "\ud800", "method": "nothing"}, [("\ud800", NOT_FOUND)]),
        ([BEGIN], {"id": None, "method": "nothing"}, [(None, INVALID_REQUEST)]),
        ([BEGIN], {"id": True, "method": "nothing"}, [(None, INVALID_REQUEST)]),
        ([BEGIN], {"id": [1], "method": "nothing"}, [(None, INVALID_REQUEST)]),
        ([BEGIN], {"id": {}, "method": "nothing"}, [(None, INVALID_REQUEST)]),
        ([BEGIN], {"id": float("inf"), "method": "nothing"}, [(None, INVALID_REQUEST)]),
        ([BEGIN], DEEP % b"7", [(7, INVALID_REQUEST)]),
        ([BEGIN], DEEP % b'"seven"', [("seven", INVALID_REQUEST)]),
        ([BEGIN], DEEP % b"[7]", [(None, INVALID_REQUEST)]),
        # Answers to nothing.
        ([BEGIN], {"id": 1, "result": 1}, []),
        ([BEGIN], {"id": {}, "result": 1}, []),
        ([BEGIN], {"id": None, "error": {"code": -32700, "message": "what?"}}, []),
        ([BEGIN], {"method": "$/cancelRequest", "params": {"id": [1]}}, []),
        ([BEGIN], {"method": "window/workDoneProgress/cancel", "params": {"token": [1]}}, []),
    ],
)  # fmt: skip
async def test_every_request_is_answered_once(
    before: list[Any], message: Any, answers: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = Conversation()
    await server.answers(*before)
    assert await server.answers(message) == answers
    if before == [BEGIN]:
        assert await server.answers({"id": 2, "method": "shutdown"}) == [(2, None)], "it goes on"
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_initialize_takes_anything_or_says_what_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    good = {
        **INITIALIZE,
        "rootUri": "file:///work",
        "rootPath": "/work",
        "workspaceFolders": [{"uri": "file:///work", "name": "work"}],
        "initializationOptions": {"pillion": {"events": True, "previews": True, "review": "always"}},
        "capabilities": {
            "general": {"positionEncodings": ["utf-16"]},
            "window": {"workDoneProgress": True},
            "workspace": {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}},
            "textDocument": {"codeAction": {"tagSupport": {"valueSet": [1]}, "disabledSupport": True}},
        },
    }
    codes: Counter[int | None] = Counter()
    for body in fuzzing.spoilt("initialize", good, 88, SEED):
        server = Conversation()
        ((msg_id, code),) = await server.answers(body)
        assert msg_id == fuzzing.id_of(body) or code == NOT_INITIALIZED, body
        codes[code] += 1
        if code is not None:
            assert await server.answers(BEGIN) == [("begin", None)], "it may be tried again"
        assert await server.answers({"id": 2, "method": "shutdown"}) == [(2, None)]
    assert codes.keys() <= {None, INVALID_PARAMS, INVALID_REQUEST, NOT_INITIALIZED}
    assert [record.message for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []


@pytest.mark.parametrize(
    "answer",
    [
        {"result": "yes"},
        {"result": None},
        {"result": {}},
        {"error": None},
        {"error": "no"},
        {"error": {"code": "many", "message": 3}},
        {"error": {"code": 10**40}},
        {"error": {"code": -32803, "message": "no"}, "result": {"applied": True}},
    ],
)
async def test_a_client_that_answers_nonsense_has_refused(answer: dict[str, Any]) -> None:
    server = Conversation()
    await server.answers(BEGIN)
    params = types.ApplyWorkspaceEditParams(types.WorkspaceEdit())
    asking = asyncio.create_task(server.protocol.ask(types.WORKSPACE_APPLY_EDIT, params))
    await asyncio.sleep(0)
    (asked,) = [each for each in server.came if each.get("method") == types.WORKSPACE_APPLY_EDIT]
    cancel = {"method": "$/cancelRequest", "params": {"id": asked["id"]}}
    await server.answers(cancel, {"id": asked["id"], **answer})
    with pytest.raises(ClientRefusedError):
        await asking


async def test_a_failure_of_ours_is_an_answer_and_no_flood(caplog: pytest.LogCaptureFixture) -> None:
    server = Conversation()

    @server.protocol._server.command("broken")
    async def broken(*_: Any) -> None:
        raise RuntimeError("a mistake")

    @server.protocol._server.command("unsendable")
    async def unsendable(*_: Any) -> object:
        return {"a": object}

    await server.answers(BEGIN)
    requests = [{"id": n, "method": "workspace/executeCommand", "params": {"command": "broken"}} for n in range(50)]
    assert await server.answers(*requests) == [(n, INTERNAL_ERROR) for n in range(50)]
    assert sum(len(record.message) for record in caplog.records) < 10_000
    assert "a mistake" in caplog.text
    asked = {"id": 1, "method": "workspace/executeCommand", "params": {"command": "unsendable"}}
    assert await server.answers(asked) == [(1, INTERNAL_ERROR)]


def test_a_client_that_counts_wrong_loses_a_message_and_not_the_session(tmp_path: Path) -> None:
    ask = [as_body({"id": n, "method": "nothing"}) for n in range(9)]
    with RawClient(tmp_path) as client:
        client.initialize()
        client.send(b"Content-Length: many\r\n\r\n" + ask[0])
        client.send(framed(ask[1]))
        client.send(b"\r\n\r\n")
        client.send(b"Content-Length: 99999999999999999999\r\n\r\n" + ask[2] + framed(ask[3]))
        client.send(b"Content-Length: 5\r\n\r\n" + ask[4] + framed(ask[5]))
        client.send(b"Content-Length: 5000\r\n\r\n" + ask[6] + framed(ask[7]))
        client.send(b"content-length:   %d\r\nContent-Type: x\r\n\r\n" % len(ask[8]) + ask[8])
        for answered in (1, 3, 5, 6, 7, 8):
            client.first(lambda each, msg_id=answered: each.get("id") == msg_id)  # type: ignore[misc]
        errors = [each["error"]["code"] for each in client.came if "id" in each and each["id"] is None]
        assert errors == [PARSE_ERROR] * 4
        assert client.request("shutdown", None)["result"] is None
        assert client.stderr == ""

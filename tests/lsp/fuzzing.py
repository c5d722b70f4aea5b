"""Messages that no client should send: made of good ones, each with one thing that is wrong; the same for the same seed."""

import json
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from lsprotocol import types

Message = dict[str, Any]
Path = tuple[str | int, ...]

URI = "file:///fuzzed.py"
TEXT = "import os\n\n\ndef first(a, b):\n    return a + b\n\n\nclass Second:\n    def third(self):\n        pass\n"
_PLACE = {"line": 3, "character": 6}
_RANGE = {"start": _PLACE, "end": {"line": 4, "character": 0}}
_DOCUMENT = {"uri": URI}
_FINDING = "0" * 32
# What a command takes; those that aren't named here take nothing.
_ARGUMENTS: dict[str, list[Any]] = {
    "pillion.run": [
        {"action": "docstring", "uri": URI, "range": _RANGE, "version": 1, "instruction": "", "tier": "SIMPLE"}
    ],
    "pillion.classify": [{"text": "why is this slow?", "uri": URI, "range": _RANGE}],
    "pillion.dismiss": [{"uri": URI, "id": _FINDING}],
    "pillion.stats": [{"format": "json"}],
    "pillion.endpoints": [{}],
    "pillion.model": [{"use": "no-such-model"}],
}
_PARAMS: dict[str, Any] = {
    types.TEXT_DOCUMENT_CODE_ACTION: {
        "textDocument": _DOCUMENT,
        "range": _RANGE,
        "context": {
            "diagnostics": [
                {"range": _RANGE, "message": "it is wrong", "severity": 2, "source": "pillion"},
                {
                    "range": _RANGE,
                    "message": "it isn't used",
                    "severity": 1,
                    "source": "Ruff",
                    "code": "F841",
                    "codeDescription": {"href": "https://example.com/F841"},
                    "tags": [1],
                    "data": {"fix": None},
                },
            ],
            "only": ["refactor", "quickfix"],
            "triggerKind": 1,
        },
    },
    types.CODE_ACTION_RESOLVE: {
        "title": "Pillion: do",
        "kind": "refactor.rewrite.pillion.docstring",
        "command": {"title": "do", "command": "pillion.run", "arguments": [{"uri": URI}]},
    },
    types.TEXT_DOCUMENT_HOVER: {"textDocument": _DOCUMENT, "position": {"line": 0, "character": 2}},
    types.TEXT_DOCUMENT_DID_OPEN: {
        "textDocument": {"uri": "file:///other.py", "languageId": "python", "version": 1, "text": "x = 1\n"}
    },
    types.TEXT_DOCUMENT_DID_CHANGE: {
        "textDocument": {"uri": URI, "version": 2},
        "contentChanges": [{"range": {"start": _PLACE, "end": _PLACE}, "text": "a"}],
    },
    types.TEXT_DOCUMENT_DID_CLOSE: {"textDocument": {"uri": "file:///other.py"}},
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: {
        "settings": {"pillion": {"review": "always", "hover": {"enabled": True}}}
    },
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: {
        "event": {"added": [{"uri": "file:///folder", "name": "folder"}], "removed": []}
    },
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: {"token": "pillion-1"},
    types.CANCEL_REQUEST: {"id": 999_999_999},
    types.SET_TRACE: {"value": "off"},
    types.INITIALIZED: {},
    types.NOTEBOOK_DOCUMENT_DID_OPEN: {
        "notebookDocument": {
            "uri": "file:///book.ipynb",
            "notebookType": "jupyter",
            "version": 1,
            "cells": [{"kind": 2, "document": "file:///book.ipynb#1"}],
        },
        "cellTextDocuments": [{"uri": "file:///book.ipynb#1", "languageId": "python", "version": 1, "text": "x\n"}],
    },
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: {
        "notebookDocument": {"uri": "file:///book.ipynb", "version": 2},
        "change": {"cells": {"structure": {"array": {"start": 0, "deleteCount": 0, "cells": []}}}},
    },
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: {
        "notebookDocument": {"uri": "file:///book.ipynb"},
        "cellTextDocuments": [{"uri": "file:///book.ipynb#1"}],
    },
}
# These end the session, or begin it: tests of their own.
_OF_THEIR_OWN = {types.INITIALIZE, types.SHUTDOWN, types.EXIT}

_NUMBERS: list[Any] = [
    -1, 2**31, 2**32, 2**63, 2**64, 10**30, -(10**30), 0.5, -0.0, float("inf"), float("-inf"), float("nan"), 1e308, 10**400,
]  # fmt: skip
_URIS = [
    "", ":", "file:", "file://", "file:///", "file:///%", "file:///%00", "file:///%zz%ff", "x" * 3000, "file://[::1", "//", "C:\\a.py",
    "file:///a\u0000b.py", "\ud800", "untitled:", "git:/a.py?{}", "http://[", "file:///../../../../etc/passwd", "file:///\U0001f60b.py", "data:,",
]  # fmt: skip
_WRONG: list[Any] = [None, True, False, 0, "", "text", [], {}, [[]], [None], {"a": None}, 3.7, "\ud800", "9" * 50]


def methods(registered: set[str], commands: set[str]) -> list[tuple[str, Any]]:
    """Every method with good params; `workspace/executeCommand` once for each command."""
    found = [
        (method, _PARAMS[method]) for method in sorted(registered - _OF_THEIR_OWN - {types.WORKSPACE_EXECUTE_COMMAND})
    ]
    for command in sorted(commands):
        arguments = _ARGUMENTS.get(command, [{"job": "0123456789ab"}])
        found.append((types.WORKSPACE_EXECUTE_COMMAND, {"command": command, "arguments": arguments}))
    return found


def messages(registered: set[str], commands: set[str], count: int, seed: int) -> Iterator[bytes]:
    """The bodies of so many messages, in turns of each method with each kind of mistake."""
    rng, number = random.Random(seed), 0  # noqa: S311  (it is to be the same each time)
    good = methods(registered, commands)
    while True:
        for spoil in _KINDS:
            for method, params in good:
                if number == count:
                    return
                message: Message = {"jsonrpc": "2.0", "id": number, "method": method, "params": deepcopy(params)}
                if types.METHOD_TO_TYPES[method][1] is None and rng.random() < 0.5:
                    del message["id"]
                yield spoil(rng, message)
                number += 1


def spoilt(method: str, params: Any, count: int, seed: int) -> Iterator[bytes]:
    """So many requests of one method, each with a mistake."""
    rng = random.Random(seed)  # noqa: S311
    for number in range(count):
        message: Message = {"jsonrpc": "2.0", "id": number, "method": method, "params": deepcopy(params)}
        yield _KINDS[number % len(_KINDS)](rng, message)


def id_of(body: bytes) -> Any:
    """The id that a message is to be answered with: of a request, an int; else None."""
    found = re.match(rb'\{"jsonrpc": "2.0", "id": (\d+)', body)
    return int(found[1]) if found else None


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _replaced(message: Message, path: Path, new: Any, *, delete: bool = False) -> bytes:
    target: Any = message
    for key in path[:-1]:
        target = target[key]
    if delete:
        del target[path[-1]]
    else:
        target[path[-1]] = new
    return json.dumps(message).encode()


def _somewhere(rng: random.Random, message: Message) -> Path:
    return ("params", *rng.choice([(), *_places(message["params"])]))


def _of_kind(rng: random.Random, message: Message, kind: type) -> Path:
    """Somewhere where there is such a value; anywhere if there is none."""
    found = []
    for path in _places(message["params"]):
        value: Any = message["params"]
        for key in path:
            value = value[key]
        if type(value) is kind:
            found.append(("params", *path))
    return rng.choice(found) if found else _somewhere(rng, message)


def _deleted(rng: random.Random, message: Message) -> bytes:
    return _replaced(message, _somewhere(rng, message), None, delete=True)


def _wrong_type(rng: random.Random, message: Message) -> bytes:
    return _replaced(message, _somewhere(rng, message), rng.choice(_WRONG))


def _extreme_number(rng: random.Random, message: Message) -> bytes:
    return _replaced(message, _of_kind(rng, message, int), rng.choice(_NUMBERS))


def _unwritable_number(rng: random.Random, message: Message) -> bytes:
    """What JSON can say and Python's writer doesn't."""
    digits = rng.choice(["1e999", "-1e999", "9" * 5000, "1E400", "-0", "0.1e-999", "NaN", "-Infinity"])
    return _replaced(message, _of_kind(rng, message, int), "@@").replace(b'"@@"', digits.encode())


def _absurd_uri(rng: random.Random, message: Message) -> bytes:
    return _replaced(message, _of_kind(rng, message, str), rng.choice(_URIS))


def _unknown_word(rng: random.Random, message: Message) -> bytes:
    return _replaced(
        message, _of_kind(rng, message, str), rng.choice(["unknown", "", "é" * 200, "a\nb\r\nc", "refactor.", "\u2028"])
    )


def _deep(rng: random.Random, message: Message) -> bytes:
    depth = rng.choice([50, 400, 900, 5_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    nested = opening * depth + (b"1" if closing == b"}" else b"") + closing * depth
    return _replaced(message, _somewhere(rng, message), "@@").replace(b'"@@"', nested)


def _long(rng: random.Random, message: Message) -> bytes:
    return _replaced(
        message, _somewhere(rng, message), rng.choice(["x" * 20_000, ["x"] * 2_000, {str(n): n for n in range(500)}])
    )


def _twice(rng: random.Random, message: Message) -> bytes:
    """Several things at once."""
    for _ in range(3):
        message = json.loads(_wrong_type(rng, message)) if isinstance(message.get("params"), dict | list) else message
    return json.dumps(message).encode()


def _no_params(rng: random.Random, message: Message) -> bytes:
    return _replaced(message, ("params",), rng.choice([None, [], [1], "params", 3, True]), delete=rng.random() < 0.3)


def _unknown_method(rng: random.Random, message: Message) -> bytes:
    method = rng.choice(
        [
            "pillion/nothing",
            "$/nothing",
            "textDocument/",
            "",
            "textDocument/definition",
            "window/showMessage",
            "x" * 500,
        ]
    )
    return _replaced(message, ("method",), method)


_KINDS: list[Callable[[random.Random, Message], bytes]] = [
    _deleted,
    _wrong_type,
    _extreme_number,
    _unwritable_number,
    _absurd_uri,
    _unknown_word,
    _deep,
    _long,
    _twice,
    _no_params,
    _unknown_method,
]

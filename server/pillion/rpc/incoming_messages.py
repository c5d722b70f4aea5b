"""Checks a client's messages before anything else sees them: every request gets one answer, whatever is in it.

pygls drops messages that it can't read, and doesn't notice requests that come too early or too late.
"""

import contextvars
import json
import logging
import math
import re
from collections.abc import Mapping
from typing import Any

from lsprotocol import types
from lsprotocol.types import ErrorCodes, LSPErrorCodes
from pygls.exceptions import JsonRpcException

from pillion.rpc.answering_protocol import AnsweringProtocol
from pillion.rpc.framing import BadFrame

log = logging.getLogger(__name__)

_LONGEST_DETAIL = 300
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_SCALAR = re.compile(rb'\s*:\s*("(?:[^"\\]|\\.)*"|-?\d{1,300})\s*[,}]', re.DOTALL)

Id = str | int | float | None


class Incoming:
    """Reads messages, and passes them to the protocol if they make sense at this moment."""

    def __init__(self, protocol: AnsweringProtocol) -> None:
        self._protocol = protocol

    def receive(self, frame: bytes | BadFrame) -> None:
        """Handles one message. Whatever is in it, the session goes on."""
        try:
            self._receive(frame)
        except Exception:
            log.exception("a message wasn't dealt with")

    def _receive(self, frame: bytes | BadFrame) -> None:
        if isinstance(frame, BadFrame):
            self._protocol.refuse(None, ErrorCodes.ParseError, frame.reason)
            return
        try:
            message = _decoded(frame)
        except RecursionError:
            self._protocol.refuse(_id_in(frame), ErrorCodes.InvalidRequest, "the message is nested too deep")
        except ValueError as exc:
            self._protocol.refuse(None, ErrorCodes.ParseError, f"the message isn't JSON: {exc}"[:_LONGEST_DETAIL])
        else:
            self._sort(message)

    def _sort(self, message: Any) -> None:
        if isinstance(message, list):
            self._refuse_batch(message)
        elif not isinstance(message, dict):
            self._protocol.refuse(None, ErrorCodes.InvalidRequest, "a message is an object")
        elif "method" not in message and "id" in message and {"result", "error"} & message.keys():
            self._response(message)
        elif "id" not in message and "method" in message:
            self._notification(message)
        elif "id" in message and not _is_id(message["id"]):
            self._protocol.refuse(None, ErrorCodes.InvalidRequest, "an id is a number or a text")
        elif "method" in message:
            self._request(message["id"], message)
        else:
            self._protocol.refuse(message.get("id"), ErrorCodes.InvalidRequest, "the message has no “method”")

    def _refuse_batch(self, messages: list[Any]) -> None:
        requests = [each for each in messages if isinstance(each, dict) and "method" in each and "id" in each]
        ids = [each["id"] for each in requests if _is_id(each["id"])]
        for msg_id in ids or [None]:
            self._protocol.refuse(msg_id, ErrorCodes.InvalidRequest, "LSP has no batches: send one message at a time")

    def _request(self, msg_id: Id, message: dict[str, Any]) -> None:
        protocol, method = self._protocol, message["method"]
        if message.get("jsonrpc") != protocol.VERSION or not isinstance(method, str):
            protocol.refuse(msg_id, ErrorCodes.InvalidRequest, "the message isn't JSON-RPC 2.0")
        elif protocol.is_ending:
            protocol.refuse(msg_id, ErrorCodes.InvalidRequest, "the server was shut down")
        elif not protocol.is_initialized and method != types.INITIALIZE:
            protocol.refuse(msg_id, ErrorCodes.ServerNotInitialized, "the server isn't initialized yet")
        elif protocol.is_initialized and method == types.INITIALIZE:
            protocol.refuse(msg_id, ErrorCodes.InvalidRequest, "the server is initialized already")
        elif not protocol.knows(method):
            protocol.refuse(msg_id, ErrorCodes.MethodNotFound, f"there is no request “{method[:_LONGEST_DETAIL]}”")
        elif not _is_request(method):
            protocol.refuse(msg_id, ErrorCodes.InvalidRequest, f"{method} is a notification, and has no id")
        else:
            try:
                params = self._params(message)
            except Exception as exc:  # cattrs may raise anything: in any case the params aren't what LSP says
                protocol.refuse(msg_id, ErrorCodes.InvalidParams, f"{method}: {_why(exc)}")
            else:
                _in_own_context(protocol.answer, msg_id, method, params)

    def _notification(self, message: dict[str, Any]) -> None:
        protocol, method = self._protocol, message["method"]
        if message.get("jsonrpc") != protocol.VERSION or not isinstance(method, str):
            log.info("a notification isn't JSON-RPC 2.0")
        elif method == types.EXIT:
            protocol.exit()
        elif not protocol.is_initialized or protocol.is_ending or not protocol.knows(method) or _is_request(method):
            log.info("%s was dropped", method[:_LONGEST_DETAIL])
        else:
            try:
                params = self._params(message)
            except Exception as exc:
                log.info("%s was dropped: %s", method, _why(exc))
            else:
                _in_own_context(protocol.hear, method, params)

    def _params(self, message: dict[str, Any]) -> Any:
        """The message's params in lsprotocol's types. Raises any exception if they aren't what LSP says."""
        kind = self._protocol.get_message_type(message["method"])
        return self._protocol.structured({**message, "id": 0}, kind).params

    def _response(self, message: dict[str, Any]) -> None:
        protocol, msg_id, error = self._protocol, message["id"], message.get("error")
        if not isinstance(msg_id, str) or not protocol.asked(msg_id):
            log.info("an answer to nothing was dropped")
            return
        kind = protocol.result_type_of(msg_id)
        if error is not None:
            protocol.was_refused(msg_id, _client_error(error))
            return
        try:
            result = protocol.structured({**message, "result": message.get("result")}, kind).result
        except Exception as exc:
            protocol.was_refused(msg_id, JsonRpcException(f"its answer isn't what LSP says: {_why(exc)}"))
        else:
            protocol.was_answered(msg_id, result)


def _in_own_context(work: Any, *arguments: Any) -> None:
    """Handlers learn from the context which request they answer."""
    contextvars.copy_context().run(work, *arguments)


def _decoded(body: bytes) -> Any:
    """The decoded JSON. NaN and the like are accepted, so that a request keeps its id: code that takes a number
    handles them.

    Raises:
        ValueError: it isn't JSON.
        RecursionError: it is nested too deep.
    """
    text = body.decode("utf-8-sig")
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number with thousands of digits
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 100 else float(digits))


def _is_id(value: object) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def _id_in(body: bytes) -> Id:
    """The id of a message that is nested too deep to be read."""
    depth = 0
    for token in _TOKENS.finditer(body):
        if token[0] in b"{[":
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
        elif depth == 1 and token[0] == b'"id"' and (value := _SCALAR.match(body, token.end())):
            found = json.loads(value[1])
            return found if _is_id(found) else None
    return None


def _is_request(method: str) -> bool:
    return types.METHOD_TO_TYPES[method][1] is not None


def _why(error: BaseException) -> str:
    """What is wrong with a message, in a line: the first place that cattrs names, and its words about it."""
    path: list[str] = []
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
        path += [note.name for note in getattr(error, "__notes__", ()) if hasattr(note, "name")]
    where = f"{'.'.join(path)}: " if path else ""
    return f"{where}{str(error) or type(error).__name__}"[:_LONGEST_DETAIL]


def _client_error(error: Any) -> JsonRpcException:
    """A client's error as an exception, whatever its form."""
    given = error if isinstance(error, Mapping) else {}
    code = given.get("code")
    if not isinstance(code, int) or isinstance(code, bool) or not -(2**31) <= code < 2**31:
        code = LSPErrorCodes.RequestFailed
    return JsonRpcException(str(given.get("message") or error), code)

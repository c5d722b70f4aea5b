"""pygls' protocol with reliable answers: one for each request, errors in words, and none after the client has gone.
Replaces private parts of pygls; tests/lsp/test_wire.py and tests/lsp/test_leaving.py test them.
"""

import json
import logging
import traceback
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any
from uuid import uuid4

from lsprotocol import types
from lsprotocol.types import ErrorCodes, LSPErrorCodes
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from pillion.errors import PillionError

log = logging.getLogger(__name__)

Id = str | int | float | None
# pygls handles these even if the server doesn't offer them.
_NOT_OFFERED = (
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
_LOGGED_FRAMES, _LONGEST_ERROR = 8, 200


class AnsweringProtocol(LanguageServerProtocol):
    """Answers requests, handles notifications, and knows whether the session has begun and whether it is ending."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._initialized = self._ending = False
        self._on_exit: Callable[[], None] = lambda: None
        self._logged: set[tuple[type[BaseException], str]] = set()
        super().__init__(*arguments, **named)
        for method in _NOT_OFFERED:
            del self.fm.builtin_features[method]

    @property
    def is_initialized(self) -> bool:
        """Whether `initialize` was answered with a result."""
        return self._initialized

    @property
    def is_ending(self) -> bool:
        """Whether the client sent `shutdown`, as it should before `exit`."""
        return self._ending

    def knows(self, method: str) -> bool:
        """Whether there is a handler for the method."""
        return method == types.CANCEL_REQUEST or method in self.fm.builtin_features or method in self.fm.features

    def structured(self, message: dict[str, Any], kind: Any) -> Any:
        """The message in lsprotocol's types. Raises any exception if it doesn't fit them."""
        return self._converter.structure(message, kind or JsonRPCResponseMessage)

    def when_exiting(self, listener: Callable[[], None]) -> None:
        """Sets the `listener` to call when the client sends `exit`."""
        self._on_exit = listener

    def exit(self) -> None:
        """The client sent `exit`."""
        self._on_exit()

    def answer(self, msg_id: Id, method: str, params: Any) -> None:
        """Runs a request's handler, and sends its answer."""
        self._handle_request(msg_id, method, params)  # type: ignore[arg-type]  # JSON-RPC has more kinds of ids

    def hear(self, method: str, params: Any) -> None:
        """Runs a notification's handler."""
        self._handle_notification(method, params)

    def refuse(self, msg_id: Id, code: int, reason: str) -> None:
        """Answers a request with an error."""
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": {"code": int(code), "message": reason}})

    def asked(self, msg_id: str) -> bool:
        """Whether this is the id of a request from the server that the client hasn't answered."""
        return msg_id in self._result_types

    def result_type_of(self, msg_id: str) -> Any:
        """The type that the client's answer should have. It is forgotten afterwards."""
        return self._result_types.pop(msg_id, None)

    def was_answered(self, msg_id: str, result: Any) -> None:
        """The client answered a request from the server."""
        self._handle_response(msg_id, result)

    def was_refused(self, msg_id: str, error: JsonRpcException) -> None:
        """The client answered a request from the server with an error."""
        self._handle_response(msg_id, None, error.to_response_error())

    def cancel_requests(self) -> None:
        """Cancels the client's requests that are still being worked on. The answers say so."""
        for msg_id, future in list(self._request_futures.items()):
            if msg_id not in self._result_types:
                future.cancel()

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """See LanguageServerProtocol."""
        try:
            result = yield from super().lsp_initialize(params)
        except ValueError as exc:  # a root that is no URI and no path
            raise JsonRpcInvalidParams(f"{types.INITIALIZE}: {exc}") from exc
        self._initialized = True
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *arguments: Any) -> Generator[Any, Any, None]:
        """See LanguageServerProtocol."""
        self._ending = True
        yield from super().lsp_shutdown(*arguments)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *arguments: Any) -> None:  # type: ignore[override]  # pygls ends the process in the middle of this
        """Only tells that the client sent `exit`: the code that runs the server ends it."""
        self.exit()

    @lsp_method(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def lsp_work_done_progress_cancel(self, params: types.WorkDoneProgressCancelParams) -> Generator[Any, Any, None]:
        """See LanguageServerProtocol."""
        if not isinstance(params.token, str | int):  # lsprotocol takes anything here
            raise JsonRpcInvalidParams("“token” is a number or a text")
        yield from super().lsp_work_done_progress_cancel(params)

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Forgets the futures of notifications. pygls (2.1.1) keeps them: one or two for every key pressed."""
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is not None:
            future.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    def _handle_request(self, msg_id: str | int, method_name: str, params: Any) -> None:
        self._ctx_msg_id.set(msg_id)
        try:
            answer = partial(self._send_handler_result, msg_id=msg_id)
            self._execute_handler(msg_id, self._get_handler(method_name), answer, (params,))
        except Exception as exc:
            self._refuse_for(msg_id, exc)

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self.refuse(msg_id, LSPErrorCodes.RequestCancelled, "the request was cancelled")
        elif (error := future.exception()) is not None:
            self._refuse_for(msg_id, error)
        else:
            self._send_response(msg_id, future.result())

    def _refuse_for(self, msg_id: Id, error: BaseException) -> None:
        if isinstance(error, JsonRpcException):
            self.refuse(msg_id, error.code, error.message)
        elif isinstance(error, PillionError):
            self.refuse(msg_id, LSPErrorCodes.RequestFailed, error.full_message)
        else:
            self._log_failure("a request failed", error)
            words = "the request failed in a way it should not have; see the server's log"
            self.refuse(msg_id, ErrorCodes.InternalError, words)

    def _check_handler_result(self, future: Future[Any]) -> None:
        if future.cancelled() or (error := future.exception()) is None:
            return
        if isinstance(error, JsonRpcException | PillionError):
            log.info("a notification led to nothing: %s", error)
        else:
            self._log_failure("a notification's handler failed", error)

    def _log_failure(self, what: str, error: BaseException) -> None:
        """Logs a mistake in the program, with its place. The place of a repeated mistake is logged only once."""
        frames = "".join(traceback.format_exception(error, limit=-_LOGGED_FRAMES))
        place = traceback.format_tb(error.__traceback__, limit=-1)
        key = (type(error), "".join(place))
        log.error("%s: %s", what, repr(error)[:_LONGEST_ERROR] if key in self._logged else frames)
        self._logged.add(key)

    def _handle_notification(self, method_name: str, params: Any) -> None:
        if method_name == types.CANCEL_REQUEST:
            # lsprotocol takes anything for an id. The client may cancel only its own requests.
            if isinstance(params.id, str | int) and params.id not in self._result_types:
                future = self._request_futures.get(params.id)
                if future is not None:
                    future.cancel()
            return
        try:
            handler = self._get_handler(method_name)
            self._execute_handler(uuid4().hex, handler, self._check_handler_result, (params,))
        except Exception:
            log.exception("a notification wasn't dealt with")

    def _send_data(self, data: Any) -> None:
        """Sends a message."""
        if self.writer is None:
            return  # nobody is connected
        try:
            body = json.dumps(data, default=self._serialize_message, allow_nan=False)
        except (ValueError, RecursionError) as exc:  # data from the client: NaN, or nested too deep
            self._refuse_unsendable(data, ErrorCodes.InvalidParams, "what was sent can't be sent back")
            log.info("a message can't be sent: %s", exc)
            return
        except (TypeError, AttributeError) as exc:
            self._log_failure("a message can't be sent", exc)
            self._refuse_unsendable(data, ErrorCodes.InternalError, "the answer can't be sent; see the server's log")
            return
        self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii"))

    def _refuse_unsendable(self, data: Any, code: int, reason: str) -> None:
        """Answers the request with an error, if the message was an answer."""
        if isinstance(data, JsonRPCResponseMessage):
            self.refuse(data.id, code, reason)

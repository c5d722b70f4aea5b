"""HTTP streams of lines: time limits, size limits, and foreign errors translated into Pillion's."""

import asyncio
import contextlib
import json
import os
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import httpx

from pillion.config import EndpointConfig, Location, without_user
from pillion.errors import (
    ConfigError,
    EngineError,
    EngineInterruptedError,
    EngineProtocolError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnreachableError,
    ModelMissingError,
)

_CONNECT_TIMEOUT_S = 5.0
# Behind an answer's last line comes the end of its body, as a rule in the same packet.
_END_WITHIN_S = 0.1
# Engines close an idle connection after five seconds and more: a request must not meet that moment.
_KEPT_IDLE_S = 2.0
# A line holds one token and its wrapping; a megabyte of it isn't a stream of tokens.
_MAX_LINE_BYTES = 1 << 20
_MAX_ERROR_BYTES = 4096
# No count of tokens or nanoseconds comes near; JSON may also say Infinity or NaN.
_MOST = 1e18


class _Connection:
    """What one request went out on."""

    def __init__(self) -> None:
        self.is_new = False

    async def observe(self, event: str, _: Mapping[str, Any]) -> None:
        """httpcore's trace hook; a connection that was kept has no connect event."""
        self.is_new |= event.startswith("connection.connect")


class LineStream:
    """Posts JSON to one endpoint and yields the lines of the answer, as bytes."""

    def __init__(self, name: str, config: EndpointConfig, base_url: str, api_key: str | None = None) -> None:
        self._name = name
        self._config = config
        given = httpx.URL(base_url)
        self._auth = httpx.BasicAuth(given.username, given.password) if given.userinfo else None
        # httpx logs the URLs it asks, and a message may show this one: a password has no place in it.
        self._base_url = without_user(base_url).rstrip("/")
        self._api_key = api_key
        self._client: httpx.AsyncClient | None = None

    async def post(self, path: str, body: Mapping[str, Any]) -> AsyncGenerator[bytes, None]:
        """The lines of the answer, without their ends and without empty ones.

        Raises:
            EngineError: of the kind that fits.
        """
        response = await self._answer(path, _encoded(body))
        try:
            if response.status_code != httpx.codes.OK:
                raise await self._refusal(response)
            if response.headers.get("content-type", "").startswith("text/html"):
                raise self._not_the_protocol("a web page")
            async with aclosing(self._lines(response)) as lines:
                async for line in lines:
                    yield line
        finally:
            await response.aclose()

    async def _answer(self, path: str, body: bytes) -> httpx.Response:
        """The head of the answer. An engine may close a connection that was idle at the moment it is used again: then
        nobody has read the request, and it goes out once more, until a new connection breaks too."""
        client = self._client or self._open()
        first_token = self._config.first_token_timeout_s
        while True:
            connection = _Connection()
            request = client.build_request(
                "POST",
                self._base_url + path,
                content=body,
                headers=self._headers(),
                extensions={"trace": connection.observe},
            )
            try:
                async with asyncio.timeout(first_token):
                    return await client.send(request, stream=True)
            except TimeoutError as exc:
                raise self._timed_out(first_token) from exc
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                raise EngineUnreachableError(
                    f"Nobody answers at {self._base_url} (endpoint {self._name!r}).",
                    hint="Is the engine running, and is the url right?",
                ) from exc
            except httpx.RequestError as exc:
                if not connection.is_new:
                    continue
                why = f"the connection broke off before an answer came ({type(exc).__name__})."
                raise self.interrupted(why) from exc

    async def get(self, path: str) -> None:
        """Asks for a sign of life: any answer but a server's own failure is one.

        Raises:
            EngineError: there is none.
        """
        client = self._client or self._open()
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                response = await client.get(self._base_url + path, headers=self._headers())
        except (TimeoutError, httpx.RequestError) as exc:
            raise EngineUnreachableError(f"Nobody answers at {self._base_url} (endpoint {self._name!r}).") from exc
        if response.is_server_error:
            raise EngineRefusedError(f"{self._name} answered {response.status_code}.")

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def not_the_protocol(self, line: bytes) -> EngineProtocolError:
        """The error for a line that the dialect can't read."""
        return self._not_the_protocol(f"“{readable(line.decode('utf-8', 'replace'), 60)}”")

    def interrupted(self, why: str) -> EngineInterruptedError:
        """The error for a stream that ended too early."""
        return EngineInterruptedError(f"{self._name}: {why}", hint="The engine's own log says more.")

    def _open(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(None, connect=_CONNECT_TIMEOUT_S)
        # A proxy from the environment must not carry code that is meant for this machine or network elsewhere.
        cloud = self._config.location is Location.CLOUD
        # Loading the certificates would stop everything for 50 ms, and http: to an engine of one's own needs none.
        plain = self._base_url.startswith("http://") and not cloud
        verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True
        limits = httpx.Limits(keepalive_expiry=_KEPT_IDLE_S)
        self._client = httpx.AsyncClient(
            timeout=timeout, limits=limits, trust_env=cloud, verify=verify, auth=self._auth
        )
        return self._client

    def _headers(self) -> dict[str, str]:
        key = self._api_key
        if key is None and (variable := self._config.api_key_env) is not None:
            key = os.environ.get(variable, "").strip()
            if not key:
                raise ConfigError(
                    f"The endpoint {self._name!r} takes its key from {variable}, which isn't set.",
                    hint="Set it in the environment that starts Pillion; in VS Code, run “Pillion: Set API Key…”.",
                )
        return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    async def _lines(self, response: httpx.Response) -> AsyncGenerator[bytes, None]:
        """Splits bytes at LF: text splitting would also split JSON at U+2028 and U+0085."""
        waiting = b""
        limit_s = self._config.first_token_timeout_s
        chunks = response.aiter_bytes()
        while True:
            try:
                async with asyncio.timeout(limit_s):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                break
            except TimeoutError as exc:
                raise self._timed_out(limit_s) from exc
            except httpx.HTTPError as exc:
                raise self.interrupted(f"the stream broke off ({type(exc).__name__}).") from exc
            limit_s = self._config.stall_timeout_s
            *complete, waiting = (waiting + chunk).split(b"\n")
            for line in complete:
                if stripped := line.strip(b"\r"):
                    yield stripped
            if len(waiting) > _MAX_LINE_BYTES:
                raise self._not_the_protocol("a line without an end")
        if waiting.strip():
            yield waiting.strip(b"\r")

    async def _refusal(self, response: httpx.Response) -> EngineRefusedError | ModelMissingError:
        said = await self._error_text(response)
        model = self._config.model
        if response.status_code == httpx.codes.NOT_FOUND and "model" in said.lower():
            hint = (
                f"Run: ollama pull {model}" if self._config.protocol == "ollama" else "See the endpoint's model list."
            )
            return ModelMissingError(f"{self._name} doesn't have the model {model!r}.", hint=hint)
        hints = {
            401: "Check this endpoint's key: api_key_env, or the name and password in its url.",
            403: "Check this endpoint's key: api_key_env, or the name and password in its url.",
            404: "Check the endpoint's url and protocol.",
            503: "It is loading, or its queue is full: try again in a moment.",
        }
        return EngineRefusedError(
            f"{self._name} answered {response.status_code}: {said or response.reason_phrase}",
            hint=hints.get(response.status_code, "The engine's own log says more."),
        )

    async def _error_text(self, response: httpx.Response) -> str:
        """The message in an error's body, in either dialect's shape, shortened. A web page has none."""
        if response.headers.get("content-type", "").startswith("text/html"):
            return ""
        body = b""
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > _MAX_ERROR_BYTES:
                        break
        except (TimeoutError, httpx.HTTPError):
            return ""  # the status alone has to do
        return error_message(body.decode("utf-8", "replace"))

    def _timed_out(self, limit_s: float) -> EngineTimeoutError:
        return EngineTimeoutError(
            f"{self._name} sent nothing for {limit_s:g} s.",
            hint="Is it loading a large model? first_token_timeout_s and stall_timeout_s can be raised.",
        )

    def _not_the_protocol(self, what: str) -> EngineProtocolError:
        return EngineProtocolError(
            f"{self._name} sent {what}, which isn't the {self._config.protocol.value} protocol.",
            hint="Check the endpoint's url and protocol.",
        )


async def read_to_end(lines: AsyncGenerator[bytes, None]) -> None:
    """Reads on behind the last line that counts: only a connection whose answer was read whole is used again."""
    with contextlib.suppress(TimeoutError, EngineError):
        async with asyncio.timeout(_END_WITHIN_S):
            async for _ in lines:
                pass


def error_message(body: str) -> str:
    """`{"error": "…"}` (Ollama), `{"error": {"message": "…"}}` (OpenAI) or plain text → the message, shortened."""
    try:
        error = json.loads(body)["error"]
        text = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError, RecursionError):
        text = body
    return readable(str(text), 300)


def readable(text: str, limit: int) -> str:
    """Foreign text for a message: on one line, at most `limit` characters, without a terminal's control codes."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:limit]


def number(source: object, key: str) -> float:
    """A figure that an engine gives; 0 if it doesn't, or if it is none."""
    value = source.get(key) if isinstance(source, dict) else None
    return value if isinstance(value, int | float) and 0 <= value < _MOST else 0


def _encoded(body: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON. An editor may send half a surrogate pair, which has no UTF-8: it becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

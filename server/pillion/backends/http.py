"""HTTP to one endpoint: an answer that streams, or a page.

The bounds of an answer are in http_answer.py, the errors in endpoint_failures.py.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from pillion.backends.certificates import no_trust, trust_of
from pillion.backends.endpoint_failures import Failures
from pillion.backends.http_answer import BYTES_A_TOKEN, Answer
from pillion.config.schema import EndpointConfig, Location, without_secrets
from pillion.errors import ConfigError, EngineError, EngineProtocolError, PillionError

_CONNECT_TIMEOUT_S = 5.0
# The end of an answer's body follows its last line, usually in the same packet.
_END_WITHIN_S = 0.1
# Engines close an idle connection after five seconds or more: a request must not come at that moment.
_KEPT_IDLE_S = 2.0
_MAX_ERROR_BYTES = 4096
# An answer with one token, and what it says of that.
_ANY_OBJECT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a GET, if it is no redirect and no server failure. `body` may be cut off if it was too long."""

    status: int
    body: bytes


class _Connection:
    """The connection of one request."""

    def __init__(self) -> None:
        self.is_new = False

    async def observe(self, event: str, _: Mapping[str, Any]) -> None:
        """httpcore's trace hook. A reused connection has no connect event."""
        self.is_new |= event.startswith("connection.connect")


class EndpointHttp:
    """Sends requests to one endpoint. `api_key` overrides the configuration's key."""

    def __init__(self, name: str, config: EndpointConfig, base_url: str, api_key: str | None = None) -> None:
        self._name = name
        self._config = config
        self._base_url = base_url
        self._api_key = api_key
        self._client: httpx.AsyncClient | None = None
        self.failures = Failures(name, config, without_secrets(base_url).rstrip("/"))

    @asynccontextmanager
    async def post(self, path: str, body: Mapping[str, Any], max_tokens: int) -> AsyncIterator[Answer]:
        """The answer to a request; the answer may take `max_tokens`.

        Raises:
            EngineError: a subclass that says what happened.
            ConfigError: the endpoint's key or address can't be used.
        """
        loop = asyncio.get_running_loop()
        limit_s = self._config.first_token_timeout_s
        due_s = loop.time() + limit_s
        response = await self._response("POST", path, _encoded(body), due_s, limit_s)
        answer = Answer(response, self.failures, max_tokens, due_s)
        try:
            if not response.is_success:
                raise await self._refusal(response)
            if response.headers.get("content-type", "").startswith("text/html"):
                raise self.failures.not_the_protocol("a web page")
            yield answer
        finally:
            await answer.aclose()

    async def get(self, path: str, max_bytes: int = _MAX_ERROR_BYTES) -> Page:
        """A page, as a sign of life: every answer is one, except a redirect or a server's own failure.

        Raises:
            EngineError: there is no such answer.
            ConfigError: the endpoint's key or address can't be used.
        """
        due_s = asyncio.get_running_loop().time() + _CONNECT_TIMEOUT_S
        response = await self._response("GET", path, None, due_s, _CONNECT_TIMEOUT_S)
        answer = Answer(response, self.failures, 0, due_s)
        try:
            if response.is_redirect or response.is_server_error:
                raise await self._refusal(response)
            return Page(response.status_code, await answer.beginning(max_bytes))
        finally:
            await answer.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _response(
        self, method: str, path: str, body: bytes | None, due_s: float, limit_s: float
    ) -> httpx.Response:
        """The head of the answer, which has to come by `due_s`, `limit_s` after the request was made. An engine may
        close an idle connection at the moment when a request reuses it. Then nobody has read the request, and it is
        sent again. If a new connection breaks, that is an error."""
        headers = self._headers()
        while True:
            connection = _Connection()
            try:
                client = self._client or await self._open()
                request = client.build_request(
                    method, self._url(path), content=body, headers=headers, extensions={"trace": connection.observe}
                )
                async with asyncio.timeout_at(due_s):
                    return await client.send(request, stream=True)
            except TimeoutError as exc:
                raise self.failures.timed_out(limit_s) from exc
            except PillionError:
                raise
            except Exception as exc:  # every library error becomes a Pillion error: see endpoint_failures.py
                kept = isinstance(exc, httpx.TransportError) and not isinstance(
                    exc, httpx.ConnectError | httpx.ConnectTimeout | httpx.LocalProtocolError
                )
                if kept and not connection.is_new:
                    continue
                raise self.failures.of(exc, answered=False) from exc

    async def _open(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(None, connect=_CONNECT_TIMEOUT_S)
        # Code for an engine on this machine or network must not go to a proxy from the environment.
        cloud = self._config.location is Location.CLOUD
        base = self._base()
        # Loading the certificates takes 50 ms, and http: to an engine outside the cloud needs none.
        plain = base.scheme == "http" and not cloud
        verify = no_trust() if plain else await asyncio.to_thread(trust_of, self._name, self._config)
        limits = httpx.Limits(keepalive_expiry=_KEPT_IDLE_S)
        auth = httpx.BasicAuth(base.username, base.password) if base.userinfo else None
        if self._client is None:  # another request may have opened it meanwhile
            self._client = httpx.AsyncClient(
                timeout=timeout, limits=limits, trust_env=cloud, verify=verify, auth=auth, follow_redirects=False
            )
        return self._client

    def _base(self) -> httpx.URL:
        try:
            return httpx.URL(self._base_url)
        except (httpx.InvalidURL, ValueError) as exc:
            raise ConfigError(
                f"The url of the endpoint {self._name!r} can't be used.", hint="Check it in the configuration."
            ) from exc

    def _url(self, path: str) -> httpx.URL:
        """The base URL with `path` added to its own path. Its query stays; its name and password go into a header."""
        base = self._base()
        own_path, mark, query = base.raw_path.partition(b"?")
        raw_path = own_path.rstrip(b"/") + path.encode("ascii") + mark + query
        return base.copy_with(raw_path=raw_path, username=None, password=None, fragment=None)

    def _headers(self) -> dict[str, str]:
        # Compression doesn't help with tokens, and a small compressed body may be large when decoded.
        headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        variable = self._config.api_key_env
        key = self._api_key
        if key is None and variable is not None:
            key = os.environ.get(variable, "").strip()
            if not key:
                raise ConfigError(
                    f"The endpoint {self._name!r} takes its key from {variable}, which isn't set.",
                    hint="Set it in the environment that starts Pillion; in VS Code, run “Pillion: Set API Key…”.",
                )
            if (at := next((at for at, each in enumerate(key, 1) if not "!" <= each <= "~"), 0)) > 0:
                raise ConfigError(
                    f"The key in {variable} (endpoint {self._name!r}) can't be sent: its character {at} of {len(key)}"
                    f" is {_kind_of(key[at - 1])}.",
                    hint="Copy it anew; a key has only letters, digits and signs of ASCII.",
                )
        return headers | ({"Authorization": f"Bearer {key}"} if key else {})

    async def _refusal(self, response: httpx.Response) -> EngineError:
        if response.has_redirect_location and response.next_request is not None:
            return self.failures.redirected(str(response.next_request.url))
        body = await self._error_body(response)
        return self.failures.refused(response.status_code, response.reason_phrase, body, response.headers)

    async def _error_body(self, response: httpx.Response) -> str:
        """An error's body. A web page has no message; what doesn't come in time, or can't be read, is empty."""
        if response.headers.get("content-type", "").startswith("text/html"):
            return ""
        due_s = asyncio.get_running_loop().time() + _CONNECT_TIMEOUT_S
        try:
            body = await Answer(response, self.failures, 0, due_s).beginning(_MAX_ERROR_BYTES)
        except EngineError:
            return ""  # then the message has only the status
        return body[: 4 * _MAX_ERROR_BYTES].decode("utf-8", "replace")


async def read_to_end(lines: AsyncGenerator[bytes, None]) -> None:
    """Reads on after the last useful line: a connection is reused only if its answer was read to the end."""
    with contextlib.suppress(TimeoutError, EngineError):
        async with asyncio.timeout(_END_WITHIN_S):
            async for _ in lines:
                pass


async def posted_object(
    http: EndpointHttp, path: str, body: Mapping[str, Any], max_bytes: int = _ANY_OBJECT_BYTES
) -> Mapping[str, Any]:
    """The JSON object that answers a request, read whole.

    Raises:
        EngineError: there is no such answer.
        ConfigError: the endpoint's key or address can't be used.
    """
    async with http.post(path, body, max_bytes // BYTES_A_TOKEN) as answer:
        data = await answer.beginning(max_bytes)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError) as exc:
        raise http.failures.not_a_line(data) from exc
    if not isinstance(said, dict):
        raise http.failures.not_a_line(data)
    return said


def listed_names(page: Page, key: str, name: str, failures: Failures) -> list[str]:
    """The names in a page that lists models: `{key: [{name: …}, …]}`.

    Raises:
        EngineProtocolError: the page isn't such a list.
    """
    try:
        listed = json.loads(page.body)
        listed = listed if isinstance(listed, list) else listed[key]  # some servers send the list alone
        return [str(each[name]) for each in listed or () if isinstance(each, dict) and name in each]
    except (ValueError, LookupError, TypeError, RecursionError) as exc:
        raise _no_list(failures) from exc


def _no_list(failures: Failures) -> EngineProtocolError:
    return failures.not_the_protocol("no list of its models")


def _kind_of(character: str) -> str:
    if character in "\r\n":
        return "a line's end"
    if character.isspace():
        return "white space"
    return "not of ASCII" if not character.isascii() else "a control character"


def _encoded(body: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON. An editor may send half a surrogate pair, which has no UTF-8: it becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

"""The errors of an endpoint. Every error that httpx, h11, ssl, zlib or a codec raises becomes a Pillion error."""

import math
import os
import re
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx

from pillion.backends.addresses import address_hint
from pillion.backends.foreign import readable
from pillion.backends.foreign_errors import SaidError, error_message
from pillion.backends.retry_after import retry_after_s
from pillion.config.schema import EndpointConfig, Protocol, without_secrets
from pillion.errors import (
    EngineError,
    EngineInterruptedError,
    EngineProtocolError,
    EngineRefusedError,
    EngineTimeoutError,
    EngineUnreachableError,
    ModelMissingError,
    RequestNotPossibleError,
)
from pillion.plurals import counted

_CHECK_KEY = "Check this endpoint's key: api_key_env, or the name and password in its url."
_CHECK_ADDRESS = "Check the endpoint's url and protocol."
_HINTS = {
    401: _CHECK_KEY,
    402: "Its account has no credit left.",
    403: _CHECK_KEY,
    404: _CHECK_ADDRESS,
    405: _CHECK_ADDRESS,
    429: "It has had too many requests: try again later.",
    503: "It is loading, or its queue is full: try again in a moment.",
}
_ABOUT_THE_ADDRESS = frozenset({404, 405})
_MAY_LACK_A_MODEL = frozenset({400, 403, 404, 422, 503})
_ENGINES_LOG = "The engine's own log says more."
# A shorter one may be a part of any text.
_SHORTEST_SECRET = 6
# Servers' words for a model that they don't have. Not all of them say it with the status 404.
_NO_MODEL = re.compile(
    r"model_?not_?found|deploymentnotfound|\b(?:invalid|unknown|no such) model\b|\bnot a valid model\b"
    r"|\bmodel\b[^.]{0,100}?\b(?:not found|not exist|(?:does|do)n't exist|is not available|isn't available)\b",
    re.I,
)
# What a secure server makes of a request that isn't, or the other way round.
_ALERT = re.compile(r"illegal (?:status line|header line)")


@dataclass(frozen=True, slots=True)
class Failures:
    """The errors of one endpoint. `url` is its address without secrets, for screens and logs."""

    name: str
    config: EndpointConfig
    url: str

    def timed_out(self, limit_s: float, *, empty: bool = False) -> EngineTimeoutError:
        """Nothing came in time; `empty`: bytes came, but no word was among them."""
        what = "nothing but empty lines, comments or pieces of one" if empty else "nothing"
        return EngineTimeoutError(
            f"{self.name} sent {what} for {limit_s:g} s.",
            hint="Is it loading a large model? first_token_timeout_s and stall_timeout_s can be raised.",
        )

    def not_the_protocol(self, what: str, hint: str = "") -> EngineProtocolError:
        """The endpoint sent `what`, and Pillion can't read that. `hint`: if it is known what to do."""
        return EngineProtocolError(
            f"{self.name} sent {what}, which isn't the {self.config.protocol.value} protocol.",
            hint=hint or self.address_hint or _CHECK_ADDRESS,
        )

    @property
    def address_hint(self) -> str:
        """What to do about the url, if it looks wrong for the protocol; else empty."""
        return address_hint(self.config)

    def other_protocol(self, what: str, protocol: Protocol) -> EngineProtocolError:
        """The endpoint speaks this protocol, and not the configured one."""
        url = " and a url that ends in /v1" if protocol is Protocol.OPENAI else " and a url without /v1"
        return self.not_the_protocol(what, f"It speaks another one: give it protocol = “{protocol.value}”{url}.")

    def not_a_line(self, line: bytes) -> EngineProtocolError:
        """The dialect can't read this line."""
        if line.lstrip().startswith(b"{") and not _is_utf8(line):
            return self.not_the_protocol("text that isn't UTF-8", _ENGINES_LOG)
        return self.not_the_protocol(f"“{readable(self._hidden(line[:1000].decode('utf-8', 'replace')), 60)}”")

    def too_much(self, limit_bytes: int) -> EngineProtocolError:
        """The answer has more bytes than one answer may have."""
        return EngineProtocolError(
            f"{self.name} sent more than {limit_bytes >> 10:,} KiB for one answer, so Pillion hung up.",
            hint=_ENGINES_LOG,
        )

    def cut_in_a_line(self) -> EngineInterruptedError:
        """The stream ended in the middle of a line."""
        return self.interrupted("the stream broke off in the middle of a line.")

    def said(self, error: SaidError, *, begun: bool) -> EngineError:
        """The endpoint reports an error in an answer with status 200; `begun`: the answer had words already."""
        if not begun and error.status in _HINTS:
            return self.refused(error.status, "", error.message, httpx.Headers())
        hint = "" if begun else self.address_hint  # LM Studio answers so at any address
        return EngineInterruptedError(f"{self.name}: {self._hidden(error.message)}", hint=hint or _ENGINES_LOG)

    def interrupted(self, why: str) -> EngineInterruptedError:
        """A stream ended too early."""
        return EngineInterruptedError(f"{self.name}: {why}", hint=_ENGINES_LOG)

    def not_possible(self, what: str) -> RequestNotPossibleError:
        """The endpoint's protocol can't express `what`: “fill a gap”."""
        protocol = self.config.protocol.value
        return RequestNotPossibleError(f"{self.name} can't {what}: the {protocol} protocol has no words for it.")

    def refused(
        self, status: int, reason: str, body: str, headers: httpx.Headers
    ) -> EngineRefusedError | ModelMissingError:
        """The endpoint answered with an error status and this body."""
        body = self._hidden(body)
        said = error_message(body)
        model = self.config.model
        not_found = status == httpx.codes.NOT_FOUND and "model" in said.lower()
        if not_found or (status in _MAY_LACK_A_MODEL and _NO_MODEL.search(body)):
            ollama = self.config.protocol is Protocol.OLLAMA
            hint = f"Run: ollama pull {model}" if ollama else "See the endpoint's model list."
            return ModelMissingError(f"{self.name} doesn't have the model {model!r}.", hint=hint)
        words = f"{self.name} answered {status}: {said or readable(reason, 100)}"
        wait_s = retry_after_s(headers, body)
        if wait_s:
            words = f"{words.rstrip('.')}. It asks not to be asked again for {counted(math.ceil(wait_s), 'second')}."
        hint = _HINTS.get(status, _ENGINES_LOG)
        if status in _ABOUT_THE_ADDRESS:
            hint = self.address_hint or hint
        return EngineRefusedError(words, hint=hint, retry_after_s=wait_s, status=status, said=body)

    def key_refused(self, status: int) -> EngineRefusedError:
        """The endpoint wants a key, or another key."""
        return EngineRefusedError(f"{self.name} answered {status}: it wants a key, or another one.", hint=_CHECK_KEY)

    def redirected(self, to: str) -> EngineRefusedError:
        """The endpoint redirects. Pillion doesn't follow: a request has code in it, and perhaps a key."""
        there = readable(without_secrets(to), 200)
        return EngineRefusedError(
            f"{self.url} answers with a redirect to {there} (endpoint {self.name!r}).",
            hint="Put that address into the configuration, if you trust it: Pillion follows no redirects.",
        )

    def of(self, error: Exception, *, answered: bool) -> EngineError:
        """The Pillion error for a library's `error`; `answered`: the head of the answer has come."""
        if isinstance(error, httpx.InvalidURL) or "location header" in str(error):
            return self.redirected("an address that can't be read")
        causes = list(_causes(error))
        if any(isinstance(each, socket.gaierror) for each in causes):
            host = readable(httpx.URL(self.url).host, 100)
            return EngineUnreachableError(
                f"There is no machine with the name {host} (endpoint {self.name!r}).",
                hint="Is the url right, and does the network's name service (DNS) answer?",
            )
        if (secure := next((each for each in causes if isinstance(each, ssl.SSLError)), None)) is not None:
            return self._not_secure(secure)
        if isinstance(error, httpx.RemoteProtocolError) and _ALERT.search(str(error)):
            return self.not_the_protocol("something that isn't HTTP", "Does its url have to begin with https:// ?")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            return EngineUnreachableError(
                f"Nobody answers at {self.url} (endpoint {self.name!r}).",
                hint="Is the engine running, and is the url right?",
            )
        if isinstance(error, zlib.error | httpx.DecodingError):
            return self.not_the_protocol("compressed data that can't be read")
        kind = type(error).__name__
        if answered:
            return self.interrupted(f"the stream broke off ({kind}).")
        return self.interrupted(f"the connection broke off before an answer came ({kind}).")

    def _hidden(self, text: str) -> str:
        """A server's words without this endpoint's key or password, which some servers repeat."""
        key = os.environ.get(self.config.api_key_env or "", "").strip()
        password = urlsplit(str(self.config.url or "")).password
        for secret in (key, unquote(password or "")):
            text = text.replace(secret, "…") if len(secret) >= _SHORTEST_SECRET else text
        return text

    def _not_secure(self, error: ssl.SSLError) -> EngineUnreachableError:
        where = f"No secure connection to {self.url} (endpoint {self.name!r})"
        if isinstance(error, ssl.SSLCertVerificationError):
            why = readable(error.verify_message or "it isn't trusted", 100)
            return EngineUnreachableError(
                f"{where}: its certificate was refused: {why}.",
                hint="If it is your own, name it, or the certificate that signed it, in ca_file of this endpoint or in "
                "SSL_CERT_FILE. The name in the url must be one that it is for.",
            )
        return EngineUnreachableError(
            f"{where}: {readable(error.reason or 'it failed', 100)}.",
            hint="Does it speak https, and is its certificate one that this machine trusts?",
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and the errors that led to it."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__

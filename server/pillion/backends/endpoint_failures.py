"""The errors of an endpoint. Every error that httpx, h11, ssl, zlib or a codec raises becomes a Pillion error."""

import email.utils
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from pillion.backends.foreign import readable
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
_HINTS = {
    401: _CHECK_KEY,
    403: _CHECK_KEY,
    404: "Check the endpoint's url and protocol.",
    429: "It has had too many requests: try again later.",
    503: "It is loading, or its queue is full: try again in a moment.",
}
_ENGINES_LOG = "The engine's own log says more."
# Pillion waits no longer than this, even if a server asks for more.
_LONGEST_WAIT_S = 24 * 60 * 60


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

    def not_the_protocol(self, what: str) -> EngineProtocolError:
        """The endpoint sent `what`, and Pillion can't read that."""
        return EngineProtocolError(
            f"{self.name} sent {what}, which isn't the {self.config.protocol.value} protocol.",
            hint="Check the endpoint's url and protocol.",
        )

    def not_a_line(self, line: bytes) -> EngineProtocolError:
        """The dialect can't read this line."""
        return self.not_the_protocol(f"“{readable(line[:1000].decode('utf-8', 'replace'), 60)}”")

    def too_much(self, limit_bytes: int) -> EngineProtocolError:
        """The answer has more bytes than one answer may have."""
        return EngineProtocolError(
            f"{self.name} sent more than {limit_bytes >> 10:,} KiB for one answer, so Pillion hung up.",
            hint=_ENGINES_LOG,
        )

    def interrupted(self, why: str) -> EngineInterruptedError:
        """A stream ended too early."""
        return EngineInterruptedError(f"{self.name}: {why}", hint=_ENGINES_LOG)

    def not_possible(self, what: str) -> RequestNotPossibleError:
        """The endpoint's protocol can't express `what`: “fill a gap”."""
        protocol = self.config.protocol.value
        return RequestNotPossibleError(f"{self.name} can't {what}: the {protocol} protocol has no words for it.")

    def refused(
        self, status: int, reason: str, said: str, headers: httpx.Headers
    ) -> EngineRefusedError | ModelMissingError:
        """The endpoint answered with an error status; `said` is the message in the body."""
        model = self.config.model
        if status == httpx.codes.NOT_FOUND and "model" in said.lower():
            ollama = self.config.protocol is Protocol.OLLAMA
            hint = f"Run: ollama pull {model}" if ollama else "See the endpoint's model list."
            return ModelMissingError(f"{self.name} doesn't have the model {model!r}.", hint=hint)
        words = f"{self.name} answered {status}: {said or readable(reason, 100)}"
        if wait_s := _retry_after_s(headers):
            words = f"{words.rstrip('.')}. It asks not to be asked again for {counted(wait_s, 'second')}."
        return EngineRefusedError(words, hint=_HINTS.get(status, _ENGINES_LOG), retry_after_s=wait_s, status=status)

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
            why = readable(getattr(secure, "verify_message", "") or secure.reason or "it failed", 100)
            return EngineUnreachableError(
                f"No secure connection to {self.url} (endpoint {self.name!r}): {why}.",
                hint="Does it speak https, and is its certificate one that this machine trusts?",
            )
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


def _retry_after_s(headers: httpx.Headers) -> float:
    """How long the engine asks Pillion to wait, in seconds or as a date; 0 if it says nothing readable."""
    given = headers.get("retry-after", "").strip()[:64]
    try:
        wait_s = float(given)
    except ValueError:
        try:
            wait_s = email.utils.parsedate_to_datetime(given).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return min(wait_s, _LONGEST_WAIT_S) if 0 < wait_s < float("inf") else 0.0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and the errors that led to it."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__

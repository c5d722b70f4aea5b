"""Finds out, once for each model, whether an engine goes on from the beginning of an answer, and how it is asked to.

Ollama does so only if the model's template leaves the last message open, vLLM only with two fields of its own, and some
servers refuse. A probe shows it: the model is asked to count, and its answer is begun in the middle of a number. Only a
model that goes on from there says the other half of that number first.
"""

import asyncio
import hashlib
import re
from collections import defaultdict
from contextlib import aclosing

from pillion.backends.backend import Backend, Text
from pillion.backends.chat_request import ChatRequest, Message, Prefill, Sampling
from pillion.config.schema import Location, Protocol, without_secrets
from pillion.errors import EngineProtocolError, EngineRefusedError, RequestNotPossibleError
from pillion.models.prefill_store import PrefillStore

PROBE = ChatRequest(
    (
        Message("user", "Count from 1 to 20 in figures, with commas between them."),
        Message("assistant", "1, 2, 3, 4, 5, 6, 7, 8, 9, 1"),
    ),
    max_tokens=6,
    sampling=Sampling(temperature=0.0),
)
_GOES_ON = re.compile(r"0(?:\D|$)")
_ENOUGH_CHARACTERS = 12
_WAYS = {Protocol.OLLAMA: (Prefill.LAST,), Protocol.OPENAI: (Prefill.LAST, Prefill.FLAGGED)}
# These refusals are about the request itself. Others (no key, too many requests, a failure) may be over next time.
_CANT = frozenset({400, 404, 405, 415, 422, 501})
_FAILED = 500  # llama.cpp's answer if a model's template can't show an answer that has begun


class Prefills:
    """Knows how each endpoint is asked to go on. `store` remembers it beyond this process."""

    def __init__(self, store: PrefillStore | None = None) -> None:
        self._store = store
        self._known: dict[str, Prefill | None] = {}
        self._probing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def way(self, backend: Backend) -> Prefill | None:
        """How this endpoint is asked to go on from the beginning of an answer; None: it isn't asked to.

        Asks the endpoint if nobody knows: others that want to know the same wait. A cloud endpoint isn't asked, since
        each request there costs money. The embedded engine always goes on, so it isn't asked either.

        Raises:
            EngineError: the endpoint fails, as it would for any request.
        """
        config = backend.config
        if config.location is Location.CLOUD:
            return None
        key = _key_of(backend)
        if config.protocol is Protocol.EMBEDDED:
            return self._known.get(key, Prefill.LAST)
        async with self._probing[key]:
            if key not in self._known:
                kept = await asyncio.to_thread(self._store.found, key) if self._store is not None else None
                if kept is not None:
                    self._known[key] = Prefill(kept) if kept in set(Prefill) else None
                else:
                    way, certain = await _probed(backend)
                    if not certain:
                        return way
                    await self._remember(key, way)
            return self._known[key]

    async def refused(self, backend: Backend, error: EngineRefusedError) -> bool:
        """Whether the endpoint may have refused only to go on, so that it can be asked for the whole answer. If it says
        that the request is wrong, it isn't asked to go on again."""
        if error.status in _CANT:
            await self._remember(_key_of(backend), None)
        return error.status in _CANT or error.status == _FAILED

    async def doubt(self, backend: Backend) -> None:
        """The model started over: perhaps it has another template now. The next request finds that out."""
        if backend.config.protocol is not Protocol.EMBEDDED:
            key = _key_of(backend)
            self._known.pop(key, None)
            if self._store is not None:
                await asyncio.to_thread(self._store.keep, key, None)

    async def _remember(self, key: str, way: Prefill | None) -> None:
        self._known[key] = way
        if self._store is not None:
            await asyncio.to_thread(self._store.keep, key, way.value if way is not None else "")


async def _probed(backend: Backend) -> tuple[Prefill | None, bool]:
    """The way that works, and whether the answers leave no doubt."""
    certain = True
    for way in _WAYS.get(backend.config.protocol, ()):
        try:
            if await _goes_on(backend, way):
                return way, True
        except EngineRefusedError as exc:
            if exc.has_no_room:
                raise  # it would refuse any request now
            certain = certain and exc.status in _CANT
        except RequestNotPossibleError:
            continue
        except EngineProtocolError:
            certain = False
    return None, certain


async def _goes_on(backend: Backend, way: Prefill) -> bool:
    said = ""
    async with aclosing(backend.stream(PROBE.begun(way))) as events:
        async for event in events:
            said += event.text if isinstance(event, Text) else ""
            if len(said) >= _ENOUGH_CHARACTERS:  # whatever the engine makes of its limit
                break
    return _GOES_ON.match(said.lstrip()) is not None


def _key_of(backend: Backend) -> str:
    """The same for the same model at the same address, however the endpoint is called; without its secrets."""
    config = backend.config
    url = without_secrets(str(config.url or ""))
    return hashlib.sha256(f"{config.protocol.value}\n{url}\n{config.model}".encode()).hexdigest()[:32]

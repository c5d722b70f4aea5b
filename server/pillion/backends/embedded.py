"""The backend of an embedded endpoint: it asks an engine of Pillion's own, alone or together with other endpoints."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from pillion.backends.backend import Done, StreamEvent
from pillion.backends.chat_request import ChatRequest
from pillion.backends.embedded_engine import EmbeddedEngine, Served
from pillion.backends.likelihood import Likelihood, LikelihoodRequest
from pillion.backends.openai import OpenAIBackend
from pillion.config.schema import EndpointConfig
from pillion.errors import RequestNotPossibleError


class EmbeddedBackend:
    """One endpoint at `engine`, which is started when it is asked for the first time."""

    def __init__(self, name: str, config: EndpointConfig, engine: EmbeddedEngine) -> None:
        self.name = name
        self.config = config
        self.engine = engine
        self._client: OpenAIBackend | None = None
        self._asks: Served | None = None

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream. Starts the engine if it isn't running.

        Raises:
            ModelError: its model isn't on this machine.
            RequestNotPossibleError: the request has a gap to fill.
            EngineError: the engine doesn't start, or fails.
        """
        if request.suffix is not None:  # llama.cpp ignores a suffix in OpenAI's dialect
            raise RequestNotPossibleError(f"The embedded engine {self.name} can't fill a gap in a text.")
        async with self.engine.use() as served:
            client = await self._client_of(served)
            async with aclosing(client.stream(request)) as events:
                async for event in events:
                    yield event

    async def likelihoods(self, request: LikelihoodRequest) -> AsyncGenerator[Likelihood | Done, None]:
        """See ReadsLikelihoods. Starts the engine if it isn't running."""
        async with self.engine.use() as served:
            client = await self._client_of(served)
            async with aclosing(client.likelihoods(request)) as events:
                async for event in events:
                    yield event

    async def check(self) -> None:
        """See Backend.check. This doesn't start the engine, but an engine that failed to start stays down."""
        await self.engine.check()

    async def look(self) -> str:
        """See Backend.look."""
        await self.check()
        return ""

    async def aclose(self) -> None:
        """Stops the engine, also for the other endpoints that ask it: they are closed together."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()
        await self.engine.aclose()

    async def _client_of(self, served: Served) -> OpenAIBackend:
        """The client for this run of the engine. Each run listens on a port of its own, and wants a key of its own."""
        if self._client is None or self._asks != served:
            old, self._client = (
                self._client,
                OpenAIBackend(self.name, self.config, url=served.url, api_key=served.api_key),
            )
            self._asks = served
            if old is not None:
                await old.aclose()
        return self._client

"""A backend that says what a model said before: an answer that was kept is used as if it came now."""

from collections.abc import AsyncGenerator

from pillion.backends.backend import Done, StreamEvent, Text
from pillion.backends.chat_request import ChatRequest
from pillion.config.schema import EndpointConfig, Protocol
from pillion.errors import RequestNotPossibleError


class KeptAnswerBackend:
    """Gives `text` as the answer to the first request. No model is asked, so there is no second answer."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.config = EndpointConfig(protocol=Protocol.EMBEDDED, model="a draft that was kept")
        self._text: str | None = text

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """See Backend.stream.

        Raises:
            RequestNotPossibleError: the answer was given already.
        """
        text, self._text = self._text, None
        if text is None:
            raise RequestNotPossibleError("there is only the draft that was kept")
        yield Text(text)
        yield Done(completion_tokens=1)

    async def check(self) -> None:
        """See Backend.check."""

    async def look(self) -> str:
        """See Backend.look."""
        return ""

    async def aclose(self) -> None:
        """See Backend.aclose."""

"""The server's type. It is apart from the file that builds the server, so that the features can name it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from pygls.lsp.server import LanguageServer

from pillion.lsp.protocol import PillionProtocol


class PillionServer(LanguageServer):
    """A language server that speaks through PillionProtocol."""

    protocol: PillionProtocol

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at_the_end: Callable[[], Awaitable[None]] | None = None
        self._ending: asyncio.Future[None] | None = None

    def when_ending(self, work: Callable[[], Awaitable[None]]) -> None:
        """Sets the `work` to do when the session ends."""
        self._at_the_end = work

    async def end(self) -> None:
        """Ends the session: nothing runs and no engine is left. A client may send `exit` while its `shutdown` is
        handled, so all callers wait for the same end."""
        if self._at_the_end is not None:
            self._ending = self._ending or asyncio.ensure_future(self._at_the_end())
            await asyncio.shield(self._ending)

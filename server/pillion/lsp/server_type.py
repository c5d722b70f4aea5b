"""The server's type, apart from how it is put together, so that features can name it."""

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
        """Has `work` done when the session ends."""
        self._at_the_end = work

    async def end(self) -> None:
        """Ends the session: nothing runs and no engine is left. A client may say `exit` while its `shutdown` is dealt
        with, so that all who want the end wait for the same one."""
        if self._at_the_end is not None:
            self._ending = self._ending or asyncio.ensure_future(self._at_the_end())
            await asyncio.shield(self._ending)

"""Tells the user, once, of drafts that were left unfinished when a server ended."""

import asyncio

from lsprotocol import types

from pillion.lsp.drafts import DraftFolder
from pillion.lsp.server_type import PillionServer
from pillion.lsp.session import Session
from pillion.lsp.unfinished import recover


def register(server: PillionServer, session: Session, drafts: DraftFolder) -> None:
    """Registers the handler."""

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        found = {str(path) for path in await asyncio.to_thread(recover, drafts)}
        names = [f"{each['action']} {each['symbol']}".strip() for each in drafts.unfinished() if each["path"] in found]
        if len(names) == 1:
            session.show(f"a draft of {names[0]} was left unfinished. See it with: pillion drafts")
        elif names:
            listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
            session.show(f"{len(names)} drafts were left unfinished ({listed}). See them with: pillion drafts")

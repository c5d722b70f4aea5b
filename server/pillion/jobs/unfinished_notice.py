"""Tells the user, once, about drafts that were left unfinished when a server ended."""

import asyncio
from collections.abc import Callable

from pillion.state.kept_drafts import DraftFolder
from pillion.state.unfinished_drafts import recover

_NAMED = 3


async def tell_of_unfinished(show: Callable[[str], None], drafts: DraftFolder) -> None:
    """Keeps the drafts that an earlier server left unfinished, and tells the user."""
    found = {str(path) for path in await asyncio.to_thread(recover, drafts)}
    if not found:
        return
    names = [f"{each['action']} {each['symbol']}".strip() for each in drafts.unfinished() if each["path"] in found]
    if len(names) == 1:
        show(f"a draft of {names[0]} was left unfinished. See it with: pillion drafts")
    else:
        listed = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        show(f"{len(names)} drafts were left unfinished ({listed}). See them with: pillion drafts")

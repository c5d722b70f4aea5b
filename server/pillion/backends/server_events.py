"""Server-sent events, as the servers of OpenAI's dialect really send them.

The standard (https://html.spec.whatwg.org/multipage/server-sent-events.html) ends an event at an empty line. Some
servers leave that line out, so an event whose first `data:` line is whole is passed on at once, which is also sooner.
"""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import Enum
from typing import Final

_FIELD = re.compile(rb"[A-Za-z][\w-]{0,40}")
_END = frozenset({b"[DONE]", b'"[DONE]"', b"[done]"})


class Unread(Enum):
    """What an event has instead of a value."""

    NOT_JSON = "not JSON"
    NO_EVENT = "a line that is no part of an event"
    END = "[DONE]"


NOT_JSON: Final = Unread.NOT_JSON
NO_EVENT: Final = Unread.NO_EVENT
END: Final = Unread.END


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its name (mostly empty), its bytes, and the JSON value in them."""

    name: str
    data: bytes
    value: object

    @property
    def is_error(self) -> bool:
        """Whether the server calls it an error: `event: error`, or a field `error:`."""
        return self.name == "error"


async def server_events(lines: AsyncGenerator[bytes, None]) -> AsyncGenerator[ServerEvent, None]:
    """The events in `lines`, which have the empty ones. Comments and other fields are left out, and so are events
    without data."""
    name, waiting = "", list[bytes]()
    async for line in lines:
        if not line.strip():
            if waiting:
                yield _event(name, b"\n".join(waiting))
            name, waiting = "", []
            continue
        field, colon, rest = line.lstrip().partition(b":")
        data = rest.removeprefix(b" ")
        match field.lower():
            case b"data":
                event = None if waiting else _event(name, data)
                if event is None or (event.value is NOT_JSON and event.data):
                    waiting.append(data)
                elif event.data:
                    yield event
            case b"event":
                name = data.decode("utf-8", "replace").strip().lower()
            case b"error" if colon:
                yield _event("error", data)
            case b"":
                pass  # a comment, which keeps the connection alive
            case _ if not colon or not _FIELD.fullmatch(field):
                yield ServerEvent(name, line, NO_EVENT)
            case _:
                pass  # fields that aren't used: id, retry
    if waiting:
        yield _event(name, b"\n".join(waiting))


def _event(name: str, data: bytes) -> ServerEvent:
    data = data.strip()
    if data in _END:
        return ServerEvent(name, data, END)
    try:
        return ServerEvent(name, data, json.loads(data) if data else NOT_JSON)
    except (ValueError, RecursionError):
        return ServerEvent(name, data, NOT_JSON)

"""A server that sends given bytes, for streams that no engine would be asked to produce."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def serving(pieces: Iterable[bytes], head: bytes = OK) -> AsyncIterator[str]:
    """A server that answers whatever it is asked with these bytes, each piece in a write of its own."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
        except ConnectionError:
            pass  # the client has heard enough
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def closing_kept_connections(body: bytes, *, answers: bool) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that closes a connection when a second request comes on it, as an engine does that finds it idle for
    too long at that very moment. After the first one it `answers` new connections, or closes those too.

    Yields its address, and the number of requests that each connection brought.
    """
    requests: list[int] = []
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(requests)
        requests.append(0)
        try:
            for turn in range(2):
                sent = await reader.readuntil(b"\r\n\r\n")
                length = int(sent.lower().partition(b"content-length:")[2].split()[0])
                await reader.readexactly(length)
                requests[number] += 1
                if turn == 0 and (answers or number == 0):
                    writer.write(head + body)
                    await writer.drain()
                else:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is done with it
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


def sse(*events: object, end: str = "\n\n") -> bytes:
    """OpenAI's stream; a string stands for itself."""
    return "".join(f"data: {each if isinstance(each, str) else _dumps(each)}{end}" for each in events).encode()


def ndjson(*events: object, end: str = "\n") -> bytes:
    """Ollama's stream."""
    return "".join(_dumps(each) + end for each in events).encode()


def _dumps(event: object) -> str:
    return json.dumps(event, ensure_ascii=False)


def delta(finish: str | None = None, **fields: object) -> dict[str, object]:
    """An event of OpenAI's."""
    return {"choices": [{"delta": fields, "finish_reason": finish}]}


def said(text: str) -> dict[str, object]:
    """An event of Ollama's."""
    return {"message": {"role": "assistant", "content": text}, "done": False}

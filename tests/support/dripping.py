"""Servers that answer as none should: a byte at a time, without an end, or far too much of it."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = 2**20


@asynccontextmanager
async def serving(*parts: bytes, pause: float = 0.0) -> AsyncIterator[str]:
    """Serve these parts one after the other to whoever asks, then again the last without end."""
    tasks: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        try:
            await reader.readuntil(b"\r\n\r\n")
            for part in parts:
                writer.write(part)
                await writer.drain()
            while True:
                writer.write(parts[-1])
                await writer.drain()
                await asyncio.sleep(pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)


def dripping() -> tuple[bytes, ...]:
    """Return an answer whose body never ends, a byte at a time."""
    return HEAD + b"Content-Length: 100000\r\n\r\n", b" "


def endless() -> tuple[bytes, ...]:
    """Return an answer that is as large as anybody reads it."""
    return HEAD + b"Connection: close\r\n\r\n", b" " * MEGABYTE


def packed(encoding: str = "gzip") -> tuple[bytes, ...]:
    """Return 400 MB of spaces in an answer of 400 kB."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    body = b"".join(pack.compress(b" " * MEGABYTE) for _ in range(400)) + pack.flush()
    head = HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return head + body, b""


def small(text: str) -> tuple[bytes, ...]:
    """Return an answer in gzip, as Jira's edge sends it."""
    body = gzip.compress(text.encode())
    head = HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return head + body, b""

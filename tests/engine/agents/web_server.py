"""A small web server on loopback that answers as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """What a client sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What it gets."""

    body: bytes | str | dict[str, Any] | list[Any] = b""
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        is_json = isinstance(self.body, (dict, list))
        body = json.dumps(self.body) if is_json else self.body
        body = body.encode() if isinstance(body, str) else body
        kind = "application/json" if is_json else "text/plain; charset=utf-8"
        told = {"Content-Type": kind, "Connection": "close", **self.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return f"HTTP/1.1 {self.status}\r\n{head}\r\n".encode() + body


@dataclass
class WebServer:
    """Listens on `url`; `asked` is all that it has been asked."""

    url: str = ""
    port: int = 0
    asked: list[Asked] = field(default_factory=list)


Answer = Callable[[Asked], Reply]


@asynccontextmanager
async def web_server(answer: Answer) -> AsyncIterator[WebServer]:
    """Answers every request with what the function makes of it."""
    told = WebServer()
    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(task := asyncio.current_task())
        task.add_done_callback(serving.discard)
        try:
            told.asked.append(await _request(reader))
            writer.write(answer(told.asked[-1]).encoded())
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has seen enough
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    told.port = server.sockets[0].getsockname()[1]
    told.url = f"http://127.0.0.1:{told.port}"
    async with server:
        yield told
    if serving:
        await asyncio.wait(serving)


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.splitlines()
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    method, target, _ = first.split()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, target, headers, body)

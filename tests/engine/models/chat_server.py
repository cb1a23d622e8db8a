"""A small server on loopback that speaks OpenAI's chat completions, or does as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ChatServer:
    """Listens on `url`; `asked` is all that it has been asked."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client goes before its answer has ended."""


Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def chat_server(*answers: Answer) -> AsyncIterator[ChatServer]:
    """Answers the first question with the first of these, and so on; the last one repeats."""
    told = ChatServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            told.asked.append(await _request(reader))
            await answers[min(len(told.asked), len(answers)) - 1](told.asked[-1], writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            told.hung_up.set()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    told.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        yield told


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.splitlines()
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(first.split()[1], headers, json.loads(body or b"{}"))


async def send(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: str = "200 OK",
    kind: str = "text/event-stream",
    **headers: str,
) -> None:
    """An answer as a whole, which ends with the connection."""
    told = {"Content-Type": kind, "Connection": "close", **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)
    await writer.drain()


def event(text: str = "", **fields: Any) -> bytes:
    """One event of a streamed answer."""
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": None}
    choice["finish_reason"] = fields.pop("finish_reason", None)
    return b"data: " + json.dumps({"choices": [choice], **fields}).encode() + b"\n\n"


END = event(finish_reason="stop") + b"data: [DONE]\n\n"


def says(*texts: str) -> Answer:
    """Streams these, and what they took."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        usage = {"prompt_tokens": 7, "completion_tokens": len(texts)}
        told = b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"
        body = b"".join(event(it) for it in texts)
        await send(writer, body + event(finish_reason="stop") + told + b"data: [DONE]\n\n")

    return answer


def wants(*calls: tuple[str, dict[str, Any]], text: str = "") -> Answer:
    """Wants these tools called, with these arguments, which come in pieces as OpenAI's do."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        body = event(text) if text else b""
        for index, (name, arguments) in enumerate(calls):
            written = json.dumps(arguments)
            half = len(written) // 2
            first = {"name": name, "arguments": written[:half]}
            begun = {"id": f"call-{len(asked.body['messages'])}-{index}", "type": "function"}
            body += _call_piece({"index": index, **begun, "function": first})
            body += _call_piece({"index": index, "function": {"arguments": written[half:]}})
        usage = {"prompt_tokens": 20, "completion_tokens": 5}
        told = b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"
        end = event(finish_reason="tool_calls") + told + b"data: [DONE]\n\n"
        await send(writer, body + end)

    return answer


def _call_piece(piece: dict[str, Any]) -> bytes:
    choice = {"index": 0, "delta": {"tool_calls": [piece]}, "finish_reason": None}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def raw(body: bytes, **how: Any) -> Answer:
    """Sends just this."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        await send(writer, body, **how)

    return answer


def refuses(status: str, message: str, **headers: str) -> Answer:
    """Says no, as OpenAI does."""
    body = json.dumps({"error": {"message": message, "type": "x"}}).encode()
    return raw(body, status=status, kind="application/json", **headers)

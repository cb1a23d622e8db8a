"""A model that says a number of words as fast as they are taken; it tells its port and serves."""

import asyncio
import json
import sys

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
TOGETHER = 25
"""Words that are written at once, as they come from a server that has more than one to say."""


def said(**delta: str) -> bytes:
    """A piece of an answer in OpenAI's form."""
    told = {"choices": [{"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}]}
    return b"data: " + json.dumps(told).encode() + b"\n\n"


async def serve(words: int, seconds: float) -> None:
    """Answer every question with so many words in so many seconds."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD)
        begun, clock = asyncio.get_running_loop().time(), asyncio.get_running_loop().time
        for told in range(0, words, TOGETHER):
            writer.write(said(content="token ") * TOGETHER)
            await writer.drain()
            await asyncio.sleep(max(0.0, begun + seconds * told / words - clock()))
        writer.write(said() + b"data: [DONE]\n\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))

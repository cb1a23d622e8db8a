"""HTTP answers: reads one as far as it may be long, and gives what it says as a value."""

import json
import zlib
from typing import Any, Literal

import httpx

from agentflow.errors import ToolError

__all__ = ["AnswerForm", "answer_value", "read_body"]

AnswerForm = Literal["auto", "json", "text"]

MOST_BYTES = 4 * 1024 * 1024
"""Of an answer, unpacked: no state holds more."""


async def read_body(response: httpx.Response) -> bytes:
    """The whole body, unpacked.

    Raises:
        ToolError: it is too long, or packed in a way that was not asked for.
        httpx.HTTPError: the connection broke.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "deflate"):
        raise ToolError(f"the answer is packed as {packing!r}", fix="ask another server")
    unpack = None if packing == "identity" else zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    body = bytearray()
    async for piece in response.aiter_raw():
        # With a limit: a few packed bytes may unpack into more than there is memory.
        body += unpack.decompress(piece, MOST_BYTES + 1) if unpack else piece
        if len(body) > MOST_BYTES or (unpack and unpack.unconsumed_tail):
            what = f"the answer is longer than {MOST_BYTES // 1024 // 1024} MB"
            raise ToolError(what, fix="ask for less")
    return bytes(body)


def answer_value(response: httpx.Response, body: bytes, form: AnswerForm) -> Any:
    """What an answer says: JSON where it is declared to be, or is to be, JSON; else its text.

    Raises:
        ToolError: it should be JSON and is not.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or kind.endswith("+json")
    text = body.decode(_charset(response), "replace")
    if form == "text" or (form == "auto" and not is_json):
        return text
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        what = f"the answer is no JSON ({' '.join(text.split())[:80]!r})"
        raise ToolError(what, fix='set answer = "text"') from None


def _charset(response: httpx.Response) -> str:
    told = response.charset_encoding or "utf-8"
    try:
        "".encode(told)
    except LookupError:
        return "utf-8"
    return told

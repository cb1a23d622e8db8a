"""Answers: reads what an endpoint that speaks as OpenAI does sends, line by line."""

import json
import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from agentflow.models.base import TextDelta, Usage

__all__ = ["NotTheProtocolError", "Piece", "error_text", "pieces", "retry_after"]

MOST_LINE = 1_000_000
"""Characters of a line; a server that sends no end of one is not believed."""


class NotTheProtocolError(ValueError):
    """A server sent something else; the text shows what."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one event of the stream says."""

    parts: tuple[TextDelta | Usage, ...] = ()
    is_last: bool = False
    """Whether the answer is whole now; its usage may follow."""
    error: str = ""
    """What the server says went wrong in the middle of the answer."""


async def pieces(response: httpx.Response) -> AsyncIterator[Piece]:
    """The events of an answer.

    Raises:
        NotTheProtocolError: it is something else.
        httpx.HTTPError: the connection broke.
    """
    is_known = False
    async for line in _lines(response):
        if line.startswith("data:") and (data := line[5:].strip()):
            is_known = True
            yield Piece(is_last=True) if data == "[DONE]" else _piece(data)
        elif (
            not is_known and line.strip() and not line.startswith((":", "event:", "id:", "retry:"))
        ):
            raise NotTheProtocolError(repr(line[:80]))


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    begun = ""
    async for text in response.aiter_text():
        *whole, begun = (begun + text).split("\n")
        for line in whole:
            yield line.rstrip("\r")
        if len(begun) > MOST_LINE:
            raise NotTheProtocolError("a line without an end")
    if begun:
        yield begun


def _piece(data: str) -> Piece:
    try:
        event: Any = json.loads(data)
        if event.get("error"):
            return Piece(error=error_text(data))
        texts, is_last = _texts(event.get("choices") or ())
        return Piece((*texts, *_usage(event.get("usage"))), is_last)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise NotTheProtocolError(repr(data[:80])) from error


def _texts(choices: Any) -> tuple[list[TextDelta], bool]:
    texts: list[TextDelta] = []
    is_last = False
    for choice in choices:
        delta: Any = choice.get("delta") or {}
        if delta.get("content"):
            texts.append(TextDelta(str(delta["content"])))
        is_last = is_last or bool(choice.get("finish_reason"))
    return texts, is_last


def _usage(told: Any) -> tuple[Usage, ...]:
    if not told:
        return ()
    return (Usage(int(told.get("prompt_tokens") or 0), int(told.get("completion_tokens") or 0)),)


def error_text(text: str) -> str:
    """What the server says is wrong, out of whatever it sent."""
    try:
        error: Any = json.loads(text).get("error")
    except (ValueError, AttributeError):
        return " ".join(text.split())[:200]
    if isinstance(error, Mapping):
        error = cast("Mapping[str, Any]", error).get("message")
    return " ".join(str(error or text).split())[:200]


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that the server asks to wait; None when it does not, or names a date."""
    try:
        seconds = float(response.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None

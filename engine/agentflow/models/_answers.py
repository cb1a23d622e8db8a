"""Answers: reads what an endpoint that speaks as OpenAI does sends, line by line."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from agentflow.models.base import TextDelta, ToolCall, Usage

__all__ = [
    "CallPiece",
    "Calls",
    "NotTheProtocolError",
    "Piece",
    "error_text",
    "pieces",
    "retry_after",
]

AT_ONCE = 50
"""Lines of what has come at once, after which whatever else runs on the loop has its turn."""
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
    calls: tuple["CallPiece", ...] = ()


@dataclass(frozen=True, slots=True)
class CallPiece:
    """A part of what the model wants called."""

    number: int
    id: str
    name: str
    arguments: str


class Calls:
    """Tool calls, put together of the pieces that they come in."""

    def __init__(self) -> None:
        self._calls: list[ToolCall] = []
        self._numbers: list[int] = []

    def take(self, pieces: Iterable[CallPiece]) -> int:
        """More of them; how many characters that was."""
        read = 0
        for piece in pieces:
            read += len(piece.name) + len(piece.arguments)
            self._add(piece)
        return read

    def whole(self) -> tuple[ToolCall, ...]:
        """All of them, each with an id."""
        return tuple(
            ToolCall(it.id or f"call_{number}", it.name, it.arguments)
            for number, it in enumerate(self._calls)
        )

    def _add(self, piece: CallPiece) -> None:
        last = len(self._calls) - 1
        # Some servers number all calls alike, and tell them apart by their ids only.
        is_same = last >= 0 and piece.number == self._numbers[-1]
        if is_same and (not piece.id or piece.id == self._calls[-1].id):
            before = self._calls[-1]
            name, arguments = before.name + piece.name, before.arguments + piece.arguments
            self._calls[-1] = ToolCall(before.id, name, arguments)
        else:
            self._calls.append(ToolCall(piece.id, piece.name, piece.arguments))
            self._numbers.append(piece.number)


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
        for number, line in enumerate(whole, start=1):
            yield line.rstrip("\r")
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        if len(begun) > MOST_LINE:
            raise NotTheProtocolError("a line without an end")
    if begun:
        yield begun


def _piece(data: str) -> Piece:
    try:
        event: Any = json.loads(data)
        if event.get("error"):
            return Piece(error=error_text(data))
        choices = event.get("choices") or ()
        texts, is_last = _texts(choices)
        calls = tuple(_calls(choices))
        return Piece((*texts, *_usage(event.get("usage"))), is_last, calls=calls)
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


def _calls(choices: Any) -> Iterator[CallPiece]:
    for choice in choices:
        delta: Any = choice.get("delta") or {}
        told: list[Any] = delta.get("tool_calls") or []
        for it in told:
            function: Any = it.get("function") or {}
            texts = (it.get("id"), function.get("name"), function.get("arguments"))
            yield CallPiece(int(it.get("index") or 0), *(str(text or "") for text in texts))


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

"""What the servers of further providers say on the wire: Anthropic's, Google's, and OpenAI's."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.models import chat_server
from engine.models.chat_server import Answer, raw

__all__ = ["PROTOCOLS", "Protocol"]


@dataclass(frozen=True)
class Protocol:
    """How one provider speaks, and what its client reads off the environment."""

    provider: str
    address: str
    """The variable that says where it listens."""
    key: str
    path: str
    """Where its client asks, behind the server's address."""
    says: Callable[..., Answer]
    wants: Callable[..., Answer]
    shown: Callable[[dict[str, Any]], Any]
    """The image in what the client sent."""
    told: Callable[[dict[str, Any]], Any]
    """What came of a tool, in what the client sent."""
    base: str = ""
    """What is left of the server's address before its path."""


def _sse(*events: dict[str, Any], named: bool = False) -> bytes:
    lines = [
        (f"event: {it['type']}\n" if named else "") + f"data: {json.dumps(it)}\n\n" for it in events
    ]
    return "".join(lines).encode()


def _anthropic(*blocks: dict[str, Any], stop: str) -> Answer:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "tiny",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "output_tokens": 0},
    }
    end = {"stop_reason": stop, "stop_sequence": None}
    return raw(
        _sse(
            {"type": "message_start", "message": message},
            *blocks,
            {"type": "message_delta", "delta": end, "usage": {"output_tokens": 2}},
            {"type": "message_stop"},
            named=True,
        )
    )


def _anthropic_says(*texts: str) -> Answer:
    begin = {"type": "text", "text": ""}
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": it}}
        for it in texts
    ]
    return _anthropic(
        {"type": "content_block_start", "index": 0, "content_block": begin},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        stop="end_turn",
    )


def _anthropic_wants(name: str, arguments: dict[str, Any]) -> Answer:
    text = json.dumps(arguments)
    begin = {"type": "tool_use", "id": "call-1", "name": name, "input": {}}
    deltas = [
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "input_json_delta", "partial_json": it},
        }
        for it in (text[:5], text[5:])
    ]
    return _anthropic(
        {"type": "content_block_start", "index": 0, "content_block": begin},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        stop="tool_use",
    )


def _google(*parts: dict[str, Any]) -> Answer:
    usage = {"promptTokenCount": 7, "candidatesTokenCount": 2, "totalTokenCount": 9}
    chunks = [
        {"candidates": [{"content": {"role": "model", "parts": [it]}, "index": 0}]} for it in parts
    ]
    chunks[-1]["candidates"][0]["finishReason"] = "STOP"
    chunks[-1]["usageMetadata"] = usage
    return raw(_sse(*chunks))


def _google_says(*texts: str) -> Answer:
    return _google(*({"text": it} for it in texts))


def _google_wants(name: str, arguments: dict[str, Any]) -> Answer:
    return _google({"functionCall": {"name": name, "args": arguments, "id": "call-1"}})


def _openai_wants(name: str, arguments: dict[str, Any]) -> Answer:
    return chat_server.wants((name, arguments))


PROTOCOLS = {
    "openai-chat": Protocol(
        "openai-chat",
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
        "/v1/chat/completions",
        chat_server.says,
        _openai_wants,
        lambda body: body["messages"][-1]["content"][1]["image_url"]["url"],
        lambda body: body["messages"][-1]["content"],
        "/v1",
    ),
    "anthropic": Protocol(
        "anthropic",
        "ANTHROPIC_BASE_URL",
        "ANTHROPIC_API_KEY",
        "/v1/messages",
        _anthropic_says,
        _anthropic_wants,
        lambda body: "data:{media_type};base64,{data}".format(
            **body["messages"][-1]["content"][1]["source"]
        ),
        lambda body: body["messages"][-1]["content"][0]["content"][0]["text"],
    ),
    "google": Protocol(
        "google",
        "GOOGLE_GEMINI_BASE_URL",
        "GOOGLE_API_KEY",
        "/v1beta/models/tiny:streamGenerateContent?alt=sse",
        _google_says,
        _google_wants,
        lambda body: "data:{mime_type};base64,{data}".format(
            **body["contents"][-1]["parts"][1]["inlineData"]
        ),
        lambda body: body["contents"][-1]["parts"][0]["functionResponse"]["response"][
            "return_value"
        ],
    ),
}

"""OpenAI-compatible models: OpenAI, Ollama, vLLM, LM Studio and whoever else speaks as they do."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import httpx

from agentflow.errors import ModelError
from agentflow.models._answers import Calls, NotTheProtocolError, error_text, pieces, retry_after
from agentflow.models._matching import closest_label
from agentflow.models.addresses import BASE_URLS
from agentflow.models.base import (
    Choice,
    Message,
    ModelRequest,
    Part,
    TextDelta,
    ToolCall,
    Usage,
)

__all__ = ["ONE_QUESTION_EACH", "OpenAICompatible"]

ONE_QUESTION_EACH = httpx.Limits(max_keepalive_connections=0)
"""Servers made of llama.cpp close a connection after a streamed answer without saying so; what
is asked on it just then is lost. A new connection costs nothing beside an answer."""
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 120.0
"""How long an endpoint may say nothing; the whole answer may take longer."""
MOST_CHARACTERS = 1_000_000
"""The longest answer that is read."""

_TELLING = 8
"""Fewer characters of a longer key than these, such as "sk-proj", give nothing away."""


class RefusedError(ModelError):
    """The endpoint refused a question; `status` is HTTP's number for why."""

    status: int = 0


class OpenAICompatible:
    """A model behind an endpoint that speaks OpenAI's chat completions."""

    def __init__(self, base_url: str, model: str, api_key: str = "", *, title: str = "") -> None:
        """Connects to nobody yet.

        Raises:
            ModelError: that is no address.
        """
        self.name, self._key = model, api_key
        self._title = title or base_url
        # OpenAI's newer models refuse the name that everybody else knows.
        is_openai = base_url.startswith(BASE_URLS["openai"])
        self._limit_key = "max_completion_tokens" if is_openai else "max_tokens"
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.AsyncClient(
            base_url=self._address(base_url),
            headers=headers,
            timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
            limits=ONE_QUESTION_EACH,
            # A redirect could carry the key to somebody else.
            follow_redirects=False,
        )

    async def stream(self, request: ModelRequest) -> AsyncIterator[Part]:
        body = self._body(request) | {"stream": True, "stream_options": {"include_usage": True}}
        read, is_whole, calls = 0, False, Calls()
        try:
            async with self._http.stream("POST", "chat/completions", json=body) as response:
                await self._check(response)
                async for piece in pieces(response):
                    if piece.error:
                        raise self._error(f"failed: {piece.error}", "run the step again")
                    for part in piece.parts:
                        read += len(part.text) if isinstance(part, TextDelta) else 0
                        yield part
                    read += calls.take(piece.calls)
                    if read > MOST_CHARACTERS:
                        raise self._error(f"answered with more than {MOST_CHARACTERS:,} characters")
                    is_whole = is_whole or piece.is_last
        except NotTheProtocolError as error:
            what = f"answered what is not its protocol ({error})"
            raise self._error(what, "check its base_url") from None
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if not is_whole:
            raise self._error("broke off in the middle of its answer", "run the step again")
        for call in calls.whole():
            yield call

    async def choose(
        self,
        request: ModelRequest,
        labels: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
    ) -> Choice:
        asked = ModelRequest(
            messages=_with_examples(request.messages, labels, examples),
            temperature=0.0,
            max_tokens=request.max_tokens or 60,
            schema=_schema_of(labels),
            seed=request.seed,
        )
        try:
            text, usage = await self._whole(asked)
        except RefusedError as error:
            if error.status not in (400, 422):
                raise
            # Not every endpoint knows schemas; the answer is matched with the labels anyway.
            text, usage = await self._whole(replace(asked, schema=None))
        label = closest_label(text, labels)
        if label is None:
            fix = "tell it more clearly, give examples, or take a larger model"
            raise self._error(f"answered {text[:80]!r}, which is none of the labels", fix)
        return Choice(label, usage=usage)

    async def names(self, path: str, listed: str, named: str) -> list[str]:
        """What an endpoint lists, by name.

        Args:
            path: below its base, or a whole address.
            listed: the key of the list in its answer.
            named: the key of the name in each element of that.

        Raises:
            ModelError: it cannot be reached, refused, or has no such list.
        """
        try:
            async with self._http.stream("GET", path, timeout=CONNECT_SECONDS) as response:
                await self._check(response)
                answer = json.loads(await _short(response))
            return [str(it[named]) for it in answer[listed]]
        except (KeyError, TypeError, ValueError):
            what = "answered with no list of models"
            raise self._error(what, "check its base_url, or type the model's name") from None
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _whole(self, request: ModelRequest) -> tuple[str, Usage | None]:
        parts = [it async for it in self.stream(request)]
        usage = next((it for it in parts if isinstance(it, Usage)), None)
        return "".join([it.text for it in parts if isinstance(it, TextDelta)]), usage

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [_turn(it) for it in request.messages],
            "temperature": request.temperature,
            self._limit_key: request.max_tokens,
            "top_p": request.top_p,
            "seed": request.seed,
        }
        if request.schema is not None:
            named = {"name": "answer", "schema": dict(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        if request.tools:
            body["tools"] = [{"type": "function", "function": asdict(it)} for it in request.tools]
        return {key: value for key, value in body.items() if value is not None}

    async def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        text = (await response.aread())[:2000].decode("utf-8", "replace")
        fixes = {
            401: "check its api_key",
            403: "check its api_key",
            404: "check its model and base_url",
            429: "wait, or set a rate_limit and a retry_policy",
        }
        error = RefusedError(
            self._told(f"refused with {response.status_code}: {error_text(text)}"),
            fix=fixes.get(response.status_code, ""),
            retry_after=retry_after(response),
        )
        error.status = response.status_code
        raise error

    def _error(self, what: str, fix: str = "") -> ModelError:
        return ModelError(self._told(what), fix=fix)

    def _told(self, what: str) -> str:
        return f"the model at {self._title} {_without_key(what, self._key)}"

    def _address(self, base_url: str) -> httpx.URL:
        try:
            return httpx.URL(base_url.rstrip("/") + "/")
        except httpx.InvalidURL:
            raise self._no_address() from None

    def _no_address(self) -> ModelError:
        fix = "write its base_url as http://host:port/v1"
        return self._error("has no address that can be asked", fix)

    def _unreachable(self, error: httpx.HTTPError) -> ModelError:
        if isinstance(error, httpx.TimeoutException):
            return self._error("did not answer in time", "try again, or take a faster model")
        if isinstance(error, httpx.UnsupportedProtocol):
            return self._no_address()
        if isinstance(error, httpx.ConnectError):
            return self._error("cannot be reached", "start it, or check its base_url")
        return self._error(f"broke off ({type(error).__name__})", "run the step again")


async def _short(response: httpx.Response) -> bytes:
    """An answer that is read as a whole.

    Raises:
        ValueError: it is too long for that.
    """
    read = bytearray()
    async for piece in response.aiter_bytes():
        read += piece
        if len(read) > MOST_CHARACTERS:
            raise ValueError("it does not end")
    return bytes(read)


def _turn(message: Message) -> dict[str, Any]:
    """A message as the protocol has it."""
    turn: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.images:
        shown = [{"type": "image_url", "image_url": {"url": it}} for it in message.images]
        turn["content"] = [{"type": "text", "text": message.text}, *shown]
    if message.calls:
        turn["tool_calls"] = [
            {"id": it.id, "type": "function", "function": _wanted(it)} for it in message.calls
        ]
    if message.answers:
        turn["tool_call_id"] = message.answers
    return turn


def _wanted(call: ToolCall) -> dict[str, str]:
    return {"name": call.name, "arguments": call.arguments}


def _without_key(text: str, key: str) -> str:
    """What a server says, without the key: some repeat it, and what they say may end amid it."""
    least = min(len(key), _TELLING) or 1
    for length in range(len(key), least - 1, -1):
        text = text.replace(key[:length], "***")
    return text


def _schema_of(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"label": {"type": "string", "enum": list(labels)}},
        "required": ["label"],
        "additionalProperties": False,
    }


def _with_examples(
    messages: Sequence[Message], labels: Sequence[str], examples: Sequence[tuple[str, str]]
) -> tuple[Message, ...]:
    told = Message("system", f"Answer with exactly one of these labels: {', '.join(labels)}.")
    shown = [
        message
        for text, label in examples
        for message in (Message("user", text), Message("assistant", json.dumps({"label": label})))
    ]
    return (*messages[:-1], told, *shown, messages[-1])

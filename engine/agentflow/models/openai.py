"""OpenAI-compatible models: OpenAI, Ollama, vLLM, LM Studio and whoever else speaks as they do."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, cast

import httpx

from agentflow.errors import ModelError
from agentflow.models._matching import closest_label
from agentflow.models.base import Choice, Message, ModelRequest, TextDelta, Usage

__all__ = ["BASE_URLS", "ONE_QUESTION_EACH", "OpenAICompatible"]

BASE_URLS = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://localhost:11434/v1",
    "lmstudio": "http://localhost:1234/v1",
    "vllm": "http://localhost:8000/v1",
}
"""Where each provider listens unless `base_url` says otherwise."""

ONE_QUESTION_EACH = httpx.Limits(max_keepalive_connections=0)
"""Servers made of llama.cpp close a connection after a streamed answer without saying so; what
is asked on it just then is lost. A new connection costs nothing beside an answer."""
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 120.0
"""How long an endpoint may say nothing; the whole answer may take longer."""
MOST_CHARACTERS = 1_000_000
"""The longest answer that is read."""


class OpenAICompatible:
    """A model behind an endpoint that speaks OpenAI's chat completions."""

    def __init__(self, base_url: str, model: str, api_key: str = "", *, title: str = "") -> None:
        self._model = model
        self._title = title or base_url
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/") + "/",
            headers=headers,
            timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
            limits=ONE_QUESTION_EACH,
            # A redirect could carry the key to somebody else.
            follow_redirects=False,
        )

    async def stream(self, request: ModelRequest) -> AsyncIterator[TextDelta | Usage]:
        body = self._body(request) | {"stream": True, "stream_options": {"include_usage": True}}
        read, is_whole = 0, False
        try:
            async with self._http.stream("POST", "chat/completions", json=body) as response:
                await self._check(response)
                async for line in response.aiter_lines():
                    for part in self._parts(line):
                        read += len(part.text) if isinstance(part, TextDelta) else 0
                        yield part
                    if read > MOST_CHARACTERS:
                        raise self._error(f"answered with more than {MOST_CHARACTERS:,} characters")
                    is_whole = is_whole or _ends(line)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if not is_whole:
            raise self._error("broke off in the middle of its answer", "run the step again")

    async def choose(
        self,
        request: ModelRequest,
        labels: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
    ) -> Choice:
        schema = {
            "type": "object",
            "properties": {"label": {"type": "string", "enum": list(labels)}},
            "required": ["label"],
            "additionalProperties": False,
        }
        asked = ModelRequest(
            messages=_with_examples(request.messages, labels, examples),
            temperature=0.0,
            max_tokens=request.max_tokens or 60,
            schema=schema,
            seed=request.seed,
        )
        text = "".join([it.text async for it in self.stream(asked) if isinstance(it, TextDelta)])
        label = closest_label(text, labels)
        if label is None:
            raise self._error(f"answered {text[:80]!r}, which is none of the labels")
        return Choice(label)

    async def aclose(self) -> None:
        await self._http.aclose()

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": it.role, "content": it.text} for it in request.messages],
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            "top_p": request.top_p,
            "seed": request.seed,
        }
        if request.schema is not None:
            named = {"name": "answer", "schema": dict(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return {key: value for key, value in body.items() if value is not None}

    async def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        text = (await response.aread())[:2000].decode("utf-8", "replace")
        what = f"refused with {response.status_code}: {_message(text)}"
        fixes = {
            401: "check its api_key",
            403: "check its api_key",
            404: "check its model and base_url",
            429: "wait, or set a rate_limit and a retry_policy",
        }
        raise self._error(what, fixes.get(response.status_code, ""), _retry_after(response))

    def _parts(self, line: str) -> list[TextDelta | Usage]:
        if not line.startswith("data:") or (data := line[5:].strip()) == "[DONE]" or not data:
            return []
        try:
            event = json.loads(data)
            if isinstance(event.get("error"), Mapping):
                raise self._error(f"failed: {_message(data)}")
            return _read(event)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise self._error(f"answered what is not its protocol ({data[:80]!r})") from error

    def _error(self, what: str, fix: str = "", retry_after: float | None = None) -> ModelError:
        return ModelError(f"the model at {self._title} {what}", fix=fix, retry_after=retry_after)

    def _unreachable(self, error: httpx.HTTPError) -> ModelError:
        if isinstance(error, httpx.TimeoutException):
            return self._error("did not answer in time", "try again, or set a longer timeout")
        return self._error(f"cannot be reached ({type(error).__name__})", "is it running?")


def _read(event: Mapping[str, Any]) -> list[TextDelta | Usage]:
    parts: list[TextDelta | Usage] = []
    choices: Any = event.get("choices") or ()
    for choice in choices:
        delta: Any = choice.get("delta") or {}
        text = delta.get("content")
        if text:
            parts.append(TextDelta(str(text)))
    if usage := event.get("usage"):
        given, made = usage.get("prompt_tokens"), usage.get("completion_tokens")
        parts.append(Usage(int(given or 0), int(made or 0)))
    return parts


def _ends(line: str) -> bool:
    data = line.removeprefix("data:").strip()
    if data == "[DONE]":
        return True
    try:
        choices = json.loads(data).get("choices") if line.startswith("data:") else None
    except (ValueError, AttributeError):
        return False
    return any(choice.get("finish_reason") for choice in choices or ())


def _message(text: str) -> str:
    """What the server says is wrong, out of whatever it sent."""
    try:
        error = json.loads(text).get("error")
    except (ValueError, AttributeError):
        return text.strip()[:200]
    if isinstance(error, Mapping):
        error = cast("Mapping[str, Any]", error).get("message")
    return str(error or text).strip()[:200]


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


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

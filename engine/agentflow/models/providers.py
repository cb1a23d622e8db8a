"""Further providers (Anthropic, Google, ...), through pydantic-ai where it is installed."""

import importlib
import importlib.util
import json
import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models._matching import closest_label
from agentflow.models._text_only import refuse_more_than_text
from agentflow.models.base import Choice, Message, ModelClient, ModelRequest, Part, TextDelta, Usage

__all__ = ["provider_model"]


def provider_model(provider: str, settings: LlmSettings) -> ModelClient:
    """The client of a provider that only the extra knows.

    Raises:
        ModelError: the extra is not installed, or the settings lack what the provider needs.
    """
    if importlib.util.find_spec("pydantic_ai") is None:
        raise ModelError(
            f"nothing here speaks to {provider!r}",
            fix='pip install "agentflow-studio[providers]"; or set base_url to an endpoint that '
            "speaks as OpenAI does; known without it are local, openai, ollama, vllm and lmstudio",
        )
    if not settings.model:
        raise ModelError(f"{provider} has no default model", fix="set [llm] model")
    if settings.api_key:
        fix = f"leave api_key out and set {provider.upper()}_API_KEY in the environment"
        raise ModelError(f"{provider} takes its key from the environment only", fix=fix)
    return _ProviderModel(f"{provider}:{settings.model}")


class _ProviderModel:
    def __init__(self, model: str) -> None:
        self.name = model

    async def stream(self, request: ModelRequest) -> AsyncIterator[Part]:
        refuse_more_than_text(request, self.name)
        # Importing it takes seconds: only who asks such a model waits for it.
        pydantic_ai: Any = importlib.import_module("pydantic_ai")
        instructions, prompt = _split(request)
        given = {
            "temperature": request.temperature,
            "max_tokens": request.max_tokens,
            "top_p": request.top_p,
            "seed": request.seed,
        }
        options: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        try:
            agent: Any = pydantic_ai.Agent(self.name, instructions=instructions)
            async with agent.run_stream(prompt, model_settings=options) as result:
                async for delta in result.stream_text(delta=True, debounce_by=None):
                    yield TextDelta(delta)
                usage: Any = result.usage
                if not hasattr(usage, "input_tokens"):
                    usage = usage()  # it was a method before pydantic-ai 2
                yield Usage(usage.input_tokens or 0, usage.output_tokens or 0)
        except (pydantic_ai.AgentRunError, pydantic_ai.UserError, ImportError, ValueError) as error:
            what = f"{self.name} failed ({type(error).__name__}: {_without_keys(str(error))})"
            raise ModelError(what, fix="check its name and its key in the environment") from None

    async def choose(
        self,
        request: ModelRequest,
        labels: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
    ) -> Choice:
        shown = "".join(f"\n{text!r} is {label}" for text, label in examples)
        told = Message("system", f"Answer with one of these only: {', '.join(labels)}.{shown}")
        asked = ModelRequest(messages=(told, *request.messages), temperature=0.0)
        parts = [it async for it in self.stream(asked)]
        text = "".join([it.text for it in parts if isinstance(it, TextDelta)])
        usage = next((it for it in parts if isinstance(it, Usage)), None)
        label = closest_label(text, labels)
        if label is None:
            raise ModelError(f"{self.name} answered {text[:80]!r}, which is none of the labels")
        return Choice(label, usage=usage)

    async def aclose(self) -> None:
        """There is nothing to close: pydantic-ai shares its connections."""


def _without_keys(text: str) -> str:
    """What a provider says, without the key that it may repeat."""
    for name, value in os.environ.items():
        if name.endswith("_API_KEY") and value:
            text = text.replace(value, "***")
    return text[:200]


def _split(request: ModelRequest) -> tuple[str, str]:
    """What the model is told, and what it is asked."""
    told = [it.text for it in request.messages if it.role == "system"]
    if request.schema is not None:
        schema = json.dumps(request.schema)
        told.append(f"Answer with JSON that fits this schema, and with nothing else: {schema}")
    asked = [it.text for it in request.messages if it.role != "system"]
    return "\n\n".join(told), "\n\n".join(asked)

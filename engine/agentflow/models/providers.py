"""Further providers (Anthropic, Google, ...), through pydantic-ai where it is installed."""

import asyncio
import importlib
import importlib.util
import os
from collections.abc import AsyncIterator, Sequence
from typing import Any

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models._matching import closest_label
from agentflow.models._turns import Turns
from agentflow.models.base import Choice, Message, ModelClient, ModelRequest, Part, TextDelta, Usage

__all__ = ["provider_model"]

_TURNS_TO_END = 5
"""Turns of the loop in which Google's client ends: in tasks that it begins when it is dropped."""


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
        self._model: Any = None

    async def stream(self, request: ModelRequest) -> AsyncIterator[Part]:
        # Importing it takes seconds: only who asks such a model waits for it.
        pydantic_ai: Any = importlib.import_module("pydantic_ai")
        direct: Any = importlib.import_module("pydantic_ai.direct")
        turns = Turns()
        try:
            asked = direct.model_request_stream(
                await self._opened(),
                turns.of(request),
                model_settings=_options(request),
                model_request_parameters=turns.parameters(request),
            )
            async with asked as answer:
                async for event in answer:
                    if text := turns.text_of(event):
                        yield TextDelta(text)
                for call in turns.calls_of(answer.get()):
                    yield call
                usage: Any = answer.usage
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

    async def _opened(self) -> Any:
        if self._model is None:
            models: Any = importlib.import_module("pydantic_ai.models")
            model = models.infer_model(self.name)
            if hasattr(model, "__aenter__"):  # since pydantic-ai 2 it closes its connections
                await model.__aenter__()
            self._model = model
        return self._model

    async def aclose(self) -> None:
        """Close the connections."""
        model, self._model = self._model, None
        if hasattr(model, "__aexit__"):
            await model.__aexit__(None, None, None)
        del model
        for _ in range(_TURNS_TO_END):
            await asyncio.sleep(0)


def _without_keys(text: str) -> str:
    """What a provider says, without the key that it may repeat."""
    for name, value in os.environ.items():
        if name.endswith("_API_KEY") and value:
            text = text.replace(value, "***")
    return text[:200]


def _options(request: ModelRequest) -> dict[str, Any]:
    given = {
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "top_p": request.top_p,
        "seed": request.seed,
    }
    return {key: value for key, value in given.items() if value is not None}

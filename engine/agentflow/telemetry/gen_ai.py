"""GenAI: what a flow says of its model calls, in the words of OpenTelemetry's conventions.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from collections.abc import Mapping

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow, LlmSettings
from agentflow.models.open import named_model, named_provider

__all__ = ["Attributes", "model_calls"]

Attributes = Mapping[str, str | int | float | bool]

_PROVIDERS = {"google": "gcp.gemini", "mistral": "mistral_ai", "xai": "x_ai", "azure": "azure.ai"}
"""What the conventions call otherwise than a flow does."""


def model_calls(flow: Flow, catalogue: Catalogue) -> dict[str, Attributes]:
    """The attributes of each call that an agent of the flow makes to its model, by the agent.

    Agents whose type asks no model are not among them. Placeholders are told as they are written.
    """
    types = catalogue.agent_types
    return {
        name: _attributes((spec.llm or LlmSettings()).over(flow.llm))
        for name, spec in flow.agents.items()
        if spec.type in types and types[spec.type].asks_model
    }


def _attributes(asked: LlmSettings) -> Attributes:
    provider, model = named_provider(asked), named_model(asked)
    told: dict[str, str | int | float | None] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": _PROVIDERS.get(provider, provider),
        "gen_ai.request.model": model or None,
        "gen_ai.request.temperature": asked.temperature,
        "gen_ai.request.max_tokens": asked.max_tokens,
        "gen_ai.request.top_p": asked.top_p,
    }
    return {name: value for name, value in told.items() if value is not None}

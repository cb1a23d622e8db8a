"""Listing: asks a provider which models it has."""

from collections.abc import Iterable, Mapping

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models.addresses import BASE_URLS
from agentflow.models.open import named_provider, open_models

__all__ = ["listed_models"]

MOST = 1_000
"""Models of one provider; nobody chooses among more."""
LONGEST = 200
"""Characters of a model's name."""


async def listed_models(settings: LlmSettings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the models that a provider says it has, sorted.

    Args:
        settings: who is asked and where, and with which key; placeholders are replaced.
        environ: where those are found, and the provider's key where the settings say none.

    Raises:
        ModelError: it cannot be asked, or did not answer with a list; its text says what to do.
        MissingSecretError: the environment lacks what the settings name.
    """
    from agentflow.models.openai import OpenAICompatible  # noqa: PLC0415 - it imports httpx

    asked = settings.resolved(environ, where="llm")
    if named_provider(asked) == "local":
        raise ModelError("the built-in model is the only one here, and needs no name")
    models = open_models(environ)
    try:
        client = models.client(_with_a_model(asked))
        if not isinstance(client, OpenAICompatible):
            what = f"{named_provider(asked)} has no list of models that could be asked for"
            raise ModelError(what, fix="type the model's name")
        if named_provider(asked) == "ollama":
            base = asked.base_url or BASE_URLS["ollama"]
            address = f"{base.rstrip('/').removesuffix('/v1')}/api/tags"
            return _told(await client.names(address, "models", "name"))
        return _told(await client.names("models", "data", "id"))
    finally:
        await models.aclose()


def _with_a_model(settings: LlmSettings) -> LlmSettings:
    """Some clients want to know a model before they are opened."""
    return settings if settings.model else settings.model_copy(update={"model": "any"})


def _told(names: Iterable[str]) -> tuple[str, ...]:
    # "llama3.2" and "llama3.2:latest" are one to Ollama; the file says it the short way.
    plain = {name.removesuffix(":latest") for name in names}
    return tuple(sorted(it for it in plain if it.isprintable() and 0 < len(it) <= LONGEST)[:MOST])

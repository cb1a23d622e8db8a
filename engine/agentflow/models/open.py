"""Opening models: the right client for what a flow's settings say."""

import asyncio
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from agentflow.errors import ModelError
from agentflow.flow.flow import LlmSettings
from agentflow.models.addresses import BASE_URLS
from agentflow.models.base import ModelClient

# Clients are imported when the first model is asked for: httpx takes longer to import than a flow
# without a model takes to run.
if TYPE_CHECKING:
    from agentflow.models.local import LocalServer

__all__ = [
    "KEY_NAMES",
    "OpenModels",
    "import_clients",
    "named_model",
    "named_provider",
    "open_models",
]

KEY_NAMES = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")
"""Where the environment may have a key: OpenAI's is read here, others' by the provider's client."""

_CLIENTS = (
    "httpcore",  # httpx imports it with its first client
    "agentflow.models.local",
    "agentflow.models.openai",
    "agentflow.models.providers",
)
_DEFAULT_MODELS = {"openai": "gpt-4o-mini", "ollama": "llama3.2"}


def named_provider(settings: LlmSettings) -> str:
    """Who is asked: what the settings name, else whoever answers at their address, else "local"."""
    return settings.provider or ("compatible" if settings.base_url else "local")


def named_model(settings: LlmSettings) -> str:
    """Which of the provider's models is asked; "" where only the provider's client knows."""
    return settings.model or _DEFAULT_MODELS.get(named_provider(settings), "")


def import_clients() -> None:
    """Import what asks the models: on another thread, where that would be too long a wait."""
    for name in _CLIENTS:
        import_module(name)
    anyio: Any = import_module("anyio")
    asyncio.run(anyio.sleep(0))  # with its first call it imports what it needs for asyncio


def open_models(environ: Mapping[str, str]) -> "OpenModels":
    """Models that are opened as they are asked for; keys may come from this environment."""
    return OpenModels(environ)


class OpenModels:
    """The clients of one program. Each is opened once, and all are closed together."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._clients: dict[tuple[str, ...], ModelClient] = {}
        self._server: LocalServer | None = None

    def client(self, settings: LlmSettings) -> ModelClient:
        """The client for these settings.

        Raises:
            ModelError: nothing here speaks to that provider; its text says what to install or set.
        """
        provider = named_provider(settings)
        if provider == "local" and not settings.provider:
            _check_local_is_installed()
        key = (provider, settings.model, settings.base_url, settings.api_key)
        if key not in self._clients:
            self._clients[key] = self._opened(provider, settings)
        return self._clients[key]

    async def aclose(self) -> None:
        """Close every client and end the local model's process."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()
        if self._server is not None:
            await self._server.aclose()

    def _opened(self, provider: str, settings: LlmSettings) -> ModelClient:
        from agentflow.models.local import LocalModel, LocalServer  # noqa: PLC0415
        from agentflow.models.openai import OpenAICompatible  # noqa: PLC0415
        from agentflow.models.providers import provider_model  # noqa: PLC0415

        if provider == "local":
            self._server = self._server or LocalServer()
            return LocalModel(self._server)
        base_url = settings.base_url or BASE_URLS.get(provider, "")
        if base_url:
            model = named_model(settings) or "default"
            title = "its base_url" if provider == "compatible" else provider
            return OpenAICompatible(base_url, model, self._key(provider, settings), title=title)
        return provider_model(provider, settings)

    def _key(self, provider: str, settings: LlmSettings) -> str:
        if settings.api_key or provider != "openai":
            return settings.api_key
        # An endpoint of somebody else's must not get the key that is meant for OpenAI.
        found = "" if settings.base_url else self._environ.get("OPENAI_API_KEY", "")
        if not found and not settings.base_url:
            fix = 'set OPENAI_API_KEY, or [llm] api_key = "${NAME}"'
            raise ModelError("openai wants a key and there is none", fix=fix)
        return found


def _check_local_is_installed() -> None:
    from agentflow.models.local import INSTALL, local_model_file  # noqa: PLC0415

    if local_model_file() is None:
        raise ModelError(
            "no language model is configured and the local one is not installed",
            fix=f'{INSTALL}; or set [llm] provider = "ollama", "openai" or another',
        )

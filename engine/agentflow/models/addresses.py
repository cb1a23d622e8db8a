"""Addresses of models: where the known providers listen."""

from agentflow.flow.flow import LlmSettings

__all__ = ["BASE_URLS", "text_only_provider"]

BASE_URLS = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://localhost:11434/v1",
    "lmstudio": "http://localhost:1234/v1",
    "vllm": "http://localhost:8000/v1",
}
"""Where each provider listens unless `base_url` says otherwise."""


def text_only_provider(settings: LlmSettings) -> str:
    """Who answers, where that is one who takes text only; "" where it may be another."""
    is_local = settings.provider == "local" or not (settings.provider or settings.base_url)
    return "the local model" if is_local else ""

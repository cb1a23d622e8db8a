"""Known models: what the usual providers call theirs, to be chosen from; any other name may do."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["KNOWN_MODELS"]

KNOWN_MODELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "local": (),
        "openai": (
            "gpt-4o-mini",
            "gpt-4o",
            "gpt-4.1",
            "gpt-4.1-mini",
            "gpt-4.1-nano",
            "gpt-5",
            "gpt-5-mini",
            "gpt-5-nano",
            "o3",
            "o4-mini",
        ),
        "ollama": (
            "llama3.2",
            "llama3.1",
            "llama3.2-vision",
            "qwen2.5",
            "qwen3",
            "mistral",
            "gemma3",
            "phi4",
            "deepseek-r1",
            "gpt-oss",
        ),
        "lmstudio": (),
        "vllm": (),
        "anthropic": (
            "claude-sonnet-4-5",
            "claude-haiku-4-5",
            "claude-opus-4-1",
            "claude-3-5-haiku-latest",
        ),
        "google-gla": ("gemini-2.5-flash", "gemini-2.5-pro", "gemini-2.5-flash-lite"),
        "groq": ("llama-3.3-70b-versatile", "llama-3.1-8b-instant", "openai/gpt-oss-120b"),
        "mistral": ("mistral-large-latest", "mistral-small-latest", "codestral-latest"),
        "cohere": ("command-r-plus", "command-r"),
    }
)
"""By provider. "local" has the one that is built in; servers of one's own have what was put there;
those named after vllm are spoken to through the extra `providers`."""

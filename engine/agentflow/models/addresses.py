"""Addresses of models: where the known providers listen."""

__all__ = ["BASE_URLS"]

BASE_URLS = {
    "openai": "https://api.openai.com/v1",
    "ollama": "http://localhost:11434/v1",
    "lmstudio": "http://localhost:1234/v1",
    "vllm": "http://localhost:8000/v1",
}
"""Where each provider listens unless `base_url` says otherwise."""

"""Secrets: a key that is typed or pasted into any field goes no further than that field."""

from typing import Any

from agentflow.secret_text import holds_secret

__all__ = ["secret_fault"]

_MESSAGE = (
    "this looks like a key, which everybody who gets the file could read; keep it in an "
    "environment variable, and write ${NAME} here"
)


def secret_fault(value: Any) -> str:
    """What is wrong with a value that has somebody's key in it; "" where there is none."""
    return _MESSAGE if holds_secret(value) else ""

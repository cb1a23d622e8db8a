"""Secrets: a key that is typed or pasted into any field goes no further than that field."""

from collections.abc import Mapping
from typing import Any, cast

from agentflow.secret_text import looks_like_secret

__all__ = ["secret_fault"]

_MESSAGE = (
    "this looks like a key, which everybody who gets the file could read; keep it in an "
    "environment variable, and write ${NAME} here"
)


def secret_fault(value: Any) -> str:
    """What is wrong with a value that has somebody's key in it; "" where there is none."""
    return _MESSAGE if _holds_secret(value) else ""


def _holds_secret(value: Any) -> bool:
    if isinstance(value, str):
        return looks_like_secret(value)
    if isinstance(value, Mapping):
        return any(map(_holds_secret, cast("Mapping[str, Any]", value).values()))
    if isinstance(value, (list, tuple)):
        return any(map(_holds_secret, cast("list[Any]", value)))
    return False

"""Payload: a megabyte of nested values, as an agent might collect them."""

from typing import Any

__all__ = ["megabyte"]


def megabyte() -> list[dict[str, Any]]:
    """5,000 small objects, about 1 MB as JSON."""
    return [
        {"id": it, "title": f"document {it}", "tags": ["a", "b", str(it)], "text": "word " * 25}
        for it in range(5000)
    ]

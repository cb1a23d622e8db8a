"""Memory tools: what a language model may have called to remember and to recall."""

from collections.abc import Mapping
from typing import Any

from agentflow.concurrency.threads import in_thread
from agentflow.errors import ToolError
from agentflow.memory.current import current_memory
from agentflow.models.base import Tool

__all__ = ["RECALL", "REMEMBER", "recall", "remember"]

_TEXT = {"type": "string"}

REMEMBER = Tool(
    "remember",
    "Keep a fact for later conversations with the same person, under a short name.",
    {
        "type": "object",
        "properties": {"name": _TEXT, "fact": _TEXT},
        "required": ["name", "fact"],
    },
)
RECALL = Tool(
    "recall",
    "What was remembered under a name, or else the remembered facts that hold words of it.",
    {"type": "object", "properties": {"about": _TEXT}, "required": ["about"]},
)
MOST_FACTS = 5
"""How many a search gives."""
MOST_NAME = 200
"""Characters of the longest name that a fact may have."""


async def remember(arguments: Mapping[str, Any], *_: Any) -> str:
    """Keep a fact."""
    memory, name = current_memory(), _said(arguments, "name")
    await in_thread(memory.remember, name, _said(arguments, "fact"))
    return f"{name} is remembered"


async def recall(arguments: Mapping[str, Any], *_: Any) -> Any:
    """A fact, or those that are about the same."""
    memory, about = current_memory(), _said(arguments, "about")
    held = await in_thread(memory.recall, about[:MOST_NAME])
    if held is not None:
        return held
    found = await in_thread(memory.search, about, MOST_FACTS)
    return found or f"nothing is remembered about {about}"


def _said(arguments: Mapping[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ToolError(f"{name!r} is to be a text")
    return value

"""Reads [agent_flow], and tells which tables of a file mean nothing here."""

from typing import Any

from pydantic import BaseModel

from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import as_table, read_settings

__all__ = ["OUR_TABLES", "Heading", "read_heading", "tell_unknown_tables"]

OUR_TABLES = (
    "agent_flow",
    "orchestration",
    "orchestrators",
    "agents",
    "pools",
    "memory",
    "llm",
    "editor",
)

_OF_AGENTICGOKIT = frozenset(
    {
        "agent_memory",
        "development",
        "error_routing",
        "logging",
        "mcp",
        "metrics",
        "middleware",
        "monitoring",
        "project",
        "provider",
        "providers",
        "retry_policy",
        "runtime",
        "streaming",
        "templates",
        "tools",
        "tracing",
        "visualization",
        "workflow",
    }
)
"""Tables that AgenticGoKit knows. A file may serve both, so they are nobody's mistake."""


class Heading(BaseModel):
    """What `[agent_flow]` says of the flow."""

    name: str = ""
    version: str = ""
    description: str = ""


def read_heading(data: dict[str, Any], notes: Notes) -> Heading:
    """The flow's name, version and description."""
    keys = ("agent_flow",)
    table = as_table(data.get("agent_flow"), keys, notes)
    return read_settings(Heading, table, keys, notes, beside=("provider",))


def tell_unknown_tables(data: dict[str, Any], notes: Notes) -> None:
    """One note for each table, or key outside of all tables, that means nothing here."""
    for key in data:
        if key not in OUR_TABLES and key not in _OF_AGENTICGOKIT:
            notes.unknown_key((key,), OUR_TABLES)

"""Reads [memory]: whether agents remember, and where."""

from collections.abc import Mapping
from typing import Any

from agentflow.flow.flow import MemorySettings
from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import as_table, file_keys, read_settings
from agentflow.flow.toml_values import table_of

__all__ = ["read_memory", "their_memory"]

_OF_AGENTICGOKIT = ("connection", "max_entries", "options", "provider", "rag", "ttl_seconds")
"""Keys that AgenticGoKit has in a table of this name. A file may serve both."""


def read_memory(data: dict[str, Any], notes: Notes) -> MemorySettings | None:
    """What the flow says of it; None where it has no such table."""
    if "memory" not in data:
        return None
    keys = ("memory",)
    table = as_table(data["memory"], keys, notes)
    return read_settings(MemorySettings, table, keys, notes, beside=_OF_AGENTICGOKIT)


def their_memory(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says in that table to AgenticGoKit: nothing unless it has one of its own keys."""
    table = table_of(data.get("memory")) or {}
    ours = file_keys(MemorySettings).keys() - {"enabled"}
    theirs = {key: value for key, value in table.items() if key not in ours}
    return theirs if theirs.keys() - {"enabled"} else {}

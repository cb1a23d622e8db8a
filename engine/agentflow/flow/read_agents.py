"""Reads [agents.<name>] tables into agents."""

from collections.abc import Callable
from typing import Any

from agentflow.flow.flow import AgentSpec
from agentflow.flow.kinds import Kinds
from agentflow.flow.read_notes import Notes, TooMuchError
from agentflow.flow.read_settings import as_table, file_keys, read_settings
from agentflow.flow.where import Keys
from agentflow.settings import Settings

__all__ = ["Known", "base_keys", "read_agents", "unknown"]

Known = Callable[[str, Any], AgentSpec | None]
"""(name, table) → the agent that was read from just that before, whose faults are told already."""

MAX_AGENTS = 10_000
"""The most agents of one flow."""

_DEFAULT_TYPE: str = AgentSpec.model_fields["type"].default


def base_keys() -> list[str]:
    """The keys that every agent has, whatever its type; the others are its type's."""
    return [key for key in file_keys(AgentSpec) if key not in ("name", "settings")]


def unknown(_name: str, _table: Any) -> None:
    """Nothing was read before."""


def read_agents(
    data: dict[str, Any], kinds: Kinds, notes: Notes, known: Known = unknown
) -> dict[str, AgentSpec]:
    """Every agent, by name, in the order of the file.

    Raises:
        TooMuchError: they are more than one flow may have.
    """
    tables = as_table(data.get("agents"), ("agents",), notes)
    if len(tables) > MAX_AGENTS:
        raise TooMuchError(f"has more than {MAX_AGENTS:,} agents")
    return {
        name: known(name, table)
        or _agent(name, as_table(table, ("agents", name), notes), kinds, notes)
        for name, table in tables.items()
    }


def _agent(name: str, table: dict[str, Any], kinds: Kinds, notes: Notes) -> AgentSpec:
    keys: Keys = ("agents", name)
    base = base_keys()
    common = {key: value for key, value in table.items() if key in base}
    rest = {key: value for key, value in table.items() if key not in base}
    told = table.get("type")
    kind = kinds.agent_types.get(told if isinstance(told, str) else _DEFAULT_TYPE)
    # Of a type that is not there nobody knows the keys, so none of them is wrong.
    settings = read_settings(kind.settings, rest, keys, notes, near_to=base) if kind else Settings()
    given = {"name": name, "settings": settings}
    return read_settings(AgentSpec, common, keys, notes, given=given)

"""Settings: what is set on agents, orchestrators and the whole flow."""

from collections.abc import Iterable, Mapping
from typing import Any

from agentflow.flow.flow import AgentSpec, Orchestrator
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import rename, rename_agent
from agentflow_editor.document.edits.tree import Tree
from agentflow_editor.document.edits.values import changed
from agentflow_editor.document.sheet import Sheet

__all__ = [
    "agent_spec",
    "set_agent",
    "set_agent_setting",
    "set_agent_settings",
    "set_agents",
    "set_flow",
    "set_orchestrator",
    "set_orchestrators",
    "with_agent",
]

_OF_THE_FLOW = ("name", "version", "description", "llm", "memory")


def set_agent(sheet: Sheet, name: str, field: str, value: Any) -> Sheet:
    """Set what every agent has: "description", "timeout", "llm.model"; None is the default again.

    Raises:
        EditError: there is no such agent or field, or it cannot be that.
    """
    if field == "name":
        return rename_agent(sheet, name, value)
    return set_agents(sheet, (name,), field, value)


def set_agents(sheet: Sheet, names: Iterable[str], field: str, value: Any) -> Sheet:
    """Set the same for several agents.

    Raises:
        EditError: one of them is not there, or there is no such field, or it cannot be that.
    """
    agents = dict(sheet.flow.agents)
    for name in names:
        spec = agent_spec(sheet, name)
        if field in ("name", "type", "settings"):
            raise EditError(name, f"its {field} is not set like this", "change its type")
        agents[name] = changed(spec, field, value, f"agents.{name}")
    return _with_agents(sheet, agents)


def set_agent_setting(sheet: Sheet, name: str, field: str, value: Any) -> Sheet:
    """Set what an agent's type declares; None is the default again.

    Raises:
        EditError: there is no such agent, its type has no such field, or it cannot be that.
    """
    return set_agent_settings(sheet, (name,), field, value)


def set_agent_settings(sheet: Sheet, names: Iterable[str], field: str, value: Any) -> Sheet:
    """Set what the type of several agents declares.

    Raises:
        EditError: one of them is not there, its type has no such field, or it cannot be that.
    """
    agents = dict(sheet.flow.agents)
    for name in names:
        spec = agent_spec(sheet, name)
        settings = changed(spec.settings, field, value, f"agents.{name}")
        agents[name] = spec.model_copy(update={"settings": settings})
    return _with_agents(sheet, agents)


def set_orchestrator(sheet: Sheet, path: str, field: str, value: Any) -> Sheet:
    """Set what an orchestrator's mode declares, or its name; None is the default again.

    Raises:
        EditError: there is no such orchestrator or field, or it cannot be that.
    """
    if field == "name":
        Tree(sheet).orchestrator(path)
        return rename(sheet, path, value)
    return set_orchestrators(sheet, (path,), field, value)


def set_orchestrators(sheet: Sheet, paths: Iterable[str], field: str, value: Any) -> Sheet:
    """Set what the modes of several orchestrators declare.

    Raises:
        EditError: one of them is not there, its mode has no such field, or it cannot be that.
    """
    tree = Tree(sheet)
    for path in paths:
        placed = tree.orchestrator(path)
        assert isinstance(placed.step, Orchestrator)
        settings = changed(placed.step.settings, field, value, path)
        placed.step = placed.step.model_copy(update={"settings": settings})
    return tree.fold()


def set_flow(sheet: Sheet, field: str, value: Any) -> Sheet:
    """Set something of the whole flow: "name", "llm.model", "timeout"; None is the default again.

    Raises:
        EditError: there is no such field, or it cannot be that.
    """
    flow = sheet.flow
    if field.partition(".")[0] in _OF_THE_FLOW:
        return sheet.with_flow(changed(flow, field, value, "agent_flow"))
    settings = changed(flow.settings, field, value, "orchestration")
    return sheet.with_flow(flow.model_copy(update={"settings": settings}))


def agent_spec(sheet: Sheet, name: str) -> AgentSpec:
    """An agent's definition.

    Raises:
        EditError: nobody defined it.
    """
    spec = sheet.flow.agents.get(name)
    if spec is None:
        raise EditError(name, "no agent of this name is defined", "define it first")
    return spec


def with_agent(sheet: Sheet, spec: AgentSpec) -> Sheet:
    """The same with another definition of an agent, in the same place, or at the end."""
    return _with_agents(sheet, {**sheet.flow.agents, spec.name: spec})


def _with_agents(sheet: Sheet, agents: Mapping[str, AgentSpec]) -> Sheet:
    return sheet.with_flow(sheet.flow.model_copy(update={"agents": agents}))

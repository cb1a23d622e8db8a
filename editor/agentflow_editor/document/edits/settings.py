"""Settings: what is set on agents, orchestrators and the whole flow."""

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
    "set_flow",
    "set_orchestrator",
    "with_agent",
]

_OF_THE_FLOW = ("name", "version", "description", "llm")


def set_agent(sheet: Sheet, name: str, field: str, value: Any) -> Sheet:
    """Set what every agent has: "description", "timeout", "llm.model"; None is the default again.

    Raises:
        EditError: there is no such agent or field, or it cannot be that.
    """
    if field == "name":
        return rename_agent(sheet, name, value)
    spec = agent_spec(sheet, name)
    if field in ("type", "settings"):
        raise EditError(name, f"its {field} is not set like this", "change its type")
    return with_agent(sheet, changed(spec, field, value, f"agents.{name}"))


def set_agent_setting(sheet: Sheet, name: str, field: str, value: Any) -> Sheet:
    """Set what an agent's type declares; None is the default again.

    Raises:
        EditError: there is no such agent, its type has no such field, or it cannot be that.
    """
    spec = agent_spec(sheet, name)
    settings = changed(spec.settings, field, value, f"agents.{name}")
    return with_agent(sheet, spec.model_copy(update={"settings": settings}))


def set_orchestrator(sheet: Sheet, path: str, field: str, value: Any) -> Sheet:
    """Set what an orchestrator's mode declares, or its name; None is the default again.

    Raises:
        EditError: there is no such orchestrator or field, or it cannot be that.
    """
    tree = Tree(sheet)
    placed = tree.orchestrator(path)
    if field == "name":
        return rename(sheet, path, value)
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
    agents = {**sheet.flow.agents, spec.name: spec}
    return sheet.with_flow(sheet.flow.model_copy(update={"agents": agents}))

"""Agents: their definitions, which stand apart from the steps that use them."""

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Orchestrator
from agentflow_editor.document.edits.adding import new_spec
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.settings import agent_spec, with_agent
from agentflow_editor.document.edits.tree import Tree
from agentflow_editor.document.edits.values import carried
from agentflow_editor.document.sheet import Sheet

__all__ = ["change_type", "define_agent", "remove_agent"]


def define_agent(sheet: Sheet, name: str, type: str, *, catalogue: Catalogue) -> Sheet:
    """Define an agent that steps name and nobody defined.

    Raises:
        EditError: it is defined, an orchestrator has its name, or nobody knows the type.
    """
    if name in sheet.flow.agents or any(it.name == name for it in sheet.flow.orchestrators()):
        raise EditError(name, "the name is taken", "choose another name")
    return with_agent(sheet, new_spec(name, type, catalogue))


def change_type(sheet: Sheet, name: str, type: str, *, catalogue: Catalogue) -> Sheet:
    """Make an agent one of another type. Settings that both types have are kept where they fit.

    Raises:
        EditError: there is no such agent, or nobody knows the type.
    """
    spec = agent_spec(sheet, name)
    if spec.type == type:
        return sheet
    settings = carried(spec.settings, new_spec(name, type, catalogue).settings)
    return with_agent(sheet, spec.model_copy(update={"type": type, "settings": settings}))


def remove_agent(sheet: Sheet, name: str) -> Sheet:
    """Remove an agent's definition, every step that uses it, and itself where it stands by.

    Raises:
        EditError: nobody defined it.
    """
    agent_spec(sheet, name)
    tree = Tree(sheet)
    del tree.agents[name]
    tree.agents = {
        key: spec.model_copy(update={"fallback": ""}) if spec.fallback == name else spec
        for key, spec in tree.agents.items()
    }
    for step in list(tree.steps()):
        if step.step.name == name and not isinstance(step.step, Orchestrator):
            step.lift()
    return tree.fold()

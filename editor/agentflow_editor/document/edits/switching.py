"""Switching: agents are taken out of work and put back, without losing their places."""

from collections.abc import Iterable

from agentflow.flow.flow import AgentUse
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.tree import Tree
from agentflow_editor.document.sheet import Sheet

__all__ = ["switch"]


def switch(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """Disable the agents of some steps, and of all that these own; where all are disabled, enable.

    A step of a disabled agent hands its input on. Every other use of that agent does so, too.

    Raises:
        EditError: there is no such step, or none of these agents is defined.
    """
    tree = Tree(sheet)
    steps = [it.step for step in tree.outermost(paths) for it in step.all()]
    names = {step.agent for step in steps if isinstance(step, AgentUse)} & tree.agents.keys()
    if not names:
        raise EditError("", "no agent that is defined is selected", "select one to disable it")
    is_on = not any(tree.agents[name].enabled for name in names)
    for name in names:
        tree.agents[name] = tree.agents[name].model_copy(update={"enabled": is_on})
    return tree.fold()

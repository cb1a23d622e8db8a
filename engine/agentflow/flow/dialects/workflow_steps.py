"""The steps of a v1beta workflow, whichever way the file lists them."""

from dataclasses import dataclass
from typing import Any

from agentflow.flow.dialects.base import Said
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["WorkflowStep", "steps_of"]


@dataclass(frozen=True, slots=True)
class WorkflowStep:
    """A step. Its name stands once among the steps, and so do those that it needs."""

    name: str
    agent: str
    needs: tuple[str, ...]
    keys: Keys
    """Where the file has it."""


def steps_of(said: Said, workflow: dict[str, Any]) -> list[WorkflowStep]:
    """The steps in declared order: [[workflow.steps]], else `agents`, else every agent."""
    listed = list_of(workflow.get("steps"))
    if listed is not None:
        return _with_known_needs(said, _from_tables(said, listed))
    agents = list_of(workflow.get("agents"))
    names: list[Any] = [*said.table("agents")] if agents is None else agents
    steps: list[WorkflowStep] = []
    seen: set[str] = set()
    for number, name in enumerate(names):
        keys: Keys = ("workflow", "agents", number)
        if not isinstance(name, str) or not name.strip():
            said.lost(keys, "is no name of an agent")
            continue
        steps.append(WorkflowStep(_free(name, seen), name, (), keys))
    return steps


def _from_tables(said: Said, listed: list[Any]) -> list[WorkflowStep]:
    steps: list[WorkflowStep] = []
    seen: set[str] = set()
    for number, it in enumerate(listed):
        keys: Keys = ("workflow", "steps", number)
        table = table_of(it) or {}
        agent = table.get("agent", table.get("name"))
        if not isinstance(agent, str) or not agent.strip():
            said.lost(keys, "names no agent, so it is left out")
            continue
        name = table.get("name")
        name = name if isinstance(name, str) and name.strip() else agent
        if name in seen:
            said.lost(keys, f"is a second step named {name!r}; dependencies mean the first")
        elif name != agent:
            said.lost((*keys, "name"), f"{name!r} is not kept: a step is called by its agent here")
        for key in table.keys() - {"name", "agent", "dependencies", "depends_on"}:
            said.lost((*keys, key), "cannot be said of a step here")
        steps.append(WorkflowStep(_free(name, seen), agent, _needs(table), keys))
    return steps


def _needs(table: dict[str, Any]) -> tuple[str, ...]:
    told = list_of(table.get("dependencies", table.get("depends_on")))
    return tuple(it for it in told or () if isinstance(it, str))


def _with_known_needs(said: Said, steps: list[WorkflowStep]) -> list[WorkflowStep]:
    names = {step.name for step in steps}
    kept: list[WorkflowStep] = []
    for step in steps:
        for name in step.needs:
            if name not in names:
                said.lost(
                    step.keys, f"depends on {name!r}, which is no step; it does not wait for it"
                )
        needs = tuple(dict.fromkeys(it for it in step.needs if it in names))
        kept.append(WorkflowStep(step.name, step.agent, needs, step.keys))
    return kept


def _free(name: str, seen: set[str]) -> str:
    number = 2
    free = name
    while free in seen:
        free, number = f"{name}~{number}", number + 1
    seen.add(free)
    return free

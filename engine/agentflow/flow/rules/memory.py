"""Rules about memory: that there is one for agents that need it, in a file that it may be in."""

from collections.abc import Iterator

from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

_WRITE = Fix("Write [memory]", "set_flow", {"field": "memory.enabled", "value": True})


def missing_memory(survey: Survey) -> Iterator[Problem]:
    """Agents that remember in a flow that has no memory. What runs the flow may lend it one."""
    if survey.flow.memory is not None and survey.flow.memory.enabled:
        return
    for agent, spec in survey.flow.agents.items():
        kind = survey.kinds[spec.type]
        if kind is not None and agent not in survey.registered and (key := kind.remembers(spec)):
            message = "it remembers, and the flow has no memory"
            yield survey.of_agent(agent, "warning", "no-memory", message, _WRITE, keys=(key,))


def misplaced_memory(survey: Survey) -> Iterator[Problem]:
    """A memory whose file would lie where a flow must not write."""
    if survey.flow.memory is None or not survey.flow.memory.path:
        return
    from agentflow.memory.place import path_fault  # noqa: PLC0415 - for the few flows that have one

    if fault := path_fault(survey.flow.memory.path):
        what, _, mend = fault.partition("; ")
        fix = Fix(mend[:1].upper() + mend[1:])
        yield survey.of_flow("error", "memory-path", what, fix, keys=("memory", "path"))


RULES: tuple[Rule, ...] = (missing_memory, misplaced_memory)

"""Rules about inner flows: that an agent which runs another flow runs one that is there."""

from collections.abc import Iterator
from typing import cast

from agentflow.flow.inner import inner_faults
from agentflow.flow.kinds import Kinds
from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]


def inner_flows_that_cannot_run(survey: Survey) -> Iterator[Problem]:
    """Files that cannot be read, lie elsewhere, or lead back to where they are run from."""
    if survey.source is None:
        return
    running = survey.running_agents - survey.registered
    types = survey.vocabulary.agent_types
    kinds = cast("Kinds", survey.vocabulary)
    for agent, fault in inner_faults(survey.flow, survey.source, kinds, types):
        severity = "error" if agent in running else "warning"
        fix = Fix("Name a flow file in this flow's folder")
        yield survey.of_agent(agent, severity, "inner-flow", fault, fix, keys=("file",))


RULES: tuple[Rule, ...] = (inner_flows_that_cannot_run,)

"""Rules about pools: that those which agents use are there, and that each is of use."""

from collections.abc import Iterator

from agentflow.flow.near import near
from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]


def unknown_pools(survey: Survey) -> Iterator[Problem]:
    """Pools that agents use and nobody defined."""
    for agent, spec in survey.flow.agents.items():
        for number, name in enumerate(spec.uses):
            if name not in survey.flow.pools:
                meant = near(name, survey.flow.pools)
                best = [Fix(f"Use {meant!r} instead")] if meant else []
                message = f"no pool named {name!r}"
                fixes = (*best, Fix(f"Define it: [pools.{name}] with its size"))
                keys = ("uses", number)
                yield survey.of_agent(agent, "error", "unknown-pool", message, *fixes, keys=keys)


def unused_pools(survey: Survey) -> Iterator[Problem]:
    """Pools that no agent uses."""
    used = {name for spec in survey.flow.agents.values() for name in spec.uses}
    for name in survey.flow.pools:
        if name not in used:
            fix = Fix(f"Name it in an agent's uses, or remove [pools.{name}]")
            message = "no agent uses this pool"
            yield survey.of_flow("info", "unused-pool", message, fix, keys=("pools", name))


RULES: tuple[Rule, ...] = (unknown_pools, unused_pools)

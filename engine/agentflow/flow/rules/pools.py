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
                message = f"no pool named {name!r}"
                fixes = _for_unknown(agent, spec.uses, name, meant)
                keys = ("uses", number)
                yield survey.of_agent(agent, "error", "unknown-pool", message, *fixes, keys=keys)


def unused_pools(survey: Survey) -> Iterator[Problem]:
    """Pools that no agent uses."""
    used = {name for spec in survey.flow.agents.values() for name in spec.uses}
    for name in survey.flow.pools:
        if name not in used:
            title = f"Remove [pools.{name}], or name it in an agent's uses"
            fix = Fix(title, "remove_pool", {"name": name})
            message = "no agent uses this pool"
            yield survey.of_flow("info", "unused-pool", message, fix, keys=("pools", name))


def _for_unknown(
    agent: str, uses: tuple[str, ...], name: str, meant: str | None
) -> tuple[Fix, ...]:
    define = Fix(f"Define it: [pools.{name}] with its size", "add_pool", {"name": name})
    if meant is None:
        return (define,)
    told = tuple(dict.fromkeys(meant if it == name else it for it in uses))
    arguments = {"name": agent, "field": "uses", "value": told}
    return (Fix(f"Use {meant!r} instead", "set_agent", arguments), define)


RULES: tuple[Rule, ...] = (unknown_pools, unused_pools)

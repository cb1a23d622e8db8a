"""Rules about agents: that those which steps use are there, and that all are of use."""

from collections.abc import Iterator
from dataclasses import replace

from agentflow.flow.flow import AgentUse, Place
from agentflow.flow.near import near
from agentflow.flow.rules.alone import EachAgent, OneAgent
from agentflow.flow.rules.survey import OfTree, Rule, Survey
from agentflow.flow.where import dotted, keys_of
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

MAX_HINTS = 50
"""Near misses are looked for this often; a flow with more faults needs no spelling lesson."""


def unknown_agents(survey: Survey) -> Iterator[Problem]:
    """Steps that use an agent which nobody defined or registered."""
    stands = {step.name: place.path for place, step in survey.orchestrators}
    defined = (*survey.flow.agents, *sorted(survey.registered))
    known = [name for name in defined if name not in stands]
    meant: dict[str, str | None] = {}
    for place, use in survey.uses:
        if survey.is_defined(use.agent):
            continue
        if use.agent in stands:
            yield _orchestrator_used_again(survey, place, use, stands[use.agent])
            continue
        if use.agent not in meant:
            meant[use.agent] = near(use.agent, known) if len(meant) < MAX_HINTS else None
        yield _unknown_agent(survey, place, use, meant[use.agent])


def unused_agents(survey: Survey) -> Iterator[Problem]:
    """Agents that no step uses. An agent may still be reached by a route that a result names."""
    own = (it for _, it in survey.synthesizers)
    used = survey.with_fallbacks((*(use.agent for _, use in survey.uses), *own))
    for name in survey.flow.agents:
        if name not in used:
            fix = Fix(f"Remove agent {name!r}", "remove_agent", {"name": name})
            yield survey.of_agent(name, "info", "unused-agent", "no step uses this agent", fix)


def disabled_agents(survey: Survey) -> Iterator[Problem]:
    """Steps whose agent is not enabled."""
    for place, use in survey.uses:
        spec = survey.flow.agents.get(use.agent)
        if spec is not None and not spec.enabled:
            fix = Fix(
                f"Enable {use.agent!r}",
                "set_agent",
                {"name": use.agent, "field": "enabled", "value": True},
            )
            message = f"agent {use.agent!r} is not enabled, so this step is skipped"
            yield survey.at(place, "info", "disabled-agent", message, fix)


def unknown_types(survey: Survey) -> Iterator[Problem]:
    """Agents of a type that is not installed. Who is never called, or handed in, may wait."""
    types = survey.vocabulary.agent_types
    running = survey.running_agents - survey.registered
    hints: dict[str, str | None] = {}
    for name, spec in survey.flow.agents.items():
        if spec.type in types:
            continue
        if spec.type not in hints:
            hints[spec.type] = near(spec.type, types) if len(hints) < MAX_HINTS else None
        meant = hints[spec.type]
        best = [] if meant is None else [_change_type(name, meant)]
        yield survey.of_agent(
            name,
            "error" if name in running else "warning",
            "unknown-type",
            f"no agent type is called {spec.type!r}",
            *best,
            _change_type(name, "scripted"),
            keys=("type",),
        )


def faults_of_types(one: OneAgent) -> Iterator[Problem]:
    """What an agent's type finds wrong with it, where the agent is called."""
    spec, kind = one.spec, one.kind
    if one.is_called and kind is not None and spec.enabled:
        for fault in kind.faults(spec.asking(one.llm) if kind.asks_model else spec):
            where = dotted(("agents", one.name, *keys_of(fault.where)))
            fixes = tuple(_of_agent(fix, one.name) for fix in fault.fixes)
            yield replace(fault, where=where, fixes=fixes)


def _of_agent(fix: Fix, name: str) -> Fix:
    """A fix that an agent's type knows; whose it is, only the flow knows."""
    return replace(fix, arguments={"name": name, **fix.arguments}) if fix.edit else fix


def _unknown_agent(survey: Survey, place: Place, use: AgentUse, meant: str | None) -> Problem:
    use_it = [
        Fix(f"Use {it!r} instead", "rename_use", {"path": place.path, "name": it})
        for it in (meant,)
        if it is not None
    ]
    stand_in = Fix(
        f"Define {use.agent!r} as a scripted stand-in",
        "define_agent",
        {"name": use.agent, "type": "scripted"},
    )
    message = f"no agent named {use.agent!r}"
    return survey.at(place, "error", "unknown-agent", message, *use_it, stand_in)


def _orchestrator_used_again(survey: Survey, place: Place, use: AgentUse, path: str) -> Problem:
    message = f"{use.agent!r} is an orchestrator and stands at {path!r}; it cannot stand here too"
    fix = Fix("Remove it here", "remove", {"paths": (place.path,)})
    return survey.at(place, "error", "two-owners", message, fix)


def _change_type(name: str, type_name: str) -> Fix:
    title = f"Make {name!r} an agent of type {type_name!r}"
    return Fix(title, "change_type", {"name": name, "type": type_name})


RULES: tuple[Rule, ...] = (
    OfTree(unknown_agents),
    unused_agents,
    disabled_agents,
    unknown_types,
    EachAgent(faults_of_types),
)

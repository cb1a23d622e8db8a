"""Rules about fallbacks: that whoever stands by for an agent is there and can be called."""

from collections.abc import Iterator, Mapping

from agentflow.flow.flow import AgentSpec
from agentflow.flow.near import near
from agentflow.flow.rules.survey import MOST_FALLBACKS, Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

_KEYS = ("fallback",)

MAX_HINTS = 50

_SHOWN = 6
"""How many names of a circle are told."""


def unknown_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Fallbacks that nobody defined or registered."""
    known = (*survey.flow.agents, *sorted(survey.registered))
    unknown = (it for it in _with_fallback(survey) if not survey.is_defined(it[1].fallback))
    for count, (name, spec) in enumerate(unknown):
        meant = near(spec.fallback, known) if count < MAX_HINTS else None
        best = [] if meant in (None, name) else [_set(name, f"Call {meant!r} instead", meant)]
        arguments = {"name": spec.fallback, "type": "scripted"}
        title = f"Define {spec.fallback!r} as a scripted stand-in"
        message = f"no agent named {spec.fallback!r}, which is to be called in its place"
        fixes = (*best, Fix(title, "define_agent", arguments))
        yield survey.of_agent(name, "error", "unknown-agent", message, *fixes, keys=_KEYS)


def circles_of_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Agents that in the end stand by for themselves."""
    agents = survey.flow.agents
    in_circle = {
        name
        for line, following in _lines(agents)
        if following in line
        for name in line[line.index(following) :]
    }
    for name in agents:
        if name in in_circle:
            message = f"fallbacks stand by for each other: {_round_from(name, agents)}"
            yield _too_many(survey, name, "fallback-circle", message)


def _round_from(name: str, agents: Mapping[str, AgentSpec]) -> str:
    shown = [name]
    while (following := agents[shown[-1]].fallback) != name and len(shown) < _SHOWN:
        shown.append(following)
    rest = ["…"] if following != name else []
    return " → ".join([*shown, *rest, name])


def long_lines_of_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Agents for which more stand by, one for the other, than could be called inside each other."""
    agents = survey.flow.agents
    behind: dict[str, int] = {}
    for line, following in _lines(agents):
        count = behind.get(following, -1)
        for name in reversed(line):
            count += 1
            behind[name] = count
            if count == MOST_FALLBACKS + 1:
                message = f"more than {MOST_FALLBACKS} agents stand by, one for the other"
                yield _too_many(survey, name, "too-deep", message)


def _lines(agents: Mapping[str, AgentSpec]) -> Iterator[tuple[list[str], str]]:
    """Lines of agents, each the one before's fallback, and what follows; no agent is in two.

    Agents without a fallback are in none but as the last.
    """
    seen: set[str] = set()
    for first in (name for name, spec in agents.items() if spec.fallback):
        line, name = list[str](), first
        while name in agents and name not in seen:
            seen.add(name)
            line.append(name)
            name = agents[name].fallback
        if line:
            yield line, name


def _too_many(survey: Survey, name: str, code: str, message: str) -> Problem:
    fix = _set(name, f"Take the fallback {survey.flow.agents[name].fallback!r} out", "")
    return survey.of_agent(name, "error", code, message, fix, keys=_KEYS)


def disabled_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Fallbacks that are not enabled, so that none is called."""
    for name, spec in _with_fallback(survey):
        other = survey.flow.agents.get(spec.fallback)
        if other is not None and not other.enabled:
            arguments = {"name": other.name, "field": "enabled", "value": True}
            fix = Fix(f"Enable {other.name!r}", "set_agent", arguments)
            message = f"its fallback {other.name!r} is not enabled, so none is called"
            yield survey.of_agent(name, "warning", "disabled-fallback", message, fix, keys=_KEYS)


def _with_fallback(survey: Survey) -> Iterator[tuple[str, AgentSpec]]:
    return ((name, spec) for name, spec in survey.flow.agents.items() if spec.fallback)


def _set(name: str, title: str, fallback: str | None) -> Fix:
    return Fix(title, "set_agent", {"name": name, "field": "fallback", "value": fallback})


RULES: tuple[Rule, ...] = (
    unknown_fallbacks,
    circles_of_fallbacks,
    long_lines_of_fallbacks,
    disabled_fallbacks,
)

"""Rules about fallbacks: that whoever stands by for an agent is there and can be called."""

from collections.abc import Iterator

from agentflow.flow.flow import AgentSpec
from agentflow.flow.near import near
from agentflow.flow.rules.survey import Rule, Survey
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]

_KEYS = ("fallback",)


def unknown_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Fallbacks that nobody defined or registered."""
    for name, spec in _with_fallback(survey):
        if not survey.is_defined(spec.fallback):
            meant = near(spec.fallback, (*survey.flow.agents, *sorted(survey.registered)))
            best = [] if meant in (None, name) else [_set(name, f"Call {meant!r} instead", meant)]
            arguments = {"name": spec.fallback, "type": "scripted"}
            title = f"Define {spec.fallback!r} as a scripted stand-in"
            message = f"no agent named {spec.fallback!r}, which is to be called in its place"
            fixes = (*best, Fix(title, "define_agent", arguments))
            yield survey.of_agent(name, "error", "unknown-agent", message, *fixes, keys=_KEYS)


def circles_of_fallbacks(survey: Survey) -> Iterator[Problem]:
    """Agents that in the end stand by for themselves."""
    for name, spec in _with_fallback(survey):
        line = [name]
        while (here := survey.flow.agents.get(line[-1])) and here.fallback not in ("", *line):
            line.append(here.fallback)
        if here is not None and here.fallback == name:
            message = f"fallbacks stand by for each other: {' → '.join([*line, name])}"
            fix = _set(name, f"Take the fallback {spec.fallback!r} out", "")
            yield survey.of_agent(name, "error", "fallback-circle", message, fix, keys=_KEYS)


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


RULES: tuple[Rule, ...] = (unknown_fallbacks, circles_of_fallbacks, disabled_fallbacks)

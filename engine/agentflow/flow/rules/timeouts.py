"""Rules about timeouts that stand in one another: an inner one must be able to fire."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from agentflow.duration import format_duration
from agentflow.flow.flow import Orchestrator, Place
from agentflow.flow.rules.survey import Rule, Survey, setting, setting_fix
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]


@dataclass(frozen=True, slots=True)
class _Limit:
    """How long what stands in something may take."""

    value: timedelta
    path: str
    """Whose timeout it is: an orchestrator's path, or "" for the run."""
    field: str

    @property
    def owner(self) -> str:
        return f"the {self.field} of {self.path!r}" if self.path else "the run's timeout"

    def raised(self, value: timedelta) -> Fix:
        title = f"Raise {self.owner} to {format_duration(value)}"
        return setting_fix(title, value, path=self.path, field=self.field)


def timeouts_that_never_fire(survey: Survey) -> Iterable[Problem]:
    """A timeout that is longer than one around it."""
    parts = (survey.places, survey.wheres, survey.flow.settings)
    of_agents = {name: spec.timeout for name, spec in survey.flow.agents.items()}
    ask = partial(tuple[Problem, ...], _never_firing(survey))
    return survey.answers.of("timeouts", parts, of_agents, ask)


def _never_firing(survey: Survey) -> Iterator[Problem]:
    run = survey.flow.settings.timeout
    around: dict[str, _Limit | None] = {"": _Limit(run, "", "timeout") if run else None}
    loosest: dict[str, tuple[Place, _Limit | None]] = {}
    for place in survey.places:
        outer = around.get(place.owner)
        if isinstance(place.step, Orchestrator):
            around[place.path] = yield from _of_orchestrator(survey, place, place.step, outer)
        elif place.step.agent not in loosest or _is_looser(outer, loosest[place.step.agent][1]):
            loosest[place.step.agent] = place, outer
    for agent, (place, outer) in loosest.items():
        yield from _of_agent(survey, agent, place, outer)


def _of_orchestrator(
    survey: Survey, place: Place, step: Orchestrator, outer: _Limit | None
) -> Iterator[Problem]:
    """Its problems; returns the limit of what stands in it."""
    inner = outer
    for field in ("timeout", "agent_timeout"):
        value = setting(step, field, None)
        if not isinstance(value, timedelta):
            continue
        if inner is not None and value > inner.value:
            lower = f"Lower it to {format_duration(inner.value)}"
            yield survey.at(
                place,
                "warning",
                "timeout-never-fires",
                _message(value, inner),
                setting_fix(lower, inner.value, path=place.path, field=field),
                inner.raised(value),
                keys=(field,),
            )
        else:
            inner = _Limit(value, place.path, field)
    return inner


def _of_agent(survey: Survey, agent: str, place: Place, outer: _Limit | None) -> Iterator[Problem]:
    """The agent's timeout, when it is too long wherever the agent is used."""
    spec = survey.flow.agents.get(agent)
    if spec is None or spec.timeout is None or outer is None or spec.timeout <= outer.value:
        return
    lower = Fix(
        f"Lower it to {format_duration(outer.value)}",
        "set_agent",
        {"name": agent, "field": "timeout", "value": outer.value},
    )
    yield survey.of_agent(
        agent,
        "warning",
        "timeout-never-fires",
        _message(spec.timeout, outer),
        lower,
        outer.raised(spec.timeout),
        keys=("timeout",),
        path=place.path,
    )


def _message(value: timedelta, outer: _Limit) -> str:
    return (
        f"a timeout of {format_duration(value)} can never fire, because {outer.owner} ends "
        f"first, after {format_duration(outer.value)}"
    )


def _is_looser(one: _Limit | None, other: _Limit | None) -> bool:
    return other is not None and (one is None or one.value > other.value)


RULES: tuple[Rule, ...] = (timeouts_that_never_fire,)

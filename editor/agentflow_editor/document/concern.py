"""Concern: which steps a problem is about: its own one, or each that is the agent it is of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agentflow.flow.flow import AgentUse, Place
from agentflow.flow.where import dotted, keys_of
from agentflow.problem import Problem

__all__ = ["agent_of", "problems_by_step", "steps_of", "told"]

Uses = Mapping[str, Sequence[str]]
"""The paths of the steps that are each agent, by its name."""


def agent_of(problem: Problem) -> str:
    """The agent in whose definition a problem stands; "" where it stands in none."""
    keys = keys_of(problem.where) if problem.where.startswith("agents.") else ()
    return str(keys[1]) if len(keys) > 1 else ""


def steps_of(problem: Problem, places: Iterable[Place]) -> Sequence[str]:
    """The paths of the steps that a problem is about, in the order of the flow."""
    return _steps(problem, _uses(places))


def problems_by_step(
    problems: Iterable[Problem], places: Iterable[Place]
) -> Mapping[str, Sequence[Problem]]:
    """The problems of each step that has some."""
    found: dict[str, list[Problem]] = defaultdict(list)
    uses: Uses = {}
    for problem in problems:
        if not uses and agent_of(problem):
            uses = _uses(places)
        for path in _steps(problem, uses):
            found[path].append(problem)
    return dict(found)


def told(problem: Problem) -> str:
    """What it says; where no step is meant, after the key that it says it of."""
    keys = () if problem.path else keys_of(problem.where)
    own = keys[2:] if keys[:1] == ("agents",) else keys
    if not own:
        return problem.message[:1].upper() + problem.message[1:]
    return f"{dotted(own)}: {problem.message}"


def _steps(problem: Problem, uses: Uses) -> Sequence[str]:
    if problem.path:
        return (problem.path,)
    agent = agent_of(problem)
    return uses.get(agent, ()) if agent else ()


def _uses(places: Iterable[Place]) -> Uses:
    found: dict[str, list[str]] = defaultdict(list)
    for place in places:
        if isinstance(place.step, AgentUse):
            found[place.step.agent].append(place.path)
    return dict(found)

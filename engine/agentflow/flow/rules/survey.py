"""Survey: a flow looked at once, with all that the rules need to know of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from agentflow.flow.flow import AgentSpec, AgentUse, Flow, Orchestrator, Place
from agentflow.flow.rules.wheres import wheres
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix, Problem, Severity

__all__ = ["AgentTypeInfo", "Rule", "Survey", "Vocabulary", "setting", "setting_fix", "synthesizer"]


class AgentTypeInfo(Protocol):
    """What the rules want to know of an agent type. AgentType is one."""

    @property
    def asks_model(self) -> bool: ...

    @property
    def writes(self) -> Callable[[AgentSpec], frozenset[str] | None]: ...

    @property
    def reads(self) -> Callable[[AgentSpec], frozenset[str]]: ...

    @property
    def faults(self) -> Callable[[AgentSpec], tuple[Problem, ...]]: ...

    @property
    def remembers(self) -> Callable[[AgentSpec], str]: ...

    @property
    def flow_file(self) -> Callable[[AgentSpec], str]: ...


class Vocabulary(Protocol):
    """What modes and agent types there are, by name. The Catalogue is one; it is above the flow."""

    @property
    def modes(self) -> Mapping[str, object]: ...

    @property
    def agent_types(self) -> Mapping[str, AgentTypeInfo]: ...


@dataclass(frozen=True)
class Survey:
    """A flow, what is known around it, and its steps' places in the order of `Flow.places`."""

    flow: Flow
    vocabulary: Vocabulary
    registered: frozenset[str]
    """The agents that code hands in; they count as defined."""
    places: tuple[Place, ...]
    parked: frozenset[str]
    """The paths of the steps that never run."""
    wheres: Mapping[str, Keys]
    """Where each step stands in the file, in its native form, by path."""
    source: Path | None = None
    """The flow's file; None for a flow that is in none."""

    @classmethod
    def of(
        cls,
        flow: Flow,
        vocabulary: Vocabulary,
        *,
        registered: Collection[str] = (),
        data: Mapping[str, Any] | None = None,
        source: Path | None = None,
    ) -> "Survey":
        """Look at a flow.

        Args:
            flow: what is to be checked.
            vocabulary: the modes and agent types that exist.
            registered: the agents that code hands in.
            data: the file's tables in their native form; None for a flow that is in no file.
            source: the flow's file, whose folder holds the flows that it runs.
        """
        places = flow.places()
        parked = _parked(flow, places)
        where = wheres(flow, places, data)
        return cls(flow, vocabulary, frozenset(registered), places, parked, where, source)

    @cached_property
    def uses(self) -> Sequence[tuple[Place, AgentUse]]:
        """Every use of an agent."""
        return [(it, it.step) for it in self.places if isinstance(it.step, AgentUse)]

    @cached_property
    def orchestrators(self) -> Sequence[tuple[Place, Orchestrator]]:
        """Every orchestrator."""
        return [(it, it.step) for it in self.places if isinstance(it.step, Orchestrator)]

    @cached_property
    def routers(self) -> Sequence[tuple[Place, Orchestrator]]:
        """Every orchestrator whose chains are cases."""
        return [(place, step) for place, step in self.orchestrators if step.mode == "route"]

    def is_defined(self, agent: str) -> bool:
        """Whether a step may use this agent."""
        return agent in self.flow.agents or agent in self.registered

    @cached_property
    def running_agents(self) -> frozenset[str]:
        """The agents that steps use which are not parked, and those that stand by for them."""
        used = [use.agent for place, use in self.uses if place.path not in self.parked]
        own = (it for place, it in self.synthesizers if place.path not in self.parked)
        return self.with_fallbacks((*used, *own))

    @cached_property
    def synthesizers(self) -> Sequence[tuple[Place, str]]:
        """The agents that orchestrators call themselves, besides their members."""
        named = ((place, synthesizer(step)) for place, step in self.orchestrators)
        return [(place, name) for place, name in named if name]

    def with_fallbacks(self, agents: Iterable[str]) -> frozenset[str]:
        """The agents and all that are called in their place when they have failed."""
        found: set[str] = set()
        for name in agents:
            while name and name not in found:
                found.add(name)
                spec = self.flow.agents.get(name)
                name = spec.fallback if spec else ""
        return frozenset(found)

    def at(
        self,
        place: Place,
        severity: Severity,
        code: str,
        message: str,
        *fixes: Fix,
        keys: Keys = (),
    ) -> Problem:
        """A problem of a step; of a parked one it is never more than information.

        Args:
            place: where the step stands.
            severity: how bad it is if the step runs.
            code: the problem's stable name.
            message: what is wrong.
            fixes: what would mend it.
            keys: where within the step's place in the file, such as ("timeout",).
        """
        return Problem(
            severity="info" if place.path in self.parked else severity,
            code=code,
            message=message,
            path=place.path,
            where=dotted((*self.wheres[place.path], *keys)),
            fixes=fixes,
        )

    def of_agent(
        self,
        agent: str,
        severity: Severity,
        code: str,
        message: str,
        *fixes: Fix,
        keys: Keys = (),
        path: str = "",
    ) -> Problem:
        """A problem of an agent's definition; `keys` is where within its table."""
        return Problem(
            severity=severity,
            code=code,
            message=message,
            where=dotted(("agents", agent, *keys)),
            path=path,
            fixes=fixes,
        )

    def of_flow(
        self, severity: Severity, code: str, message: str, *fixes: Fix, keys: Keys
    ) -> Problem:
        """A problem of the flow as a whole; `keys` is where in the file."""
        return Problem(
            severity=severity, code=code, message=message, where=dotted(keys), fixes=fixes
        )


def _parked(flow: Flow, places: Iterable[Place]) -> frozenset[str]:
    if not flow.parked:
        return frozenset()
    # Not told by the paths: a name that is none may look like a parked step's path.
    running = {it.path for it in flow.model_copy(update={"parked": ()}).places()}
    return frozenset(it.path for it in places) - running


def setting(step: Orchestrator, field: str, default: Any) -> Any:
    """What is set on an orchestrator, or the default where its mode does not know the field.

    Asking a model for an attribute that it lacks takes a hundred times as long.
    """
    return vars(step.settings).get(field, default)


def synthesizer(step: Orchestrator) -> str:
    """The agent that an orchestrator calls itself, besides its members; "" for none."""
    name = setting(step, "synthesizer", "")
    return name if isinstance(name, str) else ""


Rule = Callable[[Survey], Iterable[Problem]]


def setting_fix(title: str, value: object, *, path: str, field: str) -> Fix:
    """The fix that sets one setting: of the orchestrator at a path, or with "" of the whole run."""
    if not path:
        return Fix(title, "set_flow", {"field": field, "value": value})
    return Fix(title, "set_orchestrator", {"path": path, "field": field, "value": value})

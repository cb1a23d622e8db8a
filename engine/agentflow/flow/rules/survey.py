"""Survey: a flow looked at once, with all that the rules need to know of it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from agentflow.flow.flow import AgentUse, Flow, Orchestrator, Place
from agentflow.flow.rules.alone import EachAgent, EachOrchestrator, OneAgent, OneOrchestrator
from agentflow.flow.rules.answers import Answers
from agentflow.flow.rules.vocabulary import AgentTypeInfo, Vocabulary
from agentflow.flow.rules.wheres import told_by, wheres
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix, Problem, Severity

__all__ = [
    "MOST_FALLBACKS",
    "OfTree",
    "Rule",
    "Survey",
    "setting",
    "setting_fix",
    "synthesizer",
]

T = TypeVar("T")

MOST_FALLBACKS = 50
"""How many agents may stand by, one for the other."""


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
    answers: Answers = field(default_factory=Answers)
    """What is known of parts of the flow from looking at it as it was before an edit."""

    @classmethod
    def of(
        cls,
        flow: Flow,
        vocabulary: Vocabulary,
        *,
        registered: Collection[str] = (),
        data: Mapping[str, Any] | None = None,
        source: Path | None = None,
        answers: Answers | None = None,
    ) -> "Survey":
        """Look at a flow.

        Args:
            flow: what is to be checked.
            vocabulary: the modes and agent types that exist.
            registered: the agents that code hands in.
            data: the file's tables in their native form; None for a flow that is in no file.
            source: the flow's file, whose folder holds the flows that it runs.
            answers: what was found out about the flow before it was edited, by the same vocabulary.
        """
        known = answers or Answers()
        known.begin()
        places = flow.places()
        parked = known.of("parked", (places,), None, lambda: _parked(flow, places))
        where = known.of("wheres", (places,), told_by(data), lambda: wheres(flow, places, data))
        return cls(flow, vocabulary, frozenset(registered), places, parked, where, source, known)

    @cached_property
    def uses(self) -> Sequence[tuple[Place, AgentUse]]:
        """Every use of an agent."""
        return self._of_tree("uses", _uses)

    @cached_property
    def orchestrators(self) -> Sequence[tuple[Place, Orchestrator]]:
        """Every orchestrator."""
        return self._of_tree("orchestrators", _orchestrators)

    @cached_property
    def kinds(self) -> Mapping[str, AgentTypeInfo | None]:
        """What each type is that an agent has, by its name; None for one that is not installed."""
        types = {spec.type for spec in self.flow.agents.values()}
        return {it: self.vocabulary.agent_types.get(it) for it in types}

    def is_defined(self, agent: str) -> bool:
        """Whether a step may use this agent."""
        return agent in self.flow.agents or agent in self.registered

    @cached_property
    def running_agents(self) -> frozenset[str]:
        """The agents that steps use which are not parked, and those that stand by for them."""
        return self.with_fallbacks(self.answers.of("running", (self.places,), None, self._running))

    def _running(self) -> frozenset[str]:
        used = (use.agent for place, use in self.uses if place.path not in self.parked)
        own = (it for place, it in self.synthesizers if place.path not in self.parked)
        return frozenset((*used, *own))

    @cached_property
    def synthesizers(self) -> Sequence[tuple[Place, str]]:
        """The agents that orchestrators call themselves, besides their members."""
        return self._of_tree("synthesizers", _synthesizers)

    def _of_tree(self, question: str, ask: Callable[[Sequence[Place]], T]) -> T:
        """What is known of the steps alone, which most edits leave as they are."""
        return self.answers.of(question, (self.places,), None, ask, self.places)

    def agents_alone(self) -> Iterator[OneAgent]:
        """Every agent that is defined, as rules see it that look at nothing else."""
        called, kinds, llm = self.running_agents - self.registered, self.kinds, self.flow.llm
        for name, spec in self.flow.agents.items():
            yield OneAgent(name, name in called, spec, kinds[spec.type], llm)

    def orchestrators_alone(self) -> Iterator[OneOrchestrator]:
        """Every orchestrator, as rules see it that look at nothing else."""
        for place, step in self.orchestrators:
            path = place.path
            is_parked = path in self.parked
            yield OneOrchestrator(path, is_parked, self.wheres[path], step, self.flow.settings)

    def fallbacks_of(self, agent: str) -> list[str]:
        """Who stands by for an agent, one for the other; of a circle or too many the first few."""
        line, spec = [agent], self.flow.agents.get(agent)
        while spec and spec.fallback and spec.fallback not in line and len(line) <= MOST_FALLBACKS:
            line.append(spec.fallback)
            spec = self.flow.agents.get(spec.fallback)
        return line[1:]

    def with_fallbacks(self, agents: Iterable[str]) -> frozenset[str]:
        """The agents and all that are called in their place when they have failed."""
        found, fallbacks = {*agents}, self._fallbacks
        for name in found & fallbacks.keys():
            behind = fallbacks[name]
            while behind and behind not in found:
                found.add(behind)
                behind = fallbacks.get(behind, "")
        return frozenset(found)

    @cached_property
    def _fallbacks(self) -> Mapping[str, str]:
        """Who stands by for each agent for which somebody does."""
        return {name: it.fallback for name, it in self.flow.agents.items() if it.fallback}

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


def _uses(places: Sequence[Place]) -> Sequence[tuple[Place, AgentUse]]:
    return [(it, it.step) for it in places if isinstance(it.step, AgentUse)]


def _orchestrators(places: Sequence[Place]) -> Sequence[tuple[Place, Orchestrator]]:
    return [(it, it.step) for it in places if isinstance(it.step, Orchestrator)]


def _synthesizers(places: Sequence[Place]) -> Sequence[tuple[Place, str]]:
    named = ((place, synthesizer(step)) for place, step in _orchestrators(places))
    return [(place, name) for place, name in named if name]


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


@dataclass(frozen=True, slots=True)
class OfTree:
    """A rule about the steps, what is set on them, and which names there are.

    It looks at nothing else, so that it is asked again only when one of these is another.
    """

    look: Callable[[Survey], Iterable[Problem]]

    def answer(self, survey: Survey) -> tuple[Problem, ...]:
        """What it finds in a flow, or has found in it before an edit of something else."""
        parts = (survey.places, survey.wheres)
        facts = (survey.registered, tuple(survey.flow.agents))
        return survey.answers.of(self, parts, facts, lambda: tuple(self.look(survey)))


Rule = Callable[[Survey], Iterable[Problem]] | OfTree | EachAgent | EachOrchestrator
"""What looks for problems: in the whole of a flow, or in parts of it alone."""


def setting_fix(title: str, value: object, *, path: str, field: str) -> Fix:
    """The fix that sets one setting: of the orchestrator at a path, or with "" of the whole run."""
    if not path:
        return Fix(title, "set_flow", {"field": field, "value": value})
    return Fix(title, "set_orchestrator", {"path": path, "field": field, "value": value})

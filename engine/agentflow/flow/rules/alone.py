"""Alone: one agent or one orchestrator of a flow, as rules see it that look at nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from agentflow.flow.flow import AgentSpec, FlowSettings, LlmSettings, Orchestrator
from agentflow.flow.rules.answers import Answers
from agentflow.flow.rules.vocabulary import AgentTypeInfo
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix, Problem, Severity

__all__ = ["EachAgent", "EachOrchestrator", "OneAgent", "OneOrchestrator"]


T = TypeVar("T")


class OneAgent(NamedTuple):
    """An agent of a flow, and whatever else a rule about it alone may look at."""

    name: str
    is_called: bool
    """Whether steps that run use it, and code hands in nobody else."""
    spec: AgentSpec
    kind: AgentTypeInfo | None
    """None for a type that is not installed."""
    llm: LlmSettings
    """The flow's."""

    def answer(self, answers: Answers, ask: "Callable[[OneAgent], T]") -> T:
        """What was found out about it, as long as it is what it was; else what is found now."""
        parts = (self.spec, self.kind, self.llm)
        return answers.of(("agent", self.name), parts, self.is_called, ask, self)

    def problem(
        self, severity: Severity, code: str, message: str, *fixes: Fix, keys: Keys = ()
    ) -> Problem:
        """A problem of its definition; `keys` is where within its table."""
        where = dotted(("agents", self.name, *keys))
        return Problem(severity=severity, code=code, message=message, where=where, fixes=fixes)


class OneOrchestrator(NamedTuple):
    """An orchestrator of a flow, and whatever else a rule about it alone may look at."""

    path: str
    is_parked: bool
    where: Keys
    """Where it stands in the file, in its native form."""
    step: Orchestrator
    run: FlowSettings
    """What is set on the whole run."""

    def answer(self, answers: Answers, ask: "Callable[[OneOrchestrator], T]") -> T:
        """What was found out about it, as long as it is what it was; else what is found now."""
        facts = (self.is_parked, self.where)
        return answers.of(("orchestrator", self.path), (self.step, self.run), facts, ask, self)

    def problem(
        self, severity: Severity, code: str, message: str, *fixes: Fix, keys: Keys = ()
    ) -> Problem:
        """A problem of it; of a parked one it is never more than information.

        Args:
            severity: how bad it is if the step runs.
            code: the problem's stable name.
            message: what is wrong.
            fixes: what would mend it.
            keys: where within its place in the file, such as ("timeout",).
        """
        return Problem(
            severity="info" if self.is_parked else severity,
            code=code,
            message=message,
            path=self.path,
            where=dotted((*self.where, *keys)),
            fixes=fixes,
        )


@dataclass(frozen=True, slots=True)
class EachAgent:
    """A rule about each agent alone."""

    look: Callable[[OneAgent], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class EachOrchestrator:
    """A rule about each orchestrator alone."""

    look: Callable[[OneOrchestrator], Iterable[Problem]]

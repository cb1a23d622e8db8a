"""OrchestrationMode: what a mode declares, and what it is built from."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agentflow.flow.flow import Orchestrator, OrchestratorSettings
from agentflow.run import Run
from agentflow.state import State

__all__ = ["ChainRunner", "Coming", "Dispatch", "OrchestrationMode", "OwnAgent", "arrived"]

Coming = State | Awaitable[State]
"""A state that is there, or comes once this has been awaited. A plain call costs less than a
coroutine does, and most steps have nothing to wait for."""

Dispatch = Callable[[Run, State, str], Coming]
"""(run, state, path) → state. What an orchestrator does between its StepStarted and its end. The
path is its own in this run, passes included: "refine#3/review"."""

ChainRunner = Callable[[Run, State, str], Coming]
"""(run, state, prefix) → state. Runs a step, or a chain's steps; the prefix is what their
paths begin with: "refine#3/". Whoever calls one has told the time in `run.now`."""


async def arrived(coming: Any) -> State:
    """The state, once it is there, of what is Coming."""
    return coming if type(coming) is State else await coming


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAgent:
    """An agent that an orchestrator brings with it, instead of calling one of the flow's."""

    name: str
    segment: str
    """What its step's path ends with."""
    type: str
    system_prompt: str
    settings: Mapping[str, Any]
    """What its type declares, as a file would say it."""


def _none(_: Orchestrator) -> tuple[str | OwnAgent, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrchestrationMode:
    """A mode of orchestration. One file of this folder offers one, as MODE."""

    name: str
    """What `mode = ...` says in the file."""
    title: str
    """What it is called on the canvas: "Parallel"."""
    summary: str
    icon: str
    """The name of a Material Design icon: "source-fork"."""
    settings: type[OrchestratorSettings]
    chains: Literal["one", "branches", "cases"]
    """One chain; any number of equal ones; or named cases and a default."""
    port: str
    """The port that its chains begin at: "steps", "branches", "body"; cases have one each."""
    build: Callable[[Orchestrator, Sequence[ChainRunner]], Dispatch]
    """Makes it ready to run; the runners are those of its chains, in order, and then those of the
    agents that it calls itself."""
    calls: Callable[[Orchestrator], tuple[str | OwnAgent, ...]] = _none
    """The agents that an orchestrator calls itself: names of the flow's, or its own."""

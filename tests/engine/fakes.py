"""Fakes: agents that do as the test says, and what a runner needs around them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.flow import (
    AgentSpec,
    AgentUse,
    Case,
    Chain,
    Flow,
    FlowSettings,
    Orchestrator,
    Step,
)
from agentflow.models.base import ModelClient
from agentflow.runner import Runner
from agentflow.running.outcome import RunOutcome
from agentflow.state import State

Agent = Callable[[State], Awaitable[Any]]


def says(**changes: Any) -> Agent:
    """An agent that changes these keys."""

    async def agent(state: State) -> dict[str, Any]:
        return changes

    return agent


def fails(text: str = "it broke") -> Agent:
    """An agent that raises."""

    async def agent(state: State) -> None:
        raise ValueError(text)

    return agent


def waits(seconds: float = 3600.0, **changes: Any) -> Agent:
    """An agent that takes its time, and then changes these keys."""

    async def agent(state: State) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return changes

    return agent


def marks(name: str) -> Agent:
    """An agent that writes its name behind those of the agents before it, under `trail`."""

    async def agent(state: State) -> dict[str, Any]:
        return {"trail": [*state.get("trail", []), name]}

    return agent


def routes(name: str, *, turns: int = 0, **changes: Any) -> Agent:
    """An agent that has its result dispatched to a name next, after so many turns of the loop."""

    async def agent(state: State) -> State:
        for _ in range(turns):
            await asyncio.sleep(0)
        return state.with_changes(changes, metadata={**state.metadata, "route": name})

    return agent


class NoModels:
    """Models for flows that ask none."""

    def __init__(self) -> None:
        self.is_closed = False

    def client(self, settings: object) -> ModelClient:
        raise AssertionError("no model is asked for here")

    async def aclose(self) -> None:
        self.is_closed = True


def setup(**fields: Any) -> AgentSetup:
    """What agents are built with, without models and without an environment."""
    return AgentSetup(**{"models": NoModels(), **fields})


def step(given: Step | str) -> Step:
    """A step; a text is the use of an agent."""
    return AgentUse(agent=given) if isinstance(given, str) else given


def chain(*steps: Step | str, case: Case | None = None) -> Chain:
    """A chain of steps; texts are uses of agents."""
    return Chain(steps=tuple(step(it) for it in steps), case=case)


_MODES = Catalogue.installed().modes


def orchestrator(mode: str, name: str, *chains: Chain, **settings: Any) -> Orchestrator:
    """An orchestrator with the settings of its mode."""
    declared = _MODES[mode].settings.model_validate(settings)
    return Orchestrator(name=name, mode=mode, settings=declared, chains=chains)


def sequence(name: str, *steps: Step | str, **settings: Any) -> Orchestrator:
    return orchestrator("sequential", name, chain(*steps), **settings)


def parallel(name: str, *branches: Chain | Step | str, **settings: Any) -> Orchestrator:
    chains = [it if isinstance(it, Chain) else chain(it) for it in branches]
    return orchestrator("collaborative", name, *chains, **settings)


def loop(name: str, *steps: Step | str, **settings: Any) -> Orchestrator:
    return orchestrator("loop", name, chain(*steps), **settings)


def router(name: str, *cases: Chain) -> Orchestrator:
    return orchestrator("route", name, *cases)


def case(name: str, *steps: Step | str, **conditions: Any) -> Chain:
    return chain(*steps, case=Case(name=name, **conditions))


def flow(
    *steps: Step | str, agents: dict[str, dict[str, Any]] | None = None, **settings: Any
) -> Flow:
    """A flow of these steps; `agents` gives what is set on some of them."""
    specs = {
        name: AgentSpec.model_validate({"name": name, "type": "scripted", **fields})
        for name, fields in (agents or {}).items()
    }
    declared = FlowSettings.model_validate(settings)
    return Flow(name="test", settings=declared, agents=specs, root=chain(*steps))


def runner(of: Flow, agents: dict[str, Any], **options: Any) -> Runner:
    """A runner of the flow with these agents, and `marks` for those that are not given."""
    used = {place.step.name for place in of.places() if isinstance(place.step, AgentUse)}
    given = {**{name: marks(name) for name in sorted(used)}, **agents}
    return Runner.from_flow(of, agents=given, setup=options.pop("setup", setup()), **options)


async def outcome(of: Flow, agents: dict[str, Any] | None = None, **data: Any) -> RunOutcome:
    """What comes of one event with this data."""
    return await runner(of, agents or {}).run(Event(data=data))


def kinds(result: RunOutcome, *names: str) -> list[tuple[str, str]]:
    """(kind, path) of the trace's entries, of these kinds only when some are named."""
    found = [(type(entry).__name__, entry.path) for entry in result.entries]
    return [it for it in found if not names or it[0] in names]

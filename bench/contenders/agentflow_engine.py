"""AgentFlow's own engine, with its trace, its timeouts and its concurrency limit on."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from agentflow import Catalogue, Event, Flow, Runner, State
from agentflow.flow.flow import (
    AgentSpec,
    AgentUse,
    Case,
    Chain,
    FlowSettings,
    Orchestrator,
    Step,
)
from agentflow.trace import Listener
from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["AgentFlow"]

_HOUR = timedelta(hours=1)
_MODES = Catalogue.installed().modes


def _writes(key: str, value: Any) -> Any:
    async def agent(state: State) -> dict[str, Any]:
        return {key: value}

    return agent


def _sleeps(key: str, value: int, seconds: float) -> Any:
    async def agent(state: State) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return {key: value}

    return agent


async def _counts(state: State) -> dict[str, Any]:
    return {"n": state["n"] + 1}


def _orchestrator(mode: str, name: str, *chains: Chain, **settings: Any) -> Orchestrator:
    declared = _MODES[mode].settings.model_validate({"timeout": _HOUR, **settings})
    return Orchestrator(name=name, mode=mode, settings=declared, chains=chains)


def _chain(*names: str, case: str = "") -> Chain:
    steps = tuple(AgentUse(agent=name) for name in names)
    return Chain(steps=steps, case=Case(name=case) if case else None)


class AgentFlow:
    """The engine as a program embeds it: a started runner, and an event a run."""

    name = "agentflow"
    is_peer = False

    def __init__(self, listener: Listener | None = None, name: str = "") -> None:
        """`listener` hears every entry of every run, as a journal does."""
        self._listener = listener
        self.name = name or self.name

    @asynccontextmanager
    async def _started(
        self, agents: Mapping[str, Any], *steps: Step, **settings: Any
    ) -> AsyncGenerator[Runner, None]:
        flow = Flow(
            name="bench",
            settings=FlowSettings(timeout=_HOUR, **settings),
            agents={name: AgentSpec(name=name, timeout=_HOUR) for name in agents},
            root=Chain(steps=steps),
        )
        runner = Runner.from_flow(flow, agents=agents)
        if self._listener is not None:
            runner.subscribe(self._listener)
        async with runner:
            yield runner

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        async with self._in_a_row({f"k{it}": _writes(f"k{it}", it) for it in range(steps)}) as work:
            yield work

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        agents = {f"k{it}": _sleeps(f"k{it}", it, seconds) for it in range(steps)}
        async with self._in_a_row(agents) as work:
            yield work

    @asynccontextmanager
    async def _in_a_row(self, agents: Mapping[str, Any]) -> AsyncGenerator[Work, None]:
        steps = [AgentUse(agent=name) for name in agents]
        async with self._started(agents, *steps) as runner:

            async def work() -> None:
                outcome = await runner.run(Event())
                assert len(outcome.state) == len(agents), outcome.error

            yield work

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        if seconds is not None:
            agents = {f"k{it}": _sleeps(f"k{it}", it, seconds) for it in range(branches)}
        else:
            agents = {f"k{it}": _writes(f"k{it}", it) for it in range(branches)}
        step = _orchestrator("collaborative", "all", *(_chain(name) for name in agents))
        async with self._started(agents, step, max_concurrency=branches) as runner:

            async def work() -> None:
                outcome = await runner.run(Event())
                assert len(outcome.state["all"]) == branches, outcome.error

            yield work

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        async with self.counting(passes) as runner:

            async def work() -> None:
                outcome = await runner.run(Event(data={"n": 0}))
                assert outcome.state["n"] == passes, outcome.error

            yield work

    @asynccontextmanager
    async def counting(self, passes: int) -> AsyncGenerator[Runner, None]:
        """A loop that is done once `n` has come from 0 to so many."""
        step = _orchestrator(
            "loop", "count", _chain("a"), condition=f"n >= {passes}", max_iterations=passes + 1
        )
        async with self._started({"a": _counts}, step) as runner:
            yield runner

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        agents = {f"a{it}": _writes("taken", it) for it in range(CASES)}
        async with self._started(agents, _router()) as runner:

            async def work() -> None:
                outcome = await runner.run(Event(target="case7"))
                assert outcome.state["taken"] == 7, outcome.error

            yield work

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        agents = {f"a{it}": _writes("taken", it) for it in range(CASES)}
        agents |= {"first": _writes("n", 0), "counter": _counts}
        agents |= {f"k{it}": _writes(f"k{it}", it) for it in range(3)}
        steps = (
            AgentUse(agent="first"),
            _orchestrator("collaborative", "all", *(_chain(f"k{it}") for it in range(3))),
            _orchestrator("loop", "count", _chain("counter"), condition="n >= 2"),
            _router(),
        )
        async with self._started(agents, *steps) as runner:

            async def work() -> None:
                outcome = await runner.run(Event(target="case7"))
                assert outcome.state["taken"] == 7, outcome.error

            yield work

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        agents = {"load": _writes("load", megabyte())}
        agents |= {f"k{it}": _writes(f"k{it}", it) for it in range(steps)}
        async with self._in_a_row(agents) as work:
            yield work


def _router() -> Orchestrator:
    cases = [_chain(f"a{it}", case=f"case{it}") for it in range(CASES)]
    return _orchestrator("route", "choose", *cases)

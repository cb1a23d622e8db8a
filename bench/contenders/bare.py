"""Bare asyncio: what a person would write by hand for just this one flow; nobody's competitor."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["Bare"]

_State = dict[str, Any]


def _writes(key: str, value: Any) -> Any:
    async def agent(state: _State) -> _State:
        return {key: value}

    return agent


def _sleeps(key: str, value: int, seconds: float) -> Any:
    async def agent(state: _State) -> _State:
        await asyncio.sleep(seconds)
        return {key: value}

    return agent


async def _counts(state: _State) -> _State:
    return {"n": state["n"] + 1}


class Bare:
    """Hand-written asyncio: one dict, changed in place; no record, no limits, no timeouts."""

    name = "bare asyncio"
    is_peer = False

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._chain([_writes(f"k{it}", it) for it in range(steps)])

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        yield self._chain([_sleeps(f"k{it}", it, seconds) for it in range(steps)])

    @staticmethod
    def _chain(agents: list[Any]) -> Work:
        async def work() -> None:
            state: _State = {}
            for agent in agents:
                state.update(await agent(state))
            assert len(state) == len(agents)

        return work

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        if seconds is not None:
            agents = [_sleeps(f"k{it}", it, seconds) for it in range(branches)]
        else:
            agents = [_writes(f"k{it}", it) for it in range(branches)]

        async def work() -> None:
            state: _State = {}
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(agent(state)) for agent in agents]
            for task in tasks:
                state.update(task.result())
            assert len(state) == branches

        yield work

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        async def work() -> None:
            state: _State = {"n": 0}
            while state["n"] < passes:
                state.update(await _counts(state))
            assert state["n"] == passes

        yield work

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        agents = {f"case{it}": _writes("taken", it) for it in range(CASES)}

        async def work() -> None:
            state: _State = {"target": "case7"}
            state.update(await agents[state["target"]](state))
            assert state["taken"] == 7

        yield work

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        first = _writes("n", 0)
        branches = [_writes(f"k{it}", it) for it in range(3)]
        cases = {f"case{it}": _writes("taken", it) for it in range(CASES)}

        async def work() -> None:
            state: _State = {"target": "case7"}
            state.update(await first(state))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(branch(state)) for branch in branches]
            for task in tasks:
                state.update(task.result())
            while state["n"] < 2:
                state.update(await _counts(state))
            state.update(await cases[state["target"]](state))
            assert state["taken"] == 7

        yield work

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        agents = [_writes(f"k{it}", it) for it in range(steps)]
        load = megabyte()

        async def work() -> None:
            state: _State = {"load": load}
            for agent in agents:
                state.update(await agent(state))
            assert len(state) == steps + 1

        yield work

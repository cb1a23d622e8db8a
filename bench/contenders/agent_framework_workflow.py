"""Microsoft's Agent Framework: executors that send the state on as their message."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Never

from agent_framework import Case, Default, WorkflowBuilder, WorkflowContext, executor

from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["AgentFramework"]

_State = dict[str, Any]
_Sends = WorkflowContext[_State]
_Yields = WorkflowContext[Never, _State]


def _writes(key: str, value: Any, seconds: float | None = None) -> Any:
    async def run(state: _State, ctx: _Sends) -> None:
        if seconds is not None:
            await asyncio.sleep(seconds)
        await ctx.send_message({**state, key: value})

    return _named(run, key)


def _named(run: Any, name: str) -> Any:
    return executor(id=name)(run)


def _passes_on(name: str) -> Any:
    async def run(state: _State, ctx: _Sends) -> None:
        await ctx.send_message(state)

    return _named(run, name)


def _counter() -> Any:
    async def run(state: _State, ctx: _Sends) -> None:
        await ctx.send_message({**state, "n": state["n"] + 1})

    return _named(run, "counter")


def _answers() -> Any:
    async def run(state: _State, ctx: _Yields) -> None:
        await ctx.yield_output(state)

    return _named(run, "answer")


def _merged(states: list[_State]) -> _State:
    return {key: value for state in states for key, value in state.items()}


def _gathers() -> Any:
    async def run(states: list[_State], ctx: _Sends) -> None:
        await ctx.send_message(_merged(states))

    return _named(run, "gather")


def _gathers_at_last() -> Any:
    async def run(states: list[_State], ctx: _Yields) -> None:
        await ctx.yield_output(_merged(states))

    return _named(run, "gather")


class AgentFramework:
    """A built workflow; it runs one message at a time, so runs at once have one each."""

    name = "agent-framework"
    is_peer = True

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._in_a_row([(f"k{it}", it) for it in range(steps)])

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        yield self._in_a_row([(f"k{it}", it) for it in range(steps)], seconds)

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._in_a_row([("load", megabyte()), *((f"k{it}", it) for it in range(steps))])

    def _in_a_row(self, writes: Sequence[tuple[str, Any]], seconds: float | None = None) -> Work:
        def build() -> Any:
            chain = [_writes(key, value, seconds) for key, value in writes]
            builder = WorkflowBuilder(len(chain) + 10, start_executor=chain[0])
            return builder.add_chain([*chain, _answers()]).build()

        return self._work(build, {}, size=len(writes))

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        def build() -> Any:
            begin, gather = _passes_on("begin"), _gathers_at_last()
            steps = [_writes(f"k{it}", it, seconds) for it in range(branches)]
            builder = WorkflowBuilder(start_executor=begin)
            return builder.add_fan_out_edges(begin, steps).add_fan_in_edges(steps, gather).build()

        yield self._work(build, {}, size=branches)

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        def build() -> Any:
            counter = _counter()
            builder = WorkflowBuilder(passes + 10, start_executor=counter)
            return _again(builder, counter, passes, _answers()).build()

        yield self._work(build, {"n": 0}, n=passes)

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        def build() -> Any:
            choose = _passes_on("choose")
            return _cases(WorkflowBuilder(start_executor=choose), choose).build()

        yield self._work(build, {"target": "case7"}, taken=7)

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        def build() -> Any:
            first, gather, counter = _writes("n", 0), _gathers(), _counter()
            choose, branches = _passes_on("choose"), [_writes(f"k{it}", it) for it in range(3)]
            builder = WorkflowBuilder(start_executor=first).add_fan_out_edges(first, branches)
            builder.add_fan_in_edges(branches, gather).add_edge(gather, counter)
            return _cases(_again(builder, counter, 2, choose), choose).build()

        yield self._work(build, {"target": "case7"}, n=2, k2=2, taken=7)

    @staticmethod
    def _work(build: Callable[[], Any], data: _State, *, size: int = 0, **wanted: Any) -> Work:
        idle = [build()]

        async def work() -> None:
            workflow = idle.pop() if idle else build()
            (found,) = (await workflow.run(dict(data))).get_outputs()
            idle.append(workflow)
            assert not size or len(found) == size
            assert all(found[key] == value for key, value in wanted.items()), found

        return work


def _again(builder: Any, counter: Any, passes: int, after: Any) -> Any:
    case = Case(condition=lambda state: state["n"] < passes, target=counter)
    return builder.add_switch_case_edge_group(counter, [case, Default(target=after)])


def _cases(builder: Any, choose: Any) -> Any:
    answer = _answers()
    steps = [_case(it) for it in range(CASES)]
    cases = [
        Case(condition=lambda state, it=it: state["target"] == f"case{it}", target=steps[it])
        for it in range(CASES - 1)
    ]
    builder.add_switch_case_edge_group(choose, [*cases, Default(target=steps[-1])])
    for step in steps:
        builder.add_edge(step, answer)
    return builder


def _case(number: int) -> Any:
    async def run(state: _State, ctx: _Sends) -> None:
        await ctx.send_message({**state, "taken": number})

    return _named(run, f"case{number}")

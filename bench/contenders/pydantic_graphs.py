"""pydantic-graph: steps of a built graph over a state that they share; joins gather branches."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic_graph import GraphBuilder, StepContext, reduce_null

from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["PydanticGraph"]


@dataclass
class _State:
    data: dict[str, Any] = field(default_factory=dict[str, Any])


_Context = StepContext[_State, None, Any]


def _writes(key: str, value: Any) -> Any:
    async def step(ctx: _Context) -> None:
        ctx.state.data[key] = value

    return step


def _sleeps(key: str, value: int, seconds: float) -> Any:
    async def step(ctx: _Context) -> None:
        await asyncio.sleep(seconds)
        ctx.state.data[key] = value

    return step


async def _counts(ctx: _Context) -> int:
    ctx.state.data["n"] += 1
    return ctx.state.data["n"]


async def _target(ctx: _Context) -> str:
    return ctx.state.data["target"]


def _builder() -> Any:
    return GraphBuilder(state_type=_State)


class PydanticGraph:
    """A graph of the builder as it comes; nobody listens to its spans."""

    name = "pydantic-graph"
    is_peer = True

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._in_a_row([_writes(f"k{it}", it) for it in range(steps)])

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        yield self._in_a_row([_sleeps(f"k{it}", it, seconds) for it in range(steps)])

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        calls = [_writes(f"k{it}", it) for it in range(steps)]
        yield self._in_a_row([_writes("load", megabyte()), *calls])

    def _in_a_row(self, calls: Sequence[Any]) -> Work:
        graph = _builder()
        steps = [graph.step(call, node_id=f"s{it}") for it, call in enumerate(calls)]
        nodes = [graph.start_node, *steps, graph.end_node]
        for before, after in pairwise(nodes):
            graph.add(graph.edge_from(before).to(after))
        return self._work(graph, {}, size=len(calls))

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        graph = _builder()
        calls = [
            _writes(f"k{it}", it) if seconds is None else _sleeps(f"k{it}", it, seconds)
            for it in range(branches)
        ]
        join = _parallel(graph, graph.start_node, calls)
        graph.add(graph.edge_from(join).to(graph.end_node))
        yield self._work(graph, {}, size=branches)

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        graph = _builder()
        counter = graph.step(_counts, node_id="a")
        graph.add(graph.edge_from(graph.start_node).to(counter))
        _again(graph, counter, passes, graph.end_node)
        yield self._work(graph, {"n": 0}, n=passes)

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        graph = _builder()
        choose = graph.step(_target, node_id="choose")
        graph.add(graph.edge_from(graph.start_node).to(choose))
        _cases(graph, choose)
        yield self._work(graph, {"target": "case7"}, taken=7)

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        graph = _builder()
        first = graph.step(_writes("n", 0), node_id="first")
        counter = graph.step(_counts, node_id="counter")
        choose = graph.step(_target, node_id="choose")
        graph.add(graph.edge_from(graph.start_node).to(first))
        join = _parallel(graph, first, [_writes(f"k{it}", it) for it in range(3)])
        graph.add(graph.edge_from(join).to(counter))
        _again(graph, counter, 2, choose)
        _cases(graph, choose)
        yield self._work(graph, {"target": "case7"}, n=2, k2=2, taken=7)

    @staticmethod
    def _work(graph: Any, data: dict[str, Any], *, size: int = 0, **wanted: Any) -> Work:
        built = graph.build()

        async def work() -> None:
            state = _State(dict(data))
            await built.run(state=state)
            assert not size or len(state.data) == size
            assert all(state.data[key] == value for key, value in wanted.items()), state

        return work


def _parallel(graph: Any, before: Any, calls: Sequence[Any]) -> Any:
    steps = [graph.step(call, node_id=f"k{it}") for it, call in enumerate(calls)]
    join = graph.join(reduce_null, initial=None, node_id="join")
    graph.add(graph.edge_from(before).to(*steps), graph.edge_from(*steps).to(join))
    return join


def _again(graph: Any, counter: Any, passes: int, after: Any) -> None:
    decision = (
        graph.decision()
        .branch(graph.match(int, matches=lambda n: n < passes).to(counter))
        .branch(graph.match(int).to(after))
    )
    graph.add(graph.edge_from(counter).to(decision))


def _cases(graph: Any, choose: Any) -> None:
    decision = graph.decision()
    for it in range(CASES):
        case = graph.step(_writes("taken", it), node_id=f"case{it}")
        wanted = f"case{it}"
        branch = graph.match(str, matches=lambda name, wanted=wanted: name == wanted)
        decision = decision.branch(branch.to(case))
        graph.add(graph.edge_from(case).to(graph.end_node))
    graph.add(graph.edge_from(choose).to(decision))

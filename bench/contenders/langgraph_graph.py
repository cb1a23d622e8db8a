"""LangGraph: a graph over one channel of data, whose reducer merges what each node writes."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph

from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["LangGraph"]


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {**old, **new}


class _State(TypedDict):
    data: Annotated[dict[str, Any], _merged]


def _writes(key: str, value: Any) -> Any:
    async def node(state: _State) -> Any:
        return {"data": {key: value}}

    return node


def _sleeps(key: str, value: int, seconds: float) -> Any:
    async def node(state: _State) -> Any:
        await asyncio.sleep(seconds)
        return {"data": {key: value}}

    return node


async def _counts(state: _State) -> Any:
    return {"data": {"n": state["data"]["n"] + 1}}


def _target(state: _State) -> str:
    return state["data"]["target"]


class LangGraph:
    """A compiled StateGraph without a checkpointer."""

    name = "langgraph"
    is_peer = True

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._in_a_row({f"k{it}": _writes(f"k{it}", it) for it in range(steps)})

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        yield self._in_a_row({f"k{it}": _sleeps(f"k{it}", it, seconds) for it in range(steps)})

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        nodes = {"load": _writes("load", megabyte())}
        yield self._in_a_row(nodes | {f"k{it}": _writes(f"k{it}", it) for it in range(steps)})

    def _in_a_row(self, nodes: Mapping[str, Any]) -> Work:
        graph = StateGraph(_State)
        graph.add_sequence(list(nodes.items()))
        graph.add_edge(START, next(iter(nodes)))
        return self._work(graph, {}, size=len(nodes))

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        graph = StateGraph(_State)
        for it in range(branches):
            write = f"k{it}", it
            node = _writes(*write) if seconds is None else _sleeps(*write, seconds)
            graph.add_node(f"k{it}", node)
            graph.add_edge(START, f"k{it}")
            graph.add_edge(f"k{it}", END)
        yield self._work(graph, {}, size=branches)

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        graph = StateGraph(_State)
        graph.add_node("a", _counts)
        graph.add_edge(START, "a")
        again = {True: "a", False: END}
        graph.add_conditional_edges("a", lambda state: state["data"]["n"] < passes, again)
        yield self._work(graph, {"n": 0}, n=passes, limit=passes)

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        graph = StateGraph(_State)
        graph.add_conditional_edges(START, _target, _cases(graph))
        yield self._work(graph, {"target": "case7"}, taken=7)

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        graph = StateGraph(_State)
        graph.add_node("first", _writes("n", 0))
        graph.add_node("counter", _counts)
        graph.add_node("choose", lambda state: {})
        graph.add_edge(START, "first")
        for it in range(3):
            graph.add_node(f"k{it}", _writes(f"k{it}", it))
            graph.add_edge("first", f"k{it}")
        graph.add_edge(["k0", "k1", "k2"], "counter")
        again = {True: "counter", False: "choose"}
        graph.add_conditional_edges("counter", lambda state: state["data"]["n"] < 2, again)
        graph.add_conditional_edges("choose", _target, _cases(graph))
        yield self._work(graph, {"target": "case7"}, n=2, k2=2, taken=7)

    @staticmethod
    def _work(
        graph: Any, data: dict[str, Any], *, size: int = 0, limit: int = 0, **wanted: Any
    ) -> Work:
        compiled = graph.compile()
        config = {"recursion_limit": max(size, limit) + 25}

        async def work() -> None:
            found = (await compiled.ainvoke({"data": data}, config))["data"]
            assert not size or len(found) == size
            assert all(found[key] == value for key, value in wanted.items()), found

        return work


def _cases(graph: Any) -> dict[str, str]:
    for it in range(CASES):
        graph.add_node(f"case{it}", _writes("taken", it))
        graph.add_edge(f"case{it}", END)
    return {f"case{it}": f"case{it}" for it in range(CASES)}

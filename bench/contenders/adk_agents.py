"""Google's ADK: agents of one's own under its workflow agents, run by a Runner over a session."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from google.adk.agents import BaseAgent, LoopAgent, ParallelAgent, SequentialAgent
from google.adk.events import Event, EventActions
from google.adk.runners import Runner
from google.adk.sessions import InMemorySessionService
from google.genai import types

from contenders.base import CASES, Work
from contenders.payload import megabyte

__all__ = ["Adk"]

_USER, _APP = "user", "bench"


class _Writes(BaseAgent):
    key: str
    value: Any
    seconds: float | None = None

    async def _run_async_impl(self, ctx: Any) -> AsyncGenerator[Event, None]:
        if self.seconds is not None:
            await asyncio.sleep(self.seconds)
        yield _event(self, ctx, {self.key: self.value})


class _Counts(BaseAgent):
    until: int

    async def _run_async_impl(self, ctx: Any) -> AsyncGenerator[Event, None]:
        n = ctx.session.state["n"] + 1
        yield _event(self, ctx, {"n": n}, escalate=True if n >= self.until else None)


class _Chooses(BaseAgent):
    async def _run_async_impl(self, ctx: Any) -> AsyncGenerator[Event, None]:
        chosen = self.find_sub_agent(ctx.session.state["target"])
        assert chosen is not None
        async for event in chosen.run_async(ctx):
            yield event


def _event(agent: BaseAgent, ctx: Any, delta: dict[str, Any], *, escalate: Any = None) -> Event:
    actions = EventActions(state_delta=delta, escalate=escalate)
    return Event(author=agent.name, invocation_id=ctx.invocation_id, actions=actions)


def _writing(names: Sequence[str], seconds: float | None = None) -> list[Any]:
    return [
        _Writes(name=name, key=name, value=number, seconds=seconds)
        for number, name in enumerate(names)
    ]


def _keys(count: int) -> list[str]:
    return [f"k{it}" for it in range(count)]


class Adk:
    """The workflow agents of ADK, which do less than its newer Workflow and are much faster."""

    name = "google-adk"
    is_peer = True

    @asynccontextmanager
    async def sequence(self, steps: int) -> AsyncGenerator[Work, None]:
        yield self._in_a_row(_writing(_keys(steps)))

    @asynccontextmanager
    async def suspending(self, steps: int, seconds: float = 0.0) -> AsyncGenerator[Work, None]:
        yield self._in_a_row(_writing(_keys(steps), seconds))

    @asynccontextmanager
    async def carry(self, steps: int) -> AsyncGenerator[Work, None]:
        load = _Writes(name="load", key="load", value=megabyte())
        yield self._in_a_row([load, *_writing(_keys(steps))])

    def _in_a_row(self, agents: list[Any]) -> Work:
        root = SequentialAgent(name="root", sub_agents=agents)
        return self._work(root, {}, size=len(agents))

    @asynccontextmanager
    async def fan_out(
        self, branches: int, seconds: float | None = None
    ) -> AsyncGenerator[Work, None]:
        agents = _writing(_keys(branches), seconds)
        yield self._work(ParallelAgent(name="root", sub_agents=agents), {}, size=branches)

    @asynccontextmanager
    async def loop(self, passes: int) -> AsyncGenerator[Work, None]:
        root = LoopAgent(name="root", sub_agents=[_Counts(name="a", until=passes)])
        yield self._work(root, {"n": 0}, n=passes)

    @asynccontextmanager
    async def route(self) -> AsyncGenerator[Work, None]:
        yield self._work(_router(), {"target": "case7"}, taken=7)

    @asynccontextmanager
    async def nested(self) -> AsyncGenerator[Work, None]:
        parts = [
            _Writes(name="first", key="n", value=0),
            ParallelAgent(name="all", sub_agents=_writing(_keys(3))),
            LoopAgent(name="count", sub_agents=[_Counts(name="counter", until=2)]),
            _router(),
        ]
        root = SequentialAgent(name="root", sub_agents=parts)
        yield self._work(root, {"target": "case7"}, n=2, k2=2, taken=7)

    @staticmethod
    def _work(root: Any, data: dict[str, Any], *, size: int = 0, **wanted: Any) -> Work:
        sessions = InMemorySessionService()
        runner = Runner(app_name=_APP, agent=root, session_service=sessions)
        message = types.Content(role="user", parts=[types.Part(text="go")])

        async def work() -> None:
            session = await sessions.create_session(app_name=_APP, user_id=_USER, state=dict(data))
            given = {"user_id": _USER, "session_id": session.id}
            async for _ in runner.run_async(new_message=message, **given):
                pass
            ended = await sessions.get_session(app_name=_APP, **given)
            assert ended is not None
            assert not size or len(ended.state) == size, ended.state
            assert all(ended.state[key] == value for key, value in wanted.items()), ended.state
            await sessions.delete_session(app_name=_APP, **given)

        return work


def _router() -> Any:
    cases: list[Any] = [_Writes(name=f"case{it}", key="taken", value=it) for it in range(CASES)]
    return _Chooses(name="choose", sub_agents=cases)

"""Random flows of agents that fail, dawdle, hang and route, and what must hold of each run."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from hypothesis import strategies as st

from agentflow.agents.base import AgentCall
from agentflow.flow.flow import AgentUse, Chain, Flow
from agentflow.gate import without_passes
from agentflow.state import State
from agentflow.states import States
from agentflow.trace import (
    LoopChecked,
    RouteChosen,
    RunFinished,
    StepCancelled,
    StepFailed,
    StepStarted,
    StepSucceeded,
)
from engine.fakes import case, chain, flow, loop, parallel, router, sequence

ENDS = (StepSucceeded, StepFailed, StepCancelled)
START = {"trail": [], "hops": 0}
AT_ONCE = ("answers at once", "answers at once", "fails at once", "cancels its task")
"""What agents do that never wait, and so need no task where they are branches."""
ORDERLY = ("works", "works", "works", "fails", "fails once", "routes", *AT_ONCE)
WILD = (*ORDERLY, "works", "hangs", "clings", "answers rubbish")


@dataclass(frozen=True)
class Plan:
    """A flow, and how each of its agents behaves."""

    flow: Flow
    manners: dict[str, str]
    """What an agent does when it has waited, by its name."""

    @property
    def routes(self) -> bool:
        """Whether results are sent elsewhere, out of the step that they stand in."""
        return "routes" in self.manners.values()


@st.composite
def plans(draw: st.DrawFn, *, wild: bool = False) -> Plan:
    """A flow of every mode; a wild one has agents that never end, and timeouts of milliseconds."""
    kinds = st.sampled_from(WILD if wild else ORDERLY)
    manners = {name: draw(kinds) for name in "abcde"}
    declared = {name: draw(_declared(wild=wild)) for name in manners}
    grown = _Grown(draw, tuple(manners), wild=wild)
    root = [*grown.steps(0), grown.parallel(0)]
    limits = {"timeout": draw(st.sampled_from(("10ms", "100ms")))} if wild else {"max_hops": 10_000}
    of = flow(*root, agents=declared, max_concurrency=draw(st.integers(1, 4)), **limits)
    used = {it.step.name for it in of.places() if isinstance(it.step, AgentUse)}
    return Plan(of, {name: manner for name, manner in manners.items() if name in used})


def _declared(*, wild: bool) -> st.SearchStrategy[dict]:
    """What the flow says of an agent."""
    policy = st.fixed_dictionaries({"max_retries": st.integers(0, 2), "base_delay_ms": st.just(0)})
    return st.fixed_dictionaries(
        {"on_error": st.sampled_from(["continue", "continue", "fail"])},
        optional={"retry_policy": policy, "timeout": _timeouts(wild=wild)},
    )


def _timeouts(*, wild: bool) -> st.SearchStrategy[str]:
    return st.sampled_from(("1ms", "3ms", "20ms") if wild else ("1h",))


class _Grown:
    """Grows steps; each orchestrator has a number of its own."""

    def __init__(self, draw: st.DrawFn, agents: tuple[str, ...], *, wild: bool) -> None:
        self._draw, self._agents, self._wild, self._count = draw, agents, wild, 0

    def steps(self, depth: int) -> list:
        return [self._step(depth) for _ in range(self._draw(st.integers(1, 3)))]

    def _step(self, depth: int):
        kind = self._draw(st.sampled_from(["agent"] * 4 + ["s", "p", "p", "l", "r"] * (depth < 3)))
        if kind == "agent":
            return AgentUse(agent=self._draw(st.sampled_from(self._agents)))
        self._count += 1
        return getattr(self, f"_{kind}")(f"{kind}{self._count}", depth + 1)

    def _limits(self) -> dict[str, str]:
        limit = self._draw(st.none() | _timeouts(wild=self._wild))
        return {"timeout": limit} if limit else {}

    def parallel(self, depth: int):
        """Some branches."""
        self._count += 1
        return self._p(f"p{self._count}", depth + 1)

    def _s(self, name: str, depth: int):
        return sequence(name, *self.steps(depth), **self._limits())

    def _l(self, name: str, depth: int):
        limits = {"max_iterations": self._draw(st.integers(1, 3)), **self._limits()}
        return loop(name, *self.steps(depth), condition="size(trail) > 8", **limits)

    def _r(self, name: str, depth: int):
        when = f"size(trail) > {self._draw(st.integers(0, 6))}"
        return router(name, case("long", *self.steps(depth), when=when), chain(*self.steps(depth)))

    def _p(self, name: str, depth: int):
        branches: list[Chain] = [
            chain(*self.steps(depth)) for _ in range(self._draw(st.sampled_from([3, 2, 4, 1])))
        ]
        given = {"failure_threshold": self._draw(st.sampled_from([1.0, 0.34, 0.0]))}
        if limit := self._draw(st.none() | _timeouts(wild=self._wild)):
            given["agent_timeout"] = limit
        return parallel(name, *branches, merge={"trail": "append"}, **given, **self._limits())


@dataclass
class Cast:
    """The agents of a plan, and how many of them are at work."""

    plan: Plan
    wait: Callable[[], Awaitable[None]]
    """What each does first."""
    at_work: int = 0
    seen: Counter = field(default_factory=Counter)

    def agents(self) -> dict:
        """All of them, by name."""
        return {name: self._agent(name, manner) for name, manner in self.plan.manners.items()}

    def _agent(self, name: str, manner: str):
        async def called(state: State, call: AgentCall):
            with self._counted(manner):
                await self.wait()
                return await self._done(name, manner, state, call.attempt)

        async def function(state):
            with self._counted(manner):
                await self.wait()
                return await self._done(name, manner, state, 1)

        async def at_once(state):
            self.seen[manner] += 1
            if manner == "fails at once":
                raise ValueError("it was told to")
            if manner == "cancels its task":
                asyncio.current_task().cancel()
            return {name: len(state["trail"])}

        if manner in AT_ONCE:
            return at_once
        return called if manner == "fails once" else function

    @contextmanager
    def _counted(self, manner: str):
        self.at_work += 1
        self.seen[manner] += 1
        try:
            yield
        finally:
            self.at_work -= 1

    async def _done(self, name: str, manner: str, state: State, attempt: int):
        if manner == "fails" or (manner == "fails once" and attempt == 1):
            raise ValueError("it was told to")
        if manner == "hangs":
            await asyncio.Event().wait()
        if manner == "clings":
            await _cling()
        if manner == "answers rubbish":
            return {"x": object()}
        changes = {"trail": [*state["trail"], name][-12:], name: len(state["trail"])}
        if manner == "routes" and state["hops"] < 2:
            route = random.Random(f"{name}{state['trail']}").choice(sorted(self.plan.manners))
            changes["hops"] = state["hops"] + 1
            return state.with_changes(changes, metadata={**state.metadata, "route": route})
        return changes


async def _cling():
    """Be slow to go."""
    try:
        await asyncio.sleep(0.002)
    except asyncio.CancelledError:
        for _ in range(3):
            await asyncio.sleep(0)
        raise


class Shuffle:
    """Lets those who wait for it go on in an order that a number decides, and no clock."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._waiting: list[asyncio.Future[None]] = []

    async def turn(self) -> None:
        """Wait until it is this one's turn. Each who comes has one go, sooner or later."""
        loop = asyncio.get_running_loop()
        self._waiting.append(mine := loop.create_future())
        loop.call_soon(self._later, self._dice.randrange(12))
        await mine

    def _later(self, rounds: int) -> None:
        if rounds:
            asyncio.get_running_loop().call_soon(self._later, rounds - 1)
            return
        self._waiting = [it for it in self._waiting if not it.done()]
        if self._waiting:
            chosen = self._dice.randrange(len(self._waiting))
            self._waiting.pop(chosen).set_result(None)


def dawdling(seed: int) -> Callable[[], Awaitable[None]]:
    """Waits of some rounds of the loop, now and then of a moment of time."""
    dice = random.Random(seed)

    async def wait() -> None:
        for _ in range(dice.randrange(4)):
            await asyncio.sleep(0)
        if dice.random() < 0.1:
            await asyncio.sleep(dice.random() * 0.002)

    return wait


def told(result, plan: Plan) -> dict:
    """What of a run must be the same in whatever order its agents end.

    Branches that were still on their way when too many of the others had failed were stopped
    wherever they stood: of what lies in such a step, only what came of the whole is told.
    """
    broken = {
        it.path
        for it in result.entries
        if isinstance(it, StepFailed) and it.path.rpartition("/")[2].startswith("p")
    }
    found = {"status": result.status, "state": result.state, "keys": list(result.state)}
    if broken and plan.routes:
        return found
    entries = [it for it in result.entries if not _inside(it.path, broken)]
    return {**found, "ends": _ends(entries), "decided": _decided(entries)}


def _inside(path: str, steps: set[str]) -> bool:
    return any(path.startswith(f"{it}/") for it in steps)


def _ends(entries) -> dict[str, list[str]]:
    """How the steps of a path ended, without what depends on the clock or on the order."""
    ends: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry, ENDS):
            changes = getattr(entry, "changes", None)
            ends.setdefault(entry.path, []).append(f"{type(entry).__name__} {json.dumps(changes)}")
    # Two branches may have been routed to one step; which of them came first is no matter.
    return {path: sorted(each) for path, each in ends.items()}


def _decided(entries) -> dict[str, list[str]]:
    """What routers and loops decided."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry, (RouteChosen, LoopChecked)):
            found.setdefault(entry.path, []).append(repr(entry[4:]))
    return found


def assert_orderly(result, plan: Plan) -> None:
    """Each step that began has ended once, inside the step around it, and all of it adds up."""
    entries, open_steps = result.entries, {}
    assert [it.seq for it in entries] == list(range(len(entries)))
    for entry in entries:
        if isinstance(entry, StepStarted):
            around = {without_passes(it) for it in open_steps.values()}
            above = without_passes(entry.path).rpartition("/")[0]
            assert plan.routes or not above or above in around, entry.path
            open_steps[entry.seq] = entry.path
        elif isinstance(entry, ENDS):
            assert open_steps.pop(entry.began) == entry.path
    assert open_steps == {}
    assert isinstance(entries[-1], RunFinished)
    assert (entries[-1].status, entries[-1].state) == (result.status, result.state)
    _assert_adds_up(result, plan)


def _assert_adds_up(result, plan: Plan) -> None:
    """The state of the outcome is what the last step left that stands in no branch."""
    states, lefts = States(), [0]
    branching = {it.path for it in plan.flow.places() if it.path.rpartition("/")[2][0] == "p"}
    for entry in result.entries:
        states.feed(entry)
        left = isinstance(entry, ENDS) and getattr(entry, "changes", None) is not None
        if left and (plan.routes or not _inside(without_passes(entry.path), branching)):
            lefts.append(entry.seq)
    # A branch may have been routed to a step that stands in none, and been stopped later.
    last = lefts if plan.routes and result.status != "succeeded" else lefts[-1:]
    assert any(states.left(seq).to_dict() == result.state.to_dict() for seq in last)

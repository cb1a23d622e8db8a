"""ChainSteps: runs the steps of a chain, and follows results that are routed elsewhere."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from agentflow.errors import SetupError
from agentflow.event import ALONE, Event
from agentflow.flow.near import near
from agentflow.gate import without_passes
from agentflow.orchestrators.base import ChainRunner, Coming, arrived
from agentflow.run import Run
from agentflow.state import State
from agentflow.trace import RouteChosen

__all__ = ["ChainStep", "ChainSteps", "RestOfChain", "Target", "Targets"]

RestOfChain = Callable[[Run, Coming, str, int], Awaitable[State]]
"""(run, what comes of a step, the chain's prefix, the number of the next step) → state. Waits for
the step, follows the route of its result, and runs what comes after it."""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """A step that stands in a chain, ready to run."""

    name: str
    run: ChainRunner
    """Gets the prefix of the chain that it stands in."""
    cases: frozenset[str] = frozenset()
    """What a router takes a `route` for; a route to one of them is left for it."""
    alone: Callable[[RestOfChain], ChainRunner] | None = None
    """Makes what runs it as a chain of its own, which knows itself when there is a rest of that;
    None where it does not."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a result may be routed to."""

    prefix: str
    """What its path begins with, without passes: "triage/"; a case's is that of its router."""
    run: ChainRunner
    case: str = ""
    """The case's name; "" for an agent or an orchestrator."""


class Targets:
    """Everything in a flow that a result may be routed to, by name."""

    def __init__(self) -> None:
        self._steps: dict[str, Target] = {}
        self._cases: dict[str, list[Target]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._steps or name in self._cases

    def add(self, name: str, target: Target) -> None:
        """Let results be routed there. Of an agent's uses the first one counts."""
        if target.case:
            self._cases.setdefault(name, []).append(target)
        else:
            self._steps.setdefault(name, target)

    def nearest(self, name: str, prefix: str) -> Target:
        """What a name means in the chain of this prefix: first the cases of a router around it.

        Raises:
            KeyError: nothing has that name.
        """
        here = without_passes(prefix)
        cases = self._cases.get(name, [])
        around = [case for case in cases if here.startswith(case.prefix)]
        if around:
            return max(around, key=lambda case: len(case.prefix))
        return self._steps[name] if name in self._steps else cases[0]

    def alone(self, name: str) -> ChainRunner | None:
        """What runs the step of that name without those around it; None where there is none."""
        target = self._steps.get(name)
        if target is None:
            return None
        chain = ChainSteps([ChainStep(name, target.run)], self).runner

        def run(run: Run, state: State, prefix: str) -> Coming:
            return chain(run, state, prefix + target.prefix)

        return run

    def sent_to(self, name: str, event: Event) -> Event:
        """The event, for one step; it says so itself, so that a run of it can be resumed.

        Raises:
            SetupError: there is no such step.
        """
        if name not in self._steps:
            meant = near(name, self._steps)
            fix = f"did you mean {meant!r}?" if meant else "give the name of one"
            raise SetupError(f"runner: no step of the flow is called {name!r}; {fix}")
        return replace(event, metadata={**event.metadata, ALONE: name})

    async def dispatch(self, name: str, run: Run, state: State, prefix: str) -> State:
        """Dispatch a result of the chain of this prefix to what it is routed to."""
        target = self.nearest(name, prefix)
        place = _in_the_same_passes(target.prefix, prefix)
        if target.case:
            run.record(RouteChosen, place.rstrip("/"), target.case, "route", ())
        run.now = monotonic()
        return await arrived(target.run(run, state, place))


def _in_the_same_passes(static: str, prefix: str) -> str:
    """A prefix without passes, in the passes that another one is in as far as they go together."""
    parts = static.split("/")
    for index, part in enumerate(prefix.split("/")[:-1]):
        if index >= len(parts) - 1 or without_passes(part) != parts[index]:
            break
        parts[index] = part
    return "/".join(parts)


class ChainSteps:
    """A chain, ready to run."""

    __slots__ = ("_index", "_runners", "_steps", "_targets")

    def __init__(self, steps: Sequence[ChainStep], targets: Targets) -> None:
        self._steps = tuple(steps)
        self._runners = tuple(step.run for step in steps)
        self._targets = targets
        self._index: Mapping[str, int] = {
            step.name: index for index, step in reversed(tuple(enumerate(steps)))
        }

    @property
    def runner(self) -> ChainRunner:
        """What runs it. Most chains in orchestrators are of one step, which is soon found."""
        if len(self._steps) != 1:
            return self._run
        alone = self._steps[0].alone
        return self._run_only if alone is None else alone(self._rest)

    def _run(self, run: Run, state: State, prefix: str) -> Coming:
        """Run the steps, one after another, each with the state that the one before left.

        Raises:
            RunError: a step failed, and no later one was run.
        """
        at = 0
        for step in self._runners:
            coming = step(run, state, prefix)
            at += 1  # noqa: SIM113 - enumerate would make a tuple a step
            if type(coming) is not State or "route" in coming.metadata:
                return self._rest(run, coming, prefix, at)
            state = run.whole = coming
        return state

    def _run_only(self, run: Run, state: State, prefix: str) -> Coming:
        coming = self._runners[0](run, state, prefix)
        if type(coming) is not State or "route" in coming.metadata:
            return self._rest(run, coming, prefix, 1)
        run.whole = coming
        return coming

    async def _rest(self, run: Run, coming: Any, prefix: str, at: int) -> State:
        """Wait for a step, and run those that come after it, from this one on."""
        runners, end = self._runners, len(self._runners)
        while True:
            if type(coming) is State:
                state = run.whole = coming
            else:
                state = run.whole = await coming
                run.now = monotonic()
            if "route" in state.metadata:
                state, at = await self._routed(run, state, prefix, at)
                run.now = monotonic()
            if at == end:
                return state
            coming = runners[at](run, state, prefix)
            at += 1

    async def _routed(self, run: Run, state: State, prefix: str, at: int) -> tuple[State, int]:
        """Follow the route of a result: the state, and the step of this chain that comes next.

        A route to a step of this chain goes on from there. A route elsewhere is dispatched there,
        and then the chain goes on where it was.
        """
        while name := state.metadata.get("route"):
            if at < len(self._steps) and name in self._steps[at].cases:
                return state, at
            state = state.without_route()
            run.hop(f"{prefix}{self._steps[at - 1].name}", name)
            if name in self._index:
                return state, self._index[name]
            state = await self._targets.dispatch(name, run, state, prefix)
            run.whole = state
        return state, at

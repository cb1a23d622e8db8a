"""Run: all that one event's dispatch shares, from its trace to its limits."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from agentflow.callbacks import CallbackArgs, CallbackRegistry, HookPoint
from agentflow.concurrency.deadlines import Deadline, Deadlines
from agentflow.concurrency.permits import Permits
from agentflow.concurrency.strand import Strand
from agentflow.errors import HopLimitError
from agentflow.event import Event
from agentflow.gate import Gate
from agentflow.recorder import Recorder
from agentflow.result import AgentResult
from agentflow.state import State
from agentflow.trace import BreakpointHit, RunPaused, RunResumed

__all__ = ["Run"]


@dataclass(slots=True, kw_only=True)
class Run:
    """One event on its way through a flow. Each branch of it goes its way with a Run of its own."""

    event: Event
    recorder: Recorder
    record: Callable[..., None] = field(init=False)
    """(kind, path, *facts): something happened; see `Recorder.record`."""
    hooks: CallbackRegistry
    gate: Gate | None
    """Holds steps; None for a run that nobody controls."""
    deadlines: Deadlines
    strand: Strand
    """The task that the steps of this branch run in."""
    left_behind: "set[asyncio.Task[None]]"
    """Agents that ignored their cancellation."""
    permits: tuple[Permits, ...] = ()
    """What an agent needs one of each of to be called, innermost first."""
    failure_threshold: float = 0.0
    """The share of branches that may fail where an orchestrator says nothing else."""
    max_hops: int = 25
    whole: State = field(default_factory=State)
    """The state that the last step left."""
    calls: dict[str, int] = field(default_factory=dict[str, int])
    """How often each agent was called on the way here; what other branches do does not count."""
    hops: tuple[str, ...] = ()
    """The names that results were routed to, on the way here."""

    def __post_init__(self) -> None:
        self.record = self.recorder.record

    @property
    def id(self) -> str:
        """The run's id."""
        return self.recorder.run_id

    def breakpoint_hit(self, path: str) -> None:
        """A step with a breakpoint is about to begin."""
        self.record(BreakpointHit, path)

    def paused(self, path: str) -> None:
        """The run waits before this step."""
        self.record(RunPaused, path)

    def resumed(self, path: str) -> None:
        """This step waits no longer."""
        self.record(RunResumed, path)

    def deadline(self, seconds: float | None, owner: str) -> Deadline | None:
        """Interrupt what now begins after so many seconds; None when it may take for ever."""
        return None if seconds is None else self.deadlines.start(self.strand, seconds, owner)

    def counted(self, agent: str) -> int:
        """The number of the call of this agent that now begins, from 1."""
        number = self.calls[agent] = self.calls.get(agent, 0) + 1
        return number

    def hop(self, path: str, name: str) -> None:
        """A result is routed on.

        Raises:
            HopLimitError: it was too often.
        """
        self.hops = (*self.hops, name)
        if len(self.hops) > self.max_hops:
            raise HopLimitError(path, self.hops, self.max_hops)

    def branch(self, strand: Strand) -> "Run":
        """The same run, going on in another task."""
        return replace(self, strand=strand, calls=dict(self.calls))

    def joined(self, branches: Iterable["Run"]) -> None:
        """The branches have ended: their calls now lie on the way here."""
        before = dict(self.calls)
        for branch in branches:
            for agent, count in branch.calls.items():
                self.calls[agent] = self.calls.get(agent, 0) + count - before.get(agent, 0)

    async def hook(
        self,
        hook: HookPoint,
        state: State,
        *,
        path: str = "",
        agent: str = "",
        result: AgentResult | None = None,
        error: BaseException | None = None,
    ) -> State:
        """Call what is registered at a hook; the state that it leaves.

        Raises:
            HookFailedError: a callback raised, or returned what is no state.
        """
        if not self.hooks.has(hook):
            return state
        args = CallbackArgs(
            hook=hook,
            event=self.event,
            state=state,
            run_id=self.id,
            agent=agent,
            path=path,
            result=result,
            error=error,
        )
        return await self.hooks.call(args)

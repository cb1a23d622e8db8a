"""Run: all that one event's dispatch shares, from its trace to its limits."""

import asyncio
from collections.abc import Callable, Iterable
from time import monotonic

from agentflow.callbacks import CallbackArgs, CallbackRegistry, HookPoint
from agentflow.concurrency.deadlines import Deadline, Deadlines
from agentflow.concurrency.permits import Permits
from agentflow.concurrency.stage import Stage
from agentflow.concurrency.strand import Strand
from agentflow.errors import HopLimitError
from agentflow.event import Event
from agentflow.gate import Gate
from agentflow.keeping import Keeping
from agentflow.recorder import Recorder
from agentflow.result import AgentResult
from agentflow.state import State
from agentflow.trace import BreakpointHit, RunPaused, RunResumed

__all__ = ["Run"]


class Run:
    """One event on its way through a flow. Each branch of it goes its way with a Run of its own."""

    __slots__ = (
        "all_hops",
        "calls",
        "deadlines",
        "event",
        "failure_threshold",
        "gate",
        "hooks",
        "hops",
        "is_watched",
        "keeping",
        "left",
        "left_behind",
        "max_hops",
        "now",
        "permits",
        "record",
        "recorder",
        "stages",
        "strand",
        "whole",
    )

    def __init__(
        self,
        *,
        event: Event,
        recorder: Recorder,
        hooks: CallbackRegistry,
        gate: Gate | None,
        deadlines: Deadlines,
        strand: Strand,
        left_behind: "set[asyncio.Task[None]]",
        stages: list[Stage],
        permits: Permits,
        failure_threshold: float = 0.0,
        max_hops: int = 25,
        keeping: Keeping | None = None,
    ) -> None:
        self.event = event
        self.recorder = recorder
        self.record: Callable[..., int] = recorder.record
        """(kind, path, *facts): something happened; see `Recorder.record`."""
        self.hooks = hooks
        self.gate = gate
        """Holds steps; None for a run that nobody controls."""
        self.deadlines = deadlines
        self.strand = strand
        """The task that the steps of this branch run in."""
        self.left_behind = left_behind
        """Agents that ignored their cancellation."""
        self.stages = stages
        """Where agents run; the runner's, for whoever needs one."""
        self.permits = permits
        """What an agent needs one of to be called."""
        self.failure_threshold = failure_threshold
        """The share of branches that may fail where an orchestrator says nothing else."""
        self.max_hops = max_hops
        self.keeping = keeping
        """Makes it one that can be resumed; None for a run that is not kept."""
        self.is_watched = gate is not None or keeping is not None
        """Whether its steps have to ask somebody before they begin."""
        self.now = 0.0
        """When, by `monotonic`, something was last done in this branch: the next step's begin."""
        self.whole = State()
        """The state that the last step left."""
        self.left = 0
        """The `seq` of the entry that left it; 0 for what the run began with."""
        self.calls: dict[str, int] = {}
        """How often each agent was called on the way here; other branches do not count."""
        self.hops: tuple[str, ...] = ()
        """The names that results were routed to, on the way here."""
        self.all_hops: list[str] = []
        """Those of all branches: what goes round in every branch doubles with every hop."""

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
        if seconds is None:
            return None
        return self.deadlines.start(self.strand, seconds, owner, monotonic())

    def counted(self, agent: str) -> int:
        """The number of the call of this agent that now begins, from 1."""
        number = self.calls[agent] = self.calls.get(agent, 0) + 1
        return number

    def hop(self, path: str, name: str) -> None:
        """A result is routed on.

        Raises:
            HopLimitError: it was too often, in all branches of the run together.
        """
        self.hops = (*self.hops, name)
        self.all_hops.append(name)
        if len(self.all_hops) > self.max_hops:
            raise HopLimitError(path, self.hops, self.max_hops)

    def branch(self, strand: Strand) -> "Run":
        """The same run, going on in another task."""
        branch = Run.__new__(Run)
        branch.event, branch.hooks, branch.gate = self.event, self.hooks, self.gate
        branch.recorder, branch.record = self.recorder, self.record
        branch.deadlines, branch.strand, branch.left_behind = (
            self.deadlines,
            strand,
            self.left_behind,
        )
        branch.stages = self.stages
        branch.permits, branch.failure_threshold = self.permits, self.failure_threshold
        branch.max_hops, branch.hops, branch.all_hops = self.max_hops, self.hops, self.all_hops
        branch.keeping, branch.is_watched, branch.now = self.keeping, self.is_watched, self.now
        branch.whole, branch.left = self.whole, self.left
        branch.calls = self.calls.copy()
        return branch

    def joined(self, branches: Iterable["Run"]) -> None:
        """The branches have ended: their calls now lie on the way here."""
        before = dict(self.calls)
        for branch in branches:
            if branch.calls == before:
                continue
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

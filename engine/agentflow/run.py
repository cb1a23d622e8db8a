"""Run: all that one event's dispatch shares, from its trace to its limits."""

import asyncio
from collections.abc import Iterable
from typing import Any

from agentflow.callbacks import CallbackArgs, CallbackRegistry, HookPoint
from agentflow.concurrency.deadlines import Deadlines
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
from agentflow.trace import BreakpointHit, RunPaused, RunResumed, TraceEntry

__all__ = ["Run", "Terms"]

_new = object.__new__


class Terms:
    """What is the same for all runs of a runner."""

    __slots__ = (
        "deadlines",
        "failure_threshold",
        "gate",
        "hooks",
        "left_behind",
        "max_concurrency",
        "max_hops",
        "stages",
    )

    def __init__(
        self,
        *,
        hooks: CallbackRegistry,
        gate: Gate | None,
        deadlines: Deadlines,
        left_behind: "set[asyncio.Task[None]]",
        max_concurrency: int,
        failure_threshold: float,
        max_hops: int,
    ) -> None:
        self.hooks = hooks
        self.gate = gate
        """Holds steps; None for runs that nobody controls."""
        self.deadlines = deadlines
        self.left_behind = left_behind
        """Agents that ignored their cancellation."""
        self.max_concurrency = max_concurrency
        """How many agents of a run may be at work at once."""
        self.failure_threshold = failure_threshold
        """The share of branches that may fail where an orchestrator says nothing else."""
        self.max_hops = max_hops
        self.stages: list[Stage] = []
        """Where agents run; those that are free."""


class Run:
    """One event on its way through a flow. Each branch of it goes its way with a Run of its own."""

    __slots__ = (
        "all_hops",
        "calls",
        "event",
        "hops",
        "is_branch",
        "is_watched",
        "keeping",
        "left",
        "now",
        "permits",
        "recorder",
        "strand",
        "terms",
        "whole",
    )

    now: float
    """When, by `monotonic`, something was last done in this branch: the next step's begin."""
    whole: State
    """The state that the last step left."""

    def __init__(
        self,
        event: Event,
        recorder: Recorder,
        strand: Strand,
        terms: Terms,
        keeping: Keeping | None = None,
    ) -> None:
        self.event, self.recorder, self.terms = event, recorder, terms
        self.strand = strand
        """The task that the steps of this branch run in."""
        self.permits = Permits(terms.max_concurrency)
        """What an agent needs one of to be called."""
        self.keeping = keeping
        """Makes it one that can be resumed; None for a run that is not kept."""
        self.is_watched = terms.gate is not None or keeping is not None
        """Whether its steps have to ask somebody before they begin."""
        self.is_branch = False
        """Whether it is only a branch of one."""
        self.left = 0
        """The `seq` of the entry that left `whole`; 0 for what the run began with."""
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

    def record(self, kind: type[TraceEntry], path: str, *facts: Any) -> int:
        """Something happened now: its kind, its path, and its facts; see `Recorder.record`."""
        return self.recorder.record(kind, path, *facts)

    def breakpoint_hit(self, path: str) -> None:
        """A step with a breakpoint is about to begin."""
        self.record(BreakpointHit, path)

    def paused(self, path: str) -> None:
        """The run waits before this step."""
        self.record(RunPaused, path)

    def resumed(self, path: str) -> None:
        """This step waits no longer."""
        self.record(RunResumed, path)

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
        if len(self.all_hops) > self.terms.max_hops:
            raise HopLimitError(path, self.hops, self.terms.max_hops)

    def branch(self, strand: Strand, now: float) -> "Run":
        """The same run, going on by itself from now on, in that strand."""
        # Its constructor would make things anew that all branches share.
        branch = _new(Run)
        branch.event, branch.recorder, branch.terms = self.event, self.recorder, self.terms
        branch.strand, branch.permits, branch.keeping = strand, self.permits, self.keeping
        branch.now, branch.is_branch = now, True
        branch.is_watched, branch.left, branch.whole = self.is_watched, self.left, self.whole
        branch.calls, branch.hops, branch.all_hops = self.calls.copy(), self.hops, self.all_hops
        return branch

    def joined(self, branches: Iterable["Run"]) -> None:
        """Branches have ended: their calls now lie on the way here."""
        before = self.calls.copy()
        for branch in branches:
            if branch.calls != before:
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
        if not self.terms.hooks.has(hook):
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
        return await self.terms.hooks.call(args)

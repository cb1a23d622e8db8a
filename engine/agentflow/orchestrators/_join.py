"""Join: runs a run's branches at the same time, and waits until all of them have ended."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from agentflow.concurrency.strand import BREATH, STRAND, Strand
from agentflow.errors import HopLimitError, RunError
from agentflow.orchestrators.base import Coming
from agentflow.run import Run
from agentflow.state import State

__all__ = ["Branches", "run_branches"]


class Branches:
    """Branches on their way, by their numbers."""

    __slots__ = ("errors", "states")

    def __init__(self, count: int) -> None:
        self.states: list[State | None] = [None] * count
        """What each left; None where it has not succeeded."""
        self.errors: dict[int, RunError] = {}
        """Why those failed that did, in the order in which they did."""


Work = Callable[[Run, int], Coming]
"""(the branch's own run, its number) → the state that it leaves."""

Decided = Callable[[Branches], str]
"""(the branches) → why those that still run are to be stopped, or ""."""


def run_branches(
    run: Run, count: int, work: Work, decided: Decided
) -> Branches | Awaitable[Branches]:
    """Run so many branches at the same time, begun in the order of their numbers.

    What cannot wait gains nothing by a task of its own: at first they run one after another, in the
    run's own. The first that may have to wait gets a task, and so do all after it. Branches of a
    branch have one each, lest they begin before those beside it have.

    Args:
        run: the run that they are branches of.
        count: how many.
        work: what the branches do. A RunError fails its branch; anything else fails all, and so
            does a HopLimitError.
        decided: asked after failures.

    Returns:
        The branches, at once where none had to wait. All have ended, whatever happened.
    """
    branches, runs = Branches(count), list[Run]()
    if run.is_branch and count:
        return _Join(run, branches, runs, work, decided).all_ended()
    strand, now, strand.may_wait = run.strand, run.now, False
    try:
        for number in range(count):
            own = run.branch(strand, now)
            runs.append(own)
            try:
                coming = work(own, number)
            except HopLimitError:
                raise
            except RunError as error:
                branches.errors[number] = error
                continue
            if type(coming) is not State:
                return _Join(run, branches, runs, work, decided).all_ended(number, coming)
            branches.states[number], now = coming, own.now
    finally:
        strand.may_wait = True
    run.joined(runs)
    return branches


class _Join:
    """Branches of which some may have to wait, in tasks."""

    def __init__(
        self, run: Run, branches: Branches, runs: list[Run], work: Work, decided: Decided
    ) -> None:
        """`runs` are the own ones of those branches that have begun."""
        self._run, self._branches, self._runs = run, branches, runs
        self._work, self._decided = work, decided
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        """Done when nothing is to be waited for any more, or when the others are to be stopped."""
        self._strands: list[Strand] = []
        self._left = 0
        """How many tasks have not ended."""
        self._is_to_judge = bool(branches.errors)
        self._has_crashed = False

    async def all_ended(self, first: int = 0, coming: Any = None) -> Branches:
        """Wait for the branches from the first one on; what is coming of that may be there."""
        run, branches = self._run, self._branches
        try:
            if coming is not None and run.strand.foreign_cancels() > 0:
                # Its agent has cancelled the task that it ran in, which is heard of in there only.
                await self._ended_here(first, coming)
            else:
                self._begin(first, coming)
            for number in range(first + 1, len(branches.states)):
                self._begin(number)
            if self._left:
                await self._over
        finally:
            if self._left:
                await self._all_stopped()
            run.joined(self._runs)
        if self._has_crashed:
            self._raise_what_is_no_failure()
        return branches

    def _begin(self, number: int, coming: Any = None) -> None:
        """Have a task for a branch; what is coming of it is there where it has begun already."""
        strand = Strand(None, self._run.strand.owner)
        if coming is not None:
            self._runs[number].strand = strand
            strand.go_on_from(self._run.strand)
        self._strands.append(strand)
        self._left += 1
        # Not by the loop's factory: that is there for tasks that agents start. It has its turn
        # before whoever made it, so that nobody can stop it before it has begun.
        going = self._go(strand, number, coming)
        strand.task = asyncio.Task(going, loop=self._loop, name="agentflow: a branch")

    async def _go(self, strand: Strand, number: int, coming: Any) -> None:
        STRAND.set(strand)
        now = monotonic()
        strand.breath_due = now + BREATH
        try:
            if self._is_to_judge:
                self._judge()  # not before all have their turn: a failure keeps none from that
            if coming is None:
                own = self._run.branch(strand, now)
                self._runs.append(own)
                coming = self._work(own, number)
            left = coming if type(coming) is State else await coming
            self._branches.states[number] = left
        except RunError as error:
            self._failed(number, error)
        except BaseException:
            self._has_crashed = True
            strand.task.add_done_callback(_no_complaint)  # several may, and one is told
            raise
        finally:
            # Not a callback of the task's: that would take the loop as long as the branch itself.
            self._left -= 1
            if self._left == 0 or self._is_to_judge or self._has_crashed:
                self._judge()
            if strand.deadline is not None:
                strand.forget_deadline()
            STRAND.set(None)  # a circle of task, context and strand is work for the collector

    async def _ended_here(self, number: int, coming: Awaitable[State]) -> None:
        try:
            self._branches.states[number] = await coming
        except RunError as error:
            self._failed(number, error)

    def _failed(self, number: int, error: RunError) -> None:
        self._branches.errors[number], self._is_to_judge = error, True
        # It is the whole run's, and no branch's own.
        self._has_crashed = self._has_crashed or isinstance(error, HopLimitError)

    def _judge(self) -> None:
        """Tell whoever waits if nothing is to be waited for any more, or some are to be stopped."""
        is_over = self._left == 0 or self._has_crashed
        if self._is_to_judge:
            self._is_to_judge = False
            is_over = is_over or self._decided(self._branches) != ""
        if is_over and not self._over.done():
            self._over.set_result(None)

    def _raise_what_is_no_failure(self) -> None:
        errors = self._branches.errors
        for number in sorted(errors):
            if isinstance(errors[number], HopLimitError):
                raise errors[number]
        for strand in self._strands:
            if not strand.task.cancelled():
                strand.task.result()

    async def _all_stopped(self) -> None:
        """Stop what still runs and wait for it, however often the wait itself is interrupted."""
        own = self._run.strand
        why = own.why if own.interrupts else self._decided(self._branches)
        for strand in self._strands:
            if not strand.task.done():
                strand.interrupt(why)
        interrupted: asyncio.CancelledError | None = None
        while pending := [it.task for it in self._strands if not it.task.done()]:
            try:
                await asyncio.wait(pending)
            except asyncio.CancelledError as error:
                interrupted = error
        if interrupted is not None:
            raise interrupted


def _no_complaint(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        task.exception()

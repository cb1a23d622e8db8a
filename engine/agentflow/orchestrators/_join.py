"""Join: runs a run's branches at the same time, and waits until all of them have ended."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import cast

from agentflow.concurrency.strand import BREATH, STRAND, Strand
from agentflow.errors import HopLimitError, RunError
from agentflow.orchestrators.base import Coming
from agentflow.run import Run
from agentflow.state import State

__all__ = ["Branch", "run_branches"]


class Branch:
    """A branch on its way."""

    __slots__ = ("error", "name", "state")

    def __init__(self, name: str) -> None:
        self.name = name
        self.state: State | None = None
        """What it left; None until it has succeeded."""
        self.error: RunError | None = None
        """Why it failed."""


Work = Callable[[Run, int], Coming]
"""(the branch's own run, its number) → the state that it leaves."""

Decided = Callable[[list[Branch]], str]


async def run_branches(
    run: Run, names: tuple[str, ...], work: Work, decided: Decided
) -> list[Branch]:
    """Run branches at the same time, begun in the order of their names.

    Args:
        run: the run that they are branches of.
        names: what they are called.
        work: what the branches do. A RunError fails its branch; anything else fails all, and so
            does a HopLimitError.
        decided: asked after failures: why those that still run are to be stopped, or "".

    Returns:
        The branches in the order of their names. All have ended, whatever happened.
    """
    join = _Join(run, [Branch(name) for name in names], work, decided)
    join.begin(0, len(names))
    try:
        await join.over
    finally:
        if join.left:
            await join.all_stopped()
        run.joined(join.runs)
    if join.has_crashed:
        join.raise_what_is_no_failure()
    return join.branches


class _Join:
    """Branches that run at the same time, in tasks.

    At first there is one task, in which they run one after another: what never waits would gain
    nothing by a task of its own. The first that has to wait keeps that task, and those after it get
    theirs.
    """

    def __init__(self, run: Run, branches: list[Branch], work: Work, decided: Decided) -> None:
        self._run, self.branches, self._work, self._decided = run, branches, work, decided
        self._loop = asyncio.get_running_loop()
        self.over: asyncio.Future[None] = asyncio.Future(loop=self._loop)
        """Done when nothing is to be waited for any more, or when the others are to be stopped."""
        self.runs: list[Run] = []
        """The branches' own ones; those of branches that have begun."""
        self._strands: list[Strand] = []
        self.left = 0
        """How many of the tasks have not ended."""
        self.has_crashed = self._is_to_judge = False

    def begin(self, first: int, end: int) -> None:
        """Have a task for these branches."""
        strand = Strand(None, self._run.strand.owner)
        self._strands.append(strand)
        self.left += 1
        # Not by the loop's factory: that is there for tasks that agents start.
        strand.task = asyncio.Task(self._go(strand, first, end), loop=self._loop)

    async def _go(self, strand: Strand, first: int, end: int) -> None:
        STRAND.set(strand)
        crashed = True
        try:
            waiting = self._gone_at_once(strand, first, end)
            if waiting is not None:
                self._judge()
                branch, coming = waiting
                try:
                    branch.state = await coming
                except RunError as error:
                    self._failed(branch, error)
            crashed = False
        finally:
            # Not a callback of the task's: that would take the loop as long as the branch itself.
            self.left -= 1
            self.has_crashed = self.has_crashed or crashed
            self._judge()
            STRAND.set(None)  # a circle of task, context and strand is work for the collector

    def _gone_at_once(
        self, strand: Strand, first: int, end: int
    ) -> tuple[Branch, Awaitable[State]] | None:
        """Run branches up to the first that has to wait, and begin those after it."""
        now = monotonic()
        strand.breath_due = now + BREATH
        for number in range(first, end):
            branch = self.branches[number]
            own = self._run.branch(strand)
            own.now = now
            self.runs.append(own)
            try:
                coming = self._work(own, number)
            except RunError as error:
                self._failed(branch, error)
                continue
            if type(coming) is not State:
                for later in range(number + 1, end):
                    self.begin(later, later + 1)
                return branch, cast("Awaitable[State]", coming)
            branch.state, now = coming, own.now
        return None

    def _failed(self, branch: Branch, error: RunError) -> None:
        branch.error, self._is_to_judge = error, True
        # It is the whole run's, and no branch's own.
        self.has_crashed = self.has_crashed or isinstance(error, HopLimitError)

    def _judge(self) -> None:
        """Tell whoever waits for all if there is nothing to be waited for, or some to be stopped.

        Not before all have begun, whose turn it is: a failure is no reason that others do not run.
        """
        is_over = self.left == 0 or self.has_crashed
        if self._is_to_judge:
            self._is_to_judge = False
            is_over = is_over or self._decided(self.branches) != ""
        if is_over and not self.over.done():
            self.over.set_result(None)

    def raise_what_is_no_failure(self) -> None:
        for branch in self.branches:
            if isinstance(branch.error, HopLimitError):
                raise branch.error
        for strand in self._strands:
            if not strand.task.cancelled():
                strand.task.result()

    async def all_stopped(self) -> None:
        """Stop what still runs and wait for it, however often the wait itself is interrupted."""
        own = self._run.strand
        why = own.why if own.interrupts else self._decided(self.branches)
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

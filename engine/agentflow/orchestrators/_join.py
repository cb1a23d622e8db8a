"""Join: runs a run's branches at the same time, and waits until all of them have ended."""

import asyncio
from collections.abc import Callable
from time import monotonic

from agentflow.concurrency.strand import BREATH, STRAND, Strand
from agentflow.errors import HopLimitError, RunError
from agentflow.orchestrators.base import Coming, arrived
from agentflow.run import Run
from agentflow.state import State

__all__ = ["Branch", "run_branches"]


class Branch:
    """A branch on its way."""

    __slots__ = ("error", "name", "run", "state", "task")

    task: "asyncio.Task[None]"

    def __init__(self, name: str, run: Run) -> None:
        self.name, self.run = name, run
        self.state: State | None = None
        """What it left; None until it has succeeded."""
        self.error: RunError | None = None
        """Why it failed."""


Work = Callable[[Run, int], Coming]
"""(the branch's own run, its number) → the state that it leaves."""


async def run_branches(
    run: Run, names: tuple[str, ...], work: Work, decided: Callable[[list[Branch]], str]
) -> list[Branch]:
    """Run branches, each in a task of its own, begun in the order of their names.

    Args:
        run: the run that they are branches of.
        names: what they are called.
        work: what the branches do. A RunError fails its branch; anything else fails all, and so
            does a HopLimitError.
        decided: asked after each failure: why those that still run are to be stopped, or "".

    Returns:
        The branches in the order of their names. All have ended, whatever happened.
    """
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    branches = [Branch(name, run.branch(Strand())) for name in names]
    left, some_crashed = len(branches), False

    async def go(branch: Branch, number: int) -> None:
        nonlocal left, some_crashed
        own, crashed = branch.run, True
        STRAND.set(own.strand)
        own.now = now = monotonic()
        own.strand.breath_due = now + BREATH
        try:
            coming = work(own, number)
            branch.state = coming if type(coming) is State else await arrived(coming)
            crashed = False
        except RunError as error:
            branch.error, crashed = error, isinstance(error, HopLimitError)
        finally:
            # Not a callback of the task's: that would take the loop as long as the branch itself.
            left -= 1
            some_crashed = some_crashed or crashed
            failed = branch.error is not None and decided(branches)
            if (left == 0 or crashed or failed) and not over.done():
                over.set_result(None)
            STRAND.set(None)  # a circle of task, context and strand is work for the collector

    for number, branch in enumerate(branches):
        # Not by the loop's factory: that is there for tasks that agents start.
        branch.task = branch.run.strand.task = asyncio.Task(go(branch, number), loop=loop)
    try:
        if branches:
            await over
    finally:
        if left:
            why = run.strand.why if run.strand.interrupts else decided(branches)
            await _all_stopped(branches, why)
        run.joined(branch.run.calls for branch in branches)
    if some_crashed:
        _raise_what_is_no_failure(branches)
    return branches


def _raise_what_is_no_failure(branches: list[Branch]) -> None:
    for branch in branches:
        if isinstance(branch.error, HopLimitError):
            raise branch.error  # it is the whole run's, and no branch's own
        if not branch.task.cancelled():
            branch.task.result()


async def _all_stopped(branches: list[Branch], why: str) -> None:
    """Stop what still runs and wait for it, however often the wait itself is interrupted."""
    for branch in branches:
        if not branch.task.done():
            branch.run.strand.interrupt(why)
    interrupted: asyncio.CancelledError | None = None
    while pending := [branch.task for branch in branches if not branch.task.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted

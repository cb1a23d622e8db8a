"""Join: runs a run's branches at the same time, and waits until all of them have ended."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any

from agentflow.concurrency.strand import STRAND, Strand
from agentflow.errors import RunError
from agentflow.run import Run
from agentflow.state import State

__all__ = ["Branch", "run_branches"]


class Branch:
    """A branch on its way."""

    __slots__ = ("error", "name", "run", "state", "task")

    task: "asyncio.Task[RunError | None]"

    def __init__(self, name: str, run: Run) -> None:
        self.name, self.run = name, run
        self.state: State | None = None
        """What it left; None until it has succeeded."""
        self.error: RunError | None = None
        """Why it failed."""

    async def go(self, work: "Work", number: int) -> RunError | None:
        """Do its work, to its end; why it failed."""
        self.run.strand.has_breathed()
        try:
            self.state = await work(self.run, number)
        except RunError as error:
            self.error = error
        return self.error


Work = Callable[[Run, int], Coroutine[Any, Any, State]]
"""(the branch's own run, its number) → the state that it leaves."""


async def run_branches(
    run: Run, names: tuple[str, ...], work: Work, decided: Callable[[list[Branch]], str]
) -> list[Branch]:
    """Run branches, each in a task of its own, begun in the order of their names.

    Args:
        run: the run that they are branches of.
        names: what they are called.
        work: what the branches do. A RunError fails its branch; anything else fails all.
        decided: asked after each failure: why those that still run are to be stopped, or "".

    Returns:
        The branches in the order of their names. All have ended, whatever happened.
    """
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    branches = [Branch(name, run.branch(Strand())) for name in names]
    left = len(branches)

    def ended(task: "asyncio.Task[RunError | None]") -> None:
        nonlocal left
        left -= 1
        crashed = not task.cancelled() and task.exception() is not None
        failed = crashed or (not task.cancelled() and task.result() is not None)
        if not over.done() and (left == 0 or crashed or (failed and decided(branches))):
            over.set_result(None)

    for number, branch in enumerate(branches):
        _begin(loop, branch, work, number).add_done_callback(ended)
    try:
        if branches:
            await over
    finally:
        if left:
            why = run.strand.why if run.strand.interrupts else decided(branches)
            await _all_stopped(branches, why)
        run.joined(branch.run for branch in branches)
    for branch in branches:
        if not branch.task.cancelled():
            branch.task.result()
    return branches


def _begin(
    loop: asyncio.AbstractEventLoop, branch: Branch, work: Work, number: int
) -> "asyncio.Task[RunError | None]":
    strand, context = branch.run.strand, copy_context()
    context.run(STRAND.set, strand)
    branch.task = strand.task = loop.create_task(
        branch.go(work, number), name=branch.name, context=context
    )
    return branch.task


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

"""Join: runs a run's branches at the same time, and waits until all of them have ended."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from agentflow.concurrency.strand import Strand
from agentflow.errors import RunError
from agentflow.run import Run
from agentflow.state import State

__all__ = ["Branch", "run_branches"]


@dataclass(slots=True)
class Branch:
    """A branch on its way."""

    name: str
    run: Run
    state: State | None = None
    """What it left; None until it has succeeded."""
    error: RunError | None = None
    """Why it failed."""


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
    branches: list[Branch] = []
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left = len(names)

    def ended(task: "asyncio.Task[None]") -> None:
        nonlocal left
        left -= 1
        crashed = not task.cancelled() and task.exception() is not None
        if not over.done() and (left == 0 or crashed or decided(branches)):
            over.set_result(None)

    tasks = [_begun(run, branches, name, work) for name in names]
    for task in tasks:
        task.add_done_callback(ended)
    try:
        if tasks:
            await over
    finally:
        why = run.strand.why if run.strand.interrupts else decided(branches)
        await _all_stopped(branches, tasks, why)
        run.joined(branch.run for branch in branches)
    for task in tasks:
        if not task.cancelled():
            task.result()
    return branches


def _begun(run: Run, branches: list[Branch], name: str, work: Work) -> "asyncio.Task[None]":
    strand = Strand()
    branch = Branch(name, run.branch(strand))
    number = len(branches)
    branches.append(branch)

    async def go() -> None:
        try:
            branch.state = await work(branch.run, number)
        except RunError as error:
            branch.error = error

    strand.task = asyncio.get_running_loop().create_task(go(), name=f"agentflow: {name}")
    return strand.task


async def _all_stopped(branches: list[Branch], tasks: "list[asyncio.Task[None]]", why: str) -> None:
    """Stop what still runs and wait for it, however often the wait itself is interrupted."""
    for branch, task in zip(branches, tasks, strict=True):
        if not task.done():
            branch.run.strand.interrupt(why)
    interrupted: asyncio.CancelledError | None = None
    while pending := [task for task in tasks if not task.done()]:
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted

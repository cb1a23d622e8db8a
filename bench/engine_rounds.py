"""Rounds: contenders take turns at the same work; each is told beside bare asyncio of its round.

What is told is the processor's time of this process. Other programs on the machine make it slower,
too, but they do so to everybody in a round; the ratios hold still where the microseconds do not.
"""

import asyncio
import gc
import math
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from contenders.base import Contender, Work
from engine_workloads import Workload

__all__ = ["Pace", "Row", "timed"]

PATIENCE = 60
"""Seconds after which a run that only warms up is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long to measure."""

    rounds: int
    sample: float
    """Seconds that a sample takes at least, of as many runs as fit in."""
    slow: float
    """Seconds of the processor's time that the samples of a peer may take: the slow have fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contender at one workload; medians of its rounds, None where there is no result."""

    part: str
    workload: str
    contender: str
    steps: int
    us_per_step: float | None = None
    """Microseconds of the processor's time."""
    wall_ms: float | None = None
    """Milliseconds from the begin of a run to its end."""
    ratio: float | None = None
    """How many times what bare asyncio took in the same round."""
    rounds: int = 0
    runs: int = 0
    """Runs of each round."""
    note: str = ""
    """Why there is no result, or fewer rounds."""


@dataclass(slots=True)
class _Entrant:
    name: str
    is_peer: bool
    steps: int
    work: Work | None = None
    tasks_by: Any = None
    """How its loop makes tasks: what one contender changes of that is no other's burden."""
    runs: int = 1
    rounds: int = 0
    note: str = ""
    cpu: list[float] = field(default_factory=list[float])
    wall: list[float] = field(default_factory=list[float])

    async def get_ready(self, pace: Pace) -> None:
        """Warm up, and tell from that how many runs and rounds there will be."""
        assert self.work is not None
        async with asyncio.timeout(PATIENCE):
            cpu, _ = await _sample(self.work, 1)
        if cpu < pace.sample:
            # What is built at first says too much about so short a run.
            cpu, _ = await _sample(self.work, 1)
        self.runs = max(1, math.ceil(pace.sample / cpu))
        self.rounds = pace.rounds
        if self.is_peer and cpu * self.runs * pace.rounds > pace.slow:
            self.rounds = max(1, int(pace.slow / (cpu * self.runs)))
            fewer = f"slow: {self.rounds} of {pace.rounds} rounds"
            self.note = f"{self.note}; {fewer}" if self.note else fewer

    async def take_turn(self) -> None:
        if self.work is not None and len(self.cpu) < self.rounds:
            asyncio.get_running_loop().set_task_factory(self.tasks_by)
            cpu, wall = await _sample(self.work, self.runs)
            self.cpu.append(cpu / self.steps)
            self.wall.append(wall)


async def _sample(work: Work, runs: int) -> tuple[float, float]:
    """Seconds of one run: the processor's, and the wall clock's."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(runs):
        await work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu / runs, wall / runs


async def timed(workload: Workload, contenders: Sequence[Contender], pace: Pace) -> list[Row]:
    """Time everybody at it; the first is what the others are compared with."""
    async with AsyncExitStack() as stack:
        entrants = [await _entrant(workload, it, pace, stack) for it in contenders]
        gc.collect()
        # What all of them have built is nobody's to go through again and again.
        gc.freeze()
        try:
            for _ in range(pace.rounds):
                for entrant in entrants:
                    await entrant.take_turn()
        finally:
            gc.unfreeze()
            asyncio.get_running_loop().set_task_factory(None)
        return [_row(workload, it, entrants[0]) for it in entrants]


async def _entrant(
    workload: Workload, contender: Contender, pace: Pace, stack: AsyncExitStack
) -> _Entrant:
    entrant = _Entrant(contender.name, contender.is_peer, workload.steps)
    if contender.is_peer and not workload.is_for_peers:
        entrant.note = "not measured, since most would take too long"
        return entrant
    if contender.is_peer and workload.lighter is not None:
        workload = workload.lighter
        entrant.steps, entrant.note = workload.steps, f"{workload.name} instead"
    loop: Any = asyncio.get_running_loop()
    loop.set_task_factory(None)
    try:
        entrant.work = await stack.enter_async_context(workload.prepare(contender))
        entrant.tasks_by = loop.get_task_factory()
        await entrant.get_ready(pace)
    except TimeoutError:
        entrant.work, entrant.note = None, f"no result within {PATIENCE} s"
    except Exception as error:  # the others are measured all the same
        if not contender.is_peer:
            raise
        entrant.work, entrant.note = None, f"{type(error).__name__}: {error}"
    return entrant


def _row(workload: Workload, entrant: _Entrant, bare: _Entrant) -> Row:
    if not entrant.cpu:
        return Row(
            part=workload.part,
            workload=workload.name,
            contender=entrant.name,
            steps=entrant.steps,
            note=entrant.note,
        )
    return Row(
        part=workload.part,
        workload=workload.name,
        contender=entrant.name,
        steps=entrant.steps,
        us_per_step=statistics.median(entrant.cpu) * 1e6,
        wall_ms=statistics.median(entrant.wall) * 1e3,
        ratio=statistics.median(
            own / other for own, other in zip(entrant.cpu, bare.cpu, strict=False)
        ),
        rounds=len(entrant.cpu),
        runs=entrant.runs,
        note=entrant.note,
    )

"""The work that the bench of the engine times, and what is wanted of each beside bare asyncio."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from contenders.base import AGENTS_OF_NESTED, Contender, Work

__all__ = ["LONGEST", "SLEEPERS", "WORKLOADS", "Workload"]

LONGEST = 10_000
"""Steps of the longest sequence, from which the growth is told; peers are spared it."""
SLEEPERS = "100 agents of 50 ms"

Prepare = Callable[[Contender], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One kind of work of one size, the same for every contender."""

    part: str
    """What --only calls it and its like."""
    name: str
    steps: int
    """Agent calls of one run, by which its time is divided."""
    prepare: Prepare
    wanted: float | None = None
    """At most so many times what bare asyncio takes."""
    is_for_peers: bool = True
    lighter: "Workload | None" = None
    """What peers do instead, which is judged by the step as well."""


def _sequence(steps: int) -> Workload:
    return Workload(
        part="sequence",
        name=f"sequence {steps:,}",
        steps=steps,
        prepare=lambda it: it.sequence(steps),
        wanted=15,
        is_for_peers=steps < LONGEST,
    )


def _fan_out(branches: int) -> Workload:
    return Workload(
        part="fan-out",
        name=f"fan-out {branches:,}",
        steps=branches,
        prepare=lambda it: it.fan_out(branches),
        wanted=2.5,
    )


def _in_a_row(runs: int) -> Prepare:
    @asynccontextmanager
    async def prepare(contender: Contender) -> AsyncGenerator[Work, None]:
        async with contender.nested() as once:

            async def work() -> None:
                for _ in range(runs):
                    await once()

            yield work

    return prepare


def _at_once(runs: int) -> Prepare:
    @asynccontextmanager
    async def prepare(contender: Contender) -> AsyncGenerator[Work, None]:
        async with contender.nested() as once:

            async def work() -> None:
                async with asyncio.TaskGroup() as group:
                    for _ in range(runs):
                        group.create_task(once())  # pyright: ignore[reportArgumentType]

            yield work

    return prepare


def _waiting_fan_out(branches: int) -> Workload:
    return Workload(
        part="fan-out",
        name=f"fan-out {branches:,}: a turn of the loop, sleep(0)",
        steps=branches,
        prepare=lambda it: it.fan_out(branches, 0.0),
        wanted=2.5,
    )


def _nested_at_once(runs: int, lighter: Workload | None = None) -> Workload:
    return Workload(
        part="nested",
        name=f"nested mixed, {runs:,} at once",
        steps=runs * AGENTS_OF_NESTED,
        prepare=_at_once(runs),
        wanted=3.5,
        lighter=lighter,
    )


WORKLOADS = (
    *map(_sequence, (10, 100, 1_000, LONGEST)),
    *map(_fan_out, (10, 100, 1_000)),
    *map(_waiting_fan_out, (10, 100, 1_000)),
    Workload(
        part="loop", name="loop 1,000", steps=1_000, prepare=lambda it: it.loop(1_000), wanted=15
    ),
    Workload(
        part="suspending",
        name="suspending 1,000: a turn of the loop, sleep(0)",
        steps=1_000,
        prepare=lambda it: it.suspending(1_000),
        wanted=1.3,
    ),
    Workload(
        part="suspending",
        name="suspending 200: a timer, sleep(0.001)",
        steps=200,
        prepare=lambda it: it.suspending(200, 0.001),
        wanted=1.3,
    ),
    Workload(
        part="router", name="router, 1 of 10", steps=1, prepare=lambda it: it.route(), wanted=25
    ),
    Workload(
        part="nested",
        name="nested mixed, 200 in a row",
        steps=200 * AGENTS_OF_NESTED,
        prepare=_in_a_row(200),
        wanted=3.5,
    ),
    _nested_at_once(1_000, lighter=_nested_at_once(100)),
    Workload(
        part="sleepers",
        name=SLEEPERS,
        steps=100,
        prepare=lambda it: it.fan_out(100, 0.05),
    ),
    Workload(
        part="carry",
        name="1 MB of state through 100 steps",
        steps=100,
        prepare=lambda it: it.carry(100),
    ),
)

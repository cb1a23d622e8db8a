"""The figures that are wanted of the engine, and whether what was measured meets them."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine_rounds import Row
from engine_workloads import LONGEST, SLEEPERS, WORKLOADS

__all__ = ["Figure", "figures_of_processes", "figures_of_rows"]

OWN = "agentflow"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and the most that it may be; None where it only says how it came about."""

    what: str
    measured: float
    wanted: float | None
    unit: str = ""
    workload: str = ""
    """The workload that it judges, where it is a ratio to bare asyncio."""

    @property
    def is_met(self) -> bool | None:
        """Whether it is small enough."""
        return None if self.wanted is None else self.measured <= self.wanted


def figures_of_rows(rows: Sequence[Row]) -> Iterator[Figure]:
    """What is wanted of workloads: ratios, growth, and how late sleepers are."""
    own = {row.workload: row for row in rows if row.contender == OWN}
    yield from _ratios(own)
    yield from _growths(own)
    if SLEEPERS in own:
        for row in rows:
            if row.workload == SLEEPERS and row.wall_ms and row.contender in (OWN, "bare asyncio"):
                wanted = 5 if row.contender == OWN else None
                what = f"{SLEEPERS}, over 50 ms by the wall clock: {row.contender}"
                yield Figure(what, row.wall_ms - 50, wanted, "ms")


def _ratios(own: Mapping[str, Row]) -> Iterator[Figure]:
    for workload in WORKLOADS:
        row = own.get(workload.name)
        if row is not None and row.ratio is not None and workload.wanted is not None:
            what = f"{workload.name}: times bare asyncio"
            yield Figure(what, row.ratio, workload.wanted, "×", workload.name)


def _growths(own: Mapping[str, Row]) -> Iterator[Figure]:
    for kind, few, many in (
        ("sequence", 100, 1_000),
        ("sequence", 1_000, LONGEST),
        ("fan-out", 100, 1_000),
    ):
        first, last = own.get(f"{kind} {few:,}"), own.get(f"{kind} {many:,}")
        if first and last and first.us_per_step and last.us_per_step:
            grown = last.us_per_step * many / (first.us_per_step * few)
            exponent = math.log(grown) / math.log(many / few)
            yield Figure(f"{kind}, growth from {few:,} to {many:,}: exponent", exponent, 1.05)


def figures_of_processes(found: Mapping[str, Mapping[str, float]]) -> Iterable[Figure]:
    """What is wanted of starting."""
    names = "every public name of agentflow"
    for kind, seconds, megabytes in (
        ("python alone", None, None),
        ("import agentflow", 0.15, 30),
        (names, None, None),
        ("a trivial run", None, None),
        ("agentflow run", 0.4, None),
    ):
        told = "agentflow run of three agents" if kind == "agentflow run" else kind
        yield Figure(f"{told}: from start to exit", found[kind]["cpu_s"], seconds, "s of CPU")
        yield Figure(f"{told}: peak of memory", found[kind]["peak_mb"], megabytes, "MB")

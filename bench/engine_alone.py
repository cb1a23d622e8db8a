"""What is measured of AgentFlow alone: what it keeps, what a journal adds, how it checks."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager

import journal
from contenders.agentflow_engine import AgentFlow

from agentflow import Catalogue, Event
from agentflow.flow.check import check_file
from agentflow.flow.load import parse

__all__ = ["checking", "durable", "kept_per_step", "kilobytes_per_step"]

FEW, MANY = 10_000, 100_000
"""Passes of a loop."""
SHORT, LONG = 10, 110
"""Steps that a megabyte is carried through."""


@contextmanager
def _traced() -> Generator[None]:
    gc.collect()
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


async def kept_per_step(few: int = FEW, many: int = MANY) -> float:
    """Bytes that one pass of a loop leaves behind, while the outcome of the run is kept."""
    return (await _kept(many) - await _kept(few)) / (many - few)


async def _kept(passes: int) -> int:
    async with AgentFlow().counting(passes) as runner:
        with _traced():
            outcome = await runner.run(Event(data={"n": 0}))
            assert outcome.state["n"] == passes, outcome.error
            gc.collect()
            return tracemalloc.get_traced_memory()[0]


async def kilobytes_per_step() -> float:
    """Memory that one more step takes at the peak, which a megabyte is handed through."""
    return (await _peak(LONG) - await _peak(SHORT)) / (LONG - SHORT) / 1e3


async def _peak(steps: int) -> int:
    """Bytes where a run takes most."""
    async with AgentFlow().carry(steps) as work:
        await work()
        with _traced():
            await work()
            return tracemalloc.get_traced_memory()[1]


def durable(rounds: int) -> dict[str, float]:
    """What a journal adds to a step, in bulk; see `journal.added`."""
    flow = journal.sequence(journal.STEPS, "scripted")
    return journal.added(flow, rounds, journal.RUNS, own=False)


def checking(steps: int, rounds: int) -> dict[str, float]:
    """Seconds of the processor's time to read a file of so many steps, and to check it."""
    catalogue, text = Catalogue.installed(), _flow_of(steps)
    times = [_checked(text, catalogue) for _ in range(rounds)]
    read, check = map(statistics.median, zip(*times, strict=True))
    return {"read": read, "check": check}


def _flow_of(steps: int) -> str:
    uses = ", ".join(f'"a{it}"' for it in range(steps))
    agents = "\n".join(f'[agents.a{it}]\ntype = "scripted"' for it in range(steps))
    head = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]'
    return f"{head}\nagents = [{uses}]\n{agents}\n"


def _checked(text: str, catalogue: Catalogue) -> tuple[float, float]:
    began = time.process_time()
    file = parse(text, catalogue)
    read = time.process_time()
    found = check_file(file, catalogue)
    checked = time.process_time()
    assert not found, found[0]
    return read - began, checked - read

"""What it costs to keep runs: python bench/journal.py [--rounds N] [--json FILE].

Kept and not kept take turns, in one process; the medians are told. CPU is that of both threads, the
loop's and the writer's, and says less about who else uses the machine than the wall's clock does.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.flow import Flow
from agentflow.flow.load import parse
from agentflow.journal.keeper import Keeper
from agentflow.journal.writer import Writer
from agentflow.runner import Runner
from agentflow.state import State

CATALOGUE = Catalogue.installed()
STEPS, RUNS = 1000, 10
CROWD, CROWD_STEPS = 1000, 10


class Cost(NamedTuple):
    """Microseconds a step."""

    wall: float
    cpu: float


def sequence(steps: int, kind: str) -> Flow:
    """A sequence of that many uses of one agent."""
    agents = ", ".join(['"worker"'] * steps)
    text = (
        f'[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = [{agents}]\n'
    )
    return parse(f'{text}[agents.worker]\ntype = "{kind}"\n', CATALOGUE).flow


async def work(state: State) -> dict[str, int]:
    """An agent of the caller's own: nobody knows whether it may be called twice."""
    return {"n": 1}


@contextmanager
def journal(*, is_wanted: bool) -> Iterator[Writer | None]:
    """A journal on the disk, for as long as a measurement takes."""
    if not is_wanted:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(Path(folder) / "journal.db")
        yield writer
        writer.close()


def runner_of(flow: Flow, writer: Writer | None, *, own: bool) -> Runner:
    """A runner whose runs are kept, or not."""
    runner = Runner.from_flow(flow, catalogue=CATALOGUE, agents={"worker": work} if own else {})
    if writer is not None:
        runner.keep(Keeper(writer, "the flow", flow=flow.name))
    return runner


async def in_a_row(flow: Flow, writer: Writer | None, runs: int, *, own: bool) -> Cost:
    """One run after another, until all is on the disk."""
    async with runner_of(flow, writer, own=own) as runner:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(runs):
            outcome = await runner.run(Event())
            assert outcome.status == "succeeded", outcome.error
        if writer is not None:
            await writer.settled()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    steps = runs * len(flow.root.steps[0].chains[0].steps)
    return Cost(wall / steps * 1e6, cpu / steps * 1e6)


def added(flow: Flow, rounds: int, runs: int, *, own: bool) -> dict[str, float]:
    """What keeping adds to a step."""
    bare: list[Cost] = []
    kept: list[Cost] = []
    for _ in range(rounds):
        for costs, is_wanted in ((bare, False), (kept, True)):
            with journal(is_wanted=is_wanted) as writer:
                costs.append(asyncio.run(in_a_row(flow, writer, runs, own=own)))
    result = {}
    for clock in Cost._fields:
        without = statistics.median(getattr(it, clock) for it in bare)
        result[f"{clock}_us"] = without
        result[f"added_{clock}_us"] = statistics.median(getattr(it, clock) for it in kept) - without
    return result


async def crowd(flow: Flow, writer: Writer) -> dict[str, float]:
    """A thousand runs at once, each of ten calls that wait until what led to them is kept."""
    runners = [runner_of(flow, writer, own=True) for _ in range(CROWD)]
    for runner in runners:
        await runner.start()
    lags: list[float] = []
    watching = asyncio.create_task(lagging(lags))
    began = time.perf_counter()
    outcomes = await asyncio.wait([asyncio.create_task(it.run(Event())) for it in runners])
    await writer.settled()
    seconds = time.perf_counter() - began
    watching.cancel()
    assert all(task.result().status == "succeeded" for task in outcomes[0])
    for runner in runners:
        await runner.stop()
    lags.sort()
    p99 = lags[int(len(lags) * 0.99)] if lags else 0.0
    return {"seconds": seconds, "lag_p99_ms": p99 * 1e3, "lag_max_ms": max(lags, default=0.0) * 1e3}


async def lagging(lags: list[float]) -> None:
    """How much later than asked for the loop comes back."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - asked - 0.001)


def measured(rounds: int) -> dict[str, dict[str, float]]:
    """All of it, by what was done."""
    many = sequence(STEPS, "scripted")
    few = sequence(20, "scripted")
    result = {
        f"in bulk: {RUNS} x {STEPS} steps that may be repeated": added(
            many, rounds, RUNS, own=False
        ),
        "each call waits for the disk: 5 x 20 steps": added(few, max(3, rounds // 2), 5, own=True),
    }
    crowds: list[dict[str, float]] = []
    for _ in range(max(3, rounds // 2)):
        with journal(is_wanted=True) as writer:
            assert writer is not None
            crowds.append(asyncio.run(crowd(sequence(CROWD_STEPS, "scripted"), writer)))
    result[f"{CROWD} runs at once, {CROWD_STEPS} waiting calls each"] = {
        key: statistics.median(it[key] for it in crowds) for key in crowds[0]
    }
    return result


def main() -> None:
    """Measure, print a table, and write JSON where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    result = measured(given.rounds)
    for what, figures in result.items():
        print(what)
        for name, value in figures.items():
            print(f"    {name:<16} {value:10.2f}")
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How much the engine itself costs: python bench/engine.py [--quick] [--only NAME] [--no-peers].

Agents that do nothing run through AgentFlow (trace, timeouts and concurrency limit on), through
hand-written asyncio, and through other engines as their own guides write such a flow. All take
turns in one process, each checks its results, and out/bench-engine.json holds what came of it.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import engine_alone
from contenders.agentflow_engine import AgentFlow
from contenders.bare import Bare
from contenders.base import Contender
from engine_figures import Figure, figures_of_processes, figures_of_rows
from engine_rounds import Pace, Row, timed
from engine_tables import show
from engine_workloads import LONGEST, WORKLOADS

OUT = Path(__file__).parents[1] / "out" / "bench-engine.json"
PROCESSES = Path(__file__).with_name("engine_processes.py")
ALONE = ("durable", "processes", "memory", "check")
PARTS = (*dict.fromkeys(it.part for it in WORKLOADS), *ALONE)
FULL = Pace(rounds=7, sample=0.02, slow=1.5)
QUICK = Pace(rounds=3, sample=0.002, slow=0.3)


def main() -> int:
    """Measure, print the tables, write the JSON."""
    given = _arguments()
    pace = QUICK if given.quick else FULL
    parts = given.only or PARTS
    rows = asyncio.run(_rows(_contenders(peers=not given.no_peers), pace, parts))
    figures = [*figures_of_rows(rows), *_alone(parts, pace, quick=given.quick)]
    show(rows, figures)
    _write(given.json, rows, figures, pace)
    print(f"all of it is in {given.json}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How much the engine itself costs.")
    parser.add_argument("--quick", action="store_true", help="a short run, for a first impression")
    parser.add_argument("--only", action="append", choices=PARTS, help="just this; repeatable")
    parser.add_argument("--no-peers", action="store_true", help="AgentFlow and bare asyncio only")
    parser.add_argument("--json", type=Path, default=OUT, help="where the results are written")
    return parser.parse_args()


def _contenders(*, peers: bool) -> list[Contender]:
    contenders: list[Contender] = [Bare(), AgentFlow()]
    if peers:
        # Only `make bench` has them installed.
        from contenders.peers import all_peers  # noqa: PLC0415

        contenders += all_peers()
    return contenders


async def _rows(contenders: Sequence[Contender], pace: Pace, parts: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for workload in WORKLOADS:
        if workload.part in parts:
            print(f"{workload.name} …", file=sys.stderr)
            rows += await timed(workload, contenders, pace)
    return rows


def _alone(parts: Sequence[str], pace: Pace, *, quick: bool) -> Iterator[Figure]:
    if "durable" in parts:
        found = engine_alone.durable(pace.rounds)
        yield Figure("durable, in bulk: added a step", found["added_cpu_us"], 8, "µs of CPU")
        yield Figure("… by the wall clock", found["added_wall_us"], None, "µs")
        yield Figure("… a step that is not kept", found["cpu_us"], None, "µs of CPU")
    if "memory" in parts:
        few, many = (1_000, 10_000) if quick else (engine_alone.FEW, engine_alone.MANY)
        kept = asyncio.run(engine_alone.kept_per_step(few, many))
        yield Figure(f"kept a step, {few:,} to {many:,} passes", kept, 200, "bytes")
    if "carry" in parts:
        carried = asyncio.run(engine_alone.kilobytes_per_step())
        # A copy of it would be a thousand.
        yield Figure("1 MB of state: memory of one more step", carried, 10, "kB")
    if "check" in parts:
        yield from _checking(1_000 if quick else LONGEST, pace)
    if "processes" in parts:
        yield from figures_of_processes(_processes(pace.rounds))


def _checking(steps: int, pace: Pace) -> Iterator[Figure]:
    found = engine_alone.checking(steps, pace.rounds)
    yield Figure(f"check a flow of {steps:,} steps", found["check"], 1, "s of CPU")
    yield Figure("… to read its file before that", found["read"], None, "s of CPU")


def _processes(rounds: int) -> dict[str, dict[str, float]]:
    command = [sys.executable, str(PROCESSES), str(rounds)]
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "XDG_STATE_HOME": folder}
        done = subprocess.run(  # noqa: S603 - a script that stands beside this one
            command, cwd=folder, env=environ, stdout=subprocess.PIPE, check=True
        )
    return json.loads(done.stdout)


def _write(target: Path, rows: Sequence[Row], figures: Sequence[Figure], pace: Pace) -> None:
    machine = {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    told: dict[str, Any] = {
        "machine": machine,
        "rounds": pace.rounds,
        "rows": [asdict(row) for row in rows],
        "figures": [{**asdict(it), "is_met": it.is_met} for it in figures],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

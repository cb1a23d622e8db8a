"""What it costs to start: child processes, one kind after another in each round.

    python bench/engine_processes.py ROUNDS

It runs in an empty folder, where it writes a flow, and imports next to nothing, because a child's
peak of memory is at least that of whoever starts it.
"""

import json
import os
import sys
import time

FLOW = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["words", "mood", "answer"]
[agents.words]
type = "text"
task = "keywords"
[agents.mood]
type = "text"
task = "sentiment"
[agents.answer]
type = "scripted"
output = { response = "{{ message }}" }
"""

TRIVIAL = """
import asyncio
from agentflow import Catalogue, Event, Runner, load
file = load("agentflow.toml", Catalogue.installed())
outcome = asyncio.run(Runner.from_flow(file.flow).run(Event(data={"message": "tides"})))
assert outcome.status == "succeeded", outcome.error
"""

# As on most machines: Python keeps what it has compiled, and compiles nothing twice.
_ENVIRONMENT = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

_SILENCE = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)

KINDS = {
    "python alone": ["-c", "pass"],
    "import agentflow": ["-c", "import agentflow"],
    "every public name of agentflow": ["-c", "from agentflow import *"],
    "a trivial run": ["-c", TRIVIAL],
    "agentflow run": ["-m", "agentflow", "run", "agentflow.toml", "--json", "--input", "Tides"],
}


def cost(arguments: list[str]) -> tuple[float, float, float]:
    """Seconds of the processor's time, seconds by the wall clock, and the peak in megabytes."""
    began = time.perf_counter()
    command = [sys.executable, *arguments]
    pid = os.posix_spawn(command[0], command, _ENVIRONMENT, file_actions=[_SILENCE])
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"{arguments}: exit {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 1e6


def measured(rounds: int) -> dict[str, dict[str, float]]:
    """The medians of each kind; a round before them fills the caches."""
    costs: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in KINDS}
    for _ in range(rounds + 1):
        for kind, arguments in KINDS.items():
            costs[kind].append(cost(arguments))
    return {
        kind: {
            name: sorted(column)[rounds // 2]
            for name, column in zip(
                ("cpu_s", "wall_s", "peak_mb"), zip(*found[1:], strict=True), strict=True
            )
        }
        for kind, found in costs.items()
    }


def main() -> None:
    """Measure in the folder where it is started, and print JSON."""
    with open("agentflow.toml", "w", encoding="utf-8") as file:
        file.write(FLOW)
    print(json.dumps(measured(int(sys.argv[1]))))


if __name__ == "__main__":
    main()

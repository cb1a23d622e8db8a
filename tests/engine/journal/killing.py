"""Kills runs at each entry of their journal, resumes them, and prints what came of it, as JSON.

    python killing.py FOLDER each|storm [--broken BUILD] [--flow FLOW]

A process of its own, because it forks: each run and each resumption is a child that may die.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from agentflow.agents.base import AgentCall, AgentSetup, AgentType
from agentflow.call_key import call_key, calls_inside
from agentflow.catalogue import Catalogue
from agentflow.errors import JournalError
from agentflow.event import Event
from agentflow.flow.load import parse
from agentflow.journal.inner_runs import resumption
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.writer import Writer
from agentflow.models.open import open_models
from agentflow.runner import Runner, RunOutcome
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.trace import RunRecovered, StepFailed, StepRetried, StepStarted, StepSucceeded

INSTALLED = Catalogue.installed()

FLOW = """
[agent_flow]
name = "nested"
[orchestration]
mode = "mixed"
failure_threshold = 0.4
[[orchestration.mixed.stages]]
name = "search"
mode = "collaborative"
agents = ["news", ["papers", "digest"], "broken"]
[orchestration.mixed.stages.merge]
n = "sum"
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["write", "inner", "judge"]
condition = "score >= 3"
check = "after"
[[orchestration.mixed.stages]]
name = "excused"
agents = ["excused"]
mode = "sequential"
[[orchestration.mixed.stages]]
name = "deliver"
mode = "route"
default = ["archive"]
[[orchestration.mixed.stages.cases]]
name = "mail"
agents = ["stamp", "post"]
[orchestrators.inner]
mode = "loop"
agents = ["both"]
max_iterations = 2
[orchestrators.both]
mode = "collaborative"
agents = ["left", "right"]
[agents.news]
type = "logged"
[agents.papers]
type = "logged"
fails = 2
[agents.papers.retry_policy]
max_retries = 2
base_delay_ms = 1
[agents.digest]
type = "logged"
[agents.broken]
type = "logged"
fails = 9
[agents.broken.retry_policy]
max_retries = 1
base_delay_ms = 1
[agents.write]
type = "logged"
[agents.left]
type = "logged"
[agents.right]
type = "logged"
[agents.judge]
type = "logged"
[agents.excused]
type = "logged"
fails = 9
on_error = "continue"
[agents.stamp]
type = "logged"
[agents.post]
type = "logged"
[agents.archive]
type = "logged"
"""


AROUND = """
[agent_flow]
name = "around"
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "team"
mode = "collaborative"
agents = ["part", "beside"]
[[orchestration.mixed.stages]]
name = "last"
mode = "sequential"
agents = ["part", "after"]
[agents.part]
type = "flow"
file = "part.toml"
[agents.beside]
type = "logged"
[agents.after]
type = "logged"
"""

PARTS = {
    "part.toml": """
[agent_flow]
name = "part"
[orchestration]
mode = "loop"
[orchestration.loop]
agents = ["count", "smallest"]
max_iterations = 2
[agents.count]
type = "logged"
fails = 1
[agents.count.retry_policy]
max_retries = 1
base_delay_ms = 1
[agents.smallest]
type = "flow"
file = "smallest.toml"
""",
    "smallest.toml": """
[agent_flow]
name = "smallest"
[orchestration.collaborative]
name = "both"
agents = ["tick", "tock"]
[orchestration]
mode = "collaborative"
[agents.tick]
type = "logged"
[agents.tock]
type = "logged"
""",
}
"""The files of flows that AROUND runs as steps."""

FLOWS = {"nested": FLOW, "around": AROUND}


class LoggedSettings(Settings):
    """How often an agent fails."""

    fails: int = 0
    """How many calls, from the first on."""


def logged(log: Path) -> AgentType:
    """Agents that write into a file when they begin and when they have ended."""

    def build(spec, setup):
        async def agent(state: State, call: AgentCall):
            tell = {"path": call.path, "attempt": call.attempt, "key": call.key}
            write(log, {**tell, "did": "begin"})
            await asyncio.sleep(0)
            if call.attempt <= spec.settings.fails:
                write(log, {**tell, "did": "fail"})
                raise ValueError(f"{call.agent} failed in attempt {call.attempt}")
            write(log, {**tell, "did": "end"})
            return answer(call.agent, call.number, state)

        return agent

    return AgentType(
        name="logged", title="", summary="", icon="", settings=LoggedSettings, build=build
    )


def answer(agent: str, number: int, state: State) -> object:
    trail = [*state.get("trail", []), f"{agent}{number}"]
    if agent == "judge":
        return {"score": number, "trail": trail}
    if agent == "write":  # replaces the state: one key goes, one comes
        kept = {k: v for k, v in state.items() if k != "draft"}
        return State({**kept, f"draft{number}": number, "trail": trail}, {"mood": f"m{number}"})
    if agent == "excused":
        return {}
    return {"n": number, "trail": trail, "response": f"{agent} {number}"}


def write(log: Path, told: dict) -> None:
    file = os.open(log, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(file, (json.dumps(told) + "\n").encode())
    os.close(file)


def read(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Killing(Writer):
    """A writer that writes one entry at a time, and dies at one of them."""

    keeps_inside = True

    def __init__(self, path: Path, at: int, phase: str) -> None:
        self._left, self._phase = at, phase
        super().__init__(path, at_once=1)

    def _write(self, batch) -> None:
        self._left -= 1
        if self._left or not self._phase:
            super()._write(batch)
            return
        if self._phase == "before":
            die()
        if self._phase == "mid":
            self._rows.commit = die
        super()._write(batch)
        die()


class WithoutCommit(Killing):
    """A broken build: it says that all is on the disk, and never commits."""

    def _write(self, batch) -> None:
        if self._connection.in_transaction:
            self._rows.begin = lambda: None
        self._rows.commit = lambda: None
        super()._write(batch)


class WithoutInside(Killing):
    """A broken build: what happens in a flow that is run as a step is not kept."""

    keeps_inside = False


class WithoutWaiting(Killing):
    """A broken build: no call waits until what led to it is on the disk."""

    async def settled(self) -> None:
        pass


PHASES = ("before", "mid", "after")

BUILDS: dict[str, type[Killing]] = {
    "": Killing,
    "commit": WithoutCommit,
    "waiting": WithoutWaiting,
    "inside": WithoutInside,
}


class Case:
    """A run of the flow in a folder of its own, in child processes."""

    def __init__(self, folder: Path, build: type[Killing], flow: str) -> None:
        folder.mkdir(parents=True)
        self.journal, self.log, self.told = folder / "j.db", folder / "log", folder / "told"
        self._build, self._flow, self._folder = build, flow, folder
        for name, text in PARTS.items():
            (folder / name).write_text(text)

    def begin(self, at: int = 0, phase: str = "") -> bool:
        """Begin the run; whether it was killed at that entry."""
        return self._child(lambda: self._run(at, phase, None))

    def resume(self, at: int = 0, phase: str = "") -> bool:
        """Go on with it, or begin it where nothing of it was kept; whether it was killed."""
        recorded = self.recorded()
        return self._child(lambda: self._run(at, phase, recorded[0] if recorded else None))

    def recorded(self) -> list[RecordedRun]:
        """The run as it is kept, and those of the flows that its steps have run."""
        with Reader(self.journal) as reader:
            return list(reader.runs())

    def outcome(self) -> dict:
        return json.loads(self.told.read_text())

    def _child(self, work: Callable[[], None]) -> bool:
        child = os.fork()
        if not child:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - a child tells all of it
                sys.stderr.write(f"{type(error).__name__}: {error}\n")
                os._exit(1)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in (0, -signal.SIGKILL):
            raise SystemExit("a run ended with an error")
        return code != 0

    def _run(self, at: int, phase: str, recorded) -> None:
        asyncio.run(self._dispatched(at, phase, recorded))

    async def _dispatched(self, at: int, phase: str, recorded) -> None:
        types = {**INSTALLED.agent_types, "logged": logged(self.log)}
        catalogue = replace(INSTALLED, agent_types=types)
        writer = self._build(self.journal, at, phase)
        keeper = Keeper(writer, self._flow)
        if not self._build.keeps_inside:
            keeper.inside = lambda *_, **__: None
        surroundings = AgentSetup(models=open_models({}), folder=self._folder)
        flow = parse(self._flow, catalogue).flow
        runner = Runner.from_flow(flow, catalogue=catalogue, setup=surroundings)
        runner.keep(keeper)
        async with runner:
            outcome = await (await self._handle(runner, keeper, recorded)).outcome()
        writer.close()
        self.told.write_text(json.dumps(told(outcome)))

    async def _handle(self, runner: Runner, keeper: Keeper, recorded):
        event = Event(data={"message": "why", "draft": 0}, metadata={"route": "mail"})
        if recorded is None:
            return await runner.emit(event)
        try:
            return await runner.resume(resumption(self.journal, recorded.id, keeper, {}))
        except JournalError as error:
            if "before its first step" in str(error):
                return await runner.emit(event)
            raise


def told(outcome: RunOutcome) -> dict:
    """What must be the same however often it was killed."""
    results = {
        path: {key: value for key, value in result.items() if key != "duration"}
        for path, result in outcome.path_results.items()
    }
    return {
        "status": outcome.status,
        "error": outcome.error,
        "state": outcome.state.to_dict(),
        "metadata": dict(outcome.state.metadata),
        "results": results,
    }


def faults(case: Case, whole: Case, before: list[dict], recorded: list[RecordedRun]) -> list[str]:
    """What is wrong with a run that was killed and has gone on to its end."""
    kept = case.recorded()
    if not kept:
        return ["nothing was kept"]
    found = differences(case.outcome(), whole.outcome())
    began = [it for it in read(case.log) if it["did"] == "begin"]
    ended, failed = had_ended(recorded), had_failed(recorded)
    for call in began[sum(it["did"] == "begin" for it in before) :]:
        key, attempt = call["key"], call["attempt"]
        if key in ended:
            found.append(f"{call['path']} was called again")
        if attempt <= failed.get(key, 0):
            found.append(f"attempt {attempt} of {call['path']} was made again")
    calls, marked = Counter((it["key"], it["attempt"]) for it in began), marks(kept)
    found += [
        f"{key} was made twice and is not marked"
        for (key, _), times in calls.items()
        if times > 1 and key not in marked
    ]
    if keys_by_path(case) != keys_by_path(whole):
        found.append("a call was made again with another key")
    return found


def keys_by_path(case: Case) -> Counter[str]:
    """By how many keys the calls at each path were known."""
    return Counter(path for path, _ in {(it["path"], it["key"]) for it in read(case.log)})


def keys_of(run: RecordedRun) -> dict[int, str]:
    """The keys of a run's steps that are agents, by their numbers."""
    steps = [it for it in run.entries if isinstance(it, StepStarted) and it.kind == "agent"]
    around = calls_inside(run.id.rpartition(".")[0]) if run.is_inside else nullcontext()
    with around:
        return {it.seq: call_key(run.id, it.path, it.seq) for it in steps}


def had_ended(runs: list[RecordedRun]) -> set[str]:
    """The keys of calls whose end is recorded."""
    return {
        keys_of(run)[entry.began]
        for run in runs
        for entry in run.entries
        if isinstance(entry, (StepSucceeded, StepFailed)) and entry.began in keys_of(run)
    }


def had_failed(runs: list[RecordedRun]) -> dict[str, int]:
    """How often calls have failed, as is recorded, by their keys."""
    return {
        key: entry.attempt
        for run in runs
        for entry in run.entries
        if isinstance(entry, StepRetried)
        for key in keys_at(run, entry.path)
    }


def marks(runs: list[RecordedRun]) -> set[str]:
    """The keys of calls that are marked: they may have run."""
    return {
        key
        for run in runs
        for entry in run.entries
        if isinstance(entry, RunRecovered)
        for path in entry.in_flight
        for key in keys_at(run, path)
    }


def keys_at(run: RecordedRun, path: str) -> list[str]:
    """The keys of the steps that have stood at a path."""
    return [
        keys_of(run)[it.seq]
        for it in run.entries
        if isinstance(it, StepStarted) and it.path == path and it.seq in keys_of(run)
    ]


def differences(told: dict, whole: dict) -> list[str]:
    return [
        f"{key}: {told[key]!r} is not {whole[key]!r}"
        for key in ("status", "error", "state", "metadata", "results")
        if told[key] != whole[key]
    ]


def killed_at_each_entry(folder: Path, build: type[Killing], flow: str, step: int) -> dict:
    """Kill a run at each entry, before, amid and after it is written, and let each go on."""
    whole = Case(folder / "whole", Killing, flow)
    whole.begin()
    entries = sum(len(run.entries) for run in whole.recorded())
    kills, again, found = 0, 0, []
    for at in range(1, entries + 1):
        for phase in PHASES:
            if (at * 3 + PHASES.index(phase)) % step:
                continue
            case = Case(folder / f"{at}-{phase}", build, flow)
            if not case.begin(at, phase):
                continue
            kills += 1
            before, recorded = read(case.log), case.recorded()
            if recorded and recorded[0].end is not None:
                continue
            case.resume()
            again += calls(case) - calls(whole)
            found += [f"{at}-{phase}: {it}" for it in faults(case, whole, before, recorded)]
    return {"entries": entries, "kills": kills, "again": again, "faults": found}


def calls(case: Case) -> int:
    return sum(it["did"] == "begin" for it in read(case.log))


def storm(folder: Path, build: type[Killing], flow: str, at: int) -> dict:
    """Kill the run, and then each resumption at that entry that it writes."""
    whole = Case(folder / "whole", Killing, flow)
    whole.begin()
    case = Case(folder / "storm", build, flow)
    kills, alive = 1, case.begin(5, "after")
    while alive and kills < 500:
        alive = case.resume(at, "after")
        kills += alive
    found = differences(case.outcome(), whole.outcome())
    ends = Counter((it["key"], it["attempt"]) for it in read(case.log) if it["did"] == "end")
    marked = marks(case.recorded())
    found += [f"{it} ended twice" for it in ends if ends[it] > 1 and it[0] not in marked]
    return {"kills": kills, "faults": found}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", choices=["each", "storm"])
    parser.add_argument("--broken", default="", choices=BUILDS)
    parser.add_argument("--flow", default="nested", choices=FLOWS)
    parser.add_argument("--step", type=int, default=1, help="only each so-manieth kill")
    parser.add_argument("--at", type=int, default=3, help="the entry that resumptions come to")
    given = parser.parse_args()
    build, flow = BUILDS[given.broken], FLOWS[given.flow]
    if given.what == "each":
        result = killed_at_each_entry(given.folder, build, flow, given.step)
    else:
        result = storm(given.folder, build, flow, given.at)
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()

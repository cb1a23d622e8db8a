"""What a resumed run takes from its record, and when it may not go on."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agentflow.catalogue import Catalogue
from agentflow.errors import JournalError
from agentflow.event import Event
from agentflow.flow.load import parse
from agentflow.journal.definition import flow_to_resume
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.resumption import Resumption
from agentflow.journal.writer import Writer
from agentflow.runner import Runner, RunOutcome
from agentflow.spellings import SPELLINGS
from agentflow.state import State
from agentflow.trace import LoopChecked, RunFinished, RunRecovered, StepStarted


@dataclass
class Broken:
    """A run that ends with its loop, as if its process had been killed, and goes on."""

    journal: Path
    text: str
    agents: dict[str, Callable[..., Any]]
    calls: list[str] = field(default_factory=list)
    at: str = ""
    """The step that alone is run."""

    async def until(self, event: asyncio.Event) -> None:
        """Run until then, and lose what was not on the disk."""
        writer = Writer(self.journal)
        runner = self._runner(writer)
        await runner.start()
        await runner.emit(Event(data={"n": 0}), at=self.at)
        await event.wait()
        await writer.settled()
        lose(writer)
        await runner.stop()
        with pytest.raises(JournalError):
            writer.close()

    async def stopped(self, event: asyncio.Event) -> RunOutcome:
        """Run until then, and stop it as a person does."""
        writer = Writer(self.journal)
        async with self._runner(writer) as runner:
            handle = await runner.emit(Event(data={"n": 0}))
            await event.wait()
            handle.cancel()
            outcome = await handle.outcome()
        writer.close()
        return outcome

    async def goes_on(self) -> RunOutcome:
        run = self.recorded()
        writer = Writer(self.journal)
        keeper = Keeper(writer, self.text)
        try:
            async with self._runner(writer) as runner:
                return await (await runner.resume(Resumption(run, keeper, {}))).outcome()
        finally:
            writer.close()

    def recorded(self) -> RecordedRun:
        with Reader(self.journal) as reader:
            (run,) = reader.runs()
        return run

    def _runner(self, writer: Writer) -> Runner:
        flow = parse(self.text, Catalogue.installed()).flow
        runner = Runner.from_flow(flow, agents={n: self._told(n) for n in self.agents})
        runner.keep(Keeper(writer, self.text))
        return runner

    def _told(self, name: str) -> Callable[..., Any]:
        async def agent(state: State) -> Any:
            self.calls.append(name)
            return await self.agents[name](state)

        return agent


def lose(writer: Writer) -> None:
    """From now on nothing is written any more."""
    writer._break(JournalError("journal", "is gone", "that is a test"))


def flow(agents: list[str], mode: str = "sequential", **settings: object) -> str:
    names = ", ".join(f'"{name}"' for name in agents)
    table = "".join(f"{key} = {value}\n" for key, value in settings.items())
    member = f"agent = {names}\n" if mode == "loop" else f"agents = [{names}]\n"
    return f'[orchestration]\nmode = "{mode}"\n[orchestration.{mode}]\n{member}{table}'


async def up(state: State) -> dict[str, int]:
    return {"n": state["n"] + 1}


class Stops:
    """An agent that, the first time, hangs when it is called, and says so."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()

    async def __call__(self, state: State) -> dict[str, int]:
        if not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()
        return await up(state)


async def test_what_had_ended_is_not_called_again_and_what_had_not_is(journal: Path):
    stops = Stops()
    broken = Broken(journal, flow(["a", "b", "c"]), {"a": up, "b": stops, "c": up})
    await broken.until(stops.reached)

    outcome = await broken.goes_on()

    assert broken.calls == ["a", "b", "b", "c"]
    assert (outcome.status, outcome.state) == ("succeeded", {"n": 3})
    assert [it.in_flight for it in outcome.entries if isinstance(it, RunRecovered)] == [
        ("sequential/b",)
    ]


async def test_a_run_of_one_step_alone_goes_on_with_that_step_alone(journal: Path):
    stops = Stops()
    text = """
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
agent = "before"
[[orchestration.mixed.stages]]
name = "some"
mode = "sequential"
agents = ["a", "b"]
[[orchestration.mixed.stages]]
agent = "after"
"""
    names = ("before", "a", "after")
    broken = Broken(journal, text, {"b": stops, **dict.fromkeys(names, up)}, at="some")
    await broken.until(stops.reached)

    outcome = await broken.goes_on()

    assert broken.calls == ["a", "b", "b"]
    assert (outcome.status, outcome.state) == ("succeeded", {"n": 2})


async def test_an_agent_that_kept_failing_is_left_alone_by_the_run_that_goes_on(journal: Path):
    async def breaks(state: State) -> None:
        raise ValueError("down")

    stops = Stops()
    text = flow(["flaky", "flaky", "slow", "flaky"])
    text += '[agents.flaky]\non_error = "continue"\n'
    text += '[agents.flaky.circuit_breaker]\nfailures = 2\nreset = "1h"\n'
    broken = Broken(journal, text, {"flaky": breaks, "slow": stops})
    await broken.until(stops.reached)

    outcome = await broken.goes_on()

    assert broken.calls == ["flaky", "flaky", "slow", "slow"]
    assert "is left alone for 3600s more" in outcome.state["errors"]["flaky"]


async def test_the_trace_of_a_resumed_run_is_one_without_gaps_or_repetitions(journal: Path):
    stops = Stops()
    broken = Broken(journal, flow(["a", "b", "c"]), {"a": up, "b": stops, "c": up})
    await broken.until(stops.reached)

    outcome = await broken.goes_on()

    kept = broken.recorded()
    assert [it.seq for it in kept.entries] == list(range(len(kept.entries)))
    assert [it[3:] for it in kept.entries] == [it[3:] for it in outcome.entries]
    begun = [it.path for it in kept.entries if isinstance(it, StepStarted)]
    assert begun == ["sequential", "sequential/a", "sequential/b", "sequential/c"]
    assert isinstance(kept.entries[-1], RunFinished)


async def test_a_clock_that_was_set_back_sets_the_trace_back_nowhere(
    journal: Path, monkeypatch: pytest.MonkeyPatch
):
    stops = Stops()
    run = Broken(journal, flow(["a", "b"]), {"a": up, "b": stops})
    await run.until(stops.reached)
    with monkeypatch.context() as clock:
        clock.setattr("agentflow.recorder.time", lambda: time.time() - 1_000_000)
        outcome = await run.goes_on()

    times = [it.time for it in run.recorded().entries]
    assert outcome.status == "succeeded"
    assert times == sorted(times)
    assert times[-1] - times[0] < 60


async def test_a_run_that_a_person_stopped_goes_on_with_what_was_stopped(journal: Path):
    stops = Stops()
    broken = Broken(journal, flow(["a", "b"]), {"a": up, "b": stops})
    assert (await broken.stopped(stops.reached)).status == "cancelled"

    outcome = await broken.goes_on()

    assert broken.calls == ["a", "b", "b"]
    assert (outcome.status, outcome.state) == ("succeeded", {"n": 2})


async def test_a_run_that_has_ended_is_not_run_again(journal: Path):
    broken = Broken(journal, flow(["a"]), {"a": up})
    stops = asyncio.Event()
    stops.set()
    writer = Writer(journal)
    async with broken._runner(writer) as runner:
        await runner.run(Event(data={"n": 0}))
    writer.close()

    with pytest.raises(JournalError, match="it has ended"):
        await broken.goes_on()


async def test_a_loop_that_the_clock_had_ended_ends_there_again(journal: Path):
    async def slow(state: State) -> dict[str, int]:
        await asyncio.sleep(0.02)
        return await up(state)

    stops = Stops()
    text = (
        '[orchestration]\nmode = "mixed"\n'
        '[[orchestration.mixed.stages]]\nname = "again"\nmode = "loop"\nagents = ["slow"]\n'
        'max_duration = "50ms"\nmax_iterations = 1000\n'
        '[[orchestration.mixed.stages]]\nname = "last"\nmode = "sequential"\nagents = ["last"]\n'
    )
    broken = Broken(journal, text, {"slow": slow, "last": stops})
    await broken.until(stops.reached)
    passes = broken.calls.count("slow")

    outcome = await broken.goes_on()

    assert broken.calls.count("slow") == passes
    assert outcome.state == {"n": passes + 1}
    checks = [it for it in outcome.entries if isinstance(it, LoopChecked)]
    assert (checks[-1].why, checks[-1].passes) == ("max_duration", passes)


async def test_a_branch_that_a_timeout_had_ended_is_not_called_again(journal: Path):
    async def hangs(state: State) -> None:
        await asyncio.Event().wait()

    stops = Stops()
    text = (
        '[orchestration]\nmode = "mixed"\n'
        '[[orchestration.mixed.stages]]\nname = "both"\nmode = "collaborative"\n'
        'agents = ["quick", "hangs"]\nagent_timeout = "1s"\nfailure_threshold = 0.5\n'
        '[[orchestration.mixed.stages]]\nname = "last"\nmode = "sequential"\nagents = ["last"]\n'
    )
    broken = Broken(journal, text, {"quick": up, "hangs": hangs, "last": stops})
    await broken.until(stops.reached)

    outcome = await broken.goes_on()

    assert broken.calls == ["quick", "hangs", "last", "last"]
    assert outcome.state["both"] == {"quick": {"n": 1}}


async def test_a_run_fails_when_its_journal_breaks_and_says_so(journal: Path):
    writers: list[Writer] = []

    async def breaks(state: State) -> dict[str, int]:
        lose(writers[0])
        return await up(state)

    broken = Broken(journal, flow(["a", "b", "c"]), {"a": up, "b": breaks, "c": up})
    writers.append(Writer(journal))
    async with broken._runner(writers[0]) as runner:
        with pytest.raises(JournalError, match="journal: is gone; that is a test"):
            await runner.run(Event(data={"n": 0}))

    assert broken.calls == ["a", "b"]
    with pytest.raises(JournalError):
        writers[0].close()


async def test_a_flow_that_means_something_else_now_is_refused(keep, journal, tmp_path: Path):
    file, kinds = tmp_path / "agentflow.toml", Catalogue.installed()
    file.write_text(flow(["a", "b"]))
    writer = Writer(journal)
    sink = Keeper(writer, file.read_text(), file).sink("r", 0.0)
    sink((RunRecovered.__name__, 0.0, "", ()))
    writer.close()
    with Reader(journal) as reader:
        run = reader.run("r")

    assert flow_to_resume(run, kinds).source == file
    file.write_text("# a comment\n" + flow(["a", "b"]))
    assert flow_to_resume(run, kinds).source == file
    file.write_text(flow(["a", "c"]))
    with pytest.raises(JournalError, match="the flow is not what it was when run r began; put it"):
        flow_to_resume(run, kinds)
    assert flow_to_resume(run, kinds, accept_changes=True).flow.root


async def test_what_the_environment_said_is_put_back_as_it_was_spelled(journal: Path):
    value = "a+b/c=\"d' é"
    said = [spelled(value) for spelled in SPELLINGS.values()]
    text = flow(["a"])
    writer = Writer(journal)
    sink = Keeper(writer, text, hidden=lambda: {"KEY": value}).sink("r", 0.0)
    runner = Runner.from_flow(parse(text, Catalogue.installed()).flow, agents={"a": up})
    outcome = await runner.run(Event(data={"n": 1, "said": said}))
    for entry in outcome.entries[:-1]:
        sink((type(entry).__name__, entry.time, *entry[3:]))
    writer.close()
    with Reader(journal) as reader:
        run = reader.run("r")

    shown = run.entries[0].state["said"]
    assert shown[0] == "${KEY}"
    assert all(it.startswith("${KEY") for it in shown)
    writer = Writer(journal)
    again = Resumption(run, Keeper(writer, text), {"KEY": value})
    writer.close()
    assert again.state["said"] == said


async def test_what_the_environment_said_is_left_out_and_put_back(journal: Path):
    told = {"KEY": 'sec"ret\nword'}
    text = flow(["a"])
    writer = Writer(journal)
    sink = Keeper(writer, text, hidden=lambda: told).sink("r", 0.0)
    outcome = await Runner.from_flow(parse(text, Catalogue.installed()).flow, agents={"a": up}).run(
        Event(data={"n": 1, "said": [f"it is {told['KEY']}!", r"\u0024{KEY}", "${KEY}"]})
    )
    for entry in outcome.entries[:-1]:
        sink((type(entry).__name__, entry.time, *entry[3:]))
    writer.close()
    with Reader(journal) as reader:
        run = reader.run("r")

    assert "word" not in "".join(run.rows)
    assert run.entries[0].state["said"] == ["it is ${KEY}!", r"\u0024{KEY}", "${KEY}"]
    writer = Writer(journal)
    again = Resumption(run, Keeper(writer, text), told)
    with pytest.raises(JournalError, match="the environment has no KEY any more"):
        Resumption(run, Keeper(writer, text), {})
    writer.close()
    assert again.state == outcome.entries[0].state

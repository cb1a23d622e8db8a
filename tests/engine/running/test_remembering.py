"""What agents of a flow remember from run to run, and that no repetition does it twice."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentflow import Catalogue, Event, Memory, Runner, current_memory
from agentflow.errors import SetupError
from agentflow.flow.load import load, parse
from agentflow.journal.inner_runs import resumption
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.writer import Writer
from agentflow.running.outcome import RunOutcome
from agentflow.settings import AskedEnvironment
from agentflow.trace import StepNoted
from engine.fakes import setup

CATALOGUE = Catalogue.installed()

FLOW = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["one"]
[memory]
path = "memory.db"
"""

PYTHON = """\
def count(state, memory):
    memory.remember("n", memory.recall("n", 0) + 1)
    return {"n": memory.recall("n")}

async def count_slowly(state, event, *, memory):
    memory.remember("n", memory.recall("n", 0) + 1)
    memory.remember("who", event.session_id)
    return {"n": memory.recall("n"), "found": memory.search(event.session_id)}

def outlives(state, memory):
    import threading, time
    def later():
        time.sleep(0.2)
        try:
            memory.recall("n")
        except Exception as error:
            open("told.txt", "w").write(str(error))
    threading.Thread(target=later).start()
"""


def files(folder: Path) -> dict[str, bytes]:
    return {it.name: it.read_bytes() for it in folder.iterdir()}


def notes(outcome: RunOutcome) -> list[str]:
    return [it.text for it in outcome.entries if isinstance(it, StepNoted)]


async def ran(
    folder: Path, text: str, agents: dict[str, Any] | None = None, session: str = "", **options: Any
) -> RunOutcome:
    """What comes of the flow, in a runner of its own each time, as a program each time would."""
    file = folder / "agentflow.toml"
    file.write_text(text, encoding="utf-8")
    made = setup(folder=folder, **options)
    runner = Runner.from_flow(load(file, CATALOGUE).flow, agents=agents, setup=made)
    return await runner.run(Event(session_id=session))


async def test_a_function_given_by_a_program_counts_the_runs_of_a_session(tmp_path: Path):
    def count(state, memory):
        memory.remember("n", memory.recall("n", 0) + 1)
        return {"n": memory.recall("n")}

    async def count_async(state, event, memory):
        return count(state, memory)

    async def count_in_context(state):
        return count(state, current_memory())

    found = [
        (await ran(tmp_path, FLOW, {"one": agent}, session)).state["n"]
        for session in ("ann", "ben")
        for agent in (count, count_async, count_in_context)
    ]

    assert found == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("function", ["count", "count_slowly"])
async def test_a_python_agent_counts_the_runs_of_a_session(
    tmp_path: Path, isolate: bool, function: str
):
    (tmp_path / "agents.py").write_text(PYTHON, encoding="utf-8")
    text = FLOW + f'[agents.one]\ntype = "python"\ncall = "agents:{function}"\n'

    for number in (1, 2):
        outcome = await ran(tmp_path, text, session="ann", isolate=isolate)
        assert outcome.error == ""
        assert outcome.state["n"] == number

    assert notes(outcome)[:2] == ["recalls 'n'", "remembers 'n'"]


async def test_what_a_function_leaves_behind_remembers_no_more(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agents.py").write_text(PYTHON, encoding="utf-8")
    two = FLOW.replace('["one"]', '["one", "two"]')
    text = two + '[agents.one]\ntype = "python"\ncall = "agents:outlives"\n'
    text += '[agents.two]\ntype = "scripted"\ndelay = "500ms"\n'

    outcome = await ran(tmp_path, text, isolate=True)

    assert outcome.error == ""
    assert "the call is over" in (tmp_path / "told.txt").read_text()


@pytest.mark.parametrize("isolate", [False, True])
async def test_a_flow_without_memory_says_so_where_one_is_wanted(tmp_path: Path, isolate: bool):
    (tmp_path / "agents.py").write_text(PYTHON, encoding="utf-8")
    text = FLOW.partition("[memory]")[0] + '[agents.one]\ntype = "python"\ncall = "agents:count"\n'

    outcome = await ran(tmp_path, text, isolate=isolate)

    assert "this flow has none; write a table [memory]" in outcome.error
    with pytest.raises(SetupError):
        current_memory()


async def test_a_memory_that_is_switched_off_is_none(tmp_path: Path):
    text = FLOW.replace("[memory]", "[memory]\nenabled = false")
    text += '[agents.one]\ntype = "scripted"\noutput = { n = "{{ recall(\'n\') }}" }\n'

    assert "this flow has none" in (await ran(tmp_path, text)).error


async def test_templates_recall_and_search(tmp_path: Path):
    text = FLOW + '[agents.one]\ntype = "scripted"\n[agents.one.output]\n'
    text += "trip = \"{{ recall('trip') }}\"\nnone = \"{{ recall('x', '-') }}\"\n"
    text += "said = \"{% for it in search('oslo') %}{{ it.key }}: {{ it.value.to }}{% endfor %}\"\n"
    memory = Memory(tmp_path / "memory.db")
    memory.session("ann").remember("trip", {"to": "Oslo"})
    memory.close()

    outcome = await ran(tmp_path, text, session="ann")

    assert outcome.error == ""
    assert outcome.state.to_dict() == {"trip": {"to": "Oslo"}, "none": "-", "said": "trip: Oslo"}
    assert notes(outcome) == ["recalls 'trip'", "recalls nothing under 'x'", "finds 1 about 'oslo'"]


async def test_a_failed_call_that_is_made_again_remembers_once(tmp_path: Path):
    calls: list[int] = []

    def count(state, memory):
        calls.append(memory.recall("n", 0))
        memory.remember("n", calls[-1] + 1)
        if len(calls) < 3:
            raise ValueError("not yet")
        return {"n": memory.recall("n")}

    text = FLOW + "[agents.one]\nretry_policy = { max_retries = 3, base_delay_ms = 1 }\n"
    outcome = await ran(tmp_path, text + 'type = "scripted"\n', {"one": count})

    assert calls == [0, 0, 0]
    assert outcome.state["n"] == 1


class Journey:
    """A run of one agent that is broken off in its call, and goes on."""

    def __init__(
        self, folder: Path, agent: Callable[..., Any] | None = None, text: str = FLOW
    ) -> None:
        self.folder, self.agent, self.text = folder, agent, text
        self.writer = Writer(folder / "journal.db")

    def runner(self, keeper: Keeper) -> Runner:
        flow = parse(self.text, CATALOGUE).flow
        agents = {} if self.agent is None else {"one": self.agent}
        made = Runner.from_flow(flow, agents=agents, setup=setup(folder=self.folder))
        made.keep(keeper)
        return made

    async def broken_off(self, reached: asyncio.Event) -> None:
        async with self.runner(Keeper(self.writer, self.text)) as runner:
            handle = await runner.emit(Event(session_id="ann"))
            await reached.wait()
            handle.cancel()
            await handle.outcome()
        self.writer.close()

    async def goes_on(self) -> RunOutcome:
        with Reader(self.folder / "journal.db") as reader:
            (run,) = [it for it in reader.runs() if not it.is_inside]
        self.writer = Writer(self.folder / "journal.db")
        try:
            keeper = Keeper(self.writer, self.text)
            async with self.runner(keeper) as runner:
                again = resumption(self.writer.path, run.id, keeper, {})
                return await (await runner.resume(again)).outcome()
        finally:
            self.writer.close()


async def test_a_call_of_a_resumed_run_recalls_what_it_recalled_and_remembers_nothing_twice(
    tmp_path: Path,
):
    reached, seen = asyncio.Event(), []

    async def count(state, memory):
        seen.append(memory.recall("n", 0))
        memory.remember("n", seen[-1] + 1)
        if len(seen) == 1:
            reached.set()
            await asyncio.Event().wait()
        return {"n": memory.recall("n")}

    journey = Journey(tmp_path, count)
    await journey.broken_off(reached)
    other = Memory(tmp_path / "memory.db")
    other.session("ann").remember("other", "came in between")
    outcome = await journey.goes_on()

    assert outcome.error == ""
    assert (seen, outcome.state["n"]) == ([0, 0], 1)
    assert other.session("ann").recall("n") == 1
    assert other.session("ann").recall("other") == "came in between"
    other.close()


INNER = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["count", "hang"]
[agents.count]
type = "python"
call = "agents:count"
[agents.hang]
type = "python"
call = "agents:hang"
"""
HANG = """
import asyncio, pathlib
async def hang(state):
    ready = pathlib.Path(__file__).with_name("ready")
    if not ready.exists():
        ready.touch()
        await asyncio.sleep(3600)
"""


async def test_a_flow_that_is_run_again_as_a_step_of_a_resumed_run_remembers_nothing_twice(
    tmp_path: Path,
):
    (tmp_path / "inner.toml").write_text(INNER, encoding="utf-8")
    (tmp_path / "agents.py").write_text(PYTHON + HANG, encoding="utf-8")
    reached = asyncio.Event()

    async def watch() -> None:
        while "ready" not in files(tmp_path):  # noqa: ASYNC110 - another program would make it
            await asyncio.sleep(0.01)
        reached.set()

    journey = Journey(tmp_path, text=FLOW + '[agents.one]\ntype = "flow"\nfile = "inner.toml"\n')
    watching = asyncio.create_task(watch())
    await journey.broken_off(reached)
    await watching
    outcome = await journey.goes_on()

    assert outcome.error == ""
    assert outcome.state["n"] == 1


async def test_a_repeated_call_that_goes_another_way_lives_from_there_on(tmp_path: Path):
    reached, calls = asyncio.Event(), []

    async def wanders(state, memory):
        calls.append(1)
        memory.remember("a", len(calls))
        memory.remember(f"only {len(calls)}", True)
        if len(calls) == 1:
            reached.set()
            await asyncio.Event().wait()
        return {"a": memory.recall("a")}

    journey = Journey(tmp_path, wanders)
    await journey.broken_off(reached)
    outcome = await journey.goes_on()

    assert outcome.state["a"] == 2
    memory = Memory(tmp_path / "memory.db")
    assert memory.session("ann").recall("only 2") is True
    memory.close()


async def test_a_flow_that_is_run_as_a_step_remembers_with_the_one_around_it(tmp_path: Path):
    (tmp_path / "inner.toml").write_text(FLOW.partition("[memory]")[0] + AGENT, encoding="utf-8")
    text = FLOW + '[agents.one]\ntype = "flow"\nfile = "inner.toml"\n'

    first = await ran(tmp_path, text, session="ann")
    second = await ran(tmp_path, text, session="ann")

    assert (first.error, second.error) == ("", "")
    memory = Memory(tmp_path / "memory.db")
    assert memory.session("ann").recall("seen") == "yes"
    memory.close()


AGENT = """\
[agents.one]
type = "memory"
task = "remember"
key = "seen"
value = "yes"
"""


async def test_what_the_environment_told_is_neither_in_the_file_nor_in_the_trace(tmp_path: Path):
    text = FLOW + AGENT.replace('"yes"', '"key ${TOKEN} here"')

    outcome = await ran(
        tmp_path, text, session="ann", environ=AskedEnvironment({"TOKEN": "s3cr3t-value"})
    )

    assert outcome.error == ""
    assert b"s3cr3t-value" not in b"".join(files(tmp_path).values())
    assert "s3cr3t-value" not in repr(outcome.entries)
    memory = Memory(tmp_path / "memory.db")
    assert memory.session("ann").recall("seen") == "key ${TOKEN} here"
    memory.close()


async def test_a_memory_that_the_program_gives_goes_before_the_flows_own(tmp_path: Path):
    given = Memory()
    flow = parse(FLOW + AGENT, CATALOGUE).flow
    runner = Runner.from_flow(flow, setup=setup(folder=tmp_path), memory=given)

    await runner.run(Event(session_id="ann"))

    assert given.session("ann").recall("seen") == "yes"
    assert files(tmp_path) == {}
    given.close()


async def test_opening_and_running_a_flow_that_remembers_nothing_makes_no_file(tmp_path: Path):
    outcome = await ran(tmp_path, FLOW + '[agents.one]\ntype = "scripted"\n')

    assert outcome.status == "succeeded"
    assert [*files(tmp_path)] == ["agentflow.toml"]

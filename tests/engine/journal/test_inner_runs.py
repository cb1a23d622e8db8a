"""Of a flow that a step has run, nothing that had ended is called again when the run goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentflow.catalogue import Catalogue
from agentflow.errors import JournalError
from agentflow.event import Event
from agentflow.flow.load import load
from agentflow.journal.inner_runs import resumption
from agentflow.journal.keeper import Keeper
from agentflow.journal.reader import Reader
from agentflow.journal.resumption import Resumption
from agentflow.journal.writer import Writer
from agentflow.runner import Runner, RunOutcome
from agentflow.trace import RunFinished, RunRecovered, RunStarted, TraceEntry
from engine.fakes import setup
from engine.processes import until

OUTER = """\
[orchestration.sequential]
agents = ["part", "last"]
[orchestration]
mode = "sequential"
[agents.part]
type = "flow"
file = "part.toml"
[agents.part.retry_policy]
max_retries = 1
base_delay_ms = 0
[agents.last]
type = "scripted"
output = { done = true }
"""

PART = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["one", "two"]
[agents.one]
type = "python"
call = "own:one"
[agents.two]
type = "python"
call = "own:two"
"""

OWN = """\
import asyncio, os
from pathlib import Path

HERE = Path(__file__).parent

def log(line):
    with open(HERE / "log", "a") as file:
        file.write(line + "\\n")

async def one(state, *, key):
    log("one " + key)
    return {"one": os.environ.get("ONE_SAYS", "")}

async def two(state):
    log("two")
    if (HERE / "fails").exists():
        (HERE / "fails").unlink()
        raise ValueError("not now")
    while (HERE / "hangs").exists():
        await asyncio.sleep(0.005)
    return {"two": state["one"]}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name, text in {"outer.toml": OUTER, "part.toml": PART, "own.py": OWN}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "hangs").touch()
    return tmp_path


def called(home: Path) -> list[str]:
    log = home / "log"
    return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


def kept(home: Path) -> list[str]:
    with Reader(home / "j.db") as reader:
        return [run.id for run in reader.runs()]


async def stopped(home: Path, calls: int) -> str:
    """Run the flow until so many calls were made in it, and stop it then; the run's id."""
    file = load(home / "outer.toml", Catalogue.installed())
    writer = Writer(home / "j.db")
    runner = Runner.from_flow(file.flow, setup=setup(folder=home))
    runner.keep(Keeper(writer, file.text, file.source))
    async with runner:
        handle = await runner.emit(Event(data={"message": "x"}))
        await until(lambda: len(called(home)) == calls, "it was not called")
        handle.cancel()
        outcome = await handle.outcome()
    writer.close()
    assert outcome.status == "cancelled"
    return outcome.run_id


class Heard:
    """A listener that wants to hear of inner flows, too: their entries."""

    def __init__(self) -> None:
        self.inside_of: list[TraceEntry] = []

    def __call__(self, entry: TraceEntry) -> None:
        """Of the outer one."""

    def inside(self, *_: object) -> Callable[[TraceEntry], None]:
        return self.inside_of.append


async def goes_on(home: Path, run_id: str, heard: Heard | None = None) -> RunOutcome:
    (home / "hangs").unlink()
    file = load(home / "outer.toml", Catalogue.installed())
    writer = Writer(home / "j.db")
    runner = Runner.from_flow(file.flow, setup=setup(folder=home))
    keeper = Keeper(writer, file.text, file.source)
    runner.keep(keeper)
    runner.subscribe(heard or Heard())
    async with runner:
        resumed = resumption(home / "j.db", run_id, keeper, {})
        outcome = await (await runner.resume(resumed)).outcome()
    writer.close()
    return outcome


async def test_a_step_that_runs_a_flow_goes_on_where_that_was(home: Path):
    run_id = await stopped(home, 2)

    outcome = await goes_on(home, run_id)

    assert outcome.error == ""
    assert outcome.state == {"message": "x", "one": "", "two": "", "done": True}
    assert called(home) == ["one", "two", "two"]
    assert len(kept(home)) == 2


async def test_who_listens_hears_all_of_an_inner_run_that_goes_on(home: Path):
    run_id, heard = await stopped(home, 2), Heard()

    await goes_on(home, run_id, heard)

    assert [it.seq for it in heard.inside_of] == list(range(len(heard.inside_of)))
    assert isinstance(heard.inside_of[0], RunStarted)
    assert isinstance(heard.inside_of[-1], RunFinished)
    assert sum(isinstance(it, RunRecovered) for it in heard.inside_of) == 1


async def test_each_attempt_of_a_step_is_a_run_of_its_own_and_its_calls_have_the_same_keys(
    home: Path,
):
    (home / "fails").touch()
    run_id = await stopped(home, 4)

    outcome = await goes_on(home, run_id)

    assert outcome.error == ""
    assert called(home) == ["one", "two", "one", "two", "two"]
    assert len(kept(home)) == 3
    assert len(set((home / "log").read_text().splitlines()) - {"two"}) == 1


async def test_a_flow_whose_file_has_changed_begins_anew(home: Path):
    run_id = await stopped(home, 2)
    (home / "part.toml").write_text(PART.replace('["one", "two"]', '["one"]'))

    outcome = await goes_on(home, run_id)

    assert outcome.error == ""
    assert outcome.state == {"message": "x", "one": "", "done": True}
    assert called(home) == ["one", "two", "one"]


async def test_a_damaged_record_of_such_a_flow_is_not_believed(home: Path):
    run_id = await stopped(home, 2)
    with Reader(home / "j.db") as reader:
        (number,) = (run.page.number for run in reader.inside(run_id))
    writer = Writer(home / "j.db")
    writer._connection.execute("UPDATE entries SET body = 'x' WHERE run = ?", (number,))
    writer.close()

    outcome = await goes_on(home, run_id)

    assert outcome.error == ""
    assert called(home) == ["one", "two", "one", "two"]


async def test_a_run_inside_of_another_is_not_resumed_by_itself(home: Path):
    run_id = await stopped(home, 2)
    with Reader(home / "j.db") as reader:
        (inner,) = reader.inside(run_id)
    writer = Writer(home / "j.db")

    with pytest.raises(JournalError, match=f"a part of another run; .* resume {run_id[:12]}"):
        Resumption(inner, Keeper(writer, PART), {})
    writer.close()


async def test_of_two_flows_in_one_call_the_first_is_kept(tmp_path: Path):
    writer = Writer(tmp_path / "j.db")
    keeper = Keeper(writer, OUTER)
    part = {"text": PART, "file": tmp_path / "part.toml", "flow": "part"}

    assert keeper.inside("r:3.1", Event(), **part) is not None
    assert keeper.inside("r:3.1", Event(), **part) is None
    assert keeper.inside("r:3.2", Event(), **part) is not None
    writer.close()

"""What is run from the editor is kept as what is run from the command line."""

import asyncio
import json
import sys

import pytest

from agentflow.event import Event
from agentflow.journal.reader import Reader
from agentflow.journal.shelf import Shelf
from agentflow.settings import AskedEnvironment
from agentflow_editor.document import edits
from agentflow_editor.run.controller import RunController
from agentflow_editor.run.kept_runs import KeptRuns
from editor.benches import STAGES, open_text
from editor.run.test_controller import Ends, until

EVENT = Event(data={"message": "hello"})


@pytest.fixture
def shelf(tmp_path):
    return Shelf(folder=tmp_path / "runs")


@pytest.fixture
def controller(bench, shelf, qapp):
    run = bench.run
    return RunController(
        bench.document,
        bench.trace,
        bench.breakpoints,
        bench.catalogue,
        run._trust,
        kept=KeptRuns(shelf),
    )


async def test_a_run_is_kept_with_the_flow_as_it_is_drawn(bench, controller, shelf, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(controller)
    for _ in range(2):
        before = len(ends.outcomes)
        controller.run(EVENT)
        await until(lambda before=before: len(ends.outcomes) > before)
    await controller.close()

    (file,) = shelf.files()
    with Reader(file) as reader:
        first, second = reader.runs()
    assert (first.id, second.id) == tuple(it.run_id for it in ends.outcomes)
    assert first.entries == tuple(ends.outcomes[0].entries)
    assert (first.text, first.page.file) == (STAGES, str(bench.document.path))


OWN = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["one", "two", "inner"]
[agents.one]
type = "python"
call = "own:one"
[agents.two]
type = "python"
call = "own:two"
[agents.inner]
type = "flow"
file = "inner.toml"
"""

FUNCTIONS = """\
import pathlib, time

def one(state):
    with open("one.log", "a") as log:
        log.write("called")
    return {"one": 1}

def two(state):
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
    return {"two": 2}
"""


async def test_a_flow_that_was_edited_and_not_saved_goes_on_as_it_was_in_its_folder(
    bench, controller, shelf, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(FUNCTIONS)
    (tmp_path / "inner.toml").write_text(STAGES)
    open_text(bench, tmp_path, OWN)
    bench.document.edit("Rename", edits.rename(bench.document.sheet, "sequential/one", "first"))
    controller.trust_needed.connect(lambda request: request.grant())

    controller.run(EVENT)
    await until(lambda: bench.trace.status("sequential/two") == "running")
    await controller.close()
    (tmp_path / "go").touch()
    (file,) = shelf.files()
    with Reader(file) as reader:
        (run,) = reader.runs()
    words = ("-m", "agentflow", "runs", "resume", run.id, "--journal", str(file), "--json")
    resumed = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=asyncio.subprocess.PIPE
    )
    told = json.loads((await resumed.communicate())[0])

    assert (told["status"], told["error"]) == ("succeeded", "")
    assert (told["state"]["one"], told["state"]["two"]) == (1, 2)
    assert told["state"]["response"] == "All <b>good</b>."
    assert (tmp_path / "one.log").read_text() == "called"
    assert "sequential/first" in told["path_results"]


async def test_a_run_that_cannot_be_kept_is_not_begun_and_says_why(bench, controller, tmp_path):
    open_text(bench, tmp_path, STAGES)
    (tmp_path / "runs").write_text("a file where the folder should be")
    ends = Ends(controller)

    controller.run(EVENT)
    await controller.close()

    assert (ends.outcomes, ends.started) == ([], 0)
    assert "cannot be opened" in ends.faults[0]
    assert "switch “Keep every run” off in the preferences" in ends.faults[0]


async def test_a_run_that_is_not_wanted_kept_is_not(bench, shelf, tmp_path):
    open_text(bench, tmp_path, STAGES)

    assert KeptRuns(shelf, lambda: False).keeper(bench.document, AskedEnvironment({})) is None
    assert shelf.files() == ()

"""What is run from the editor is kept as what is run from the command line."""

import pytest

from agentflow.event import Event
from agentflow.journal.reader import Reader
from agentflow.journal.shelf import Shelf
from agentflow.settings import AskedEnvironment
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

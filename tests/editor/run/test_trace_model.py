"""TraceModel: what panes read off the entries of a run."""

import time

import pytest

from agentflow.state import State
from agentflow.trace import (
    BranchesMerged,
    BreakpointHit,
    Comparison,
    LoopChecked,
    RouteChosen,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepOutput,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
)
from agentflow_editor.run.step_view import LONGEST_TEXT
from agentflow_editor.run.trace_model import TraceModel


class Feeder:
    """Feeds a model, numbering the entries as a run does."""

    def __init__(self, model: TraceModel) -> None:
        self._model = model
        self._seq = 0

    def __call__(self, kind, path, *facts):
        self._model.feed(kind(self._seq, 1000.0 + self._seq, "run", path, *facts))
        self._seq += 1

    def step(self, path, changes=None):
        began = self._seq
        self(StepStarted, path, "agent", path.rsplit("/", 1)[-1], 0)
        self(StepSucceeded, path, changes or {}, (), 0.1, began)


@pytest.fixture
def model(qapp):
    return TraceModel()


@pytest.fixture
def feed(model):
    feed = Feeder(model)
    feed(RunStarted, "", "flow", State({"topic": "tides"}))
    return feed


def test_a_step_that_has_not_begun_waits_while_the_run_is_on(model, feed):
    assert model.status("later") == "waiting"
    assert model.step("later") is None

    feed(RunFinished, "", "succeeded", State(), "", 1.0)
    assert model.status("later") == ""


def test_a_step_tells_its_input_output_changes_and_duration(model, feed):
    feed(RunStarted, "", "flow", State({"a": 1, "b": 2}))
    feed(StepStarted, "writer", "agent", "writer", 0)
    assert model.step("writer").status == "running"
    assert model.step("writer").latest.output is None

    feed(StepSucceeded, "writer", {"a": 3, "c": 4}, ("b",), 0.25)

    done = model.step("writer").latest
    assert model.step("writer").status == "done"
    assert done.input == {"a": 1, "b": 2}
    assert done.output == {"a": 3, "c": 4}
    assert (done.changes, done.removed, done.duration) == ({"a": 3, "c": 4}, ("b",), 0.25)


def test_the_passes_of_a_loop_are_kept_apart(model, feed):
    for number in (1, 2, 3):
        feed.step(f"refine#{number}/critic", {"score": number + 1})

    view = model.step("refine/critic")
    assert [it.path for it in view.passes] == [f"refine#{number}/critic" for number in (1, 2, 3)]
    assert [it.changes["score"] for it in view.passes] == [2, 3, 4]


def test_a_step_is_running_as_long_as_one_of_its_passes_is(model, feed):
    feed(StepStarted, "p#1/a", "agent", "a", 0)
    feed(StepStarted, "p#2/a", "agent", "a", 0)
    feed(StepFailed, "p#1/a", "p#1/a: it broke", 0.1)

    assert model.step("p/a").status == "running"
    feed(StepSucceeded, "p#2/a", {}, (), 0.2)
    assert model.step("p/a").status == "done"


def test_a_step_that_is_dispatched_again_has_another_pass_of_the_same_path(model, feed):
    feed.step("writer")
    feed.step("writer")

    assert [it.path for it in model.step("writer").passes] == ["writer", "writer"]


def test_failing_skipping_and_cancelling_are_told_apart(model, feed):
    feed(StepStarted, "a", "agent", "a", 0)
    feed(StepFailed, "a", "a: agent 'a' raised; mend it", 0.1)
    feed(StepStarted, "b", "agent", "b", 0)
    feed(StepCancelled, "b", "a sibling failed", 0.1)
    feed(StepSkipped, "c", "c", "it is not enabled")

    assert [model.step(path).status for path in "abc"] == ["failed", "cancelled", "skipped"]
    assert model.step("a").latest.error == "a: agent 'a' raised; mend it"
    assert model.step("b").latest.error == "a sibling failed"


def test_a_failed_step_that_the_flow_goes_on_after_has_an_output(model, feed):
    feed(RunStarted, "", "flow", State({"x": 1}))
    feed(StepStarted, "a", "agent", "a", 0)
    feed(StepFailed, "a", "a: no", 0.1, {"errors": {"a": "no"}})

    assert model.step("a").status == "failed"
    assert model.step("a").latest.output == {"x": 1, "errors": {"a": "no"}}


def test_decisions_stand_with_the_pass_that_made_them(model, feed):
    compared = (Comparison("question", "kind == 'q'", "kind = 'o'", holds=False),)
    feed(StepStarted, "deliver", "route", "deliver", 0)
    feed(RouteChosen, "deliver", "default", "no case holds", compared)
    feed(StepStarted, "refine", "loop", "refine", 0)
    feed(LoopChecked, "refine", 0, 5, "s > 1", {"s": 0}, False, "")
    feed(LoopChecked, "refine", 1, 5, "s > 1", {"s": 2}, True, "condition")
    feed(StepStarted, "both", "collaborative", "both", 0)
    feed(BranchesMerged, "both", ("a", "b"), ("b",), 0.5)
    feed(StepRetried, "both", 1, "no", 0.1)

    assert model.step("deliver").route.comparisons == compared
    assert model.step("refine").check.passes == 1
    assert [check.verdict for check in model.step("refine").latest.checks] == [False, True]
    assert model.step("both").merged.failed == ("b",)
    assert model.step("both").latest.retries == 1


def test_a_step_that_is_held_is_paused_until_it_goes_on(model, feed):
    feed(BreakpointHit, "a")
    feed(RunPaused, "a")
    assert model.is_paused
    assert model.status("a") == "paused"

    feed(RunResumed, "a")
    assert not model.is_paused
    assert model.status("a") == "waiting"
    feed.step("a")
    assert model.status("a") == "done"


def test_a_step_that_was_held_when_the_run_was_stopped_is_cancelled(model, feed):
    feed(RunPaused, "a")
    feed(RunFinished, "", "cancelled", State(), "", 1.0)

    assert not model.is_paused
    assert model.status("a") == "cancelled"


def test_what_a_step_says_is_joined_and_capped(model, feed):
    feed(StepStarted, "a", "agent", "a", 0)
    feed(StepOutput, "a", "Once ")
    feed(StepOutput, "a", "upon")
    assert model.step("a").latest.text == "Once upon"

    feed(StepOutput, "a", "x" * (2 * LONGEST_TEXT))
    assert len(model.step("a").latest.text) == LONGEST_TEXT


def test_listeners_are_told_once_for_all_that_came_together(qtbot, model, feed):
    ranges, paths = [], []
    model.advanced.connect(lambda first, last: ranges.append((first, last)))
    model.status_changed.connect(paths.append)

    for number in range(50):
        feed.step(f"s{number}")
    assert ranges == []
    qtbot.waitUntil(lambda: bool(ranges))

    assert ranges == [(0, 100)]
    assert paths == [{"", *(f"s{number}" for number in range(50))}]


def test_nothing_is_told_while_nothing_happens(qtbot, model, feed):
    model.tell()
    told = []
    model.advanced.connect(lambda *_: told.append(1))
    qtbot.wait(60)

    assert told == []


def test_words_alone_change_no_status(qtbot, model, feed):
    feed(StepStarted, "a", "agent", "a", 0)
    model.tell()
    paths, ranges = [], []
    model.status_changed.connect(paths.append)
    model.advanced.connect(lambda *it: ranges.append(it))

    feed(StepOutput, "a", "word")
    model.tell()

    assert paths == []
    assert ranges == [(2, 2)]


def test_another_run_begins_with_nothing_of_the_one_before(model, feed):
    feed.step("a")
    resets = []
    model.reset.connect(lambda: resets.append(1))

    Feeder(model)(RunStarted, "", "flow", State())

    assert resets == [1]
    assert len(model.entries) == 1
    assert model.step("a") is None


def test_ten_times_the_entries_take_about_ten_times_as_long(model, feed):
    def seconds(count):
        model.clear()
        started = time.process_time()
        for number in range(count):
            feed.step(f"loop#{number}/a")
        model.step("loop/a")
        return time.process_time() - started

    seconds(1000)
    few, many = seconds(1000), seconds(10_000)

    assert many < 60 * max(few, 0.002)

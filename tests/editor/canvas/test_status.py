"""What a run says is seen on the nodes."""

from agentflow.flow.flow import Case
from agentflow.state import State
from agentflow.trace import (
    Comparison,
    LoopChecked,
    RouteChosen,
    RunStarted,
    StepFailed,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)
from agentflow_editor.canvas.marks import LinkMark, Mark
from editor.canvas.flows import chain, flow, loop, router
from editor.canvas.stage import Stage

RUN = (0, 0.0, "r1")


def started(path: str, kind: str = "agent") -> StepStarted:
    return StepStarted(*RUN, path, kind, path, 0)


def done(path: str, seconds: float = 1.24) -> StepSucceeded:
    return StepSucceeded(*RUN, path, {}, (), seconds)


def tell(stage: Stage, *entries: TraceEntry) -> None:
    for entry in (RunStarted(*RUN, "", "drawn", State()), *entries):
        stage.bench.trace.feed(entry)
    stage.bench.trace.tell()
    stage.canvas._status.show_now()


def mark(stage: Stage, path: str) -> Mark:
    return stage.drawing.node(path)._mark


def test_each_node_shows_how_far_it_is(stage: Stage) -> None:
    stage.show(flow("a", "b", "c", "d"))
    failed = StepFailed(*RUN, "b", "b: broken", 0.01)
    tell(stage, started("a"), done("a"), started("b"), failed, started("c"))
    shown = {path: mark(stage, path).status for path in ("a", "b", "c", "d")}
    assert shown == {"a": "done", "b": "failed", "c": "running", "d": "waiting"}
    assert mark(stage, "a").note == "1.2 s"


def test_a_failed_node_says_why_as_plain_text(stage: Stage) -> None:
    stage.show(flow("a"))
    tell(stage, started("a"), StepFailed(*RUN, "a", "a: no <b>key</b>", 0.01))
    tip = stage.drawing.node("a").toolTip()
    assert "failed: a: no &lt;b&gt;key&lt;/b&gt;" in tip
    stage.bench.trace.clear()
    stage.canvas._status.show_now()
    assert "key" not in stage.drawing.node("a").toolTip()


def test_without_a_run_nothing_is_marked(stage: Stage) -> None:
    stage.show(flow("a"))
    assert mark(stage, "a") == Mark()


def test_a_loop_counts_its_passes(stage: Stage) -> None:
    stage.show(flow(loop("l", "a")))
    first = LoopChecked(*RUN, "l", 0, 5, "x", {}, False, "")
    second = LoopChecked(*RUN, "l", 1, 5, "x", {}, False, "")
    tell(stage, started("l", "loop"), first, started("l#1/a"), done("l#1/a"), second)
    assert mark(stage, "l").note == "pass 2 of 5"
    assert mark(stage, "l/a").status == "done"


def test_the_taken_case_is_lit_and_the_others_are_dimmed_with_their_comparison(
    stage: Stage,
) -> None:
    hot, cold = Case(name="hot", when="t > 30"), Case(name="cold", when="t < 5")
    stage.show(flow(router("r", chain("a", case=hot), chain("b", case=cold), chain("c"))))
    comparisons = (
        Comparison("hot", "t > 30", "t = 2", holds=False),
        Comparison("cold", "t < 5", "t = 2", holds=True),
    )
    chosen = RouteChosen(*RUN, "r", "cold", "condition", comparisons)
    tell(stage, started("r", "route"), chosen)
    lit = {item.link.target: item._mark for item in stage.drawing.links()}
    assert lit["r/b"] == LinkMark(is_taken=True)
    assert lit["r/a"] == lit["r/c"] == LinkMark(is_dimmed=True)
    ports = {port.label: port.name for port in stage.drawing.scene.boxes["r"].ports}
    found = mark(stage, "r").found
    assert found == {ports["hot"]: "\u2717 t = 2", ports["cold"]: "\u2713 t = 2"}


def test_a_breakpoint_is_seen_at_once_and_goes_again(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.bench.breakpoints.toggle("a")
    stage.canvas._status.show_now()
    assert mark(stage, "a").has_breakpoint
    stage.bench.breakpoints.clear()
    stage.canvas._status.show_now()
    assert not mark(stage, "a").has_breakpoint


def test_a_new_run_wipes_the_marks_of_the_one_before(stage: Stage) -> None:
    stage.show(flow("a"))
    tell(stage, started("a"), done("a"))
    stage.bench.trace.clear()
    stage.canvas._status.show_now()
    assert mark(stage, "a") == Mark()


def test_marks_come_by_themselves_a_frame_later(stage: Stage, qtbot) -> None:
    stage.show(flow("a"))
    stage.bench.trace.feed(RunStarted(*RUN, "", "drawn", State()))
    stage.bench.trace.feed(started("a"))
    qtbot.waitUntil(lambda: mark(stage, "a").status == "running")

"""How a run looks while it runs, as lines and as a tree."""

import io

from agentflow import trace
from agentflow.cli.console.lines import Lines
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.tree import LiveTree
from agentflow.state import State

EMPTY = State({})


def _run_of_a_loop() -> list[trace.TraceEntry]:
    at = {"time": 100.0, "run_id": "r"}
    return [
        trace.RunStarted(0, path="", flow="demo\x1b[2J", state=EMPTY, **at),
        trace.StepStarted(1, path="refine", kind="loop", name="refine", after=0, **at),
        *(
            entry
            for number in (1, 2, 3, 4)
            for entry in (
                trace.StepStarted(
                    2,
                    path=f"refine#{number}/critic",
                    kind="agent",
                    name="critic",
                    after=0,
                    **at,
                ),
                trace.StepOutput(3, path=f"refine#{number}/critic", delta="\x9bhm", **at),
                trace.StepSucceeded(
                    4,
                    path=f"refine#{number}/critic",
                    changes={"score": number},
                    removed=(),
                    duration=0.5,
                    **at,
                ),
            )
        ),
        trace.LoopChecked(
            5,
            path="refine",
            passes=4,
            limit=9,
            condition="score > 3",
            values={"score": 4},
            verdict=True,
            why="condition",
            **at,
        ),
        trace.StepSucceeded(6, path="refine", changes={"score": 4}, removed=(), duration=2.0, **at),
        trace.RunFinished(
            7, path="", status="succeeded", state=EMPTY, error="", duration=2.0, **at
        ),
    ]


def test_lines_tell_each_step_with_its_path_and_what_it_wrote():
    err = io.StringIO()
    lines = Lines(Sink(io.StringIO(), err).note)

    for entry in _run_of_a_loop():
        lines(entry)

    told = err.getvalue().splitlines()
    assert "refine#4/critic  succeeded in 0.50 s and wrote score" in told[-4]
    assert "ends after 4 of at most 9 passes: score > 3 holds (score = 4)" in told[-3]
    assert told[-1].endswith("  The run succeeded after 2.00 s")
    assert "\x1b" not in err.getvalue()


def test_the_tree_ends_as_the_run_ended_and_folds_early_passes():
    err = io.StringIO()

    with LiveTree(err) as tree:
        for entry in _run_of_a_loop():
            tree(entry)

    drawn = err.getvalue()
    assert "✓ demo\\x1b[2J" in drawn
    assert "2 earlier passes" in drawn
    assert "pass 2" not in drawn
    assert "pass 4" in drawn
    assert "score > 3" in drawn
    assert "\x9b" not in drawn


def test_what_an_agent_prints_stands_above_the_tree_and_commands_nothing():
    err = io.StringIO()

    with LiveTree(err) as tree:
        tree.printed("hello \x1b]0;title\x07[red]")

    assert "hello \\x1b]0;title\\x07[red]" in err.getvalue()

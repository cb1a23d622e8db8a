"""What happens in a run is told the same way wherever it is shown."""

import pytest

from agentflow import trace
from agentflow.wording import duration, sentence

AT = {"run_id": "r", "time": 0.0}


def test_durations_are_told_as_people_do():
    shown = [duration(value) for value in (0.0004, 0.012, 0.42, 12.34, 59.96, 125)]

    assert shown == ["<1 ms", "12 ms", "0.42 s", "12.3 s", "1 min 00 s", "2 min 05 s"]


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("condition", "ends after 3 of at most 5 passes: score > 0.8 holds (score = 0.9)"),
        ("max_duration", "ends after 3 of at most 5 passes: its time is up (score = 0.9)"),
    ],
)
def test_a_loop_says_why_it_ends_and_with_which_values(why, told):
    entry = trace.LoopChecked(
        1,
        path="refine",
        passes=3,
        limit=5,
        condition="score > 0.8",
        values={"score": 0.9},
        verdict=True,
        why=why,
        **AT,
    )

    assert sentence(entry) == told


def test_values_are_told_as_the_file_writes_them_and_long_ones_are_cut():
    entry = trace.LoopChecked(
        1,
        path="refine",
        passes=1,
        limit=5,
        condition="done",
        values={"done": False, "text": "x" * 500},
        verdict=False,
        why="",
        **AT,
    )

    assert sentence(entry).startswith("goes on after 1 of at most 5 passes (done = false, text = ")
    assert len(sentence(entry)) < 150

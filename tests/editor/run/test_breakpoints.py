"""Breakpoints: where a run is to wait."""

import pytest

from agentflow_editor.run.breakpoints import Breakpoints


@pytest.fixture
def breakpoints(qapp):
    return Breakpoints()


def test_toggling_sets_and_takes_away(breakpoints):
    told = []
    breakpoints.changed.connect(lambda: told.append(breakpoints.paths))

    breakpoints.toggle("a/b")
    assert breakpoints.has("a/b")
    breakpoints.toggle("a/b")
    assert not breakpoints.has("a/b")
    assert told == [{"a/b"}, frozenset()]


def test_the_start_can_have_none(breakpoints):
    breakpoints.toggle("")

    assert breakpoints.paths == frozenset()


def test_a_breakpoint_goes_along_with_its_step(breakpoints):
    breakpoints.toggle("old")
    breakpoints.toggle("other")

    breakpoints.follow({"": "", "old": "new", "other": "other"})

    assert breakpoints.paths == {"new", "other"}


def test_a_breakpoint_of_a_removed_step_is_there_when_that_is_undone(breakpoints):
    breakpoints.toggle("gone")
    breakpoints.follow({"": ""})
    breakpoints.follow({"": "", "gone": "gone"})

    assert breakpoints.has("gone")


def test_clearing_takes_all_away_and_tells_only_when_there_were_some(breakpoints):
    told = []
    breakpoints.changed.connect(lambda: told.append(1))
    breakpoints.clear()
    assert told == []

    breakpoints.toggle("a")
    breakpoints.clear()
    assert breakpoints.paths == frozenset()

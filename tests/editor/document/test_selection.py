"""Selection: it follows its steps."""

import pytest

from agentflow_editor.document import edits
from agentflow_editor.document.selection import Selection
from editor.document.drawn import chain, parallel, sheet


@pytest.fixture
def selection(document):
    document.edit("Begin", sheet("a", "b", parallel("p", chain("c"))))
    return Selection(document)


def test_selecting_tells_everybody_once(selection):
    told = []
    selection.changed.connect(told.append)

    selection.select(["a", "b", "a"])
    selection.select(("a", "b"))

    assert told == [("a", "b")]


def test_there_is_a_current_step_only_when_one_is_selected(selection):
    currents = []
    for paths in ([], ["a"], ["a", "b"]):
        selection.select(paths)
        currents.append(selection.current)

    assert currents == [None, "a", None]


def test_selected_steps_are_followed_through_an_edit_and_back(document, selection):
    selection.select(["p", "p/c"])

    document.edit("Rename", edits.rename(document.sheet, "p", "q"))
    assert selection.paths == ("q", "q/c")
    document.edit("Delete Link", edits.unlink(document.sheet, "b", "next", "q"))
    assert selection.paths == ("|0/q", "|0/q/c")
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert selection.paths == ("p", "p/c")


def test_steps_that_are_gone_are_not_selected(document, selection):
    selection.select(["a", "b"])

    document.edit("Delete", edits.remove(document.sheet, ["a"]))
    assert selection.paths == ("b",)
    document.new()
    assert selection.paths == ()

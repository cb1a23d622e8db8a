"""Nodes that are laid out go there in a moment, unless nothing is to move by itself."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from agentflow_editor.document import edits
from agentflow_editor.settings.preferences import Preferences
from editor.canvas.flows import flow
from editor.canvas.stage import LEFT, NONE, Stage

FAR = {"b": (900, 700)}


@pytest.fixture
def moving(stage: Stage) -> Stage:
    """A stage where things move, with a node that stands far from where it is laid out."""
    stage.show(flow("a", "b", "c"))
    stage.canvas.edit("Move", lambda sheet: edits.place(sheet, FAR))
    stage.bench.preferences.try_out(Preferences())
    return stage


def seen(stage: Stage) -> tuple[int, int]:
    at = stage.drawing.node("b").pos()
    return round(at.x()), round(at.y())


def test_what_is_laid_out_comes_there_step_by_step_and_is_one_step_back(moving: Stage, qtbot):
    moving.canvas.placing.arrange()
    goal = moving.bench.document.sheet.layout["b"]
    assert seen(moving) == FAR["b"] != goal
    path = [seen(moving)]

    def has_come() -> bool:
        if seen(moving) != path[-1]:
            path.append(seen(moving))
        return not moving.canvas._glide.is_gliding

    qtbot.waitUntil(has_come, timeout=3000)
    assert seen(moving) == goal
    assert len(path) > 2
    assert all(later[1] <= earlier[1] for earlier, later in pairwise(path))
    assert moving.drawing.scene.boxes["b"].y == goal[1]

    moving.undo()
    assert seen(moving) == goal  # it goes back as it came
    qtbot.waitUntil(lambda: not moving.canvas._glide.is_gliding, timeout=3000)
    assert seen(moving) == FAR["b"]


def test_everything_that_will_be_there_is_looked_at_at_once(moving: Stage):
    moving.canvas.placing.arrange()
    camera = moving.canvas.looking.camera
    moving.canvas._glide.finish()
    moving.canvas.looking.frame_all()
    assert moving.canvas.looking.camera == camera


def test_only_the_selected_steps_glide_when_only_they_are_laid_out(moving: Stage, qtbot):
    moving.canvas.edit("Move", lambda sheet: edits.place(sheet, {"c": (1500, 900)}))
    moving.canvas._glide.finish()
    moving.bench.selection.select(("b", "c"))
    before = moving.bench.document.sheet.layout
    moving.canvas.placing.arrange_selected()
    qtbot.waitUntil(lambda: not moving.canvas._glide.is_gliding, timeout=3000)
    after = moving.bench.document.sheet.layout
    assert after["a"] == before["a"]
    assert after["b"][1] == after["c"][1] != before["c"][1]


def test_with_reduced_motion_it_is_there_at_once(moving: Stage):
    moving.bench.preferences.try_out(Preferences(reduced_motion=True))
    moving.canvas.placing.arrange()
    assert seen(moving) == moving.bench.document.sheet.layout["b"]


def test_a_press_of_the_mouse_finds_everything_where_it_belongs(moving: Stage):
    moving.canvas.placing.arrange()
    moving.canvas.looking.reset_zoom()
    moving.canvas._glide.finish()
    at = moving.at("b")
    moving.undo()
    moving.canvas._glide.finish()
    moving.canvas.placing.arrange()
    moving.canvas.looking.reset_zoom()
    QTest.mouseClick(moving.view.viewport(), LEFT, NONE, at)
    assert moving.bench.selection.paths == ("b",)
    assert not moving.canvas._glide.is_gliding


def test_what_is_renamed_on_the_way_goes_on_from_where_it_is(moving: Stage):
    moving.canvas.placing.arrange()
    moving.canvas.edit("Rename", lambda sheet: edits.rename(sheet, "b", "d"))
    box = moving.drawing.scene.boxes["d"]
    assert (box.x, box.y) == moving.bench.document.sheet.layout["d"]
    assert moving.drawing.node("d").pos().toTuple() == FAR["b"]
    moving.canvas._glide.finish()
    assert moving.drawing.node("d").pos().toTuple() == (box.x, box.y)


def test_a_step_that_is_let_go_stays_where_it_is(moving: Stage):
    moving.canvas._glide.finish()
    moving.drag(moving.at("b"), moving.at("b") + QPoint(40, 120), Qt.KeyboardModifier.AltModifier)
    assert not moving.canvas._glide.is_gliding
    assert seen(moving) == moving.bench.document.sheet.layout["b"]

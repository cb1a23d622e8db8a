"""The flow is worked from the keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from agentflow_editor.canvas.rename import NameField
from agentflow_editor.canvas.search import QuickAdd
from agentflow_editor.document import edits
from editor.canvas.flows import chain, flow, loop, sequence
from editor.canvas.stage import Stage


def steps(stage: Stage) -> list[str]:
    return [step.name for step in stage.flow.root.steps]


def field(stage: Stage) -> QLineEdit:
    search = stage.canvas.findChild(QuickAdd)
    assert search is not None
    found = search.findChild(QLineEdit)
    assert found is not None
    return found


def test_deleting_heals_the_chain_and_is_undone(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    stage.bench.selection.select(("b",))
    stage.canvas.chosen.delete()
    assert steps(stage) == ["a", "c"]
    assert stage.bench.selection.paths == ()
    stage.undo()
    assert steps(stage) == ["a", "b", "c"]
    assert ("a", "next", "b") in stage.drawing.scene.links


def test_the_start_is_never_deleted(stage: Stage) -> None:
    stage.show(flow("a"))
    count = stage.bench.document.undo_stack.count()
    stage.bench.selection.select(("",))
    stage.canvas.chosen.delete()
    assert stage.bench.document.undo_stack.count() == count


def test_a_copy_is_made_and_selected(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.bench.selection.select(("a",))
    stage.canvas.chosen.duplicate()
    assert len(stage.drawing.scene.boxes) == 3
    assert stage.bench.selection.paths != ("a",)


def test_a_name_is_changed_in_place_in_every_use(stage: Stage) -> None:
    stage.show(flow("a", "b", "a"))
    stage.bench.selection.select(("a~2",))
    stage.canvas.chosen.rename()
    name = stage.canvas.findChild(NameField)
    assert name is not None
    QTest.keyClicks(name, "writer")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert steps(stage) == ["writer", "b", "writer"]
    assert stage.drawing.scene.boxes["writer~2"].title == "writer"


def test_escape_keeps_the_name(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.bench.selection.select(("a",))
    stage.canvas.chosen.rename()
    name = stage.canvas.findChild(NameField)
    assert name is not None
    QTest.keyClicks(name, "writer")
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert steps(stage) == ["a"]
    assert name.isHidden()


def test_a_name_that_cannot_be_given_is_explained_and_stays_open(stage: Stage) -> None:
    stage.show(flow("a", loop("b", "c")))
    stage.bench.selection.select(("b",))
    stage.canvas.chosen.rename()
    name = stage.canvas.findChild(NameField)
    assert name is not None
    QTest.keyClicks(name, "x/y")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert stage.messages
    assert not name.isHidden()
    assert steps(stage) == ["a", "b"]


def test_the_search_adds_the_first_step(stage: Stage) -> None:
    stage.canvas.adding.search()
    QTest.keyClicks(field(stage), "loop")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert steps(stage) == ["loop"]
    assert stage.bench.selection.paths == ("loop",)


def test_what_the_search_adds_follows_the_selected_step(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    stage.bench.selection.select(("a",))
    stage.canvas.adding.search()
    QTest.keyClicks(field(stage), "router")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    assert steps(stage)[0::2] == ["a", "b"]
    assert len(steps(stage)) == 3


def test_arrows_choose_and_escape_closes_the_search(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.canvas.adding.search()
    search = stage.canvas.findChild(QuickAdd)
    assert search is not None
    QTest.keyClick(field(stage), Qt.Key.Key_Down)
    QTest.keyClick(field(stage), Qt.Key.Key_Escape)
    assert search.isHidden()
    assert steps(stage) == ["a"]


def test_the_flow_is_laid_out_anew_as_one_step(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a"), "b", parked=(chain("c"),)))
    stage.canvas.edit("Move", lambda sheet: edits.place(sheet, {"b": (5000, 5000)}))
    stage.canvas.placing.arrange()
    assert stage.bench.document.sheet.layout["b"] != (5000, 5000)
    assert stage.bench.document.undo_stack.undoText() == "Lay Out"


def test_everything_is_in_sight_after_fitting(nested: Stage) -> None:
    nested.view.look_at(nested.view.center * 40, 2.0)
    nested.canvas.looking.frame_all()
    seen = nested.view.mapToScene(nested.view.viewport().rect()).boundingRect()
    assert seen.contains(nested.drawing.rect())


def test_a_chain_of_three_hundred_steps_is_in_sight_after_fitting(stage: Stage) -> None:
    stage.show(flow(*(f"step{number}" for number in range(300))))
    stage.canvas.looking.reset_zoom()
    stage.canvas.looking.frame_all()
    seen = stage.view.mapToScene(stage.view.viewport().rect()).boundingRect()
    assert seen.contains(stage.drawing.rect())


def test_zooming_keeps_the_middle(nested: Stage) -> None:
    center, zoom = nested.view.center, nested.view.zoom
    nested.canvas.looking.zoom_in()
    assert nested.view.zoom > zoom
    assert nested.view.center == center
    nested.canvas.looking.reset_zoom()
    assert nested.view.zoom == 1.0
    assert nested.view.transform().m11() == 1.0


def test_a_flow_that_becomes_empty_is_looked_at_so_that_its_hint_is_whole(stage: Stage) -> None:
    stage.show(flow(loop("l", "a", "b"), "c"))
    stage.view.look_at(QPointF(4000, 4000), 1.0)
    stage.canvas.selecting.select_all()
    stage.canvas.chosen.delete()
    hint = stage.view._hint_at
    assert hint is not None
    assert stage.view.viewport().rect().contains(stage.view.mapFromScene(hint))


@pytest.mark.parametrize("ask", ["search_inside", "search_beside"])
@pytest.mark.parametrize("aside", range(0, 640, 80))
def test_a_step_that_is_added_by_keyboard_is_seen_whole(stage: Stage, ask: str, aside: int) -> None:
    stage.show(flow(loop("l", "a")))
    stage.view.look_at(stage.drawing.place("l").center() - QPointF(aside, 360), 1.0)
    stage.bench.selection.select(("l",))
    getattr(stage.canvas.adding, ask)()
    QTest.keyClicks(field(stage), "stand-in")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)

    (new,) = stage.bench.selection.paths
    assert new != "l"
    assert stage.canvas._sight.has(new)


@pytest.mark.parametrize("first", ["loop", "router", "parallel", "stand-in"])
@pytest.mark.parametrize("mouse", [(-50, 100), (640, 400), (690, 440), (760, 500)])
def test_the_first_step_of_a_flow_covers_no_other_wherever_the_mouse_is(
    stage: Stage, first: str, mouse: tuple[int, int]
) -> None:
    QCursor.setPos(stage.canvas.mapToGlobal(QPoint(*mouse)))
    stage.canvas.adding.search()
    QTest.keyClicks(field(stage), first)
    QTest.keyClick(field(stage), Qt.Key.Key_Return)

    start, new = stage.drawing.place(""), stage.drawing.place(stage.bench.selection.paths[0])
    assert not start.intersects(new)
    assert mouse[0] > 0 or new.left() > start.right()
    assert len(stage.flow.root.steps) == 1

"""The flow is worked with a real mouse."""

import json

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from agentflow.flow.flow import Case
from agentflow.problem import Problem
from agentflow_editor.canvas.drops import MIME
from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.canvas.search import QuickAdd
from agentflow_editor.document import edits
from agentflow_editor.document.ports import IN, NEXT
from agentflow_editor.looks.theme import DARK, LIGHT
from editor.canvas.flows import chain, flow, loop, parallel, router, sequence
from editor.canvas.stage import Stage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def links(stage: Stage) -> set[tuple[str, str, str]]:
    return {item.link.key for item in stage.drawing.links()}


def test_a_link_drawn_from_a_port_to_a_node_joins_them(stage: Stage) -> None:
    stage.show(flow("a", parked=(chain("b"),)))
    stage.drag(stage.at("a", NEXT), stage.at("|0/b"))
    assert ("a", NEXT, "b") in links(stage)
    assert [step.name for step in stage.flow.root.steps] == ["a", "b"]
    stage.undo()
    assert ("a", NEXT, "|0/b") not in links(stage)
    assert [step.name for step in stage.flow.root.steps] == ["a"]


def test_a_link_drawn_backwards_from_an_entrance_joins_them_too(stage: Stage) -> None:
    stage.show(flow("a", parked=(chain("b"),)))
    stage.drag(stage.at("|0/b", IN), stage.at("a"))
    assert [step.name for step in stage.flow.root.steps] == ["a", "b"]


def test_a_link_from_an_orchestrators_own_port_makes_a_member(stage: Stage) -> None:
    stage.show(flow(parallel("p", chain("a")), parked=(chain("b"),)))
    stage.drag(stage.at("p", "branches"), stage.at("|0/b"))
    assert ("p", "branches", "p/b") in links(stage)
    assert "p/b" in stage.drawing.scene.boxes


def test_the_end_of_a_link_pulled_off_and_dropped_on_nothing_deletes_it(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    begin = stage.at("b", IN)
    stage.drag(begin, begin + QPoint(-20, 160))
    assert ("a", NEXT, "b") not in links(stage)
    assert stage.drawing.scene.boxes["|0/b"].is_parked
    stage.undo()
    assert ("a", NEXT, "b") in links(stage)


def test_a_clicked_link_is_selected_and_deleted(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    middle = (stage.at("a", NEXT) + stage.at("b", IN)) / 2
    stage.click(middle)
    assert stage.drawing.selected_links() == (("a", NEXT, "b"),)
    stage.canvas.chosen.delete()
    assert ("a", NEXT, "b") not in links(stage)


def test_a_node_follows_the_mouse_and_its_move_is_one_step_back(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    before = stage.drawing.scene.boxes["b"]
    stage.drag(stage.at("b"), stage.at("b") + QPoint(0, 160))
    after = stage.drawing.scene.boxes["b"]
    assert after.y - before.y >= 150 / stage.view.zoom
    assert stage.bench.document.sheet.layout["b"] == (after.x, after.y)
    assert stage.bench.document.undo_stack.undoText() == "Move"
    stage.undo()
    assert stage.drawing.scene.boxes["b"] == before
    assert stage.drawing.node("b").pos() == QPointF(before.x, before.y)


def test_all_that_is_selected_moves_together(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    before = stage.drawing.scene.boxes
    stage.bench.selection.select(("a", "c"))
    stage.drag(stage.at("c"), stage.at("c") + QPoint(0, 120))
    after = stage.drawing.scene.boxes
    assert after["b"] == before["b"]
    assert after["a"].y - before["a"].y == after["c"].y - before["c"].y > 0


def test_an_orchestrator_takes_its_members_along(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a"), "b"))
    before = stage.drawing.scene.boxes
    stage.drag(stage.at("s"), stage.at("s") + QPoint(0, 120))
    after = stage.drawing.scene.boxes
    assert after["s/a"].y - before["s/a"].y == after["s"].y - before["s"].y > 0
    assert after["b"] == before["b"]


def test_a_parked_step_moved_onto_a_region_joins_its_chain(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b"), parked=(chain("c"),)))
    between = (stage.at("s/a", NEXT) + stage.at("s/b", IN)) / 2
    stage.press_and_move(stage.at("|0/c"), between)
    assert stage.messages[-1] == "Drop: goes between 'a' and 'b'"
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, between)
    assert set(stage.drawing.scene.boxes) == {"", "s", "s/a", "s/c", "s/b"}
    assert stage.bench.selection.paths == ("s/c",)
    assert stage.messages[-1] == ""
    stage.undo()
    assert "|0/c" in stage.drawing.scene.boxes


def test_a_step_moved_onto_its_orchestrator_covers_no_node(stage: Stage) -> None:
    stage.show(flow(loop("l"), parked=(chain("c"),)))
    stage.drag(stage.at("|0/c"), stage.at("l"))
    boxes = stage.drawing.scene.boxes
    assert not boxes["l/c"].rect.meets(boxes["l"].rect)


def test_a_member_moved_about_in_its_region_stays_what_it_is(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b")))
    stage.drag(stage.at("s/a"), stage.at("s/a") + QPoint(80, 40))
    assert list(stage.drawing.scene.boxes) == ["", "s", "s/a", "s/b"]
    assert stage.bench.document.undo_stack.undoText() == "Move"


def test_an_orchestrator_moved_over_its_own_region_does_not_join_itself(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b")))
    stage.drag(stage.at("s"), stage.at("s/a"))
    assert list(stage.drawing.scene.boxes) == ["", "s", "s/a", "s/b"]


def test_escape_puts_a_dragged_node_back(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    before, count = stage.drawing.scene, stage.bench.document.undo_stack.count()
    stage.press_and_move(stage.at("b"), stage.at("b") + QPoint(0, 120))
    assert stage.drawing.scene != before
    QTest.keyClick(stage.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, QPoint(700, 700))
    assert stage.drawing.scene == before
    assert stage.bench.document.undo_stack.count() == count


def test_a_click_that_shakes_a_little_moves_nothing(stage: Stage) -> None:
    stage.show(flow("a"))
    count = stage.bench.document.undo_stack.count()
    stage.drag(stage.at("a"), stage.at("a") + QPoint(2, 1))
    assert stage.bench.document.undo_stack.count() == count
    assert stage.bench.selection.paths == ("a",)


def test_selecting_goes_both_ways(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    stage.click(stage.at("a"))
    assert stage.bench.selection.paths == ("a",)
    stage.click(stage.at("b"), Qt.KeyboardModifier.ShiftModifier)
    assert set(stage.bench.selection.paths) == {"a", "b"}
    stage.bench.selection.select(("b",))
    assert stage.drawing.selected_paths() == ("b",)
    stage.click(QPoint(5, 5))
    assert stage.bench.selection.paths == ()


def test_a_band_selects_what_it_touches(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    corner = stage.at("a") - QPoint(160, 80)
    stage.drag(corner, stage.at("b") + QPoint(10, 60))
    assert set(stage.drawing.selected_paths()) - {""} == {"a", "b"}


def test_a_double_click_activates_the_step(stage: Stage) -> None:
    stage.show(flow("a"))
    activated: list[str] = []
    stage.canvas.activated.connect(activated.append)
    QTest.mouseDClick(stage.view.viewport(), LEFT, NONE, stage.at("a"))
    assert activated == ["a"]


def test_the_ground_is_dragged_with_the_middle_button(stage: Stage) -> None:
    stage.show(flow("a"))
    before, middle = stage.at("a"), Qt.MouseButton.MiddleButton
    port = stage.view.viewport()
    QTest.mousePress(port, middle, NONE, before)
    QTest.mouseMove(port, before + QPoint(60, 40))
    QTest.mouseRelease(port, middle, NONE, before + QPoint(60, 40))
    assert (stage.at("a") - before - QPoint(60, 40)).manhattanLength() <= 2


def test_the_ground_is_dragged_with_the_space_bar_held(stage: Stage) -> None:
    stage.show(flow("a"))
    before = stage.at("a")
    QTest.keyPress(stage.view, Qt.Key.Key_Space)
    stage.drag(before, before + QPoint(80, 0))
    QTest.keyRelease(stage.view, Qt.Key.Key_Space)
    assert (stage.at("a") - before - QPoint(80, 0)).manhattanLength() <= 2
    assert stage.bench.document.undo_stack.undoText() == "Begin"


def test_the_wheel_zooms_around_the_mouse(nested: Stage) -> None:
    point = nested.at("refine")
    under, zoom = nested.view.mapToScene(point), nested.view.zoom
    turn = QPoint(0, 240)
    where = QPointF(nested.view.viewport().mapToGlobal(point))
    phase = Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(
        QPointF(point), where, QPoint(), turn, Qt.MouseButton(0), NONE, phase, False
    )
    QApplication.sendEvent(nested.view.viewport(), wheel)
    assert nested.view.zoom > zoom
    gone = nested.view.mapToScene(point) - under
    assert abs(gone.x()) + abs(gone.y()) < 4 / nested.view.zoom


def test_a_right_click_selects_the_step_and_asks_for_its_menu(stage: Stage) -> None:
    stage.show(flow("a"))
    asked: list[str] = []
    stage.canvas.context_menu_requested.connect(lambda path, _: asked.append(path))
    for point in (stage.at("a"), QPoint(5, 5)):
        reason = QContextMenuEvent.Reason.Mouse
        where = stage.view.viewport().mapToGlobal(point)
        QApplication.sendEvent(stage.view.viewport(), QContextMenuEvent(reason, point, where))
    assert asked == ["a", ""]
    assert stage.bench.selection.paths == ("a",)


def test_a_link_let_go_over_nothing_offers_a_step_that_it_then_leads_to(stage: Stage) -> None:
    stage.show(flow("a"))
    begin = stage.at("a", NEXT)
    stage.drag(begin, begin + QPoint(140, 60))
    search = stage.canvas.findChild(QuickAdd)
    assert search is not None
    field = search.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "loop")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [step.name for step in stage.flow.root.steps] == ["a", "loop"]
    assert stage.bench.document.undo_stack.undoText() == "Add Step"


def quick_add(stage: Stage) -> QLineEdit:
    search = next(it for it in stage.canvas.findChildren(QuickAdd) if it.isVisible())
    field = search.findChild(QLineEdit)
    assert field is not None
    return field


def listed(stage: Stage) -> list[str]:
    search = next(it for it in stage.canvas.findChildren(QuickAdd) if it.isVisible())
    return [choice.text.partition(" - ")[0] for choice in search._shown]


def test_a_link_let_go_over_nothing_offers_only_what_may_stand_there(stage: Stage) -> None:
    case = Case(name="hot", when="x > 1")
    stage.show(flow("a", router("r", chain("b", case=case))))
    stage.drag(stage.at("r", "case 0"), stage.at("r", "case 0") + QPoint(40, 200))
    field = quick_add(stage)
    assert field.placeholderText() == "What begins 'hot' of 'r'…"
    assert "Note" not in listed(stage)
    assert {"Loop", "Parallel", "a", "b"} <= set(listed(stage))
    QTest.keyClicks(field, "loop")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [place.path for place in stage.flow.places()] == ["a", "r", "r/loop", "r/b"]


def test_a_link_into_a_step_let_go_over_nothing_offers_what_comes_before_it(stage: Stage) -> None:
    stage.show(flow(loop("l", "a"), parked=(chain("b"),)))
    stage.drag(stage.at("|0/b", IN), stage.at("|0/b", IN) + QPoint(-60, 60))
    field = quick_add(stage)
    assert field.placeholderText() == "What comes before 'b'…"
    QTest.keyClicks(field, "router")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [place.path for place in stage.flow.places()] == ["l", "l/a", "|0/router", "|0/b"]
    assert ("|0/router", NEXT, "|0/b") in links(stage)


def test_on_free_ground_a_note_can_be_added_too(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.canvas.adding.search()
    QTest.keyClicks(quick_add(stage), "note")
    assert listed(stage)[0] == "Note"
    QTest.keyClick(quick_add(stage), Qt.Key.Key_Return)
    field = stage.view.findChild(NoteField)
    QTest.keyClicks(field, "why")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [it.text for it in stage.bench.document.sheet.sketch.notes.values()] == ["why"]


def test_an_edit_from_elsewhere_ends_a_drag(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    stage.press_and_move(stage.at("b"), stage.at("b") + QPoint(0, 120))
    stage.canvas.edit("Rename", lambda sheet: edits.rename(sheet, "b", "c"))
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, QPoint(700, 700))
    assert list(stage.drawing.scene.boxes) == ["", "a", "c"]
    assert stage.bench.document.undo_stack.undoText() == "Rename"


def test_another_theme_is_on_everything_at_once(nested: Stage) -> None:
    before = nested.canvas.render_image(0.5)
    nested.bench.theme.toggle()
    after = nested.canvas.render_image(0.5)
    assert before.pixelColor(1, 1).name() == DARK.canvas
    assert after.pixelColor(1, 1).name() == LIGHT.canvas
    inks = {item.ink.theme.name for item in (*nested.drawing.nodes(), *nested.drawing.links())}
    assert inks == {"light"}


def test_an_edit_that_cannot_be_done_is_explained_and_changes_nothing(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a")))
    before, count = stage.drawing.scene, stage.bench.document.undo_stack.count()
    stage.drag(stage.at("s/a", NEXT), stage.at("s"))
    assert stage.messages
    assert stage.drawing.scene == before
    assert stage.bench.document.undo_stack.count() == count


def mime(**step: str) -> QMimeData:
    data = QMimeData()
    data.setData(MIME, json.dumps(step).encode())
    return data


def drag_over(stage: Stage, data: QMimeData, point: QPoint) -> None:
    port = stage.view.viewport()
    enter = QDragEnterEvent(point, COPY, data, LEFT, NONE)
    QApplication.sendEvent(port, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(port, QDragMoveEvent(point, COPY, data, LEFT, NONE))


def drop(stage: Stage, data: QMimeData, point: QPoint) -> None:
    drag_over(stage, data, point)
    event = QDropEvent(QPointF(point), COPY, data, LEFT, NONE, QEvent.Type.Drop)
    QApplication.sendEvent(stage.view.viewport(), event)


def test_a_step_dropped_into_an_empty_flow_is_its_first(stage: Stage) -> None:
    drop(stage, mime(mode="loop"), QPoint(600, 400))
    assert [step.name for step in stage.flow.root.steps] == ["loop"]
    assert stage.bench.selection.paths == ("loop",)


def test_a_step_that_goes_aside_of_where_it_was_dropped_is_seen_whole(stage: Stage) -> None:
    stage.view.look_at(QPointF(-400, 0), 1.0)
    start = stage.at("")
    assert stage.view.width() - start.x() < 320
    drop(stage, mime(mode="loop"), start)

    assert stage.drawing.place("loop").left() > stage.drawing.place("").right()
    assert stage.canvas._sight.has("loop")


def test_a_step_dropped_beside_the_flow_is_parked(stage: Stage) -> None:
    stage.show(flow("a"))
    drop(stage, mime(mode="route"), QPoint(700, 800))
    assert len(stage.flow.parked) == 1
    assert len(stage.flow.root.steps) == 1


def test_a_step_dropped_onto_a_region_joins_its_chain(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a", "b")))
    drop(stage, mime(agent="a"), (stage.at("s/a", NEXT) + stage.at("s/b", IN)) / 2)
    members = [it.step.name for it in stage.flow.places() if it.owner == "s"]
    assert members == ["a", "a", "b"]


def test_a_step_dropped_onto_a_node_stands_beside_it(stage: Stage) -> None:
    stage.show(flow(loop("l")))
    drop(stage, mime(agent_type="scripted"), stage.at("l"))
    boxes = stage.drawing.scene.boxes
    member = next(box for path, box in boxes.items() if path.startswith("l/"))
    assert not member.rect.meets(boxes["l"].rect)


def test_hovering_says_what_a_drop_would_do_and_lights_the_region(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a")))
    drag_over(stage, mime(mode="loop"), stage.at("s/a"))
    assert stage.messages[-1] == "Drop: becomes step 2 of 's'"
    QApplication.sendEvent(stage.view.viewport(), QDragLeaveEvent())
    assert stage.messages[-1] == ""


def test_files_and_texts_dropped_on_the_canvas_are_left_to_the_window(stage: Stage) -> None:
    data = QMimeData()
    data.setText("nodegraphqt")
    event = QDragEnterEvent(QPoint(50, 50), COPY, data, LEFT, NONE)
    QApplication.sendEvent(stage.view.viewport(), event)
    assert not event.isAccepted()


def test_what_is_written_on_a_link_covers_no_node_and_is_whole_or_left_out(stage: Stage) -> None:
    case = Case(name="a case whose name is much longer than the way to it", when="x > 1")
    short = Case(name="short", when="x > 2")
    stage.show(flow(router("r", chain("a", case=case), chain("b", case=short), chain("c"))))
    right = stage.drawing.scene.boxes["r"].rect.right
    labels = {it.link.label: it._label for it in stage.drawing.links() if it._label}
    assert set(labels) == {"short", "default"}
    assert all(label._rect.left() >= right for label in labels.values())


def test_problems_that_are_found_meanwhile_break_no_drag_off(stage: Stage) -> None:
    stage.show(flow("a", "b"))
    begin = stage.bench.document.sheet.layout["b"]
    stage.press_and_move(stage.at("b"), stage.at("b") + QPoint(40, 120))
    problem = Problem(severity="error", code="x", message="This is wrong.", path="a")
    stage.bench.document.problems_changed.emit((problem,))

    assert stage.drawing.shown.boxes["b"].y == begin[1] + 120
    end = stage.at("a") + QPoint(0, 300)
    QTest.mouseMove(stage.view.viewport(), end)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, end)
    assert stage.bench.document.sheet.layout["b"] != begin
    assert stage.bench.document.undo_stack.undoText() == "Move"
    assert stage.drawing.scene.boxes["a"].severity == "error"


@pytest.mark.parametrize("ends", ["click", "escape"])
def test_problems_that_wait_for_a_gesture_are_shown_when_that_changed_nothing(
    stage: Stage, ends: str
) -> None:
    stage.show(flow("a", "b"))
    QTest.mousePress(stage.view.viewport(), LEFT, NONE, stage.at("b"))
    problem = Problem(severity="error", code="x", message="This is wrong.", path="a")
    stage.bench.document.problems_changed.emit((problem,))
    assert stage.drawing.scene.boxes["a"].severity is None
    if ends == "escape":
        QTest.keyClick(stage.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, stage.at("b"))

    assert stage.drawing.scene.boxes["a"].severity == "error"

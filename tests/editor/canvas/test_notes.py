"""Notes are written, moved, resized and deleted on the canvas, with mouse and keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Note
from agentflow_editor.looks.note_lines import LINE, height_of
from editor.canvas.flows import flow, sequence
from editor.canvas.stage import Stage

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def noted(stage: Stage, text: str = "why") -> None:
    """A step, and a note below it."""
    stage.show(flow("a"))
    stage.canvas.edit("Add Note", lambda it: edits.write_note(it, None, text, (160, 160)))
    stage.canvas.looking.frame_all()


def notes(stage: Stage) -> dict[str, Note]:
    return dict(stage.bench.document.sheet.sketch.notes)


def inside(stage: Stage, name: str = "1") -> QPoint:
    return stage.view.mapFromScene(stage.drawing.item(f"#{name}").scene_rect().center())


def corner(stage: Stage, name: str = "1") -> QPoint:
    return stage.view.mapFromScene(
        stage.drawing.item(f"#{name}").scene_rect().bottomRight() - QPointF(5, 5)
    )


def field(stage: Stage) -> NoteField:
    return next(it for it in stage.view.findChildren(NoteField) if it.isVisible())


def done(stage: Stage) -> str:
    return stage.bench.document.undo_stack.undoText()


def test_a_note_is_written_where_it_is_added_and_is_one_step_back(stage: Stage) -> None:
    stage.show(flow("a"))
    stage.canvas.noting.add()
    QTest.keyClicks(field(stage), "ask <b>twice</b>")
    QTest.keyClick(field(stage), Qt.Key.Key_Return)
    QTest.keyClicks(field(stage), "at most")
    QTest.keyClick(field(stage), Qt.Key.Key_Return, CTRL)
    assert [note.text for note in notes(stage).values()] == ["ask <b>twice</b>\nat most"]
    assert stage.bench.selection.notes == ("1",)
    assert done(stage) == "Add Note"
    stage.undo()
    assert notes(stage) == {}
    assert stage.drawing.notes() == []


def test_a_note_without_a_text_and_one_that_is_given_up_are_none(stage: Stage) -> None:
    stage.show(flow("a"))
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        stage.canvas.noting.add()
        QTest.keyClicks(field(stage), "x" if key == Qt.Key.Key_Escape else "  ")
        QTest.keyClick(field(stage), key, NONE if key == Qt.Key.Key_Escape else CTRL)
    assert notes(stage) == {}
    assert done(stage) == "Begin"


def test_a_double_click_edits_a_note_in_place_and_a_click_elsewhere_keeps_it(stage: Stage) -> None:
    noted(stage)
    QTest.mouseDClick(stage.view.viewport(), LEFT, NONE, inside(stage))
    QTest.keyClicks(field(stage), "because")
    stage.canvas.setFocus()
    assert notes(stage)["1"].text == "because"
    assert done(stage) == "Write Note"


def test_a_note_grows_with_its_text(stage: Stage) -> None:
    noted(stage)
    text = "\n".join("line" for _ in range(12))
    QTest.mouseDClick(stage.view.viewport(), LEFT, NONE, inside(stage))
    field(stage).setPlainText(text)
    field(stage).finish()
    note = notes(stage)["1"]
    assert note.height == height_of(note) >= 12 * LINE


def test_letters_in_the_field_are_no_shortcuts(window) -> None:
    window.files.new_flow()
    window.canvas.noting.add()
    written = window.canvas._view.findChild(NoteField)
    QTest.keyClicks(written, "dlmncf")
    QTest.keyClick(written, Qt.Key.Key_Tab)
    assert [it.text for it in window.workbench.document.sheet.sketch.notes.values()] == ["dlmncf"]


def test_a_note_follows_the_mouse_and_escape_puts_it_back(stage: Stage) -> None:
    noted(stage)
    stage.drag(inside(stage), inside(stage) + QPoint(80, 40))
    moved = notes(stage)["1"]
    assert (moved.x - 160, moved.y - 160) == (80, 40)
    assert done(stage) == "Move"
    before = stage.drawing.scene
    stage.press_and_move(inside(stage), inside(stage) + QPoint(80, 40))
    QTest.keyClick(stage.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, QPoint(9, 9))
    assert stage.drawing.scene == before


def test_a_note_and_a_step_that_are_selected_move_together(stage: Stage) -> None:
    noted(stage)
    before = stage.bench.document.sheet.layout["a"]
    stage.bench.selection.select(("a", "#1"))
    stage.drag(stage.at("a"), stage.at("a") + QPoint(0, 80))
    after = stage.bench.document.sheet.layout["a"]
    assert notes(stage)["1"].y - 160 == after[1] - before[1] > 0


def test_the_corner_of_a_note_changes_its_size(stage: Stage) -> None:
    noted(stage)
    before = notes(stage)["1"]
    stage.drag(corner(stage), corner(stage) + QPoint(64, 32))
    after = notes(stage)["1"]
    assert (after.width - before.width, after.height - before.height) == (64, 32)
    assert (after.x, after.y) == (before.x, before.y)
    assert done(stage) == "Resize Note"
    stage.press_and_move(corner(stage), corner(stage) - QPoint(64, 32))
    assert stage.drawing.scene.notes["1"] != after
    QTest.keyClick(stage.view, Qt.Key.Key_Escape)
    QTest.mouseRelease(stage.view.viewport(), LEFT, NONE, QPoint(9, 9))
    assert stage.drawing.scene.notes["1"] == after


def test_a_band_selects_notes_and_delete_removes_them(stage: Stage) -> None:
    noted(stage)
    stage.drag(QPoint(5, 5), QPoint(1390, 890))
    assert stage.bench.selection.keys == ("", "a", "#1")
    stage.click(inside(stage))
    assert stage.bench.selection.keys == ("#1",)
    stage.canvas.chosen.delete()
    assert notes(stage) == {}
    assert [it.step.name for it in stage.flow.places()] == ["a"]
    stage.undo()
    assert notes(stage)["1"].text == "why"


def presses(window, key: Qt.Key, modifiers=NONE) -> None:
    QTest.keyClick(window.canvas._view, key, modifiers)


@pytest.fixture
def noted_window(window):
    window.files.new_flow()
    sheet = edits.write_note(window.workbench.document.sheet, None, "why", (160, 160))
    window.workbench.document.edit("Begin", sheet)
    window.canvas.setFocus()
    window.workbench.selection.select(("#1",))
    return window


def test_notes_are_copied_cut_pasted_and_duplicated_from_the_keyboard(noted_window) -> None:
    window, document = noted_window, noted_window.workbench.document
    presses(window, Qt.Key.Key_C, CTRL)
    assert "[editor.notes.1]" in QGuiApplication.clipboard().text()
    presses(window, Qt.Key.Key_V, CTRL)
    assert [it.text for it in document.sheet.sketch.notes.values()] == ["why", "why"]
    assert window.workbench.selection.notes == ("2",)
    presses(window, Qt.Key.Key_X, CTRL)
    assert list(document.sheet.sketch.notes) == ["1"]
    window.workbench.selection.select(("#1",))
    presses(window, Qt.Key.Key_D, CTRL)
    assert len(document.sheet.sketch.notes) == 2
    assert document.undo_stack.undoText() == "Duplicate"


def test_notes_are_added_moved_sized_and_written_from_the_keyboard(noted_window) -> None:
    window, document = noted_window, noted_window.workbench.document
    for _ in range(3):
        presses(window, Qt.Key.Key_Right, CTRL)
    presses(window, Qt.Key.Key_Down, CTRL | SHIFT)
    assert document.sheet.sketch.notes["1"] == Note("why", 184, 160, 240, 104)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.sheet.sketch.notes["1"] == Note("why", 160, 160)
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Return):
        presses(window, key)
        written = next(it for it in window.findChildren(NoteField) if it.isVisible())
        QTest.keyClicks(written, f"by {key.name}")
        QTest.keyClick(written, Qt.Key.Key_Return, CTRL)
        assert document.sheet.sketch.notes["1"].text == f"by {key.name}"
    presses(window, Qt.Key.Key_N)
    assert any(it.isVisible() for it in window.findChildren(NoteField))


def test_all_is_selected_with_the_notes_and_deleted_and_brought_back_in_one_step(
    noted_window,
) -> None:
    window, document = noted_window, noted_window.workbench.document
    added = edits.add_agent(
        document.sheet, "scripted", (0, 0), catalogue=window.workbench.catalogue
    )
    document.edit("Add Step", added)
    before = document.sheet
    presses(window, Qt.Key.Key_A, CTRL)
    assert window.workbench.selection.keys == ("scripted", "#1")
    presses(window, Qt.Key.Key_Delete)
    assert (document.sheet.sketch.notes, list(document.sheet.flow.places())) == ({}, [])
    document.undo_stack.undo()
    assert document.sheet == before


def test_notes_are_in_pictures_of_the_flow_and_make_no_empty_flow(stage: Stage) -> None:
    stage.canvas.edit("Add Note", lambda it: edits.write_note(it, None, "why", (160, 160)))
    assert stage.view._hint_at is None
    color = stage.canvas.render_image(1.0).pixelColor(160 - 0 + 100, 160 + 24 + 60)
    assert color != stage.bench.theme.theme.color("canvas")


def test_steps_on_a_note_are_grasped_before_it(stage: Stage) -> None:
    stage.show(flow(sequence("s", "a")))
    box = stage.drawing.scene.boxes["s/a"]
    corner_ = (box.x - 8, box.y - 8)
    stage.canvas.edit("Add Note", lambda it: edits.write_note(it, None, "why", corner_))
    stage.click(stage.at("s/a"))
    assert stage.bench.selection.keys == ("s/a",)


def test_laying_out_takes_the_note_beside_a_node_along_and_covers_none(stage: Stage) -> None:
    stage.show(flow("a", "b", "c"))
    stage.canvas.edit("Move", lambda it: edits.place(it, {"b": (900, 700)}))
    stage.canvas.edit("Add Note", lambda it: edits.write_note(it, None, "b's", (900, 560)))
    before = stage.bench.document.sheet
    stage.canvas.placing.arrange()

    after = stage.bench.document.sheet
    (x, y), note = after.layout["b"], after.sketch.notes["1"]
    assert (note.x - x, note.y - y) == (0, -140)
    covered = stage.drawing.item("#1").scene_rect()
    assert not any(covered.intersects(it.scene_rect()) for it in stage.drawing.nodes())
    assert stage.drawing.scene.notes["1"] == note
    stage.undo()
    assert stage.bench.document.sheet == before

"""A note that is selected is written in the inspector as well as on the canvas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

from agentflow_editor.canvas.note_field import NoteField
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import note_key
from agentflow_editor.inspector.note import NoteSection, NotesSection
from agentflow_editor.inspector.orchestrator import OrchestratorSection
from agentflow_editor.inspector.whole_flow import FlowSection
from agentflow_editor.looks.note_lines import height_of
from agentflow_editor.panes.inspector import Inspector
from editor.benches import open_text

CTRL = Qt.KeyboardModifier.ControlModifier
NOTED = """\
[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["first"]

[agents.first]
type = "scripted"
output = { n = 1 }

[editor.notes.1]
text = "ask <b>twice</b>"
at = [400, 300]
size = [240, 96]

[editor.notes.2]
text = "and wait"
at = [800, 300]
size = [240, 96]
"""


@pytest.fixture
def inspector(bench, tmp_path, shown):
    open_text(bench, tmp_path, NOTED)
    found = shown(Inspector(bench), height=900)
    bench.selection.select((note_key("1"),))
    assert isinstance(found.section, NoteSection)
    return found


def lines(inspector) -> QPlainTextEdit:
    return inspector.section.findChild(QPlainTextEdit)


def notes(bench):
    return bench.document.sheet.sketch.notes


def type_over(qtbot, edit: QPlainTextEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


def faults(inspector) -> list[str]:
    labels = inspector.section.findChildren(QLabel, "fault")
    return [it.text() for it in labels if it.isVisible()]


def test_its_text_is_shown_as_it_stands_and_typing_is_one_undo_step(qtbot, inspector, bench):
    edit = lines(inspector)
    assert edit.toPlainText() == "ask <b>twice</b>"
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_End, CTRL)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClicks(edit, "at most")

    assert edit.hasFocus()
    assert notes(bench)["1"].text == "ask <b>twice</b>\nat most"
    assert bench.document.undo_stack.count() == 1
    assert bench.document.undo_stack.undoText() == "Write Note"
    bench.document.undo_stack.undo()
    assert edit.toPlainText() == "ask <b>twice</b>"
    assert '[editor.notes.1]\ntext = "ask <b>twice</b>"' in bench.document.text


def test_a_note_is_never_left_without_a_text_by_typing(qtbot, inspector, bench):
    edit = lines(inspector)
    type_over(qtbot, edit, "")
    assert notes(bench)["1"].text == "ask <b>twice</b>"
    assert faults(inspector) == ["A value is needed here"]
    qtbot.keyClicks(edit, "other")
    assert notes(bench)["1"].text == "other"
    assert faults(inspector) == []


def test_it_grows_with_its_text_and_is_as_high_as_before_when_that_goes_again(
    qtbot, inspector, bench
):
    edit = lines(inspector)
    edit.setFocus()
    for _ in range(12):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.keyClicks(edit, "x")
    note = notes(bench)["1"]
    assert note.height == height_of(note) > 96
    type_over(qtbot, edit, "short")
    assert notes(bench)["1"].height == 96


def test_the_next_note_is_shown_in_the_same_form(qtbot, inspector, bench):
    section = inspector.section
    type_over(qtbot, lines(inspector), "one")
    bench.selection.select((note_key("2"),))
    assert inspector.section is section
    assert lines(inspector).toPlainText() == "and wait"
    type_over(qtbot, lines(inspector), "two")
    assert [it.text for it in notes(bench).values()] == ["one", "two"]
    bench.document.undo_stack.undo()
    assert [it.text for it in notes(bench).values()] == ["one", "and wait"]


def test_what_is_written_elsewhere_is_shown(inspector, bench):
    after = edits.write_note(bench.document.sheet, "1", "from elsewhere")
    bench.document.edit("Write Note", after)
    assert lines(inspector).toPlainText() == "from elsewhere"


def test_a_note_that_is_gone_leaves_the_flow_and_a_step_its_own_form(inspector, bench):
    bench.document.edit("Delete", edits.delete(bench.document.sheet, (), (), ("1",)))
    assert isinstance(inspector.section, FlowSection)
    bench.document.undo_stack.undo()
    bench.selection.select((note_key("1"), "sequential"))
    assert isinstance(inspector.section, OrchestratorSection)


def test_several_notes_are_no_flow(inspector, bench):
    bench.selection.select(map(note_key, "12"))
    assert isinstance(inspector.section, NotesSection)
    assert "2 notes" in [it.text() for it in inspector.section.findChildren(QLabel)]
    bench.document.edit("Delete", edits.delete(bench.document.sheet, (), (), ("1",)))
    assert isinstance(inspector.section, NoteSection)


def test_help_tells_what_a_note_is(inspector):
    inspector.explain()
    told = " ".join(it.text() for it in inspector.help_page.findChildren(QLabel))
    assert "no run knows of it" in told
    assert "What stands on the canvas" in told


def test_what_is_wrong_with_a_note_in_the_file_is_told_beside_its_form(bench, tmp_path, shown):
    open_text(bench, tmp_path, NOTED.replace("at = [800, 300]", "at = 3"))
    inspector = shown(Inspector(bench), height=900)
    bench.selection.select((note_key("1"),))
    bench.document.check_now()
    assert not inspector.findings.isVisible()
    bench.selection.select((note_key("2"),))
    told = [it.text() for it in inspector.findings.findChildren(QLabel) if it.text()]
    assert any("editor.notes.2.at" in it for it in told)


def test_the_form_and_the_canvas_show_the_same_and_del_takes_the_selected_note(window, tmp_path):
    file = tmp_path / "agentflow.toml"
    file.write_text(NOTED, "utf-8")
    window.files.open_flow(file)
    window.workbench.selection.select((note_key("1"),))
    inspector = window._docks.pane("inspector")
    edit = lines(inspector)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "dlmncf")
    item = window.canvas._drawing.item(note_key("1"))
    assert item.note.text == "dlmncf"
    assert item.isSelected()

    window.canvas.setFocus()
    QTest.keyClick(window.canvas._view, Qt.Key.Key_F2)
    field = window.canvas._view.findChild(NoteField)
    QTest.keyClicks(field, "in place")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    assert edit.toPlainText() == "in place"

    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert list(window.workbench.document.sheet.sketch.notes) == ["2"]
    assert isinstance(inspector.section, FlowSection)

"""Text that is typed in Source and not applied: nothing loses it, and nobody takes it for saved."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from agentflow_editor.main_window import MainWindow
from editor.benches import STAGES

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flow" / "agentflow.toml"
    path.parent.mkdir()
    path.write_text(STAGES, "utf-8")
    return path


@pytest.fixture
def at_source(qtbot, window: MainWindow, file: Path):
    """The source pane of a window with a flow open, with the keyboard in it."""
    window.files.open_flow(file)
    window.activateWindow()
    window._docks.reveal("source")
    source = window._docks.pane("source")
    qtbot.waitUntil(lambda: source.text.lines == STAGES.split("\n"))
    cursor = source.text.document().find("Writes it down.")
    cursor.setPosition(cursor.selectionStart())
    source.text.setTextCursor(cursor)
    source.text.setFocus()
    qtbot.waitUntil(source.text.hasFocus)
    return source


def asked() -> QMessageBox:
    boxes = [it for it in QApplication.topLevelWidgets() if isinstance(it, QMessageBox)]
    return next(it for it in boxes if it.isVisible())


def answer(label: str) -> str:
    box = asked()
    button = next(it for it in box.buttons() if it.text().replace("&", "") == label)
    text = box.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return text


def half_typed(source) -> None:
    QTest.keyClicks(source.text, '"')


def test_saving_by_the_keyboard_saves_what_was_typed_a_moment_ago(at_source, window, file):
    QTest.keyClicks(source := at_source.text, "A")
    assert window.isWindowModified()
    QTest.keyClick(source, Qt.Key.Key_S, CTRL)

    assert file.read_text("utf-8") == STAGES.replace("Writes", "AWrites")
    assert not window.isWindowModified()


def test_saving_beside_a_half_typed_text_says_what_happens_and_keeps_the_text(
    at_source, window, file
):
    half_typed(at_source)
    window.action_set["file.save"].trigger()
    text = answer("Save What Is Drawn")

    assert "is not applied" in text
    assert "as a draft that is in no file" in text
    assert file.read_text("utf-8") == STAGES
    assert '""Writes' in "\n".join(at_source.text.lines)
    assert window.isWindowModified()


def test_a_save_that_was_asked_about_can_lead_to_the_wrong_line_instead(at_source, window, qtbot):
    half_typed(at_source)
    window.canvas.setFocus()
    window._docks.reveal("inspector")
    window.action_set["file.save"].trigger()
    answer("Show the Text")

    qtbot.waitUntil(at_source.text.hasFocus)
    assert "Writes it down" in at_source.text.textCursor().block().text()


def test_a_half_typed_text_that_is_out_of_sight_is_told_of_above_the_canvas(
    at_source, window, qtbot
):
    half_typed(at_source)
    window.canvas.setFocus()
    assert window.notices.text("source") == ""
    window._docks.reveal("inspector")
    qtbot.waitUntil(lambda: window.notices.text("source") != "")
    assert "is kept as a draft; the flow is as it was" in window.notices.text("source")

    window.notices.press("source", "Show the Text")
    qtbot.waitUntil(lambda: window.notices.text("source") == "")
    assert '""Writes' in "\n".join(at_source.text.lines)


def test_a_window_with_a_half_typed_text_does_not_close_by_itself(at_source, window, qtbot):
    half_typed(at_source)
    window.close()
    assert "Going on would lose it" in answer("Cancel")
    assert window.isVisible()

    window.close()
    answer("Discard the Text")
    qtbot.waitUntil(lambda: not window.isVisible())


def test_another_flow_does_not_take_the_place_of_a_half_typed_text_unasked(
    at_source, window, tmp_path, file
):
    other = tmp_path / "other.toml"
    other.write_text(STAGES, "utf-8")
    half_typed(at_source)
    window.files.open_flow(other)
    answer("Cancel")
    assert window.workbench.document.path == file

    window.files.open_flow(other)
    answer("Discard the Text")
    assert window.workbench.document.path == other
    assert not window.workbench.source.is_open


def test_a_run_beside_a_half_typed_text_asks_which_flow_is_meant(at_source, window):
    half_typed(at_source)
    window.action_set["run.run"].trigger()

    assert "is not applied" in answer("Cancel")
    assert not window.workbench.run.is_running


def test_escape_in_the_source_gives_the_keyboard_to_the_canvas(at_source, window, qtbot):
    QTest.keyClick(at_source.text, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: not at_source.text.hasFocus())
    assert window.canvas.isAncestorOf(window.focusWidget()) or window.canvas is window.focusWidget()


def test_a_shortcut_leads_into_the_source_from_anywhere(at_source, window, qtbot):
    window._docks.reveal("inspector")
    window.canvas.setFocus()
    window.action_set["view.source"].trigger()

    qtbot.waitUntil(at_source.text.hasFocus)


def test_find_in_the_source_is_not_find_on_the_canvas(at_source, window, qtbot):
    QTest.keyClick(at_source.text, Qt.Key.Key_F, CTRL)

    assert at_source.finder.isVisible()
    assert window.finder.isHidden()


def test_undo_by_the_window_undoes_what_was_typed(at_source, window):
    QTest.keyClicks(at_source.text, "A")
    at_source.text.clearFocus()
    assert window.action_set["edit.undo"].text() == "&Undo Edit Source"
    window.action_set["edit.undo"].trigger()

    assert window.workbench.document.text == STAGES
    assert not window.workbench.document.is_modified


def test_half_typed_text_that_was_left_behind_is_offered_and_typed_again(
    at_source, window, file, tmp_path, run_async
):
    half_typed(at_source)
    window.workbench.source.apply()
    keeper = window.workbench.keeper
    assert keeper.journal.flush()
    keeper.journal._place.let_go()  # as the end of the process would
    keeper.journal._place, keeper.journal._is_closed = None, True
    keeper.claim.release()
    window.workbench.source.discard()

    (kept,) = keeper.shelf.left_behind()
    window.files.restore(kept)
    assert '""Writes' in window.workbench.source.text
    assert window.workbench.document.text == STAGES
    window.workbench.source.discard()

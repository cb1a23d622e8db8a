"""What a person is asked before a run."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from agentflow_editor.dialogs.messages import InputDialog, parse_input
from agentflow_editor.dialogs.pairs import PairsDialog
from editor.fronting import in_front


@pytest.fixture
def opened(qtbot: QtBot):
    parent = QWidget()
    qtbot.addWidget(parent)
    in_front(qtbot, parent)

    def open_with(**last: str) -> InputDialog:
        dialog = InputDialog(parent, dict(last))
        in_front(qtbot, dialog)
        return dialog

    return open_with


def test_what_is_typed_at_once_is_the_message(opened) -> None:
    dialog = opened()
    assert dialog.focusWidget() is dialog._message


def test_it_begins_in_the_data_where_that_was_given_last(opened) -> None:
    dialog = opened(data="{}")
    assert dialog.focusWidget() is dialog._data


def test_control_and_return_runs_while_return_begins_a_line(opened, qtbot: QtBot) -> None:
    dialog = opened()
    QTest.keyClick(dialog._message, Qt.Key.Key_Return)
    assert dialog.given()["text"] == "\n"
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog._message, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()


def test_the_session_is_the_one_of_the_last_run_until_another_is_typed(opened) -> None:
    dialog = opened(session="ann")
    assert dialog.given()["session"] == "ann"
    dialog._session.setText(" ben ")
    assert dialog.given()["session"] == "ben"


def test_json_that_is_nested_without_end_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_input({"data": "[" * 100_000})


def test_pairs_stand_in_two_columns(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pairs = (("F2", "Rename"), ("Ctrl+Shift+Z, Ctrl+Y", "Redo"))
    dialog = PairsDialog(parent, "Keys", {"Edit": pairs})
    dialog.show()
    right = [dialog.grid.itemAtPosition(row, 1) for row in (2, 3)]
    assert [it.widget().text() for it in right if it] == ["Rename", "Redo"]
    assert len({it.widget().x() for it in right if it}) == 1


def test_pairs_that_are_many_scroll_inside_the_screen(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    pairs = [(f"Ctrl+{number}", f"Do {number}") for number in range(300)]
    dialog = PairsDialog(parent, "Keys", {"Edit": pairs, "View": pairs})
    dialog.show()
    qtbot.waitExposed(dialog)
    bar = dialog.area.verticalScrollBar()

    assert dialog.height() <= dialog.screen().availableSize().height()
    assert dialog.area.horizontalScrollBar().maximum() == 0
    assert dialog.area.hasFocus() or dialog.focusWidget() is dialog.area
    qtbot.keyClick(dialog.area, Qt.Key.Key_PageDown)
    assert bar.value() > 0

"""The title of a dock: its buttons, the way out of the window and back, and text as it stands."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolButton, QWidget

from agentflow_editor.window.title_bar import TitleBar
from editor.fronting import in_front

HOSTILE = "<b>Trace</b>"


@pytest.fixture
def dock(qtbot):
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    qtbot.addWidget(window)
    window.resize(600, 400)
    dock = QDockWidget(HOSTILE, window)
    dock.setTitleBarWidget(TitleBar(dock))
    dock.setWidget(QWidget())
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    in_front(qtbot, window)
    yield dock
    window.close()


def press(dock, name):
    (button,) = [
        it
        for it in dock.titleBarWidget().findChildren(QToolButton)
        if it.accessibleName().startswith(name)
    ]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_cross_closes_the_dock(dock):
    press(dock, "Close")

    assert dock.isHidden()


def test_a_dock_is_taken_out_of_the_window_and_put_back(dock):
    press(dock, "Take Out")
    assert dock.isFloating()

    press(dock, "Take Out")
    assert not dock.isFloating()


def test_a_double_click_on_the_title_takes_it_out_too(dock):
    title = dock.titleBarWidget()

    QTest.mouseDClick(title, Qt.MouseButton.LeftButton, pos=QPoint(20, title.height() // 2))

    assert dock.isFloating()


def test_by_the_title_a_dock_is_moved(qtbot, dock):
    title, button = dock.titleBarWidget(), Qt.MouseButton.LeftButton
    QTest.mousePress(title, button, pos=QPoint(20, 5))
    for step in range(1, 12):
        QTest.mouseMove(title, QPoint(20 + 15 * step, 5 + 10 * step))
    QTest.mouseRelease(title, button, pos=QPoint(200, 120))

    qtbot.waitUntil(dock.isFloating)


def test_a_title_says_what_it_says(dock):
    labels = [
        it.text() for it in dock.titleBarWidget().findChildren(QWidget) if hasattr(it, "text")
    ]

    assert HOSTILE in labels

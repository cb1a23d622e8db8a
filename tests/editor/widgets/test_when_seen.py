"""WhenSeen: work that waits until somebody can see it, and paints nothing for that."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from agentflow_editor.widgets.when_seen import WhenSeen


class Paints(QObject):
    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def window(qtbot) -> QMainWindow:
    window = QMainWindow()
    window.resize(400, 300)
    qtbot.addWidget(window)
    found = [QDockWidget(name, window) for name in ("front", "behind")]
    for dock in found:
        dock.setObjectName(dock.windowTitle())
        dock.setWidget(QWidget(dock))
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.tabifyDockWidget(found[1], found[0])
    with qtbot.waitExposed(window):
        window.show()
    found[0].raise_()
    qtbot.wait(50)
    return window


@pytest.fixture
def front(window) -> QWidget:
    return window.findChild(QDockWidget, "front").widget()


@pytest.fixture
def behind(window) -> QWidget:
    return window.findChild(QDockWidget, "behind").widget()


def test_work_for_what_is_in_sight_is_done_soon_and_paints_nothing_itself(front, qtbot):
    done: list[str] = []
    work = WhenSeen(front, lambda: done.append("once"))
    paints = Paints(front)

    work.ask()
    work.ask()
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(50)
    assert (done, paints.count) == (["once"], 0)


def test_work_for_what_is_behind_a_tab_waits_until_that_is_in_front(behind, qtbot):
    done: list[str] = []
    work = WhenSeen(behind, lambda: done.append("once"))

    work.ask()
    qtbot.wait(100)
    assert done == []

    behind.parentWidget().raise_()
    qtbot.waitUntil(lambda: done == ["once"])


def test_work_for_a_window_that_is_hidden_waits_until_it_comes_back(window, front, qtbot):
    done: list[str] = []
    work = WhenSeen(front, lambda: done.append("once"))

    window.hide()
    work.ask()
    qtbot.wait(100)
    assert done == []

    window.show()
    qtbot.waitUntil(lambda: done == ["once"])

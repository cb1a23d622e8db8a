"""Fronting: a widget becomes a window that has the keyboard, as under a person's hands."""

from typing import TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)


def in_front(qtbot: QtBot, widget: W) -> W:
    """The widget as the active window. On a real display it takes a moment until it is that.

    For Qt a dialog's window is active as soon as that of its parent is; here only its own counts.
    """
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    return widget

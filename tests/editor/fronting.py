"""Fronting: a widget becomes a window that has the keyboard, as under a person's hands."""

from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

W = TypeVar("W", bound=QWidget)


def in_front(qtbot: QtBot, widget: W) -> W:
    """The widget as an active window. On a real display it takes a moment until it is one."""
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget

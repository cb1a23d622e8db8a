"""WideTree: a tree whose rows are shown whole; to the end of long ones one scrolls sideways."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeView

__all__ = ["WideTree"]

MEASURED = 200
"""Rows that are looked at for how wide it has to be."""


class WideTree(QTreeView):
    """A tree of one column without a header, at least as wide as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setResizeContentsPrecision(MEASURED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.header().setMinimumSectionSize(self.viewport().width())
        super().resizeEvent(event)

"""WideTree: a tree whose rows are shown whole; to the end of long ones one scrolls sideways."""

from PySide6.QtCore import QAbstractItemModel, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
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
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.header().setResizeContentsPrecision(MEASURED)
        # The header's own way is to measure all rows again with each one that changes.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fit)
        self.expanded.connect(self._later)
        self.collapsed.connect(self._later)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            for changed in (
                model.dataChanged,
                model.layoutChanged,
                model.modelReset,
                model.rowsInserted,
                model.rowsRemoved,
            ):
                changed.connect(self._later)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _later(self, *_: object) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _fit(self) -> None:
        wanted = max(self.sizeHintForColumn(0), self.viewport().width())
        if wanted != self.columnWidth(0):
            self.setColumnWidth(0, wanted)

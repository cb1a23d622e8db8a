"""Rename: a field over a node's title."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits

__all__ = ["NameField", "Renaming"]

READABLE = 0.6
"""The least zoom that the field's width follows."""


class NameField(QLineEdit):
    """Holds a name while it is changed. Enter takes it, Escape leaves it as it was."""

    def __init__(
        self, name: str, place: QRect, renamed: Callable[[str], bool], parent: QWidget
    ) -> None:
        """Open it.

        Args:
            name: what stands there now.
            place: where to stand, in the parent's pixels.
            renamed: takes the new name and answers whether it could be given.
            parent: what it lies over.
        """
        super().__init__(name, parent)
        self._home = parent
        self._name, self._renamed = name, renamed
        self.setObjectName("name-field")
        self.setGeometry(place)
        self.selectAll()
        self.installEventFilter(self)
        self.show()
        self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.finish()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self._close()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._take():
                    self._close()
                return True
        return super().eventFilter(watched, event)

    def finish(self) -> None:
        """Take the name where it can be given, and close in any case."""
        if not self.isHidden():
            self._take()
            self._close()

    def _take(self) -> bool:
        name = self.text().strip()
        return name == self._name or self._renamed(name)

    def _close(self) -> None:
        if self.isHidden():
            return
        self.hide()
        self._home.setFocus()
        self.deleteLater()


class Renaming:
    """Opens a field over a step's title. What is written there is the step's new name."""

    def __init__(self, view: FlowView, drawing: Drawing, edit: Edit) -> None:
        self._view, self._drawing, self._edit = view, drawing, edit

    def begin(self, path: str) -> None:
        """Open the field over a step, where that is drawn."""
        box = self._drawing.scene.boxes.get(path)
        if box is None:
            return
        zoom = max(self._view.zoom, READABLE)
        corner = self._view.mapFromScene(QPointF(box.x + 46, box.y + 4))
        place = QRect(corner, QSize(round((box.width - 52) * zoom), 26))

        def rename(name: str) -> bool:
            return self._edit("Rename", lambda sheet: edits.rename(sheet, path, name))

        field = NameField(box.title, place, rename, self._view)
        self._view.camera_moved.connect(field.finish)

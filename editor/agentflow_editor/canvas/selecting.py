"""Selecting: what is selected in the drawing is what is selected everywhere."""

from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.sheet import note_key

__all__ = ["Selecting"]


class Selecting(QObject):
    """Keeps the drawing's selection and the document's the same, whichever changes."""

    selected_elsewhere = Signal(tuple)
    """(keys) of the steps and notes that were selected, though not in the drawing."""

    def __init__(
        self, view: FlowView, drawing: Drawing, selection: Selection, parent: QObject
    ) -> None:
        super().__init__(parent)  # not the view, whose scene tells of changes to its very end
        self._drawing, self._selection = drawing, selection
        self._is_busy = False
        selection.changed.connect(self._on_selection)
        view.scene().selectionChanged.connect(self._on_drawing)

    @contextmanager
    def redrawing(self) -> Generator[None]:
        """While it lasts, nodes that vanish do not take the selection with them."""
        self._is_busy = True
        yield
        self._is_busy = False
        self._show()

    def select_all(self) -> None:
        """Select every step and note."""
        scene = self._drawing.scene
        self._drawing.select([*(path for path in scene.boxes if path), *map(note_key, scene.notes)])

    def _on_selection(self, *_: object) -> None:
        if not self._is_busy:
            self._show()
            self.selected_elsewhere.emit(self._selection.keys)

    def _show(self) -> None:
        self._is_busy = True
        self._drawing.select(self._selection.keys)
        self._is_busy = False

    def _on_drawing(self) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._selection.select(self._drawing.selected_keys())
            self._is_busy = False

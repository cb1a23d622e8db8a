"""Offering: a small menu of what a gesture may mean, each with a preview of what it does."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.wishes import Wish
from agentflow_editor.widgets.letter_menu import LetterMenu
from agentflow_editor.workbench import Workbench

__all__ = ["Offering"]

GHOST = 0.5
"""How solid a preview's new nodes are."""


class Offering(QObject):
    """Asks which of several wishes is meant. Escape, or a click elsewhere, does nothing."""

    def __init__(
        self,
        canvas: QWidget,
        drawing: Drawing,
        bench: Workbench,
        edit: Edit,
        picture: Callable[[Sheet], Scene],
        restore: Callable[[], None],
    ) -> None:
        """Make it.

        Args:
            canvas: what the menu stands over.
            drawing: what shows the previews.
            bench: whose document is meant.
            edit: does what is chosen.
            picture: what the canvas would show of a sheet.
            restore: shows the document again.
        """
        super().__init__(canvas)
        self._canvas, self._drawing, self._bench = canvas, drawing, bench
        self._edit, self._picture, self._restore = edit, picture, restore
        self.is_asking = False
        """Whether it waits for an answer; what is drawn then may be a ghost."""

    def ask(self, wishes: Sequence[Wish], at: QPoint) -> None:
        """Open the menu at a point of the screen; what is pointed at is shown as a ghost."""
        menu, drawn = LetterMenu(self._canvas), self._drawing.scene
        meant: dict[QAction, Wish] = {}
        for wish in wishes:
            meant[menu.addAction(wish.text.replace("&", "&&"))] = wish

        def preview(action: QAction) -> None:
            self._preview(meant[action], drawn)

        def do(action: QAction) -> None:
            self._edit(meant[action].title, meant[action].make)

        menu.hovered.connect(preview)
        menu.aboutToHide.connect(self._end)
        menu.triggered.connect(do)
        self.is_asking = True
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])

    def _end(self) -> None:
        self.is_asking = False
        self._restore()

    def _preview(self, wish: Wish, drawn: Scene) -> None:
        """Show what a wish does; what is not in the drawing yet is a ghost."""
        sheet = self._bench.document.sheet
        try:
            after = wish.make(sheet)
        except EditError:
            return
        self._drawing.show_scene(self._picture(after))
        for node in self._drawing.nodes():
            node.setOpacity(1.0 if node.box.path in drawn.boxes else GHOST)
        for link in self._drawing.links():
            link.setOpacity(1.0 if link.link.key in drawn.links else GHOST)

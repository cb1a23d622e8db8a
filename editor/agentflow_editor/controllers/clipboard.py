"""Clipboard: steps go to other places, windows and programs as a text, and come back."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from agentflow_editor.controllers.structure import Structure, nothing
from agentflow_editor.document import edits
from agentflow_editor.document.clipping import clipping, read_clipping
from agentflow_editor.document.edits import EditError, Slot
from agentflow_editor.document.room import aside
from agentflow_editor.document.sheet import Position, Sheet
from agentflow_editor.workbench import Workbench

__all__ = ["Clipboard"]


class Clipboard:
    """Copies, cuts and pastes the selected steps of a window."""

    def __init__(
        self,
        structure: Structure,
        bench: Workbench,
        spot: Callable[[], Position],
        tell: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            structure: does the edits.
            bench: whose selection and document are meant.
            spot: where something new is to stand.
            tell: says why something could not be done.
        """
        self._structure, self._bench = structure, bench
        self._spot, self._tell = spot, tell

    def copy(self) -> bool:
        """Put the selected steps and notes on the clipboard; whether there are any."""
        try:
            paths, notes = self._structure.picked.paths, self._bench.selection.notes
            text = clipping(self._bench.document.sheet, paths, self._bench.catalogue, notes)
        except EditError as error:
            self._tell(str(error))
            return False
        QGuiApplication.clipboard().setText(text)
        return True

    def cut(self) -> None:
        """The same, and remove them."""
        paths, notes = self._structure.picked.paths, self._bench.selection.notes
        if self.copy():
            self._structure.do("Cut", lambda sheet: edits.delete(sheet, paths, (), notes), nothing)

    def paste(self) -> None:
        """Put what the clipboard says at the mouse, or below what is there, hanging on nothing."""
        at = self._spot()

        def pasted(sheet: Sheet) -> Sheet:
            after = edits.paste(sheet, self._read(), at)
            return aside(sheet, after, self._bench.catalogue)

        self._structure.do("Paste", pasted, lays_out=False)

    def paste_after(self) -> None:
        """Let what the clipboard says follow the selected step."""
        places = self._structure.picked.places
        if not places:
            self.paste()
            return
        last = places[-1]
        slot = Slot(last.owner, last.chain, last.index + 1)
        at = self._bench.document.sheet.layout[last.path]

        def pasted(sheet: Sheet) -> Sheet:
            return edits.paste(sheet, self._read(), at, slot=slot)

        self._structure.do("Paste", pasted)

    def _read(self) -> Sheet:
        text = QGuiApplication.clipboard().text()
        return read_clipping(text, self._bench.catalogue)

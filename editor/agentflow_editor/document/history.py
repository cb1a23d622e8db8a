"""History: undo steps, each of which holds the sheet before and the sheet after."""

from collections.abc import Callable, Hashable

from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from agentflow_editor.document.sheet import Sheet

__all__ = ["Edit", "History"]

Show = Callable[[Sheet], None]
"""Makes a sheet the one that the document shows."""


class Edit(QUndoCommand):
    """An edit that was made. Undoing puts the sheet before back, so no edit can undo wrongly."""

    def __init__(
        self, title: str, before: Sheet, after: Sheet, show: Show, merge_key: Hashable | None
    ) -> None:
        super().__init__(title)
        self._before, self._after = before, after
        self._show = show
        self._merge_key = merge_key

    def undo(self) -> None:
        self._show(self._before)

    def redo(self) -> None:
        self._show(self._after)

    def id(self) -> int:
        """Which commands Qt may ask to merge: those that were given a key."""
        return -1 if self._merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the next edit when it has the same key; one that leads back is no step at all."""
        if not isinstance(other, Edit) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True


class History(QUndoStack):
    """The edits of one document, which end before it does."""

    def __del__(self) -> None:
        """Let the edits go first, and their Python halves after them.

        Python's garbage collector would end an edit without a word to the stack that holds it, and
        the stack would then end it a second time.
        """
        if isValid(self):
            edits = [self.command(number) for number in range(self.count())]
            self.blockSignals(True)
            self.clear()
            edits.clear()

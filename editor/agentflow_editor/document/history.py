"""History: undo steps, each of which holds what there was before and what there is after."""

from collections.abc import Callable, Hashable
from typing import NamedTuple

from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from agentflow_editor.document.manuscript import Manuscript
from agentflow_editor.document.sheet import Sheet

__all__ = ["Edit", "History", "State"]


class State(NamedTuple):
    """What a document shows: a sheet, and the text that it is written into."""

    sheet: Sheet
    manuscript: Manuscript

    @property
    def text(self) -> str:
        """What it would be saved as."""
        return self.manuscript.quick_text(self.sheet)


Show = Callable[[State], None]
"""Makes a state the one that the document shows."""


class Edit(QUndoCommand):
    """An edit that was made. Undoing puts the state before back, so no edit can undo wrongly."""

    def __init__(
        self,
        title: str,
        before: State,
        after: State,
        show: Show,
        merge_key: Hashable | None = None,
        *,
        is_typed: bool = False,
    ) -> None:
        """Make it.

        Args:
            title: what was done, for the menu.
            before: what there was.
            after: what there is.
            show: shows a state.
            merge_key: edits of the same key in a row are one; None merges with none.
            is_typed: whether it was made by typing in the source.
        """
        super().__init__(title)
        self.before, self.after = before, after
        self.is_typed = is_typed
        self._show = show
        self._merge_key = merge_key

    def undo(self) -> None:
        self._show(self.before)

    def redo(self) -> None:
        self._show(self.after)

    def id(self) -> int:
        """Which commands Qt may ask to merge: those that were given a key."""
        return -1 if self._merge_key is None else 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the next edit when it has the same key; one that leads back is no step at all."""
        if not isinstance(other, Edit) or other._merge_key != self._merge_key:
            return False
        self.after = other.after
        is_same = self.after.sheet == self.before.sheet
        self.setObsolete(is_same and (not self.is_typed or self.after.text == self.before.text))
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

    def go_to_typed(self, text: str) -> bool:
        """Undo or redo steps that were typed, as far as one of them leads to a text; whether so."""
        for number in range(self.index() - 1, -1, -1):
            edit = self._typed(number)
            if edit is None:
                break
            if edit.before.text == text:
                self.setIndex(number)
                return True
        for number in range(self.index(), self.count()):
            edit = self._typed(number)
            if edit is None:
                break
            if edit.after.text == text:
                self.setIndex(number + 1)
                return True
        return False

    def _typed(self, number: int) -> Edit | None:
        edit = self.command(number)
        return edit if isinstance(edit, Edit) and edit.is_typed else None

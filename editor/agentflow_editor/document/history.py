"""History: undo steps, each of which holds what there was before and what there is after."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Signal

from agentflow_editor.document.state import State

__all__ = ["Edit", "History"]

Show = Callable[[State], None]
"""Makes a state the one that the document shows."""


class Edit:
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
        self.title = title
        self.before, self.after = before, after
        self.is_typed = is_typed
        self._show = show
        self._merge_key = merge_key

    def undo(self) -> None:
        """Show what there was before."""
        self._show(self.before)

    def redo(self) -> None:
        """Show what there was after."""
        self._show(self.after)

    def takes_in(self, other: "Edit") -> bool:
        """Become one with the next edit where it has the same key; whether it has."""
        if self._merge_key is None or other._merge_key != self._merge_key:
            return False
        self.after = other.after
        return True

    @property
    def leads_back(self) -> bool:
        """Whether it changes nothing, after all that it has taken in."""
        is_same = self.after.sheet == self.before.sheet
        return is_same and (not self.is_typed or self.after.text == self.before.text)


class History(QObject):
    """The edits of one document, named as Qt names those of its own undo stack.

    Qt's would own edits that Python holds as well, and each would end them without a word to the
    other.
    """

    indexChanged = Signal(int)
    """(index) whenever something was done, undone or redone, or the history is another one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: list[Edit] = []
        self._index = 0
        self._clean = 0
        """How many edits are done in what the file holds; -1 where no undoing leads there."""

    def count(self) -> int:
        """How many edits there are, those that can be redone included."""
        return len(self._edits)

    def index(self) -> int:
        """How many of them are done."""
        return self._index

    def canUndo(self) -> bool:
        """Whether there is one to undo."""
        return self._index > 0

    def canRedo(self) -> bool:
        """Whether there is one to redo."""
        return self._index < len(self._edits)

    def undoText(self) -> str:
        """The title of what would be undone; "" for nothing."""
        return self._edits[self._index - 1].title if self.canUndo() else ""

    def redoText(self) -> str:
        """The title of what would be redone; "" for nothing."""
        return self._edits[self._index].title if self.canRedo() else ""

    def push(self, edit: Edit) -> None:
        """Make an edit. What could be redone cannot any more; one of the same key is one with it.

        The one that the file was saved after takes in no other.
        """
        edit.redo()
        del self._edits[self._index :]
        if self._clean > self._index:
            self._clean = -1
        last = self._edits[-1] if self._edits and self._index != self._clean else None
        if last is None or not last.takes_in(edit):
            self._edits.append(edit)
        elif last.leads_back:
            self._edits.pop()
        self._index = len(self._edits)
        self.indexChanged.emit(self._index)

    def undo(self) -> None:
        """Undo one, where there is one."""
        self.setIndex(max(self._index - 1, 0))

    def redo(self) -> None:
        """Redo one, where there is one."""
        self.setIndex(min(self._index + 1, len(self._edits)))

    def setIndex(self, index: int) -> None:
        """Undo or redo until so many edits are done."""
        if index == self._index:
            return
        while self._index > index:
            self._edits[self._index - 1].undo()
            self._index -= 1
        while self._index < index:
            self._edits[self._index].redo()
            self._index += 1
        self.indexChanged.emit(self._index)

    def setClean(self) -> None:
        """What is shown is what the file holds."""
        self._clean = self._index

    def clear(self) -> None:
        """Forget all edits."""
        self._edits.clear()
        self._index = self._clean = 0
        self.indexChanged.emit(0)

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
        edit = self._edits[number]
        return edit if edit.is_typed else None

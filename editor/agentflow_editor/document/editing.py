"""Editing: what is shown of a document, the edits of that, and whether its file holds it."""

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from agentflow.catalogue import Catalogue
from agentflow.flow.flow_file import FlowFile
from agentflow_editor.document.checker import Checker
from agentflow_editor.document.history import Edit, History
from agentflow_editor.document.own_file import OwnFile
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.state import State, drawn, drawn_into, typed

__all__ = ["TYPED", "Editing"]

TYPED = "Edit Source"
"""What typing in the source is called in the Undo menu."""


class Editing(QObject):
    """One state after another: each that is shown is compared with the file, and checked."""

    changed = Signal(object, object)
    """(sheet before, sheet after) whenever another state is shown."""
    modified_changed = Signal(bool)
    """(is_modified) whenever that is another."""

    def __init__(
        self, own: OwnFile, checker: Checker, catalogue: Catalogue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._own, self._checker, self._catalogue = own, checker, catalogue
        self.undo_stack = History(self)
        self.state = own.saved
        """What is shown now."""
        self.is_modified = self._was_modified = False

    def draws_as_now(self, sheet: Sheet) -> bool:
        """Whether a sheet, drawn, is what is shown."""
        return drawn(sheet, self.state, self._catalogue).sheet == self.state.sheet

    def draw(
        self,
        title: str,
        sheet: Sheet,
        merge_key: Hashable | None = None,
        *,
        text: FlowFile | None = None,
    ) -> None:
        """Make a sheet the one that is shown, as one undo step; none where it is that already.

        Args:
            title: what was done, for the Undo menu.
            sheet: steps of it without a position get one.
            merge_key: edits of the same key in a row are one undo step; None merges with none.
            text: what it is written into, where that is another text.
        """
        if text is None:
            after = drawn(sheet, self.state, self._catalogue)
        else:
            after = drawn_into(self._own.adopted(text), sheet, self.state, self._catalogue)
        is_same_text = text is None or after.text == self.state.text
        if after.sheet != self.state.sheet or not is_same_text:
            self._push(title, after, merge_key)

    def type(self, title: str, text: FlowFile, merge_key: Hashable | None) -> None:
        """Make a text the one that is shown, to the letter, as one undo step.

        Typing back what was there undoes, so that undoing in a text undoes here as well.
        """
        if text.text != self.state.text and not self.undo_stack.go_to_typed(text.text):
            after = typed(self._own.adopted(text), self.state, self._catalogue)
            self._push(title, after, merge_key, is_typed=title == TYPED)

    def show(self, state: State) -> None:
        """Show a state, without an undo step of its own."""
        before, self.state = self.state, state
        self._look_again()
        self.changed.emit(before.sheet, state.sheet)
        self._tell_modified()
        self._checker.check_soon()

    def settle(self, file: FlowFile) -> None:
        """Compare what is shown with what was read from the file now."""
        self._own.settle(file)
        self._compare()

    def write(self, path: Path, *, overwrite: bool) -> FlowFile:
        """Write what is shown to a file, which is the document's own from then on.

        Raises:
            SaveError: it was not written; nothing is lost.
        """
        file = self._own.write(self.state, path, overwrite=overwrite)
        self.state = self._own.saved
        self._compare()
        # Typing on in the same field after saving is an undo step of its own.
        self.undo_stack.setClean()
        return file

    def _compare(self) -> None:
        self._look_again()
        self._tell_modified()
        self._checker.check_soon(0)

    def _push(
        self, title: str, after: State, merge_key: Hashable | None, *, is_typed: bool = False
    ) -> None:
        edit = Edit(title, self.state, after, self.show, merge_key, is_typed=is_typed)
        self.undo_stack.push(edit)

    def _look_again(self) -> None:
        self.is_modified = not self._own.holds(self.state)
        if not self.is_modified:
            # Its lines are those of the file; an undone text may only happen to say the same.
            self.state = State(self.state.sheet, self._own.saved.manuscript)
        self._checker.take(self.state.sheet.flow, self.state.manuscript.rereading)

    def _tell_modified(self) -> None:
        if self.is_modified != self._was_modified:
            self._was_modified = not self._was_modified
            self.modified_changed.emit(self._was_modified)

"""Document: the open flow as every view knows it, with its way out of a file and back into it."""

from collections.abc import Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.imported import imported
from agentflow.flow.load import load
from agentflow.problem import Problem
from agentflow_editor.document.checker import Checker
from agentflow_editor.document.editing import TYPED, Editing
from agentflow_editor.document.half_typed import HalfTyped
from agentflow_editor.document.manuscript import Manuscript
from agentflow_editor.document.own_file import OwnFile
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.state import State

__all__ = ["Document"]


class Document(QObject):
    """The one truth of a window. Views show it and ask it for edits; they keep nothing of it.

    Opening, checking and editing execute nothing of a flow's author's making.
    """

    changed = Signal(object, object)
    """(sheet before, sheet after) whenever the sheet, or only the text around it, is another."""
    begun = Signal()
    """Another flow is about to take the place of the one that was open."""
    file_changed = Signal()
    """Another file is open, or the same one was saved under another name, or none is."""
    modified_changed = Signal(bool)
    """(is_modified) whenever that is another."""
    problems_changed = Signal(tuple)
    """(problems) whenever there are other ones: once nothing is edited for a moment."""
    read_only_changed = Signal(bool)
    """(is_read_only) whenever that is another."""
    edit_refused = Signal()
    """An edit was asked for, and the document is read-only."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._own = OwnFile(catalogue)
        self._checker = Checker(self._own.saved.sheet.flow, catalogue, self)
        self._checker.problems_changed.connect(self.problems_changed)
        self._editing = Editing(self._own, self._checker, catalogue, self)
        self._editing.changed.connect(self.changed)
        self._editing.modified_changed.connect(self.modified_changed)
        self.undo_stack = self._editing.undo_stack
        """Its commands are edits of this document; whoever wants to undo asks it."""
        self.half_typed = HalfTyped(self)
        """What is typed and not taken yet."""
        self._is_read_only = False

    @property
    def sheet(self) -> Sheet:
        """What is drawn now. Every node of it has a position."""
        return self._editing.state.sheet

    @property
    def state(self) -> State:
        """The sheet with its text: another object after whatever was edited."""
        return self._editing.state

    @property
    def manuscript(self) -> Manuscript:
        """The text that the sheet is written into: the file's, or what was typed since."""
        return self._editing.state.manuscript

    @property
    def file(self) -> FlowFile | None:
        """The file as it was last read or written; None for a flow that is in none yet."""
        return self._own.last

    @property
    def path(self) -> Path | None:
        """Where the file is; its folder is what relative names in the flow mean."""
        return self._own.path

    @property
    def title(self) -> str:
        """What the document is called: its file with its folder, since most share a file name."""
        return self._own.title

    @property
    def is_modified(self) -> bool:
        """Whether the sheet is another than the saved one; undoing back to that is no change."""
        return self._editing.is_modified

    @property
    def is_read_only(self) -> bool:
        """Whether edits are refused, since somebody else edits the file."""
        return self._is_read_only

    @property
    def text(self) -> str:
        """The file's text as it would be saved."""
        return self.manuscript.text(self.sheet)

    @property
    def quick_text(self) -> str:
        """The same within milliseconds, to be shown: nobody has read again what it says."""
        return self._editing.state.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is found in the flow as it is now, errors first. Asking takes as long as looking."""
        return self._checker.problems

    @property
    def known_problems(self) -> tuple[Problem, ...]:
        """The problems that were told last; asking takes no time."""
        return self._checker.known_problems

    def check_now(self) -> None:
        """Tell the problems at once; else they are told once nothing was edited for a while."""
        self._checker.check_now()

    def edit(self, title: str, sheet: Sheet, *, merge_key: Hashable | None = None) -> None:
        """Make another sheet the document's, as one undo step.

        Args:
            title: what was done, for the Undo menu: "Rename".
            sheet: what an edit made of `sheet`.
            merge_key: edits of the same key in a row are one undo step; None merges with none.
        """
        if not self._is_read_only:
            self._editing.draw(title, sheet, merge_key)
        elif not self._editing.draws_as_now(sheet):
            self.changed.emit(self.sheet, self.sheet)  # views show again what is
            self.edit_refused.emit()

    def edit_source(
        self, file: FlowFile, *, title: str = TYPED, merge_key: Hashable | None = None
    ) -> None:
        """Make a text that was typed the document's own, to the letter, as one undo step.

        Only the positions of steps whose paths have become others are brought up to date in it.
        Typing back what was there undoes, so that undoing in a text undoes here as well.

        Args:
            file: the text as it was read.
            title: what was done, where it was not typed.
            merge_key: as in `edit`.
        """
        if self._is_read_only:
            self.edit_refused.emit()
        else:
            self._editing.type(title, file, merge_key)

    def set_read_only(self, is_read_only: bool) -> None:
        """Refuse edits from now on, or allow them again."""
        if is_read_only != self._is_read_only:
            self._is_read_only = is_read_only
            self.read_only_changed.emit(is_read_only)

    def new(self) -> None:
        """Begin an empty flow that is in no file; what was open is given up."""
        self._begin(None, None)

    def open(self, path: Path) -> FlowFile:
        """Read a file; what was open is given up only when it can be read.

        One of another dialect becomes a flow that is in no file yet.

        Raises:
            FlowFileError: it cannot be read, or is no TOML. The document is as it was.
        """
        file = load(path, self._catalogue)
        if file.dialect is None:
            self._begin(file, path)
        else:
            native = imported(file, self._catalogue)
            self._begin(native, None, saved=Sheet())
        return file

    def restore(
        self,
        file: FlowFile | None,
        path: Path | None,
        sheet: Sheet,
        typed: FlowFile | None = None,
    ) -> None:
        """Open unsaved work again, as one edit of the file that it began with.

        Args:
            file: that file, as it was read then.
            path: where it is.
            sheet: the work.
            typed: the text that the work was written into, where that was another one.
        """
        self._begin(file, path)
        self._editing.draw("Restore Unsaved Work", sheet, text=typed)

    def disregard(self, digest: str) -> None:
        """Let the next save replace what somebody else wrote, as long as its digest is this one.

        Args:
            digest: SHA-256 in hex; "" for a file that was deleted.
        """
        self._own.disregard(digest)

    def revert(self) -> None:
        """Go back to what the file, if any, says now, as an edit that can be undone.

        Raises:
            FlowFileError: it cannot be read.
        """
        if self._own.path is not None:
            self._editing.settle(load(self._own.path, self._catalogue))
            saved = self._own.saved
            self._editing.draw("Revert", saved.sheet, text=saved.manuscript.file)

    def merge(self, theirs: FlowFile, sheet: Sheet, text: FlowFile) -> None:
        """Make a sheet the document's that holds what somebody else has written, too.

        Args:
            theirs: the file as it is now; saving may replace it.
            sheet: both together.
            text: what the sheet is written into.
        """
        self._editing.settle(theirs)
        self._editing.draw("Merge", sheet, text=text)

    def save(self) -> FlowFile:
        """Write the flow to its file, unless somebody else has changed that meanwhile.

        Raises:
            SaveError: it was not written, or there is no file yet; nothing is lost.
        """
        if self._own.path is None:
            raise SaveError("the flow is in no file yet", fix="choose where to save it")
        return self._write(self._own.path, overwrite=False)

    def save_as(self, path: Path) -> FlowFile:
        """Write the flow to a file, which is its own from then on. What was there is replaced.

        Raises:
            SaveError: it was not written; nothing is lost.
        """
        return self._write(path, overwrite=True)

    def close(self) -> None:
        """Say nothing any more: whoever listened is about to go."""
        # An undo stack tells even of its own end, to views that may have gone before it.
        for speaker in (self.undo_stack, self.half_typed, self):
            speaker.blockSignals(True)
        self._checker.rest()

    def _write(self, path: Path, *, overwrite: bool) -> FlowFile:
        before = self._own.path
        file = self._editing.write(path, overwrite=overwrite)
        if path != before:
            self.file_changed.emit()
        return file

    def _begin(
        self, file: FlowFile | None, path: Path | None, *, saved: Sheet | None = None
    ) -> None:
        self.begun.emit()
        self.undo_stack.clear()
        self._editing.show(self._own.begin(file, path, saved))
        self.file_changed.emit()
        self._checker.check_soon(0)

"""Document: the open sheet, its history, its file and its problems."""

import math
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.imported import imported
from agentflow.flow.load import FlowFile, load
from agentflow.flow.save import save
from agentflow.problem import Problem
from agentflow_editor.document.findings import Findings
from agentflow_editor.document.history import Edit, History
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.document.writing import Writing

__all__ = ["Document"]

UNTITLED = "Untitled"
PATIENCE = 150
"""Milliseconds without an edit before the flow is checked."""
SLICE = 0.004
"""Seconds of checking before the window has its turn."""


class Document(QObject):
    """The one truth of a window. Views show it and ask it for edits; they keep nothing of it.

    Opening, checking and editing execute nothing of a flow's author's making.
    """

    changed = Signal(object, object)
    """(sheet before, sheet after) whenever the sheet is another one."""
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
        self.undo_stack = History(self)
        """Its commands are edits of this document; whoever wants to undo asks it."""
        self._file: FlowFile | None = None
        self._path: Path | None = None
        self._sheet = self._saved = completed(Sheet(), catalogue)
        self._writing = Writing(self._sheet, self._saved, None, catalogue)
        self._findings = Findings(self._sheet.flow, None, catalogue)
        self._is_modified = self._was_modified = self._is_read_only = False
        self._told_problems: tuple[Problem, ...] | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._look_for_problems)

    @property
    def sheet(self) -> Sheet:
        """What is drawn now. Every node of it has a position."""
        return self._sheet

    @property
    def file(self) -> FlowFile | None:
        """The file as it was last read or written; None for a flow that is in none yet."""
        return self._file

    @property
    def path(self) -> Path | None:
        """Where the file is; its folder is what relative names in the flow mean."""
        return self._path

    @property
    def title(self) -> str:
        """What the document is called: its file with its folder, since most share a file name."""
        path = self._path
        return UNTITLED if path is None else f"{path.resolve().parent.name}/{path.name}"

    @property
    def is_modified(self) -> bool:
        """Whether the sheet is another than the saved one; undoing back to that is no change."""
        return self._is_modified

    @property
    def is_read_only(self) -> bool:
        """Whether edits are refused, since somebody else edits the file."""
        return self._is_read_only

    @property
    def text(self) -> str:
        """The file's text as it would be saved."""
        return self._writing.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is found in the flow as it is now, errors first. Asking takes as long as looking."""
        return self._findings.problems

    def check_now(self) -> None:
        """Tell the problems at once; else they are told once nothing was edited for a while."""
        self._soon.stop()
        self._findings.look(math.inf)
        self._tell_problems()

    def edit(self, title: str, sheet: Sheet, *, merge_key: Hashable | None = None) -> None:
        """Make another sheet the document's, as one undo step.

        Args:
            title: what was done, for the Undo menu: "Rename".
            sheet: what an edit made of `sheet`.
            merge_key: edits of the same key in a row are one undo step; None merges with none.
        """
        if not self._is_read_only:
            self._push(title, sheet, merge_key)
        elif completed(sheet, self._catalogue) != self._sheet:
            self.changed.emit(self._sheet, self._sheet)  # views show again what is
            self.edit_refused.emit()

    def set_read_only(self, is_read_only: bool) -> None:
        """Refuse edits from now on, or allow them again."""
        if is_read_only != self._is_read_only:
            self._is_read_only = is_read_only
            self.read_only_changed.emit(is_read_only)

    def new(self) -> None:
        """Begin an empty flow that is in no file; what was open is given up."""
        self._begin(None, None, Sheet())

    def open(self, path: Path) -> FlowFile:
        """Read a file; what was open is given up only when it can be read.

        One of another dialect becomes a flow that is in no file yet.

        Raises:
            FlowFileError: it cannot be read, or is no TOML. The document is as it was.
        """
        file = load(path, self._catalogue)
        if file.dialect is None:
            self._begin(file, path, Sheet.of(file))
        else:
            native = imported(file, self._catalogue)
            self._begin(native, None, Sheet.of(native), saved=Sheet())
        return file

    def restore(self, file: FlowFile | None, path: Path | None, sheet: Sheet) -> None:
        """Open unsaved work again: a file as it was read then, and the work as one edit of it."""
        self._begin(file, path, Sheet() if file is None else Sheet.of(file))
        self._push("Restore Unsaved Work", sheet)

    def disregard(self, digest: str) -> None:
        """Let the next save replace what somebody else wrote, as long as its digest is this one.

        Args:
            digest: SHA-256 in hex; "" for a file that was deleted.
        """
        if self._file is not None:
            self._file = replace(self._file, digest=digest)
            self._look_again()

    def revert(self) -> None:
        """Go back to what the file says now, as an edit that can be undone.

        Raises:
            FlowFileError: the flow is in no file, or that cannot be read.
        """
        if self._path is None:
            return
        file = load(self._path, self._catalogue)
        sheet = completed(Sheet.of(file), self._catalogue)
        self._settle(file, sheet)
        self._push("Revert", sheet)

    def save(self) -> FlowFile:
        """Write the flow to its file, unless somebody else has changed that meanwhile.

        Raises:
            SaveError: it was not written, or there is no file yet; nothing is lost.
        """
        if self._path is None:
            raise SaveError("the flow is in no file yet", fix="choose where to save it")
        return self._write(self._path, overwrite=False)

    def save_as(self, path: Path) -> FlowFile:
        """Write the flow to a file, which is its own from then on. What was there is replaced.

        Raises:
            SaveError: it was not written; nothing is lost.
        """
        return self._write(path, overwrite=True)

    def close(self) -> None:
        """Say nothing any more: whoever listened is about to go."""
        # An undo stack tells even of its own end, to views that may have gone before it.
        self.undo_stack.blockSignals(True)
        self.blockSignals(True)
        self._soon.stop()

    def _write(self, path: Path, *, overwrite: bool) -> FlowFile:
        flow, layout, sketch = self._sheet.flow, self._writing.layout, self._sheet.sketch
        file = save(
            path, self._file, flow, layout, self._catalogue, sketch=sketch, overwrite=overwrite
        )
        is_other = path != self._path
        self._path = path
        self._settle(file, self._sheet)
        # Typing on in the same field after saving is an undo step of its own.
        self.undo_stack.setClean()
        if is_other:
            self.file_changed.emit()
        return file

    def _push(self, title: str, sheet: Sheet, merge_key: Hashable | None = None) -> None:
        after = completed(sheet, self._catalogue)
        if after != self._sheet:
            self.undo_stack.push(Edit(title, self._sheet, after, self._show, merge_key))

    def _begin(
        self, file: FlowFile | None, path: Path | None, sheet: Sheet, *, saved: Sheet | None = None
    ) -> None:
        self.undo_stack.clear()
        self._path = path
        sheet = completed(sheet, self._catalogue)
        self._file = file
        self._saved = sheet if saved is None else completed(saved, self._catalogue)
        self._show(sheet)
        self.file_changed.emit()
        self._soon.start(0)

    def _settle(self, file: FlowFile, sheet: Sheet) -> None:
        """Say that a sheet is what a file holds."""
        self._file, self._saved = file, sheet
        self._look_again()
        self._tell_modified()
        self._soon.start(0)

    def _show(self, sheet: Sheet) -> None:
        before, self._sheet = self._sheet, sheet
        self._look_again()
        self.changed.emit(before, sheet)
        self._tell_modified()
        self._soon.start(PATIENCE)

    def _look_again(self) -> None:
        self._is_modified = self._sheet is not self._saved and self._sheet != self._saved
        self._writing = Writing(self._sheet, self._saved, self._file, self._catalogue)
        if not self._findings.are_of(self._sheet.flow, self._file):
            self._findings = Findings(self._sheet.flow, self._file, self._catalogue)

    def _tell_modified(self) -> None:
        if self.is_modified != self._was_modified:
            self._was_modified = not self._was_modified
            self.modified_changed.emit(self._was_modified)

    def _look_for_problems(self) -> None:
        if self._findings.look(SLICE):
            self._tell_problems()
        else:
            self._soon.start(0)

    def _tell_problems(self) -> None:
        if self.problems != self._told_problems:
            self._told_problems = self.problems
            self.problems_changed.emit(self.problems)

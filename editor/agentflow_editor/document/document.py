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
from agentflow_editor.document.following import keeping_places
from agentflow_editor.document.history import Edit, History, State
from agentflow_editor.document.layout import completed
from agentflow_editor.document.manuscript import Manuscript, sheet_of
from agentflow_editor.document.sharing import shared
from agentflow_editor.document.sheet import Sheet

__all__ = ["Document"]

UNTITLED = "Untitled"
TYPED = "Edit Source"
"""What typing in the source is called in the Undo menu."""
PATIENCE = 150
"""Milliseconds without an edit before the flow is checked."""
SLICE = 0.004
"""Seconds of checking before the window has its turn."""


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

    half_typed_changed = Signal()
    """Another text is typed that is not taken yet, or none any more."""
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
        self._state = self._saved = self._state_of(None, Sheet())
        self._findings = Findings(self._state.sheet.flow, None, catalogue)
        self._is_modified = self._was_modified = self._is_read_only = False
        self._half_typed: str | None = None
        self._told_problems: tuple[Problem, ...] | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._look_for_problems)

    @property
    def sheet(self) -> Sheet:
        """What is drawn now. Every node of it has a position."""
        return self._state.sheet

    @property
    def state(self) -> State:
        """The sheet with its text: another object after whatever was edited."""
        return self._state

    @property
    def manuscript(self) -> Manuscript:
        """The text that the sheet is written into: the file's, or what was typed since."""
        return self._state.manuscript

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
        return self.manuscript.text(self.sheet)

    @property
    def half_typed(self) -> str | None:
        """A text that somebody types and that is not taken yet; None for none."""
        return self._half_typed

    def note_half_typed(self, text: str | None) -> None:
        """Know of a text that is not taken yet, so that whoever keeps work keeps it, too."""
        if text != self._half_typed:
            self._half_typed = text
            self.half_typed_changed.emit()

    @property
    def quick_text(self) -> str:
        """The same within milliseconds, to be shown: nobody has read again what it says."""
        return self._state.text

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is found in the flow as it is now, errors first. Asking takes as long as looking."""
        return self._findings.problems

    @property
    def known_problems(self) -> tuple[Problem, ...]:
        """The problems that were told last; asking takes no time."""
        return self._told_problems or ()

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
        elif completed(sheet, self._catalogue) != self.sheet:
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
        elif file.text != self.quick_text and not self.undo_stack.go_to_typed(file.text):
            drawn = shared(sheet_of(file, self._catalogue), self.sheet)
            sheet = keeping_places(drawn, self.sheet, file.layout)
            after = State(sheet, self._manuscript_of(self._of_path(file), drawn))
            is_typed = title == TYPED
            edit = Edit(title, self._state, after, self._show, merge_key, is_typed=is_typed)
            self.undo_stack.push(edit)

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
        self._push("Restore Unsaved Work", sheet, typed=typed)

    def disregard(self, digest: str) -> None:
        """Let the next save replace what somebody else wrote, as long as its digest is this one.

        Args:
            digest: SHA-256 in hex; "" for a file that was deleted.
        """
        if self._file is not None:
            self._file = replace(self._file, digest=digest)

    def revert(self) -> None:
        """Go back to what the file says now, as an edit that can be undone.

        Raises:
            FlowFileError: the flow is in no file, or that cannot be read.
        """
        if self._path is None:
            return
        file = load(self._path, self._catalogue)
        self._settle(file)
        self._push("Revert", self._saved.sheet, typed=self._saved.manuscript.file)

    def merge(self, theirs: FlowFile, sheet: Sheet, text: FlowFile) -> None:
        """Make a sheet the document's that holds what somebody else has written, too.

        Args:
            theirs: the file as it is now; saving may replace it.
            sheet: both together.
            text: what the sheet is written into.
        """
        self._settle(theirs)
        self._push("Merge", sheet, typed=text)

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
        manuscript, sheet = self._state.manuscript, self._state.sheet
        # What has to be on disk is what was read from there last, whatever was typed or undone.
        base = None if manuscript.file is None else self._of_path(manuscript.file)
        layout = manuscript.layout(sheet)
        file = save(
            path,
            base,
            sheet.flow,
            layout,
            self._catalogue,
            sketch=sheet.sketch,
            overwrite=overwrite,
        )
        is_other = path != self._path
        self._path = path
        self._state = State(sheet, self._manuscript_of(file, sheet))
        self._settle(file, self._state)
        # Typing on in the same field after saving is an undo step of its own.
        self.undo_stack.setClean()
        if is_other:
            self.file_changed.emit()
        return file

    def _push(
        self,
        title: str,
        sheet: Sheet,
        merge_key: Hashable | None = None,
        *,
        typed: FlowFile | None = None,
    ) -> None:
        after = State(completed(sheet, self._catalogue), self.manuscript)
        if typed is not None:
            typed = self._of_path(typed)
            drawn = sheet_of(typed, self._catalogue)
            after = State(after.sheet, self._manuscript_of(typed, drawn))
        is_same_text = typed is None or after.text == self.quick_text
        if after.sheet != self.sheet or not is_same_text:
            self.undo_stack.push(Edit(title, self._state, after, self._show, merge_key))

    def _manuscript_of(self, file: FlowFile, sheet: Sheet) -> Manuscript:
        return Manuscript(file, sheet, self._catalogue, self.manuscript.maker)

    def _of_path(self, file: FlowFile) -> FlowFile:
        """A text as if it had been read from the document's file."""
        own = self._file
        if own is None or own.dialect is not None:
            return replace(file, source=None, digest="")
        return replace(file, source=own.source, digest=own.digest, has_bom=own.has_bom)

    def _state_of(self, file: FlowFile | None, sheet: Sheet | None = None) -> State:
        """What a file shows when it is opened; an empty sheet for none."""
        if file is not None and file.dialect is not None:
            file = imported(file, self._catalogue)
        if file is not None:
            sheet = sheet_of(file, self._catalogue)
        sheet = completed(sheet or Sheet(), self._catalogue)
        return State(sheet, Manuscript(file, sheet, self._catalogue))

    def _begin(
        self, file: FlowFile | None, path: Path | None, *, saved: Sheet | None = None
    ) -> None:
        self.begun.emit()
        self.undo_stack.clear()
        self._path = path
        self._file = file
        state = self._state_of(file)
        self._saved = state
        if saved is not None:
            self._saved = State(completed(saved, self._catalogue), state.manuscript)
        self._show(state)
        self.file_changed.emit()
        self._soon.start(0)

    def _settle(self, file: FlowFile, saved: State | None = None) -> None:
        """Say what the file holds, and which state that is."""
        self._file, self._saved = file, saved or self._state_of(file)
        self._look_again()
        self._tell_modified()
        self._soon.start(0)

    def _show(self, state: State) -> None:
        before, self._state = self._state, state
        self._look_again()
        self.changed.emit(before.sheet, state.sheet)
        self._tell_modified()
        self._soon.start(PATIENCE)

    def _look_again(self) -> None:
        if self._says_what_is_saved():
            # Its lines are those of the file; an undone text may only happen to say the same.
            self._state = State(self._state.sheet, self._saved.manuscript)
            self._is_modified = False
        else:
            self._is_modified = True
        file = self.manuscript.file
        if not self._findings.are_of(self.sheet.flow, file):
            self._findings = Findings(self.sheet.flow, file, self._catalogue)

    def _says_what_is_saved(self) -> bool:
        state, saved = self._state, self._saved
        if state.sheet is not saved.sheet and state.sheet != saved.sheet:
            return False
        return state.manuscript is saved.manuscript or state.text == saved.text

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

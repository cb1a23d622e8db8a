"""Files: opening, saving and exporting a window's flow, and asking before anything is lost."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from agentflow import errors
from agentflow.flow.load import FlowFile, load
from agentflow.problem import Problem
from agentflow_editor.controllers.typed_text import TypedText
from agentflow_editor.dialogs import messages
from agentflow_editor.dialogs.changes import ChangesDialog
from agentflow_editor.dialogs.translation import TranslationDialog, counted
from agentflow_editor.document.picking import Side
from agentflow_editor.document.reconciling import Reconciling
from agentflow_editor.recovery.shelf import Kept
from agentflow_editor.workbench import Workbench

__all__ = ["Files"]

KINDS = "Flows (*.toml);;All files (*)"


class Files(QObject):
    """What a person does with files in one window."""

    leaving = Signal()
    """Another flow is about to take the place of the one that is open."""
    opened = Signal()
    """Another flow is open."""
    told = Signal(str)
    """Something for the status bar."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        shown_elsewhere: Callable[[Path], bool],
        typed: TypedText,
    ) -> None:
        super().__init__(window)
        self._typed = typed
        self._window = window
        self._bench = workbench
        self._shown_elsewhere = shown_elsewhere

    def new_flow(self) -> None:
        """Begin an empty flow, once what is unsaved is safe."""
        self.when_safe(self._begin_new)

    def _begin_new(self) -> None:
        self.leaving.emit()
        self._bench.document.new()
        self.opened.emit()

    def ask_open(self) -> None:
        """Let the person choose a file, and open it."""
        messages.choose_file(self._window, "Open a Flow", self._folder(), KINDS, self.open_flow)

    def open_flow(self, path: Path) -> None:
        """Open a file, once what is unsaved is safe; where another window has it, show that one.

        Opening executes nothing.
        """
        if not self._shown_elsewhere(path):
            self.when_safe(lambda: self._open_now(path))

    def ask_import(self) -> None:
        """Let the person choose a file in another format, and make a new flow of it."""
        title = "Import a Flow of AgenticGoKit (core or v1beta)"
        messages.choose_file(self._window, title, self._folder(), KINDS, self.open_flow)

    def _open_now(self, path: Path) -> None:
        self.leaving.emit()
        try:
            file = self._bench.document.open(path)
        except errors.FlowFileError as error:
            messages.tell(self._window, "This File Is Not a Flow", str(error))
            return
        self.opened.emit()
        if file.dialect is not None:
            self._tell_imported(file, file.dialect.title)

    def _tell_imported(self, file: FlowFile, title: str) -> None:
        lost = [it for it in file.problems if it.code == "not-translated"]
        said = f"{len(file.translated)} things are said otherwise here"
        rest = f", and {counted(len(lost), 'thing')} could not be said" if lost else ""
        text = (
            f"{file.source} is written in {title}. {said}{rest}.\n\nThis is a new flow; the file "
            "stays as it is. Saving asks where to."
        )
        parts = [
            ("What could not be said", _placed(lost)),
            ("What is said otherwise", _placed(file.translated)),
        ]
        TranslationDialog(self._window, "Imported", text, parts).open()

    def save(self) -> None:
        """Save to the flow's file; ask for one where it has none."""
        self._save_then(lambda: None)

    def _save_then(self, after: Callable[[], None]) -> None:
        self._typed.when_applied(
            "Save Without the Text in Source?", "Save What Is Drawn", lambda: self._save_now(after)
        )

    def _save_now(self, after: Callable[[], None]) -> None:
        document = self._bench.document
        state = self._bench.keeper.watch.look()
        if document.path is None:
            self._choose_where_to_save(after)
        elif state == "changed":
            self._ask_about_theirs(after)
        else:
            if state == "gone":
                document.disregard("")  # writing it again takes nothing from anybody
            self._try_saving(document.save, after)

    def _ask_about_theirs(self, after: Callable[[], None]) -> None:
        def overwrite() -> None:
            self.keep_mine()
            self._try_saving(self._bench.document.save, after)

        text = (
            f"“{self._bench.document.title}” was changed by another program since it was read. "
            "Overwriting it replaces what was written there; reloading can be undone."
        )
        answers: list[tuple[str, Callable[[], Any]]] = [
            ("Show Changes…", self.show_changes),
            ("Save As…", lambda: self.ask_save_as(after)),
            ("Overwrite", overwrite),
            ("Reload", self.revert),
            ("Cancel", lambda: None),
        ]
        messages.ask(self._window, "Not Saved Yet", text, answers)

    def keep_mine(self) -> None:
        """Let the next save replace what another program wrote; a copy of that is kept a while."""
        document, keeper = self._bench.document, self._bench.keeper
        theirs = keeper.watch.digest
        if document.path is not None:
            keeper.shelf.keep_copy(document.path)
        document.disregard(theirs)
        keeper.watch.look()

    def changes_in_file(self) -> Reconciling | None:
        """What another program wrote beside what is drawn; None where no flow can be read."""
        document = self._bench.document
        if document.path is None or document.file is None:
            return None
        try:
            theirs = load(document.path, self._bench.catalogue)
        except errors.FlowFileError:
            return None
        return Reconciling(document, theirs, self._bench.catalogue)

    def show_changes(self) -> None:
        """Show what another program wrote, and let the person reload, keep or merge it."""
        self._bench.source.apply()
        found = self.changes_in_file()
        if found is None:
            messages.tell(
                self._window,
                "Not a Flow Any More",
                "What was written there cannot be read as a flow. Keep Mine lets the next save "
                "replace it; a copy of it is kept.",
            )
            return
        dialog = ChangesDialog(self._window, self._bench.document.title, found)
        dialog.reload_wanted.connect(self.revert)
        dialog.keep_wanted.connect(self.keep_mine)
        dialog.merge_wanted.connect(partial(self._merge, found))
        dialog.open()

    def _merge(self, found: Reconciling, choices: Mapping[str, Side]) -> None:
        self._bench.keeper.watch.look()
        if self._bench.keeper.watch.digest != found.digest:
            self.show_changes()  # it was written once more meanwhile
            return
        found.apply(choices)
        self._bench.keeper.watch.look()
        self.told.emit("Merged; saving writes both into the file")

    def edit_anyway(self) -> None:
        """Edit a file that another editor has open."""
        self._bench.keeper.claim.edit_anyway()

    def restore(self, kept: Kept) -> None:
        """Open work again that an editor left behind, once what is unsaved here is safe."""

        def restore_now() -> None:
            draft = kept.draft
            self.leaving.emit()
            self._bench.document.restore(draft.base, draft.path, draft.sheet, draft.typed)
            if draft.half_typed is not None:
                self._bench.source.type(draft.half_typed)
            if self._bench.keeper.journal.flush():
                kept.forget()
            else:
                kept.keep_for_later()
            self.opened.emit()

        self.when_safe(restore_now, otherwise=kept.keep_for_later)

    def _try_saving(self, save: Callable[[], Any], after: Callable[[], None]) -> None:
        try:
            saved = save()
        except errors.FlowFileError as error:
            answers = [("Save As…", lambda: self.ask_save_as(after)), ("Cancel", lambda: None)]
            messages.ask(
                self._window,
                "Not Saved",
                f"{error}\n\nNothing is lost: the flow is still open.",
                answers,
                is_fault=True,
            )
            return
        if getattr(saved, "rewritten", False):
            messages.tell(
                self._window,
                "Saved, but Written Anew",
                "This edit could not be made inside the file's own layout, so the file was written "
                "anew: all values are there, comments are not.",
            )
        self._bench.keeper.watch.look()
        self.told.emit("Saved")
        after()

    def ask_save_as(self, after: Callable[[], None] = lambda: None) -> None:
        """Let the person choose where to save, and save there."""
        self._typed.when_applied(
            "Save Without the Text in Source?",
            "Save What Is Drawn",
            lambda: self._choose_where_to_save(after),
        )

    def _choose_where_to_save(self, after: Callable[[], None]) -> None:
        start = self._bench.document.path or self._folder() / "agentflow.toml"

        def save_there(chosen: Path) -> None:
            self._try_saving(lambda: self._bench.document.save_as(chosen), after)

        def save(chosen: Path) -> None:
            if self._bench.keeper.claim.held_elsewhere(chosen):
                self._ask_about_another_editor(chosen, save_there)
            else:
                save_there(chosen)

        messages.choose_file(self._window, "Save the Flow As", start, KINDS, save, suffix="toml")

    def _ask_about_another_editor(self, chosen: Path, save: Callable[[Path], None]) -> None:
        answers: list[tuple[str, Callable[[], Any]]] = [
            ("Choose Another File…", self.ask_save_as),
            ("Save There Anyway", lambda: save(chosen)),
            ("Cancel", lambda: None),
        ]
        text = f"“{chosen}” is open in another editor, which would find it changed."
        messages.ask(self._window, "Not Saved Yet", text, answers)

    def revert(self) -> None:
        """Go back to the file, as an edit that can be undone."""
        try:
            self._bench.document.revert()
        except errors.FlowFileError as error:
            messages.tell(self._window, "Cannot Revert", str(error))
        self._bench.keeper.watch.look()

    def _folder(self) -> Path:
        path = self._bench.document.path
        return path.parent if path else Path.cwd()

    def when_safe(
        self, after: Callable[[], None], *, otherwise: Callable[[], None] = lambda: None
    ) -> None:
        """Go on once nothing unsaved can be lost: at once, or when the person has decided."""
        self._typed.when_given_up(lambda: self._ask_about_unsaved(after, otherwise), otherwise)

    def _ask_about_unsaved(self, after: Callable[[], None], otherwise: Callable[[], None]) -> None:
        document = self._bench.document
        if not document.is_modified:
            after()
            return

        def discard() -> None:
            self._bench.keeper.journal.set_aside()
            after()

        answers: list[tuple[str, Callable[[], Any]]] = [
            ("Save", lambda: self._save_then(after)),
            ("Discard", discard),
            ("Cancel", otherwise),
        ]
        text = f"“{document.title}” has changes that are not saved. Save them first?"
        messages.ask(self._window, "Unsaved Changes", text, answers)


def _placed(problems: Iterable[Problem]) -> list[str]:
    """The problems as sentences, in the order of their lines."""
    found = sorted(problems, key=lambda it: it.line or 0)
    return [f"line {it.line}: {it}" if it.line else str(it) for it in found]

"""Keeping: tells a window's person what would otherwise be lost, and does what they decide."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow

from agentflow_editor.controllers.files import Files
from agentflow_editor.dialogs.crash import CrashDialog
from agentflow_editor.dialogs.recovery import RecoveryDialog
from agentflow_editor.document.file_watch import FileState
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.recovery.shelf import Kept
from agentflow_editor.widgets.notices import Notices
from agentflow_editor.workbench import Workbench

__all__ = ["Keeping"]


class Keeping(QObject):
    """Notices about one window's file, and the offer of what an editor left behind."""

    def __init__(
        self,
        window: QMainWindow,
        workbench: Workbench,
        files: Files,
        notices: Notices,
        restore: Callable[[Kept], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._bench = workbench
        self._files = files
        self._notices = notices
        self._restore = restore
        self._crash: CrashDialog | None = None
        keeper, document = workbench.keeper, workbench.document
        keeper.watch.changed.connect(self._on_file_state)
        keeper.claim.changed.connect(self._on_claim)
        keeper.journal.failed.connect(self._on_journal_failed)
        document.modified_changed.connect(self._on_modified)
        document.edit_refused.connect(self._on_refused)
        workbench.theme.changed.connect(notices.paint)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the file whenever a person comes back to the window."""
        if event.type() == QEvent.Type.WindowActivate:
            self._bench.keeper.claim.look()
            self._bench.keeper.watch.look_soon()
        return super().eventFilter(watched, event)

    def offer_left_behind(self) -> RecoveryDialog | None:
        """Offer what editors have left behind that ended without a word, where there is any."""
        return self._offer(self._bench.keeper.shelf.left_behind())

    def ask_recover(self) -> None:
        """The same on demand, and what was discarded since."""
        shelf = self._bench.keeper.shelf
        if self._offer([*shelf.left_behind(), *shelf.given_up()]) is None:
            self._files.told.emit("There is no unsaved work of an earlier session")

    def show_crash(self, report: str) -> None:
        """Keep the work, then show what went wrong, in one dialog for all errors.

        An error that a person has seen and closed opens it no more: one that comes with every
        drawing would leave them no way to save.
        """
        if self._crash is None:
            self._crash = CrashDialog(self._window)
        if not self._crash.knows(report):
            self._crash.tell_kept(self._bench.keeper.journal.flush())
            self._crash.open()
        elif not self._crash.isVisible():
            self._files.told.emit("The same unexpected error as before happened again")
        self._crash.add(report)

    def _offer(self, found: list[Kept]) -> RecoveryDialog | None:
        if not found:
            return None
        theme, catalogue = self._bench.theme.theme, self._bench.catalogue
        dialog = RecoveryDialog(self._window, found, catalogue, theme)
        dialog.restored.connect(self._restore)
        dialog.open()
        return dialog

    def _on_file_state(self, state: FileState) -> None:
        name = self._bench.document.title
        if state == "same":
            self._notices.withdraw("file")
        elif state == "gone":
            text = f"“{name}” was deleted or moved. The flow is still open here."
            answers = [("&Save It Again", self._files.save), ("Save &As…", self._files.ask_save_as)]
            self._notices.say("file", text, answers)
        else:
            self._notices.say(
                "file",
                f"“{name}” was changed by another program{self._told_changes()}",
                [
                    ("Show &Changes…", self._files.show_changes),
                    ("Re&load", self._files.revert),
                    ("&Keep Mine", self._files.keep_mine),
                ],
            )

    def _told_changes(self) -> str:
        """The first change in words, how many more there are, and what that means."""
        is_modified = self._bench.document.is_modified
        mine = " What you changed here is not saved." if is_modified else ""
        found = self._files.changes_in_file()
        if found is None:
            return f", and is no flow any more.{mine}"
        first, *others = found.in_file
        more = f" (and {len(others)} more)" if others else ""
        return f": {on_one_line(first.text, 120)}{more}.{mine} Reloading can be undone."

    def _on_claim(self) -> None:
        holder = self._bench.keeper.claim.holder
        if not holder:
            self._notices.withdraw("claim")
            return
        text = f"Read-only: {holder} has “{self._bench.document.title}” open."
        answers = [
            ("&Edit Anyway", self._files.edit_anyway),
            ("Save &As…", self._files.ask_save_as),
        ]
        self._notices.say("claim", text, answers)

    def _on_refused(self) -> None:
        self._files.told.emit("This flow is read-only; choose Edit Anyway above it to change it")

    def _on_journal_failed(self, why: str) -> None:
        folder = self._bench.keeper.shelf.folder
        text = (
            f"Unsaved work cannot be kept in {folder} ({why}). Save often: after a crash what is "
            "not saved would be lost."
        )
        self._notices.say("journal", text, [("&Save", self._files.save), ("&OK", lambda: None)])

    def _on_modified(self, _is_modified: bool) -> None:
        watch = self._bench.keeper.watch
        watch.look_soon()
        if watch.state == "changed" and self._notices.text("file"):
            self._on_file_state("changed")

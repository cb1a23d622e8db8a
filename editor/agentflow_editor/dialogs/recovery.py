"""RecoveryDialog: unsaved work that was left behind, to be restored, discarded or kept."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.text_guard import read_source
from agentflow_editor.canvas.previews import preview
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.recovery.draft import Draft
from agentflow_editor.recovery.shelf import Kept

__all__ = ["RecoveryDialog"]

ROOM = QSize(440, 260)
NARROWEST, WIDEST = 260, 560
"""Pixels of the list, whatever the files are called."""
MARGIN = 24
INTRO = (
    "The editor ended before this work was saved. Restoring opens it again, unsaved: your files "
    "are as they were until you save."
)


class RecoveryDialog(QDialog):
    """A list of what was left behind, with a picture of each. Closing it keeps all for later."""

    restored = Signal(object)
    """(Kept) A person wants this back."""

    def __init__(
        self, parent: QWidget, found: Sequence[Kept], catalogue: Catalogue, theme: Theme
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Recover Unsaved Work")
        self._found = list(found)
        self._catalogue, self._theme = catalogue, theme
        self.list = QListWidget()
        self.list.setAccessibleName("Unsaved work")
        for kept in self._found:
            self.list.addItem(QListWidgetItem(_title(kept)))
        self._picture = PlainLabel()
        self._picture.setFixedSize(ROOM)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._facts = PlainLabel()
        self._facts.setWordWrap(True)
        self._facts.setObjectName("hint")
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.list.itemActivated.connect(self.restore_current)
        self.list.setCurrentRow(0)
        self.finished.connect(self._keep_the_rest)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the list the room of its longest line, now that its style is known."""
        super().showEvent(event)
        room = self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth() + MARGIN
        self.list.setMinimumWidth(min(max(NARROWEST, room), WIDEST))
        self.adjustSize()

    def _lay_out(self) -> None:
        intro = PlainLabel(INTRO)
        intro.setWordWrap(True)
        right = QVBoxLayout()
        right.addWidget(self._picture)
        right.addWidget(self._facts)
        right.addStretch()
        middle = QHBoxLayout()
        middle.addWidget(self.list, 1)
        middle.addLayout(right)
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        restore = buttons.addButton("&Restore", role.AcceptRole)
        discard = buttons.addButton("&Discard", role.DestructiveRole)
        later = buttons.addButton("&Later", role.RejectRole)
        restore.setDefault(True)
        discard.setToolTip("A copy stays until the editor is closed: File, Recover Unsaved Work")
        restore.clicked.connect(self.restore_current)
        discard.clicked.connect(self.discard_current)
        later.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(intro)
        column.addLayout(middle)
        column.addWidget(buttons)

    def restore_current(self) -> None:
        """Hand the chosen work out."""
        kept = self._take_current()
        if kept is not None:
            self.restored.emit(kept)
            self._close_when_empty()

    def discard_current(self) -> None:
        """Give the chosen work up; a copy can be had back for a while."""
        kept = self._take_current()
        if kept is not None:
            kept.discard()
            self._close_when_empty()

    def _take_current(self) -> Kept | None:
        row = self.list.currentRow()
        if row < 0:
            return None
        kept = self._found.pop(row)
        self.list.takeItem(row)
        return kept

    def _close_when_empty(self) -> None:
        if not self._found:
            self.accept()

    def _keep_the_rest(self) -> None:
        for kept in self._found:
            kept.keep_for_later()
        self._found.clear()

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._found):
            return
        draft = self._found[row].draft
        self._picture.setPixmap(preview(draft.sheet, self._catalogue, self._theme, ROOM))
        self._facts.setText(_facts(draft))


def _title(kept: Kept) -> str:
    path = kept.draft.path
    name = "Untitled" if path is None else f"{path.parent.name}/{path.name}"
    given_up = " (discarded)" if kept.is_given_up else ""
    return f"{name}{given_up}\n{_when(kept.draft.at)}"


def _when(at: datetime) -> str:
    return f"{at.astimezone():%d %b %Y, %H:%M:%S}"


def _facts(draft: Draft) -> str:
    steps = sum(1 for _ in draft.sheet.flow.places())
    lines = [f"{steps} {'step' if steps == 1 else 'steps'}, {len(draft.sheet.flow.agents)} agents"]
    lines.append(str(draft.path) if draft.path else "It was in no file yet.")
    if draft.path is not None and not _is_as_it_was(draft):
        lines.append("The file was changed, moved or deleted since. Saving will ask.")
    return "\n".join(lines)


def _is_as_it_was(draft: Draft) -> bool:
    if draft.path is None or draft.base is None:
        return False
    try:
        return read_source(draft.path).digest == draft.base.digest
    except FlowFileError:
        return False

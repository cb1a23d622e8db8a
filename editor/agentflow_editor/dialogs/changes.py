"""ChangesDialog: what somebody else did to the file, beside what was done here, to be decided."""

from collections.abc import Sequence
from typing import Any, cast

from pydantic import BaseModel
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.document.flow_changes import Change, said
from agentflow_editor.document.picking import MISSING, Conflict, Side
from agentflow_editor.document.reconciling import Reconciling
from agentflow_editor.document.shape import ChainShape, Kind, Shape
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip

__all__ = ["ChangesDialog"]

INDENT = 12
LONGEST = 80
"""Characters of a side that are told; the tooltip has more."""


class ChangesDialog(QDialog):
    """Nothing happens before an answer is given; closing it leaves both as they are."""

    reload_wanted = Signal()
    keep_wanted = Signal()
    merge_wanted = Signal(object)
    """(choices) by a conflict's `where`, the side that is taken."""

    def __init__(self, parent: QWidget, name: str, reconciling: Reconciling) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Changed by Another Program")
        self.resize(640, 520)
        self._choices: dict[str, QButtonGroup] = {}
        here = reconciling.here
        self.in_file = _list(reconciling.in_file, "Changed in the file")
        self.here = _list(here, "Changed here")
        column = QVBoxLayout(self)
        column.addWidget(_heading(f"Changed in “{name}”"))
        column.addWidget(self.in_file, 1)
        if here:
            column.addWidget(_heading("Changed here, not saved yet"))
            column.addWidget(self.here, 1)
            self._add_conflicts(column, reconciling.merge().conflicts)
        column.addWidget(self._buttons(is_modified=bool(here)))

    def choices(self) -> dict[str, Side]:
        """By a conflict's `where`, the side that is chosen now."""
        return {
            where: "theirs" if group.checkedId() == 1 else "mine"
            for where, group in self._choices.items()
        }

    def choose(self, where: str, side: Side) -> None:
        """Choose a side as its button would."""
        self._choices[where].button(1 if side == "theirs" else 0).click()

    def _add_conflicts(self, column: QVBoxLayout, conflicts: Sequence[Conflict]) -> None:
        if not conflicts:
            hint = PlainLabel("Both go together: merging takes all of it, as one undo step.")
            hint.setObjectName("hint")
            column.addWidget(hint)
            return
        column.addWidget(_heading("Changed in both places: choose one of each"))
        rows = QWidget()
        grid = QGridLayout(rows)
        for number, conflict in enumerate(conflicts):
            self._add_conflict(grid, 3 * number, conflict)
        grid.setColumnMinimumWidth(0, INDENT)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(3 * len(conflicts), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(rows)
        column.addWidget(area, 1)

    def _add_conflict(self, grid: QGridLayout, row: int, conflict: Conflict) -> None:
        group = self._choices[conflict.where] = QButtonGroup(self)
        grid.addWidget(PlainLabel(conflict.where), row, 0, 1, 2)
        for number, (side, value) in enumerate(
            (("Mine", conflict.mine), ("Theirs", conflict.theirs))
        ):
            told = _told(value)
            label = f"{side}: {on_one_line(told, LONGEST)}".replace("&", "&&")
            button = QRadioButton(label)
            button.setToolTip(plain_tooltip(told))
            button.setAccessibleName(f"{conflict.where}: {side.lower()}")
            group.addButton(button, number)
            grid.addWidget(button, row + number + 1, 1)
        group.button(0).setChecked(True)

    def _buttons(self, *, is_modified: bool) -> QDialogButtonBox:
        box = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole
        self.merge = QPushButton("&Merge")
        self.reload = QPushButton("Re&load")
        self.keep = QPushButton("&Keep Mine")
        self.merge.setToolTip("Take both; one undo step")
        self.reload.setToolTip("Show what the file says; this can be undone")
        self.keep.setToolTip("Let the next save replace what was written; a copy is kept")
        self.merge.clicked.connect(lambda: self._answer(self.merge_wanted, self.choices()))
        self.reload.clicked.connect(lambda: self._answer(self.reload_wanted))
        self.keep.clicked.connect(lambda: self._answer(self.keep_wanted))
        for button in (self.merge, self.reload, self.keep):
            box.addButton(button, role.ActionRole)
        box.addButton("&Later", role.RejectRole)
        box.rejected.connect(self.reject)
        self.merge.setVisible(is_modified)
        (self.merge if is_modified else self.reload).setDefault(True)
        return box

    def _answer(self, signal: Any, *values: object) -> None:
        signal.emit(*values)
        self.accept()


def _heading(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setObjectName("heading")
    label.setWordWrap(True)
    return label


def _list(found: Sequence[Change], name: str) -> QListWidget:
    shown = QListWidget()
    shown.setAccessibleName(name)
    shown.setWordWrap(True)
    for change in found:
        item = QListWidgetItem(on_one_line(change.text, 300))
        if change.before or change.after:
            item.setToolTip(plain_tooltip(f"Before:\n{change.before}\n\nAfter:\n{change.after}"))
        shown.addItem(item)
    return shown


def _told(value: Any) -> str:
    """A side of a conflict in a few words."""
    if value is MISSING:
        return "removed"
    if isinstance(value, Shape):
        return ", ".join(value.chains[""][0].names)
    if isinstance(value, Kind):
        return value.mode
    if isinstance(value, tuple):
        return ", ".join(map(_names, cast("tuple[object, ...]", value))) or "nothing"
    return "changed" if isinstance(value, BaseModel) else said(value)


def _names(value: object) -> str:
    if isinstance(value, ChainShape):
        return f"[{', '.join(value.names)}]"
    return (
        f"[{', '.join(map(str, cast('Sequence[object]', value)))}]"
        if isinstance(value, tuple)
        else str(value)
    )

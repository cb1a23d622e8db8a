"""PairsDialog: what belongs together in two columns, group by group, to be looked through."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.inspector.parts import Heading
from agentflow_editor.looks.plain_text import PlainLabel

__all__ = ["PairsDialog"]

SHARE = 0.8
"""The most that it takes of the height of the screen; then it scrolls."""
BESIDE = QSize(44, 84)
"""What it is larger than the pairs: margins, the scroll bar and the button."""
_TOP = Qt.AlignmentFlag.AlignTop


class PairsDialog(QDialog):
    """Shows pairs of texts under the headings of their groups. The arrow keys scroll."""

    def __init__(
        self, parent: QWidget, title: str, groups: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._page = QWidget()
        self.grid = QGridLayout(self._page)
        self.grid.setHorizontalSpacing(24)
        self.grid.setVerticalSpacing(3)
        self.grid.setColumnStretch(1, 1)
        for heading, pairs in groups.items():
            self._add(heading, pairs)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName(title)
        self.area.setWidget(self._page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.area)
        column.addWidget(buttons)
        self.area.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the room that the pairs need, now that their style is known."""
        super().showEvent(event)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As large as the pairs, as far as the screen goes."""
        room = self.screen().availableSize()
        return (self._page.sizeHint() + BESIDE).boundedTo(
            QSize(room.width(), round(room.height() * SHARE))
        )

    def _add(self, heading: str, pairs: Sequence[tuple[str, str]]) -> None:
        self.grid.addWidget(Heading(heading), self.grid.rowCount(), 0, 1, 2)
        for pair in pairs:
            row = self.grid.rowCount()
            for column, text in enumerate(pair):
                self.grid.addWidget(PlainLabel(text), row, column, _TOP)

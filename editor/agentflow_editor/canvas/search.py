"""Search: the small list that adds a step where the person is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow
from agentflow_editor.icons import icon
from agentflow_editor.theme import Theme

__all__ = ["Offer", "QuickAdd", "found", "offers"]

WORD = re.compile(r"\w+")
WIDTH, ROW, MOST_ROWS = 420, 30, 9
MARGIN = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that can be added."""

    kind: Literal["agent_type", "mode", "agent"]
    """The key of what is dragged from the palette, too."""
    name: str
    title: str
    summary: str
    icon: str
    color: str
    """The theme's role for it."""


def offers(flow: Flow, catalogue: Catalogue) -> tuple[Offer, ...]:
    """Everything that can be added: orchestrators, new agents, and those that the flow has."""
    return (
        *(
            Offer("mode", mode.name, mode.title, mode.summary, mode.icon, mode.name)
            for mode in catalogue.modes.values()
        ),
        *(
            Offer("agent_type", kind.name, kind.title, kind.summary, kind.icon, "agent")
            for kind in catalogue.agent_types.values()
        ),
        *_existing(flow, catalogue),
    )


def _existing(flow: Flow, catalogue: Catalogue) -> Iterator[Offer]:
    for name, spec in flow.agents.items():
        kind = catalogue.agent_types.get(spec.type)
        shown = kind.icon if kind else "help-circle-outline"
        yield Offer("agent", name, name, "use this agent again", shown, "muted")


def found(listed: Sequence[Offer], text: str) -> list[Offer]:
    """The offers with a word that begins as each of a text does, those of that title first."""
    words = WORD.findall(text.casefold())

    def rank(offer: Offer) -> tuple[bool, bool]:
        title = offer.title.casefold()
        return (not title.startswith(words[0]), words[0] not in title) if words else (False, False)

    def holds(offer: Offer) -> bool:
        said = WORD.findall(f"{offer.title} {offer.name} {offer.summary}".casefold())
        return all(any(one.startswith(word) for one in said) for word in words)

    return sorted(filter(holds, listed), key=rank)


class QuickAdd(QFrame):
    """A list over the canvas that narrows while one types. Enter adds, Escape closes."""

    chosen = Signal(object)
    """(offer)."""
    closed = Signal()

    def __init__(self, listed: Sequence[Offer], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._home = parent
        self._listed, self._theme = listed, theme
        self._shown: list[Offer] = []
        self.setObjectName("quick-add")
        self._field = QLineEdit()
        self._field.setPlaceholderText("Add an agent or orchestrator…")
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._narrow)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setIconSize(QSize(18, 18))
        self._list.setUniformItemSizes(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(6)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        self._narrow("")

    def open_at(self, point: QPoint) -> None:
        """Show it near a point of its parent, all of it inside, and take the keyboard."""
        room = self._home.size() - self.size()
        x = max(0, min(point.x(), room.width() - MARGIN))
        y = max(0, min(point.y(), room.height() - MARGIN))
        self.move(x, y)
        self.show()
        self.raise_()
        self._field.setFocus()

    def _narrow(self, text: str) -> None:
        self._shown = found(self._listed, text)
        self._list.clear()
        for offer in self._shown:
            sign = icon(offer.icon, self._theme.color(offer.color))
            row = QListWidgetItem(sign, f"{offer.title} - {offer.summary}")
            row.setSizeHint(QSize(0, ROW))
            self._list.addItem(row)
        self._list.setCurrentRow(0)
        rows = min(max(len(self._shown), 1), MOST_ROWS)
        self._list.setFixedHeight(rows * ROW + 4)
        self.resize(WIDTH, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), 1.2))
        painter.setBrush(self._theme.color("base"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._close()
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Tab moves in this list and does not open another one
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        key = Qt.Key(event.key())
        if key in steps and self._shown:
            self._list.setCurrentRow((self._list.currentRow() + steps[key]) % len(self._shown))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
            return True
        if key == Qt.Key.Key_Escape:
            self._close()
            return True
        return key in steps

    def _choose(self, *_: object) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._shown):
            offer = self._shown[row]
            self._close()
            self.chosen.emit(offer)

    def _close(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()
            self.deleteLater()

"""Chooser: a list over a window that narrows while one types. Enter chooses, Escape closes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import breakable, height_of
from agentflow_editor.looks.theme import Theme

__all__ = ["Choice", "Chooser"]

WIDTH, ROW, MOST_ROWS = 420, 30, 9
"""Pixels with text of 100 %, and rows."""
MARGIN = 10
ABOVE, BESIDE = 12, 76
"""What a row is higher and wider than its text: margins, its icon, and where the list scrolls."""
_AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_KEY = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A row of the list."""

    text: str
    what: object
    """What is told when it is chosen."""
    key: str = ""
    """A shortcut, written at the right."""
    icon: str = ""
    color: str = "text"
    """The theme's role for the icon."""
    is_enabled: bool = True


class _Keys(QStyledItemDelegate):
    """Writes a row's shortcut at its right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        drawn: Any = QStyleOptionViewItem(option)  # its fields have no types
        rect, key = QRect(drawn.rect), str(index.data(_KEY) or "")
        if key:
            panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
            drawn.widget.style().drawPrimitive(panel, drawn, painter, drawn.widget)
            drawn.rect.setRight(rect.right() - drawn.fontMetrics.horizontalAdvance(key) - MARGIN)
        super().paint(painter, drawn, index)
        if key:
            painter.save()
            painter.setOpacity(0.65)
            is_on, colors = drawn.state & QStyle.StateFlag.State_Selected, drawn.palette
            painter.setPen((colors.highlightedText() if is_on else colors.text()).color())
            painter.drawText(rect.adjusted(0, 0, -8, 0), int(_AT_RIGHT), key)
            painter.restore()


class Chooser(QFrame):
    """A field over a list of what it finds."""

    chosen = Signal(object)
    """(what) of the row."""
    closed = Signal()

    def __init__(
        self, hint: str, find: Callable[[str], Sequence[Choice]], theme: Theme, parent: QWidget
    ) -> None:
        """Make it; `open_at` shows it.

        Args:
            hint: what may be typed.
            find: the rows for a text, the best first.
            theme: whose colours it has.
            parent: what it lies over.
        """
        super().__init__(parent)
        self._home = parent
        self._find, self._theme = find, theme
        self._shown: Sequence[Choice] = ()
        self.setObjectName("chooser")
        self._field = QLineEdit()
        self._field.setPlaceholderText(hint)
        self._field.setAccessibleName(hint)
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._narrow)
        self._field.installEventFilter(self)
        self._list = self._made_list()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(6)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        self._narrow("")

    def _made_list(self) -> QListWidget:
        made = QListWidget()
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setWordWrap(True)
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setItemDelegate(_Keys(made))
        made.itemClicked.connect(self._choose)
        return made

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
        self._shown = self._find(text)
        self._list.clear()
        height = 0
        for choice in self._shown:
            self._list.addItem(row := self._row(choice))
            height += row.sizeHint().height()
        self._list.setCurrentRow(0)
        row = pixels(ROW)
        self._list.setFixedHeight(min(max(height, row), MOST_ROWS * row) + 4)
        self.resize(self._wide, self.sizeHint().height())

    @property
    def _wide(self) -> int:
        return min(pixels(WIDTH), self._home.width() - 2 * MARGIN)

    def _row(self, choice: Choice) -> QListWidgetItem:
        row = QListWidgetItem(breakable(choice.text))
        on = self._theme.on_accent
        if choice.icon:
            row.setIcon(icon(choice.icon, self._theme.color(choice.color), selected=on))
        metrics = self._list.fontMetrics()
        room = self._wide - pixels(BESIDE) - metrics.horizontalAdvance(choice.key)
        row.setSizeHint(QSize(0, max(pixels(ROW), height_of(row.text(), metrics, room) + ABOVE)))
        row.setData(_KEY, choice.key)
        if not choice.is_enabled:
            row.setForeground(self._theme.color("muted"))
        return row

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
        if 0 <= row < len(self._shown) and self._shown[row].is_enabled:
            what = self._shown[row].what
            self._close()
            self.chosen.emit(what)

    def _close(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()
            self.deleteLater()

"""CodeGutter: line numbers beside a text, with a sign at the lines that are marked."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from agentflow_editor.looks.theme import Theme

__all__ = ["CodeGutter"]

MARGIN = 8
SIGN = 8
"""Room for the sign, left of the numbers."""
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CodeGutter(QWidget):
    """Stands in the left margin of a text. A click on a number selects its line."""

    def __init__(
        self,
        code: QPlainTextEdit,
        blocks: Callable[[], list[tuple[QTextBlock, QRect]]],
        theme: Theme,
    ) -> None:
        """Make it.

        Args:
            code: the text.
            blocks: gives its lines that are in sight, each with where it stands.
            theme: the colours.
        """
        super().__init__(code)
        self._code, self._blocks = code, blocks
        self.theme = theme
        self.signs: Mapping[int, str] = {}
        """Lines, from 1 → the colour's role of the sign: "error" or "warning"."""
        self.setAccessibleName("Line numbers")
        self.setFont(code.font())

    def room(self) -> int:
        """How wide it has to be."""
        digits = max(2, len(str(self._code.blockCount())))
        return self.fontMetrics().horizontalAdvance("9" * digits) + 2 * MARGIN + SIGN

    def sizeHint(self) -> QSize:
        return QSize(self.room(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.theme.color("window"))
        painter.setPen(self.theme.color("muted"))
        current, width = self._code.textCursor().blockNumber() + 1, self.width() - MARGIN
        for block, where in self._blocks():
            number = block.blockNumber() + 1
            if number == current:
                painter.setPen(self.theme.color("text"))
            painter.drawText(0, where.top(), width, where.height(), _RIGHT, str(number))
            if number == current:
                painter.setPen(self.theme.color("muted"))
            if number in self.signs:
                self._draw_sign(painter, where, self.signs[number])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._select(event.position().toPoint(), QTextCursor.MoveMode.MoveAnchor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._select(event.position().toPoint(), QTextCursor.MoveMode.KeepAnchor)

    def _select(self, where: QPoint, mode: QTextCursor.MoveMode) -> None:
        there = self._code.cursorForPosition(QPoint(0, where.y()))
        cursor = self._code.textCursor()
        cursor.setPosition(there.block().position(), mode)
        move, keep = QTextCursor.MoveOperation, QTextCursor.MoveMode.KeepAnchor
        if not cursor.movePosition(move.NextBlock, keep):
            cursor.movePosition(move.EndOfBlock, keep)
        self._code.setTextCursor(cursor)
        self._code.setFocus()

    def _draw_sign(self, painter: QPainter, where: QRect, role: str) -> None:
        """A filled circle for an error, a triangle for a warning: told by shape as well."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color(role))
        box = QRect(MARGIN // 2, where.center().y() - SIGN // 2 + 1, SIGN, SIGN)
        if role == "error":
            painter.drawEllipse(box)
        else:
            corners = [box.bottomLeft(), box.bottomRight(), QPoint(box.center().x(), box.top())]
            painter.drawPolygon(corners)
        painter.restore()

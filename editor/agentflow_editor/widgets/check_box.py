"""CheckBox: a check box whose outline is seen in a dark theme, too."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox

from agentflow_editor.looks.icons import icon

__all__ = ["CheckBox"]

SIDE = 18
GAP = 6
_PICTURES = {
    Qt.CheckState.Checked: "checkbox-marked",
    Qt.CheckState.PartiallyChecked: "minus-box-outline",
    Qt.CheckState.Unchecked: "checkbox-blank-outline",
}


class CheckBox(QCheckBox):
    """Drawn from the icon font in the colours of its palette."""

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        side = self._side()
        return QSize(side + GAP + words.width() + 4, max(side, words.height()) + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _side(self) -> int:
        return max(SIDE, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, roles = self.palette(), QPalette.ColorRole
        is_lively = self.isChecked() or self.hasFocus()
        color = colors.color(roles.Highlight if is_lively else roles.PlaceholderText)
        name = _PICTURES[self.checkState()]
        painter = QPainter(self)
        side = self._side()
        icon(name, color).paint(painter, QRect(0, (self.height() - side) // 2, side, side))
        painter.setPen(colors.color(roles.WindowText))
        where = self.rect().adjusted(side + GAP, 0, 0, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(where, flags, self.text())
        if self.hasFocus():
            painter.setPen(colors.color(roles.Highlight))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)

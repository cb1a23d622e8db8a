"""LinkButton: a title and a sentence on a button, in the size of text that a person has chosen."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPaintEvent, QPalette
from PySide6.QtWidgets import QCommandLinkButton, QStyle, QStyleOptionButton, QStylePainter

from agentflow_editor.looks.fonts import pixels
from agentflow_editor.widgets.by_enter import by_enter

__all__ = ["LinkButton"]

MARGIN = 10
ICON = 24
"""Pixels of an icon with text of 100 %."""
TEXT = 12
"""Pixels of a letter; Qt's own button draws nine points whatever its font is."""

WRAPPED = int(Qt.TextFlag.TextWordWrap)


class LinkButton(QCommandLinkButton):
    """What it says is never cut off: it grows in height as its text needs."""

    def __init__(self, title: str, description: str, room: QSize | None = None) -> None:
        """Make it.

        Args:
            title: what stands above.
            description: the sentence below.
            room: how large its picture is; an icon is as large as the text wants.
        """
        super().__init__(title, description)
        self._room = room
        by_enter(self)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setIconSize(self._room or QSize(pixels(ICON), pixels(ICON)))

    def sizeHint(self) -> QSize:
        width = super().sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        title = QFontMetrics(self._font(is_title=True)).horizontalAdvance(_plain(self.text()))
        width = self._left + title + MARGIN
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def heightForWidth(self, width: int) -> int:
        title = QFontMetrics(self._font(is_title=True)).height()
        room = QRect(0, 0, max(1, width - self._left - MARGIN), 10_000)
        metrics = QFontMetrics(self._font())
        text = metrics.boundingRect(room, WRAPPED, _plain(self.description())).height()
        return max(self.iconSize().height(), title + text) + 2 * MARGIN

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text, option.icon = "", QIcon()
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        drawn = self.icon().pixmap(self.iconSize(), self.devicePixelRatio(), mode)
        size = drawn.deviceIndependentSize().toSize()
        place = QRect(QPoint(), size)
        place.moveCenter(QPoint(MARGIN + self.iconSize().width() // 2, self.height() // 2))
        painter.drawPixmap(place, drawn)
        room = self.rect().adjusted(self._left, MARGIN, -MARGIN, -MARGIN)
        painter.setPen(option.palette.color(QPalette.ColorRole.ButtonText))
        painter.setFont(self._font(is_title=True))
        painter.drawText(room, 0, _plain(self.text()))
        room.setTop(room.top() + painter.fontMetrics().height())
        painter.setFont(self._font())
        painter.drawText(room, WRAPPED, _plain(self.description()))

    @property
    def _left(self) -> int:
        return MARGIN + self.iconSize().width() + MARGIN

    def _font(self, *, is_title: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels(TEXT))
        if is_title:
            font.setWeight(QFont.Weight.DemiBold)
        return font


def _plain(text: str) -> str:
    return text.replace("&&", "&")

"""Completion: offers what may be typed next, in a list under a line or a text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QStandardItem, QStandardItemModel, QTextCursor
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from agentflow_editor.looks.plain_text import on_one_line

__all__ = ["Completion", "Find", "Offer", "matching"]

MOST = 60
"""Offers that are listed."""
READ_BACK = 2_000
"""Characters before the cursor that are looked at."""
_DETAIL = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may be typed."""

    text: str
    detail: str = ""
    """What is said beside it, on one line."""


Find = Callable[[str], tuple[int, Sequence[Offer]]]
"""(text before the cursor) → where what is being typed begins in it, and what it may become."""


def matching(typed: str, offers: Iterable[Offer]) -> list[Offer]:
    """The offers that what is typed may become: those that begin so first, then those with it."""
    wanted = typed.casefold()
    fitting = [offer for offer in offers if wanted in offer.text.casefold()]
    return sorted(fitting, key=lambda it: not it.text.casefold().startswith(wanted))[:MOST]


class Completion(QObject):
    """Belongs to a field. It opens while something is typed, with Ctrl+Space and on `open`."""

    def __init__(self, field: QLineEdit | QPlainTextEdit, find: Find) -> None:
        super().__init__(field)
        self._field, self._find = field, find
        self._completer: QCompleter | None = None
        self._popup: QListView | None = None
        self._model = QStandardItemModel(self)
        self._start = 0
        field.installEventFilter(self)

    @property
    def offered(self) -> list[str]:
        """What the open list offers; [] while it is closed."""
        if self._popup is None or not self._popup.isVisible():
            return []
        return [self._model.item(row).text() for row in range(self._model.rowCount())]

    def typed(self) -> None:
        """Offer what fits what has just been typed, if it is more than that itself."""
        before = self._before()
        start, offers = self._find(before)
        if [offer.text for offer in offers] == [before[start:]] or not before[start:].strip():
            offers = offers if before[-1:] in "{." and before else ()
        self._show(start, offers)

    def open(self) -> None:
        """Offer all that fits here."""
        self._show(*self._find(self._before()))

    def show_all(self, offers: Sequence[Offer]) -> None:
        """Offer these in place of all that stands before the cursor."""
        self._show(0, offers[:MOST])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if watched is self._popup:
            return self._take_with(event.key())
        has_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Space and has_control:
            self.open()
            return True
        return super().eventFilter(watched, event)

    def _take_with(self, key: int) -> bool:
        # A text would take Enter for itself: what the list leaves goes to the field first.
        if key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) or not self._popup:
            return False
        picked = self._popup.currentIndex()
        self._popup.hide()
        if picked.isValid():
            self._take(str(picked.data()))
        return True

    def _show(self, start: int, offers: Sequence[Offer]) -> None:
        self._start = start
        if not offers or not self._field.isVisible():
            if self._popup is not None:
                self._popup.hide()
            return
        completer, popup = self._made()
        self._model.clear()
        for offer in offers:
            item = QStandardItem(offer.text)
            detail = on_one_line(offer.detail, 80)
            item.setData(detail, _DETAIL)
            item.setData(f"{offer.text}: {detail}", Qt.ItemDataRole.AccessibleTextRole)
            self._model.appendRow(item)
        completer.complete(self._place())
        popup.setCurrentIndex(completer.completionModel().index(0, 0))

    def _made(self) -> tuple[QCompleter, QListView]:
        if self._completer is not None and self._popup is not None:
            return self._completer, self._popup
        completer = self._completer = QCompleter(self._model, self)
        popup = self._popup = QListView()
        completer.setWidget(self._field)
        completer.setPopup(popup)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        popup.installEventFilter(self)
        popup.setItemDelegate(_Rows(popup))
        popup.setObjectName("suggestions")
        popup.setAccessibleName("Suggestions")
        popup.setFont(self._field.font())
        completer.activated.connect(self._take)  # pyright: ignore[reportUnknownMemberType]
        return completer, popup

    def _place(self) -> QRect:
        width = max(self._field.width(), 240)
        if isinstance(self._field, QLineEdit):
            return QRect(0, 0, width, self._field.height())
        at = self._field.cursorRect().translated(self._field.viewport().pos())
        left = min(at.left(), max(0, self._field.width() - 240))
        return QRect(left, at.top(), min(width, 320), at.height() + 4)

    def _before(self) -> str:
        if isinstance(self._field, QLineEdit):
            return self._field.text()[: self._field.cursorPosition()]
        cursor = self._field.textCursor()
        end = cursor.position()
        cursor.setPosition(max(0, end - READ_BACK))
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def _take(self, text: str) -> None:
        count = len(self._before()) - self._start
        if isinstance(self._field, QLineEdit):
            self._field.setSelection(self._field.cursorPosition() - count, count)
            self._field.insert(text)
            return
        cursor = self._field.textCursor()
        left, keep = QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor
        cursor.movePosition(left, keep, count)
        cursor.insertText(text)
        self._field.setTextCursor(cursor)


class _Rows(QStyledItemDelegate):
    """Draws an offer's detail behind it, in the colour of what is said by the way."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        detail = str(index.data(_DETAIL) or "")
        taken = option.fontMetrics.horizontalAdvance(str(index.data()))
        room = option.rect.adjusted(taken + 28, 0, -8, 0)
        if detail and room.width() > 30:
            painter.save()
            colour = option.palette.placeholderText().color()
            is_picked = index == self._view.currentIndex()
            painter.setPen(option.palette.highlightedText().color() if is_picked else colour)
            shown = option.fontMetrics.elidedText(detail, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(
                room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), shown
            )
            painter.restore()

"""One out of a few."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from agentflow_editor.forms._field import (
    MIXED,
    UNSET,
    Field,
    FieldEditor,
    FormField,
    Mixed,
    Surroundings,
    Unset,
)
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.icons import icon

__all__ = ["FORM_FIELD", "ChoiceEditor"]

Choices = Sequence[tuple[str, Any]]
"""(title, value) each."""


class _CalmBox(QComboBox):
    """A box that the wheel scrolls past: it changes nothing on the way."""

    wanted = Signal()
    """Somebody is about to choose."""

    def showPopup(self) -> None:
        self.wanted.emit()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.wanted.emit()
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # A style sheet can only draw an arrow out of a file, which would not follow the theme.
        side = pixels(16)
        where = QRect(self.width() - side - 6, (self.height() - side) // 2, side, side)
        icon("chevron-down", self.palette().text().color()).paint(QPainter(self), where)


class ChoiceEditor(FieldEditor):
    """A box of choices. Where what there is may change, they are asked for when they are seen."""

    def __init__(self, choices: Choices | Callable[[], Choices]) -> None:
        super().__init__()
        self.box = _CalmBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMinimumContentsLength(8)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._ask: Callable[[], Choices] | None = choices if callable(choices) else None
        self._choices: Choices = choices() if callable(choices) else choices
        self._values: list[Any] = []
        self._list()
        self.box.wanted.connect(self._ask_again)
        self.box.activated.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        self.setFocusProxy(self.box)

    def show_value(self, value: Any) -> None:
        if value is None:
            value = UNSET
        known = [_same(value, choice) for choice in self._values]
        if not any(known):
            # What the file says is shown even where it is none of the choices.
            self._values.append(value)
            self.box.addItem(_shown(value))
            known.append(True)
        self.box.setCurrentIndex(known.index(True))

    def show_mixed(self) -> None:
        self.show_value(MIXED)

    def _list(self) -> None:
        self.box.clear()
        self._values = [value for _, value in self._choices]
        self.box.addItems([title for title, _ in self._choices])

    def _ask_again(self) -> None:
        if self._ask is not None and (choices := self._ask()) != self._choices:
            shown = self._values[self.box.currentIndex()]
            self._choices = choices
            self._list()
            self.show_value(shown)

    def _tell(self, index: int) -> None:
        if self._values[index] is not MIXED:
            self.edited.emit(self._values[index])
            self.finished.emit()


def _shown(value: Any) -> str:
    if isinstance(value, Mixed):
        return "several values"
    return "" if isinstance(value, Unset) else str(value)


def _same(value: Any, choice: Any) -> bool:
    return type(value) is type(choice) and value == choice


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    values = field.choices or (True, False)
    titles = [(_title(value), value) for value in values]
    if field.default_text:
        return ChoiceEditor([(f"{_title(field.default)} (default)", UNSET), *titles])
    return ChoiceEditor(titles if field.is_required else [("not set", UNSET), *titles])


def _title(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


FORM_FIELD = FormField(
    name="choice",
    rank=11,
    accepts=lambda field: bool(field.choices) or (field.kind is bool and field.can_be_none),
    build=_build,
)

"""One out of a few."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from agentflow_editor.forms._field import (
    UNSET,
    Field,
    FieldEditor,
    FormField,
    Surroundings,
    Unset,
)
from agentflow_editor.icons import icon

__all__ = ["FORM_FIELD", "ChoiceEditor"]


class _CalmBox(QComboBox):
    """A box that the wheel scrolls past: it changes nothing on the way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # A style sheet can only draw an arrow out of a file, which would not follow the theme.
        side = 16
        where = QRect(self.width() - side - 6, (self.height() - side) // 2, side, side)
        icon("chevron-down", self.palette().text().color()).paint(QPainter(self), where)


class ChoiceEditor(FieldEditor):
    """A box of choices, given as (title, value)."""

    def __init__(self, choices: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.box = _CalmBox()
        self.box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.setMinimumContentsLength(8)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._values = [value for _, value in choices]
        self.box.addItems([title for title, _ in choices])
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
            self.box.addItem("" if isinstance(value, Unset) else str(value))
            known.append(True)
        self.box.setCurrentIndex(known.index(True))

    def _tell(self, index: int) -> None:
        self.edited.emit(self._values[index])
        self.finished.emit()


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

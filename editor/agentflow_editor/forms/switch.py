"""Yes or no."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings, Unset
from agentflow_editor.widgets.check_box import CheckBox

__all__ = ["FORM_FIELD"]


class SwitchEditor(FieldEditor):
    """A check box. A placeholder such as "${DEBUG}" is shown beside it until it is clicked."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self.box = CheckBox(field.title)
        self.box.clicked.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.addWidget(self.box)
        self.setFocusProxy(self.box)

    def show_value(self, value: Any) -> None:
        said = self._field.default if isinstance(value, Unset) or value is None else value
        written = f" ({said})" if isinstance(said, str) else ""
        self.box.setText((self._field.title + written).replace("&", "&&"))
        self.box.setTristate(False)
        self.box.setChecked(said is True)

    def show_mixed(self) -> None:
        self.box.setText(self._field.title.replace("&", "&&"))
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)

    def _tell(self, checked: bool) -> None:
        self.box.setTristate(False)
        self.box.setText(self._field.title)
        self.edited.emit(checked)
        self.finished.emit()


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return SwitchEditor(field)


FORM_FIELD = FormField(
    name="switch",
    rank=10,
    accepts=lambda field: field.kind is bool and not field.can_be_none,
    build=_build,
    has_own_label=True,
)

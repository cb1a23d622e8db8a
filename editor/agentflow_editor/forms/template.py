"""A template over the state: what it fills in is coloured, completed and shown filled in."""

from typing import Any

from PySide6.QtCore import QEvent

from agentflow.errors import TemplateError
from agentflow.templates import check_template
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._keys import find_in_template, template_told
from agentflow_editor.forms._lines import LinesEditor
from agentflow_editor.widgets.template_colors import TemplateColors

__all__ = ["FORM_FIELD", "template_fault"]


class TemplateEditor(LinesEditor):
    """Lines of a template."""

    def __init__(self, field: Field, around: Surroundings) -> None:
        super().__init__(placeholder=field.default_text or "{{ }} fills a key in", fewest=4)
        self._theme = around.theme
        self.colors = TemplateColors(self.lines.document())
        self.colors.paint(self._theme())
        self.offer(find_in_template(around))
        self.tell_live(template_told, around)

    def own_fault(self, value: Any) -> str:
        return template_fault(value)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.colors.paint(self._theme())


def template_fault(value: Any) -> str:
    """Why a text is no template, as a sentence; "" when it is one."""
    try:
        check_template(value if isinstance(value, str) else "", "")
    except TemplateError as error:
        return f"this is no template: {error.what}"
    return ""


def _build(field: Field, around: Surroundings) -> FieldEditor:
    return TemplateEditor(field, around)


FORM_FIELD = FormField(
    name="template",
    rank=20,
    accepts=lambda field: field.kind is str and field.form == "template",
    build=_build,
)

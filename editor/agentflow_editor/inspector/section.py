"""Section: one thing that the inspector shows, and keeps up to date."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import Form
from agentflow_editor.inspector.asking import Asking
from agentflow_editor.inspector.parts import Heading, Title
from agentflow_editor.theme import Theme
from agentflow_editor.workbench import Workbench

__all__ = ["Section"]


class Section(QWidget):
    """A column of parts about one step, or about the flow."""

    focused = Signal(object)
    """(Field) It has the keyboard now."""

    def __init__(self, workbench: Workbench, path: str, title: Title) -> None:
        super().__init__()
        self.bench = workbench
        self.path = path
        """The step that it is about; it changes when the step is renamed here."""
        self.asking = Asking(workbench)
        self._title = title
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 14)
        self.column.setSpacing(9)
        self.column.addWidget(title)

    def add_form(self, form: Form, heading: str = "") -> None:
        """Put a form at the end; one without fields is left out."""
        if not form.rows:
            form.deleteLater()
            return
        if heading:
            self.column.addWidget(Heading(heading))
        self.column.addWidget(form)
        self.asking.follow(form)
        form.focused.connect(self.focused)

    def refresh(self, sheet: Sheet) -> bool:
        """Show what the sheet says now; False when it is no longer about what this shows."""
        raise NotImplementedError

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._title.paint(theme)

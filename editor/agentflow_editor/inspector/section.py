"""Section: one thing that the inspector shows, and keeps up to date."""

import inspect
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow.flow.where import keys_of
from agentflow.problem import Problem
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import Form
from agentflow_editor.inspector.asking import Asking
from agentflow_editor.inspector.help_page import HelpPage, Topic
from agentflow_editor.inspector.parts import Heading, Title
from agentflow_editor.inspector.why_here import why_here
from agentflow_editor.looks.theme import Theme
from agentflow_editor.workbench import Workbench

__all__ = ["Section"]


class Section(QWidget):
    """A column of parts about one step or note, or about the flow."""

    focused = Signal(object)
    """(Field) It has the keyboard now."""
    help_wanted = Signal()
    """Somebody wants to know what this is."""

    def __init__(self, home: QWidget, workbench: Workbench, path: str, title: Title) -> None:
        """Make it, still without its fields.

        Args:
            home: where it will stand. Qt looks at all that is in a widget whenever that gets a
                parent, so each part is made where it belongs.
            workbench: whose flow it is about.
            path: what is shown of that.
            title: what stands at its head.
        """
        super().__init__(home)
        self._topics: list[Topic] = []
        self._forms_of_it: list[Form] = []
        self.bench = workbench
        self.path = path
        """The step that it is about, or a note's key; it changes when the step is renamed here."""
        self.asking = Asking(workbench)
        self._title = title
        title.help_wanted.connect(self.help_wanted)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(14, 12, 14, 14)
        self.column.setSpacing(9)
        self.column.addWidget(title)

    def add_form(self, form: Form, heading: str = "", about: str | None = None) -> None:
        """Put a form at the end; one without fields is left out.

        Args:
            form: what is added.
            heading: what stands above it.
            about: what the help says of all of it; None for what its model says of itself.
        """
        if not form.rows:
            form.deleteLater()
            return
        if heading:
            self.column.addWidget(Heading(heading))
        self.column.addWidget(form)
        self._forms_of_it.append(form)
        self.asking.follow(form)
        form.focused.connect(self.focused)
        fields = {name: row.field for name, row in form.rows.items()}
        told = inspect.cleandoc(form.model.__doc__ or "") if about is None else about
        self._topics.append(Topic(heading, told, fields))

    def help_page(self) -> HelpPage:
        """What this is, why it is here, and what each field is for."""
        about = filter(None, (self._title.summary, *why_here(self.bench, self.path)))
        return HelpPage(self._title.title, about, [*self._topics, *self.more_help()])

    def open_at(self, where: str) -> QWidget | None:
        """What shows the setting at a place in the file, unfolded; None where nothing does."""
        keys = keys_of(where)
        own = keys[2:] if keys[:1] == ("agents",) else keys
        ends = (own[start:] for start in range(len(own)))
        shown = (form.open_at(end) for end in ends for form in self._forms_of_it)
        return next(filter(None, shown), None)

    def concerned_by(self, problem: Problem) -> bool:
        """Whether a problem is one of what this shows."""
        return bool(self.path) and problem.path == self.path

    def more_help(self) -> Sequence[Topic]:
        """What is to be said beside what the forms say."""
        return ()

    def shows(self, keys: tuple[str, ...]) -> bool:
        """Whether it is about these selected steps or notes."""
        return len(keys) <= 1 and self.path == "".join(keys)

    is_kept = False
    """Whether it may show another step later, and is worth being kept until then."""

    def take_over(self, _path: str) -> bool:
        """Show another step or note that has the same fields; False where it has not.

        Making a form takes ten times as long as filling one in.
        """
        return False

    def refresh(self, sheet: Sheet) -> bool:
        """Show what the sheet says now; False when it is no longer about what this shows."""
        raise NotImplementedError

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._title.paint(theme)

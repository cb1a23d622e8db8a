"""Sections: one section is shown; those of other kinds are kept for when they are wanted again."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from agentflow_editor.inspector.section import Section
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.column import column_in

__all__ = ["Sections"]

MOST = 8
"""Sections that are kept; each has some hundred widgets."""


class Sections(QWidget):
    """Making a section takes ten times as long as having one that is there show something else."""

    current: Section
    """The one that is shown, once there is any."""

    def __init__(self) -> None:
        super().__init__()
        self._column = column_in(self)
        self._kept: list[Section] = []
        """Hidden, the one that was shown last at the end."""

    def take_over(self, path: str) -> bool:
        """Show a step, a note or the flow ("") in a form that is there; False where none fits."""
        forms = [] if self.current.shows((path,)) else [self.current]
        for section in (*forms, *reversed(self._kept)):
            if section.take_over(path):
                self._show(section)
                return True
        return False

    def add(self, section: Section) -> None:
        """Show a section that is new."""
        self._column.addWidget(section)
        self._show(section)

    def forget(self) -> None:
        """Keep none but the one that is shown."""
        for section in tuple(self._kept):
            self._end(section)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for section in (self.current, *self._kept):
            section.paint(theme)

    def _show(self, section: Section) -> None:
        before = getattr(self, "current", None)
        if section is before:
            return
        self.current = section
        if section in self._kept:
            self._kept.remove(section)
        if before is not None:
            before.hide()
            self._keep_or_end(before)
        section.show()  # else it would wait until the column is laid out
        # Else it would be painted once in the room of the form before it, all of it squeezed.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def _keep_or_end(self, section: Section) -> None:
        """Keep a section for later, unless what it was made for is what made it wrong."""
        self._kept.append(section)
        is_wrong = section.shows((self.current.path,))
        if is_wrong or not section.is_kept:
            self._end(section)
        elif len(self._kept) > MOST:
            self._end(self._kept[0])

    def _end(self, section: Section) -> None:
        self._kept.remove(section)
        self._column.removeWidget(section)
        section.deleteLater()  # it may be the one whose edit brought this about

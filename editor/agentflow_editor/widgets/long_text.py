"""LongText: a text with a strip below it that says how much of it is shown, and shows the rest."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.text_view import TextView

__all__ = ["LongText"]


class LongText(QWidget):
    """A `TextView` that a person can have shown as a whole, or saved."""

    def __init__(self, title: str, save: Callable[[], None] | None = None) -> None:
        """Make it, empty.

        Args:
            title: what is read in it, for who does not see it.
            save: lets a person save all of it; None where that is not offered.
        """
        super().__init__()
        self.view = TextView()
        self.view.setObjectName("bare")
        self.view.setAccessibleName(title)
        self.told = PlainLabel()
        self.told.setWordWrap(True)
        self.all = QPushButton("Show All")
        self.all.clicked.connect(self._show_all_or_stop)
        self.save = QPushButton("Save All…")
        self.save.setVisible(save is not None)
        if save is not None:
            self.save.clicked.connect(save)
        self.strip = QFrame()
        self.strip.setObjectName("strip")
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(10, 4, 8, 4)
        row.addWidget(self.told, 1)
        row.addWidget(self.all)
        row.addWidget(self.save)
        column = column_in(self)
        column.addWidget(self.view, 1)
        column.addWidget(self.strip)
        self.setFocusProxy(self.view)
        self.view.shown_changed.connect(self._tell)
        self._tell()

    def _show_all_or_stop(self) -> None:
        if self.view.is_going_on:
            self.view.stop()
        else:
            self.view.show_all()

    def _tell(self) -> None:
        shown, length = self.view.shown, self.view.length
        is_cut = shown < length
        if is_cut and self.view.is_going_on:
            self.told.setText(f"Showing all {length:,} characters: {shown / length:.0%}")
            self.all.setText("Stop")
        elif is_cut:
            self.told.setText(f"The first {shown:,} of {length:,} characters")
            self.all.setText("Show All")
        has_focus = self.all.hasFocus()
        self.strip.setVisible(is_cut)
        if has_focus and not is_cut:
            self.view.setFocus()

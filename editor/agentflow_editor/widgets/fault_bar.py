"""FaultBar: says below a text why it is not taken, and what can be done."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from agentflow_editor.document.fault import Fault
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.picture import Picture

__all__ = ["FaultBar"]

HELD = "Kept as a draft; the flow is as it was."


class FaultBar(QFrame):
    """Stands there as long as something is wrong."""

    go_wanted = Signal()
    """Show the place."""
    discard_wanted = Signal()
    """Give up what was typed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._picture = Picture(18)
        self.text = PlainLabel("")
        self.text.setWordWrap(True)
        hint = PlainLabel(HELD)
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.go = QPushButton("&Go to It")
        self.discard = QPushButton("&Discard Text")
        self.discard.setToolTip("Give up what was typed, and show the flow as it is")
        self.go.clicked.connect(self.go_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.text, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(hint, 1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.discard)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addLayout(said)
        column.addLayout(buttons)
        self.paint(theme)
        self.hide()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Say the first of some faults, and how many more there are; for none say nothing."""
        if faults:
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            told = on_one_line(str(faults[0]), 400) + more
            self.go.setVisible(faults[0].line is not None)
            if told != self.text.text():
                self.text.setText(told)
                self.text.setAccessibleName(f"Not applied: {told}")
                alert = QAccessibleEvent(self.text, QAccessible.Event.Alert)
                QAccessible.updateAccessibility(alert)
        else:
            self.text.setText("")
        self.setVisible(bool(faults))

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self._picture.show_icon(icon("alert-circle", theme.error))

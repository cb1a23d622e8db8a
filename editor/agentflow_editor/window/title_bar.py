"""TitleBar: a dock's title with its buttons, which grow with the text. Qt's own buttons do not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QSizePolicy, QToolButton

from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme

__all__ = ["TitleBar"]


class TitleBar(QFrame):
    """By it a dock is moved; a double click takes it out of the window, and puts it back."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__()
        self.setObjectName("dock-title")
        name = PlainLabel(dock.windowTitle())
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.float = _button("Take Out of the Window, or Put Back")
        self.float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self.close_dock = _button("Close")
        self.close_dock.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(name, 1)
        row.addWidget(self.float)
        row.addWidget(self.close_dock)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        self.float.setIcon(icon("dock-window", theme.muted))
        self.close_dock.setIcon(icon("close", theme.muted))


def _button(name: str) -> QToolButton:
    button = QToolButton()
    # As Qt's own: by keyboard it is done in the menu View.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button

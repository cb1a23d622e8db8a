"""TitleBar: a dock's title with its buttons, which grow with the text. Qt's own buttons do not."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QSizePolicy

from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.icon_button import IconButton

__all__ = ["TitleBar"]


class TitleBar(QFrame):
    """By it a dock is moved; a double click takes it out of the window, and puts it back."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__()
        self.setObjectName("dock-title")
        name = PlainLabel(dock.windowTitle())
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._buttons = (
            IconButton(
                "dock-window",
                "Take Out of the Window, or Put Back",
                lambda: dock.setFloating(not dock.isFloating()),
            ),
            IconButton("close", "Close", dock.close),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(name, 1)
        for button in self._buttons:
            # As Qt's own: by keyboard it is done in the menu View.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)

    def paint(self, theme: Theme) -> None:
        """Draw in a theme's colours."""
        for button in self._buttons:
            button.paint_in(theme.muted)

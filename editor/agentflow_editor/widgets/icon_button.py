"""IconButton: a button that is an icon, and says where the mouse rests what it does."""

from collections.abc import Callable

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolButton

from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import plain_tooltip

__all__ = ["IconButton"]


class IconButton(QToolButton):
    """Has no icon until it is painted."""

    def __init__(self, icon_name: str, tip: str, do: Callable[[], object]) -> None:
        """Make it.

        Args:
            icon_name: a Material Design name.
            tip: what it does, with its keys in brackets at the end: "Next (Enter)".
            do: called when it is pressed.
        """
        super().__init__()
        self._icon_name = icon_name
        self.setAutoRaise(True)
        self.setToolTip(plain_tooltip(tip))
        self.setAccessibleName(tip.partition(" (")[0])
        self.clicked.connect(lambda: do())

    def paint_in(self, color: QColor | str, disabled: QColor | str | None = None) -> None:
        """Draw the icon in a colour, and in another one while the button can do nothing."""
        self.setIcon(icon(self._icon_name, color, disabled=disabled))

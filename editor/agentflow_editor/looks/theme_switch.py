"""ThemeSwitch: which theme is on, and the signal that it is another one."""

from PySide6.QtCore import QObject, Signal

from agentflow_editor.looks.theme import DARK, Theme, theme_of

__all__ = ["ThemeSwitch"]


class ThemeSwitch(QObject):
    """The theme that is on. Whoever draws with colours listens to `changed`."""

    changed = Signal(object)
    """(theme) whenever another one is on."""

    def __init__(self, theme: Theme = DARK, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> Theme:
        """The one that is on."""
        return self._theme

    def switch(self, theme: Theme) -> None:
        """Turn another one on."""
        if theme is not self._theme:
            self._theme = theme
            self.changed.emit(theme)

    def toggle(self) -> None:
        """Dark after light, light after dark, in the same contrast."""
        self.switch(theme_of(is_dark=not self._theme.is_dark, is_high=self._theme.is_high))

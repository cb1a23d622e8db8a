"""Appearance: makes the application look and move as the preferences say."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from agentflow_editor.fonts import restore_own_sizes, scale_text
from agentflow_editor.look import style_sheet
from agentflow_editor.preferences import Preferences, PreferenceStore
from agentflow_editor.theme import DARK, LIGHT, Theme
from agentflow_editor.theme_switch import ThemeSwitch

__all__ = ["Appearance"]

EFFECTS = (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip)


class Appearance(QObject):
    """Theme, size of text and motion. A theme that a person switches to is kept."""

    def __init__(self, app: QApplication, preferences: PreferenceStore) -> None:
        super().__init__()
        self._app = app
        self._preferences = preferences
        self._was_dark_before = _is_dark(app.palette())
        self._cursor_flash = app.cursorFlashTime()
        self.theme = ThemeSwitch(self._wanted_theme(preferences.current))
        """What is on; whoever draws with colours listens to it."""
        self._apply(preferences.current)
        preferences.changed.connect(self._apply)
        self.theme.changed.connect(self._on_theme)
        app.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def _apply(self, wanted: Preferences) -> None:
        scale_text(self._app, wanted.text_size)
        theme = self._wanted_theme(wanted)
        if theme is self.theme.theme:
            self._paint(theme)
        else:
            self.theme.switch(theme)
        for effect in EFFECTS:
            self._app.setEffectEnabled(effect, not wanted.reduced_motion)
        self._app.setCursorFlashTime(0 if wanted.reduced_motion else self._cursor_flash)
        for window in self._app.topLevelWidgets():
            if isinstance(window, QMainWindow):
                window.setAnimated(not wanted.reduced_motion)

    def _on_theme(self, theme: Theme) -> None:
        self._paint(theme)
        current = self._preferences.current
        if theme is not self._wanted_theme(current):
            self._preferences.keep(current.model_copy(update={"theme": theme.name}))

    def _on_system_theme(self) -> None:
        self.theme.switch(self._wanted_theme(self._preferences.current))

    def _paint(self, theme: Theme) -> None:
        self._app.setPalette(theme.palette())
        self._app.setStyleSheet(style_sheet(theme))
        restore_own_sizes(self._app)

    def _wanted_theme(self, wanted: Preferences) -> Theme:
        named = {"light": LIGHT, "dark": DARK}
        return named.get(wanted.theme) or (DARK if self._is_system_dark() else LIGHT)

    def _is_system_dark(self) -> bool:
        scheme = self._app.styleHints().colorScheme()
        if scheme is Qt.ColorScheme.Unknown:
            return self._was_dark_before
        return scheme is Qt.ColorScheme.Dark


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < 128

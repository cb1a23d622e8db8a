"""Appearance: makes the application look and move as the preferences say."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QMainWindow

from agentflow_editor.looks.fonts import restore_own_sizes, scale_text
from agentflow_editor.looks.style_sheet import style_sheet
from agentflow_editor.looks.theme import Theme, theme_of
from agentflow_editor.looks.theme_switch import ThemeSwitch
from agentflow_editor.settings.preferences import Preferences, PreferenceStore

__all__ = ["Appearance"]

EFFECTS = (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip)


class Appearance(QObject):
    """Theme, size of text and motion. A theme that a person switches to is kept."""

    def __init__(self, app: QApplication, preferences: PreferenceStore) -> None:
        super().__init__()
        self._app = app
        self._preferences = preferences
        self._was_dark_before = _is_dark(app.palette())
        # Python's half of the wishes ends with that of the hints, whoever holds them.
        self._hints = app.styleHints()
        self._wishes = self._hints.accessibility()
        self._cursor_flash = app.cursorFlashTime()
        self.theme = ThemeSwitch(self._wanted_theme(preferences.current))
        """What is on; whoever draws with colours listens to it."""
        self._apply(preferences.current)
        preferences.changed.connect(self._apply)
        self.theme.changed.connect(self._on_theme)
        self._hints.colorSchemeChanged.connect(self._on_system_theme)
        self._wishes.contrastPreferenceChanged.connect(self._on_system_theme)

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
            chosen = "dark" if theme.is_dark else "light"
            self._preferences.keep(current.model_copy(update={"theme": chosen}))

    def _on_system_theme(self) -> None:
        self.theme.switch(self._wanted_theme(self._preferences.current))

    def _paint(self, theme: Theme) -> None:
        sheet = style_sheet(theme)
        if sheet != self._app.styleSheet():  # all widgets would be looked at again
            self._app.setPalette(theme.palette())
            self._app.setStyleSheet(sheet)
            restore_own_sizes(self._app)

    def _wanted_theme(self, wanted: Preferences) -> Theme:
        is_dark = self._is_system_dark() if wanted.theme == "system" else wanted.theme == "dark"
        is_high = (
            self._is_system_high() if wanted.contrast == "system" else wanted.contrast == "high"
        )
        return theme_of(is_dark=is_dark, is_high=is_high)

    def _is_system_high(self) -> bool:
        return self._wishes.contrastPreference() is Qt.ContrastPreference.HighContrast

    def _is_system_dark(self) -> bool:
        scheme = self._hints.colorScheme()
        if scheme is Qt.ColorScheme.Unknown:
            return self._was_dark_before
        return scheme is Qt.ColorScheme.Dark


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < 128

"""Preferences: how a person wants the editor to be, and what is told when that changes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QObject, Signal

from agentflow_editor.settings.store import EditorSettings

__all__ = ["LARGEST_TEXT", "PreferenceStore", "Preferences"]

LARGEST_TEXT = 200


class Preferences(BaseModel):
    """What a person has chosen. Each has the default of who never opened the dialog."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Literal["system", "light", "dark"] = "system"
    """The colours; those of the system are followed when they change."""
    contrast: Literal["system", "plain", "high"] = "system"
    """How far apart the colours are; the system's wish is followed when it changes."""
    text_size: int = Field(default=100, ge=80, le=LARGEST_TEXT)
    """Of everything but the canvas, which is zoomed, in percent."""
    reduced_motion: bool = False
    """Whether menus, panes, the camera, nodes that are laid out and the text cursor keep still."""
    follow_run: bool = True
    """Whether the canvas goes along with a run whose steps are out of sight."""
    reopen_files: bool = True
    """Whether a start without a file shows the files that were open last."""
    single_instance: bool = True
    """Whether a second start hands its files to the editor that is open."""
    keep_runs: bool = True
    """Whether runs are kept, so that `agentflow runs` shows and resumes them."""


class PreferenceStore(QObject):
    """The preferences that hold now. Others can be tried out before they are kept."""

    changed = Signal(object)
    """(Preferences) whenever others hold, kept or not."""

    def __init__(self, settings: EditorSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._current = _read(settings)

    @property
    def current(self) -> Preferences:
        """Those that hold now."""
        return self._current

    def try_out(self, preferences: Preferences) -> None:
        """Let others hold until the editor ends, or others are tried or kept."""
        if preferences != self._current:
            self._current = preferences
            self.changed.emit(preferences)

    def keep(self, preferences: Preferences) -> None:
        """Let others hold now and at every later start."""
        self.try_out(preferences)
        self._settings.remember_preferences(preferences.model_dump())


def _read(settings: EditorSettings) -> Preferences:
    # One that was written wrongly, by hand or by a later version, costs only itself.
    kept = settings.preferences
    try:
        Preferences.model_validate(kept)
    except ValidationError as error:
        wrong = {fault["loc"][0] for fault in error.errors() if fault["loc"]}
        kept = {name: value for name, value in kept.items() if name not in wrong}
    return Preferences.model_validate(kept)

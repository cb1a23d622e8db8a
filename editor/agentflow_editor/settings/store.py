"""EditorSettings: what the editor remembers between starts. It never stands in a project."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

from agentflow_editor.settings.shared_json import SharedJson

__all__ = ["Camera", "EditorSettings", "settings_folder"]

Camera = tuple[float, float, float]
"""What is in the middle, (x, y) in scene units, and the zoom."""

MOST_RECENT = 12
MOST_COMMANDS = 20


def settings_folder() -> Path:
    """Where the settings of the person who is logged in lie."""
    return platformdirs.user_config_path("agentflow-studio", appauthor=False)


class EditorSettings:
    """Recent files, the look of the window, and the last input of each flow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """Where the editor keeps what it remembers; made when something is written."""
        self._recent = SharedJson(folder / "recent.json")
        self._store = QSettings(str(folder / "editor.ini"), QSettings.Format.IniFormat)

    @property
    def recent(self) -> tuple[Path, ...]:
        """The flow files opened last, newest first, ones that are gone included."""
        return tuple(_paths(self._recent.read()))

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        first = path.resolve()
        self._change_recent(lambda before: [first, *(it for it in before if it != first)])

    def forget(self, path: Path) -> None:
        """Take a file off the recent ones."""
        self._change_recent(lambda before: [it for it in before if it != path])

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        self._change_recent(lambda _: [])

    def _change_recent(self, change: Callable[[list[Path]], list[Path]]) -> None:
        # Where nothing can be written, nothing is remembered: that keeps nobody from working.
        with suppress(OSError):
            self._recent.change(
                lambda before: [str(it) for it in change(_paths(before))][:MOST_RECENT]
            )

    @property
    def preferences(self) -> dict[str, Any]:
        """What the person has chosen, by name; only what was ever kept."""
        return self._json("preferences", {})

    def remember_preferences(self, preferences: dict[str, Any]) -> None:
        """Keep what the person has chosen."""
        self._store.setValue("preferences", json.dumps(preferences))
        self._store.sync()

    @property
    def session(self) -> tuple[Path, ...]:
        """The files that were open together last and are still there."""
        return tuple(path for path in map(Path, self._json("session", [])) if path.is_file())

    def remember_session(self, paths: Iterable[Path]) -> None:
        """Keep which files are open."""
        self._store.setValue("session", json.dumps([str(path.resolve()) for path in paths]))

    def camera(self, flow: Path) -> Camera | None:
        """How a flow was looked at last; None where it never was."""
        match self._json(f"cameras/{_key(flow)}", None):
            case [float(x), float(y), float(zoom)] if zoom > 0:
                return x, y, zoom
            case _:
                return None

    def remember_camera(self, flow: Path, camera: Camera) -> None:
        """Keep how a flow is looked at."""
        self._store.setValue(f"cameras/{_key(flow)}", json.dumps(camera))

    def last_input(self, flow: Path | None) -> dict[str, Any]:
        """The input a flow was last run with: {"text", "data", "metadata", "session"}."""
        return self._json(f"inputs/{_key(flow)}", {})

    def remember_input(self, flow: Path | None, given: dict[str, Any]) -> None:
        """Keep the input of a flow for its next run."""
        self._store.setValue(f"inputs/{_key(flow)}", json.dumps(given))

    def window(self, part: str) -> QByteArray:
        """The saved "geometry" or "state" of the main window; empty when there is none."""
        value = self._store.value(f"window/{part}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def remember_window(self, part: str, value: QByteArray) -> None:
        """Keep the window's "geometry" or "state"."""
        self._store.setValue(f"window/{part}", value)

    @property
    def commands(self) -> tuple[str, ...]:
        """The ids of the commands chosen from the list of all last, the latest first."""
        listed = self._json("commands", [])
        return tuple(map(str, cast("list[Any]", listed))) if isinstance(listed, list) else ()

    def remember_command(self, command: str) -> None:
        """Put a command at the head of those that were chosen."""
        kept = [command, *(it for it in self.commands if it != command)]
        self._store.setValue("commands", json.dumps(kept[:MOST_COMMANDS]))

    def sync(self) -> None:
        """Write everything out now."""
        self._store.sync()

    def _json(self, key: str, default: Any) -> Any:
        try:
            return json.loads(str(self._store.value(key, ""))) or default
        except ValueError:
            return default


def _paths(listed: Any) -> list[Path]:
    if not isinstance(listed, list):
        return []
    return [Path(it) for it in cast("list[Any]", listed) if isinstance(it, str)]


def _key(flow: Path | None) -> str:
    return str(flow.resolve()).replace("/", "|") if flow else "untitled"

"""WindowMemory: where a window stands, and how its panes are arranged."""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer
from PySide6.QtWidgets import QMainWindow

from agentflow_editor.settings.store import EditorSettings
from agentflow_editor.window.docks import Docks

__all__ = ["WindowMemory"]

PATIENCE = 1_000
"""Milliseconds without a change before it is remembered."""
CHANGES = frozenset(
    (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange, QEvent.Type.LayoutRequest)
)


class WindowMemory(QObject):
    """Remembers soon after something is changed, so that a crash costs nothing of it."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        settings: EditorSettings,
        is_at_work: Callable[[], bool],
    ) -> None:
        """Watch.

        Args:
            window: the window.
            docks: its panes.
            settings: what remembers.
            is_at_work: whether its panes are as the person wants them; on the welcome page they
                are hidden.
        """
        super().__init__(window)
        self._window, self._docks = window, docks
        self._settings = settings
        self._is_at_work = is_at_work
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self.remember)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in CHANGES and self._window.isVisible():
            self._soon.start()
        return False

    def remember(self) -> None:
        """Keep how it is now."""
        self._settings.remember_window("geometry", self._window.saveGeometry())
        if self._is_at_work():
            self._settings.remember_window("state", self._window.saveState())
            front = ",".join(self._docks.note_front())
            self._settings.remember_window("front", QByteArray(front.encode()))
            self._settings.remember_window("text", QByteArray(str(self._docks.text).encode()))

    def recall(self) -> None:
        """Let the window be as it was last."""
        geometry, state = (self._settings.window(part) for part in ("geometry", "state"))
        if not geometry.isEmpty():
            self._window.restoreGeometry(geometry)
        if not state.isEmpty():
            self._window.restoreState(state)
        if front := bytes(self._settings.window("front").data()).decode():
            self._docks.front = tuple(front.split(","))
        # Text may have become larger or smaller since, at the welcome page or in another window.
        if (text := bytes(self._settings.window("text").data())).isdigit():
            self._docks.text = int(text) or self._docks.text

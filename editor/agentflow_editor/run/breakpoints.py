"""Breakpoints: before which steps a run is to wait."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

__all__ = ["Breakpoints"]


class Breakpoints(QObject):
    """The paths (without passes) of steps that have a breakpoint."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: frozenset[str] = frozenset()

    @property
    def paths(self) -> frozenset[str]:
        """Every path with a breakpoint."""
        return self._paths

    def has(self, path: str) -> bool:
        """Whether a run waits before this step."""
        return path in self._paths

    def toggle(self, path: str) -> None:
        """Set one, or take it away. The start of a flow (path "") can have none."""
        if path:
            self._set(self._paths ^ {path})

    def clear(self) -> None:
        """Take all away."""
        self._set(frozenset())

    def follow(self, gone_to: Mapping[str, str]) -> None:
        """Go along when steps got other paths; those of steps that are gone wait for them."""
        self._set(frozenset(gone_to.get(path, path) for path in self._paths))

    def _set(self, paths: frozenset[str]) -> None:
        if paths != self._paths:
            self._paths = paths
            self.changed.emit()

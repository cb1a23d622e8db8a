"""Cameras: how each flow was looked at last, so that it is looked at so again."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from agentflow_editor.settings.store import Camera
from agentflow_editor.workbench import Workbench

__all__ = ["Cameras"]


class Looking(Protocol):
    """What is asked of the camera over the canvas."""

    @property
    def camera(self) -> Camera: ...
    def look_as(self, camera: Camera) -> None: ...
    def begin(self) -> None: ...


class Cameras(QObject):
    """Remembers a window's camera for the file that is open, whenever that is left."""

    def __init__(
        self, workbench: Workbench, looking: Looking, is_shown: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._looking = looking
        self._is_shown = is_shown

    def remember(self) -> None:
        """Keep how the open flow is looked at now."""
        path = self._bench.document.path
        if path is not None and self._is_shown():
            self._bench.settings.remember_camera(path, self._looking.camera)

    def look(self) -> None:
        """Look at the open flow as it was looked at last, or where it begins."""
        path = self._bench.document.path
        camera = None if path is None else self._bench.settings.camera(path)
        if camera is None:
            self._looking.begin()
        else:
            self._looking.look_as(camera)

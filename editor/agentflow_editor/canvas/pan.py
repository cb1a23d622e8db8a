"""Pan: moving the camera by the ground."""

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.touch import Pointer

__all__ = ["Pan"]


class Camera(Protocol):
    """What looks at the scene."""

    @property
    def zoom(self) -> float: ...
    @property
    def center(self) -> QPointF: ...
    def look_at(self, center: QPointF, zoom: float) -> None: ...
    def viewport(self) -> QWidget: ...


class Pan:
    """The ground follows the mouse."""

    def __init__(self, camera: Camera, pointer: Pointer) -> None:
        self._camera, self._from, self._center = camera, pointer.view, camera.center
        camera.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, pointer: Pointer) -> None:
        """Keep the same ground under the mouse."""
        way = QPointF(pointer.view - self._from) / self._camera.zoom
        self._camera.look_at(self._center - way, self._camera.zoom)

    def release(self, pointer: Pointer) -> None:
        """Stay there."""
        self.move(pointer)
        self._camera.viewport().unsetCursor()

    def cancel(self) -> None:
        """Go back."""
        self._camera.look_at(self._center, self._camera.zoom)
        self._camera.viewport().unsetCursor()

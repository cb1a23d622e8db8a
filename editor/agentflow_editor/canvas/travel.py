"""Travel: the camera goes to another place in a moment, so that eyes can follow."""

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from agentflow_editor.canvas.view import FlowView

__all__ = ["Travel"]

MILLISECONDS = 240


class Travel(QObject):
    """One way at a time, at the zoom that there is. Whoever else moves the camera ends it."""

    def __init__(self, view: FlowView, is_still: Callable[[], bool]) -> None:
        """Make it.

        Args:
            view: whose camera goes.
            is_still: whether nothing is to move by itself; then the camera is there at once.
        """
        super().__init__(view)
        self._view, self._is_still = view, is_still
        self.is_moving_camera = False
        """Whether a move of the camera that is told now is one of this way."""
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(MILLISECONDS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._look)
        view.camera_moved.connect(self._on_camera)

    @property
    def is_under_way(self) -> bool:
        """Whether the camera is on its way."""
        return self._animation.state() == QVariantAnimation.State.Running

    def go(self, center: QPointF) -> None:
        """Go to where a point of the scene is in the middle."""
        self._animation.stop()
        if self._is_still():
            self._look(center)
            return
        self._animation.setStartValue(self._view.center)
        self._animation.setEndValue(center)
        self._animation.start()

    def _look(self, center: QPointF) -> None:
        if self._view.is_held:  # what is under the mouse stays there
            self._animation.stop()
            return
        self.is_moving_camera = True
        self._view.look_at(center, self._view.zoom)
        self.is_moving_camera = False

    def _on_camera(self) -> None:
        if not self.is_moving_camera:
            self._animation.stop()

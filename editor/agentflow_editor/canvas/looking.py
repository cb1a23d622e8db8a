"""Looking: the camera over the flow, and what is brought before it."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QCursor

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.scope import Scope
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.sheet import Position
from agentflow_editor.settings.store import Camera

__all__ = ["Looking"]

HINT_ROOM = 120
"""What the hint takes below the start of an empty flow."""
LEGIBLE = 0.6
"""The least zoom at which a step that was asked for is shown."""
OVERVIEW = 0.4
"""The least zoom at which a flow is first seen as a whole: names can be read then."""
READABLE = 0.65
"""The zoom at which the beginning of a larger one is first seen."""
STEP = 1.2
"""What one zoom in makes everything larger by."""
GRID = 8
"""What is new stands at multiples of so many scene units."""


class Looking:
    """Moves the camera, and nothing else: neither the flow nor which part of it is shown."""

    def __init__(self, view: FlowView, drawing: Drawing, scope: Scope) -> None:
        """Begin.

        Args:
            view: what is looked through.
            drawing: what is looked at.
            scope: which part of the flow is drawn.
        """
        self._view, self._drawing, self._scope = view, drawing, scope
        self._whole: Camera | None = None
        self.covered: Callable[[], int] = lambda: 0
        """How many pixels of the view's upper side something lies over."""

    @property
    def camera(self) -> Camera:
        """What is in the middle, and the zoom; those of the whole flow."""
        if self._scope.inside and self._whole is not None:
            return self._whole
        center = self._view.center
        return center.x(), center.y(), self._view.zoom

    def keep_camera(self) -> None:
        """Remember how the whole flow is looked at: a part of it is about to be shown."""
        self._whole = self.camera

    def look_as(self, camera: Camera) -> None:
        """Look as somebody has looked before."""
        x, y, zoom = camera
        self._view.look_at(QPointF(x, y), zoom)

    def frame(self) -> None:
        """Look at what is selected, or at everything."""
        self._view.show_rect(self._drawing.rect(self._drawing.selected_keys()))

    def begin(self) -> None:
        """Look at everything, or at all of what was gone into, where that can be read.

        What is too large for that is looked at where it begins, from so near that all is read.
        """
        whole, first = self._whole_rect(), self._scope.inside
        if self._view.zoom_for(whole) < OVERVIEW and self._drawing.has(first):
            self._view.show_corner(whole, self._drawing.node(first).scene_rect(), READABLE)
        else:
            self._view.show_rect(whole)

    def frame_all(self) -> None:
        """Look at everything, or at all of what was gone into."""
        self._view.show_rect(self._whole_rect())

    def _whole_rect(self) -> QRectF:
        inside = self._scope.inside
        rect = self._drawing.rect([inside] if inside else ())
        is_empty = set(self._drawing.scene.boxes) == {""}
        room = HINT_ROOM if is_empty else 0
        above = self.covered() / self._view.zoom_for(rect) if inside else 0
        return rect.adjusted(0, -above, 0, room)

    def draws(self, key: str) -> bool:
        """Whether a step or note is part of what is drawn."""
        return self._drawing.has(key)

    def sees_any_of(self, key: str) -> bool:
        """Whether anything of a step or note that is drawn is in sight."""
        return self._view.in_sight.intersects(self._drawing.rect((key,)))

    def bring_near(self, key: str) -> None:
        """Bring a step, or a note by its key, into sight, where it is drawn and not seen well."""
        if not self._drawing.has(key):
            return
        rect = self._drawing.place(key)
        if not self._view.in_sight.contains(rect) or self._view.zoom < LEGIBLE:
            self._view.look_at(rect.center(), max(self._view.zoom, LEGIBLE))

    def spot(self) -> Position:
        """Where something new is to stand: at the mouse, or in the middle of what is seen."""
        return self.pointed or _on_grid(self._view.center)

    @property
    def pointed(self) -> Position | None:
        """Where the mouse is, as long as it is over the view."""
        near = self._view.mapFromGlobal(QCursor.pos())
        is_over = self._view.rect().contains(near)
        return _on_grid(self._view.mapToScene(near)) if is_over else None

    def zoom_in(self) -> None:
        """Make everything larger."""
        self._view.zoom_by(STEP)

    def zoom_out(self) -> None:
        """Make everything smaller."""
        self._view.zoom_by(1 / STEP)

    def reset_zoom(self) -> None:
        """Look at everything in its actual size."""
        self._view.look_at(self._view.center, 1.0)


def _on_grid(at: QPointF) -> Position:
    return round(at.x() / GRID) * GRID, round(at.y() / GRID) * GRID

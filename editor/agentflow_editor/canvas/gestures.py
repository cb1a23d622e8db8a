"""Gestures: what a press of the mouse on the canvas can become."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem, QRubberBand

from agentflow_editor.canvas.adoption import Adoption
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.routes import link_path
from agentflow_editor.canvas.scene import moved
from agentflow_editor.canvas.touch import Hit, Pointer
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.edits import SMALLEST
from agentflow_editor.document.ports import IN, NEXT
from agentflow_editor.document.sheet import note_key
from agentflow_editor.looks.note_lines import height_of

__all__ = ["Band", "DrawLink", "End", "MoveNodes", "SizeNote"]

Positions = dict[str, tuple[int, int]]
SLACK = 4
"""How many pixels a press may shake and still be a click."""
GRID = 8
"""Nodes come to stand on multiples of this."""
ABOVE = 30
"""The z value of what follows the mouse."""


def _far(begin: Pointer, now: Pointer) -> bool:
    return (now.view - begin.view).manhattanLength() > SLACK


class MoveNodes:
    """Nodes and notes that follow the mouse."""

    def __init__(
        self,
        drawing: Drawing,
        grasped: str,
        keys: tuple[str, ...],
        pointer: Pointer,
        moved_to: Callable[[Positions, Pointer], None],
        clicked: Callable[[], None],
        adoption: Adoption | None,
    ) -> None:
        """Begin.

        Args:
            drawing: where they stand.
            grasped: what is under the mouse; the others keep their distance to it.
            keys: all that move, the grasped one too.
            pointer: where the mouse was pressed.
            moved_to: told where they are when they are let go.
            clicked: called when they had not been moved at all.
            adoption: shown where they would join; None where they only move.
        """
        self._drawing, self._truth = drawing, drawing.scene
        self._grasped = self._truth.place_of(grasped)
        self._places = {key: self._truth.place_of(key) for key in keys}
        self._begin = pointer
        self._moved_to, self._clicked, self._adoption = moved_to, clicked, adoption
        self._is_moving = False

    def move(self, pointer: Pointer) -> None:
        """Stand where the mouse says."""
        self._is_moving = self._is_moving or _far(self._begin, pointer)
        if self._is_moving:
            self._drawing.show_scene(moved(self._truth, self._positions(pointer)))
            if self._adoption is not None:
                self._adoption.hover(pointer, self._positions(pointer))

    def release(self, pointer: Pointer) -> None:
        """Stay there."""
        self.move(pointer)
        self._end()
        if self._is_moving:
            self._moved_to(self._positions(pointer), pointer)
        else:
            self._clicked()

    def cancel(self) -> None:
        """Go back."""
        self._end()
        self._drawing.show_scene(self._truth)

    def _end(self) -> None:
        if self._adoption is not None:
            self._adoption.end()

    def _positions(self, pointer: Pointer) -> Positions:
        way = pointer.scene - self._begin.scene
        left, top = self._grasped
        across, down = _snapped(left + way.x()) - left, _snapped(top + way.y()) - top
        return {key: (x + across, y + down) for key, (x, y) in self._places.items()}


def _snapped(value: float) -> int:
    return round(value / GRID) * GRID


class SizeNote:
    """A note whose lower right corner follows the mouse as far as its text has room."""

    def __init__(
        self,
        drawing: Drawing,
        name: str,
        pointer: Pointer,
        sized: Callable[[int, int], None],
    ) -> None:
        """Begin.

        Args:
            drawing: where it stands.
            name: which note.
            pointer: where the mouse was pressed.
            sized: told the size that it is let go with.
        """
        self._drawing, self._truth, self._name = drawing, drawing.scene, name
        self._begin, self._sized = pointer, sized

    def move(self, pointer: Pointer) -> None:
        """Reach to the mouse."""
        width, height = self._size(pointer)
        note = replace(self._truth.notes[self._name], width=width, height=height)
        notes = {**self._truth.notes, self._name: note}
        self._drawing.show_scene(replace(self._truth, notes=notes))

    def release(self, pointer: Pointer) -> None:
        """Stay so."""
        self._sized(*self._size(pointer))

    def cancel(self) -> None:
        """Be as large as before."""
        self._drawing.show_scene(self._truth)

    def _size(self, pointer: Pointer) -> tuple[int, int]:
        note, way = self._truth.notes[self._name], pointer.scene - self._begin.scene
        if not _far(self._begin, pointer):
            return note.width, note.height
        width, height = _snapped(note.width + way.x()), _snapped(note.height + way.y())
        width = max(SMALLEST[0], width)
        least = height_of(replace(note, width=width))
        return width, max(SMALLEST[1], least, height)


class Band:
    """A rectangle that selects the nodes and notes it touches."""

    def __init__(self, view: FlowView, drawing: Drawing, pointer: Pointer) -> None:
        self._view, self._drawing, self._begin = view, drawing, pointer
        adds = bool(pointer.modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._before = drawing.selected_keys()
        self._kept = self._before if adds else ()
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, view.viewport())
        drawing.select(self._kept)

    def move(self, pointer: Pointer) -> None:
        """Reach to the mouse."""
        if not _far(self._begin, pointer):
            return
        self._band.setGeometry(QRect(self._begin.view, pointer.view).normalized())
        self._band.show()
        area = self._view.mapToScene(self._band.geometry()).boundingRect()
        touched = [
            item.box.path for item in self._drawing.nodes() if area.intersects(item.scene_rect())
        ]
        notes = [
            note_key(it.name) for it in self._drawing.notes() if area.intersects(it.scene_rect())
        ]
        self._drawing.select((*self._kept, *touched, *notes))

    def release(self, pointer: Pointer) -> None:
        """Keep what is selected."""
        self._band.deleteLater()

    def cancel(self) -> None:
        """Select what was selected before."""
        self._drawing.select(self._before)
        self._band.deleteLater()


@dataclass(frozen=True, slots=True)
class End:
    """The end of a link that stays where it is while the other one follows the mouse."""

    path: str
    port: str

    @property
    def is_target(self) -> bool:
        """Whether the link ends here; else it begins here."""
        return self.port == IN

    def joins(self, hit: Hit) -> str:
        """The port that a link from here would join at what lies under the mouse; "" for none."""
        node = hit.node
        if node is None or node.box.path == self.path:
            return ""
        if self.is_target:
            return hit.port if hit.port not in ("", IN) else NEXT
        return "" if node.box.kind == "start" else IN


class DrawLink:
    """A link whose one end follows the mouse."""

    def __init__(
        self,
        view: FlowView,
        drawing: Drawing,
        ink: Ink,
        fixed: End,
        pointer: Pointer,
        dropped: Callable[[Hit, Pointer], None],
    ) -> None:
        """Begin.

        Args:
            view: where the mouse is.
            drawing: where the nodes are.
            ink: the theme.
            fixed: the end that stays.
            pointer: where the mouse was pressed.
            dropped: told what lies under the loose end when it is let go; not after a mere click.
        """
        self._view, self._drawing, self._fixed = view, drawing, fixed
        self._begin, self._dropped = pointer, dropped
        self._is_drawing = False
        self._lit: str | None = None
        self._line = QGraphicsPathItem()
        pen = QPen(ink.color("accent"), 2.2, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap)
        self._line.setPen(pen)
        self._line.setZValue(ABOVE)
        self._line.setVisible(False)
        view.add_loose(self._line)

    def move(self, pointer: Pointer) -> None:
        """Reach to the mouse, or to the port that the link would join."""
        self._is_drawing = self._is_drawing or _far(self._begin, pointer)
        if not self._is_drawing:
            return
        hit = self._view.hit(pointer.scene)
        loose = self._light(hit) or pointer.scene
        fixed = self._drawing.socket(self._fixed.path, self._fixed.port)
        begin, end = (loose, fixed) if self._fixed.is_target else (fixed, loose)
        self._line.setPath(link_path(begin, end))
        self._line.setVisible(True)
        self._view.redraw_far()

    def release(self, pointer: Pointer) -> None:
        """Let the loose end go."""
        self.move(pointer)
        self.cancel()
        if self._is_drawing:
            self._dropped(self._view.hit(pointer.scene), pointer)

    def cancel(self) -> None:
        """Take the line away."""
        self._light(Hit())
        self._view.remove_loose(self._line)

    def _light(self, hit: Hit) -> QPointF | None:
        """Make the port that the link would join stand out; where it is."""
        if self._lit is not None and self._lit in self._drawing.scene.boxes:
            self._drawing.node(self._lit).set_hovered("")
        port = self._fixed.joins(hit)
        self._lit = hit.node.box.path if hit.node is not None and port else None
        if self._lit is None:
            return None
        self._drawing.node(self._lit).set_hovered(port)
        return self._drawing.socket(self._lit, port)

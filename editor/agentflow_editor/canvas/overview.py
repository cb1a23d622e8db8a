"""Overview: a whole drawing in a few strokes, as it is seen from far away.

Thousands of nodes are in sight then, each no more than a patch. Painting them one by one takes many
times as long as painting all patches of one colour at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.regions import RegionItem, qrect
from agentflow_editor.canvas.routes import return_path

__all__ = ["Overview"]

THIN = 1.0
"""How wide lines are, in pixels."""
PALE = 0.6
"""How strong they are: in the scene they are thinner than a pixel."""


@dataclass(slots=True)
class _Layers:
    """What is painted, by colour (as `QColor.rgba` says it), the lowest first."""

    grounds: dict[int, list[QRectF]] = field(default_factory=dict[int, list[QRectF]])
    lines: dict[int, QPainterPath] = field(default_factory=dict[int, QPainterPath])
    patches: dict[int, list[QRectF]] = field(default_factory=dict[int, list[QRectF]])
    rings: list[QRectF] = field(default_factory=list[QRectF])


class Overview:
    """The nodes, links and regions of a drawing. What is painted is kept until it is forgotten."""

    def __init__(
        self,
        nodes: Callable[[], Iterable[NodeItem]],
        links: Callable[[], Iterable[LinkItem]],
        regions: Callable[[], Iterable[RegionItem]],
        notes: Callable[[], Iterable[NoteItem]],
    ) -> None:
        self._nodes, self._links, self._regions, self._notes = nodes, links, regions, notes
        self._layers: _Layers | None = None

    def forget(self) -> None:
        """The drawing is another one now."""
        self._layers = None

    def paint(self, painter: QPainter, ink: Ink) -> None:
        """Paint everything, in scene coordinates."""
        if self._layers is None:
            self._layers = self._laid()
        layers = self._layers
        for rgba, rects in layers.grounds.items():
            ground = QColor.fromRgba(rgba)
            _rectangles(painter, rects, _with_alpha(ground, 2 * ground.alpha()), ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rgba, path in layers.lines.items():
            color = QColor.fromRgba(rgba)
            painter.strokePath(path, _thin(_with_alpha(color, color.alpha() * PALE)))
        for rgba, rects in layers.patches.items():
            _rectangles(painter, rects, None, QColor.fromRgba(rgba))
        _rectangles(painter, layers.rings, ink.color("accent"), None)

    def _laid(self) -> _Layers:
        layers = _Layers()
        for region in self._regions():
            layers.grounds.setdefault(region.ground.rgba(), []).append(qrect(region.region))
            _path(layers, region.line).addPath(return_path(region.region))
        for note in self._notes():
            layers.grounds.setdefault(note.patch.rgba(), []).append(note.rect)
            if note.isSelected():
                layers.rings.append(note.rect)
        for link in self._links():
            _path(layers, link.pen().color()).addPath(link.path())
        for node in self._nodes():
            layers.patches.setdefault(node.patch.rgba(), []).append(node.scene_rect())
            if node.isSelected():
                layers.rings.append(node.scene_rect())
        return layers


def _path(layers: _Layers, color: QColor) -> QPainterPath:
    return layers.lines.setdefault(color.rgba(), QPainterPath())


def _rectangles(
    painter: QPainter, rects: list[QRectF], edge: QColor | None, ground: QColor | None
) -> None:
    painter.setPen(Qt.PenStyle.NoPen if edge is None else _thin(edge))
    painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else ground)
    painter.drawRects(rects)


def _with_alpha(color: QColor, alpha: float) -> QColor:
    other = QColor(color)
    other.setAlpha(min(round(alpha), 255))
    return other


def _thin(color: QColor) -> QPen:
    pen = QPen(color, THIN)
    pen.setCosmetic(True)
    return pen

"""Overview: a whole drawing in a few strokes, as it is seen from far away.

Thousands of nodes are in sight then, each no more than a patch. Painting them one by one takes many
times as long as painting all patches of one colour at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from agentflow_editor.canvas.ink import Ink, sign
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.paint import SIGNS
from agentflow_editor.canvas.regions import RegionItem, qrect
from agentflow_editor.canvas.routes import return_path

__all__ = ["Overview"]

THIN = 1.0
"""How wide lines are, in pixels."""
PALE = 0.6
"""How strong they are: in the scene they are thinner than a pixel."""
TOLD_BY_SIGN = frozenset(("running", "failed", "skipped", "paused", "cancelled"))
"""The statuses that are told by a sign from far away, too; few nodes have them at a time. What is
done is filled, and what has to wait is not."""
Item = TypeVar("Item")
Shape = TypeVar("Shape")


class _Shades(Generic[Item, Shape]):
    """Shapes by the colour that they are painted with, which is all that a run changes of them."""

    def __init__(self) -> None:
        self._shade_of: dict[Item, int] = {}
        self.by_shade: dict[int, dict[Item, Shape]] = {}
        """By colour as `QColor.rgba` says it."""

    def put(self, item: Item, color: QColor, shape: Shape) -> None:
        """Have an item's shape painted in a colour."""
        now = color.rgba()
        if self._shade_of.get(item) != now:
            self.drop(item)
            self._shade_of[item] = now
            self.by_shade.setdefault(now, {})[item] = shape

    def drop(self, item: Item) -> None:
        """Paint it no more."""
        before = self._shade_of.pop(item, None)
        if before is not None:
            del self.by_shade[before][item]


@dataclass(slots=True)
class _Layers:
    """What is painted, the lowest first."""

    grounds: dict[int, list[QRectF]] = field(default_factory=dict[int, list[QRectF]])
    returns: dict[int, QPainterPath] = field(default_factory=dict[int, QPainterPath])
    links: _Shades[LinkItem, QPainterPath] = field(default_factory=_Shades[LinkItem, QPainterPath])
    patches: _Shades[NodeItem, QRectF] = field(default_factory=_Shades[NodeItem, QRectF])
    frames: _Shades[NodeItem, QRectF] = field(default_factory=_Shades[NodeItem, QRectF])
    """Patches that nothing fills: what a run has not come to yet."""
    signs: dict[NodeItem, QPainterPath] = field(default_factory=dict[NodeItem, QPainterPath])
    """What stands on patches whose colour alone would not say enough."""
    rings: list[QRectF] = field(default_factory=list[QRectF])
    lines: dict[int, QPainterPath] = field(default_factory=dict[int, QPainterPath])
    """All ways back and links of a colour as one line; none while one may have another colour."""

    def put_node(self, node: NodeItem) -> None:
        """Paint a node as it is now; it stands where it stood."""
        here, other = self.patches, self.frames
        if node.status == "waiting":
            here, other = other, here
        other.drop(node)
        here.put(node, node.patch, node.scene_rect())
        self.signs.pop(node, None)
        if node.status in TOLD_BY_SIGN:
            self.signs[node] = sign(SIGNS[node.status], _square(node.scene_rect()))

    def put_link(self, link: LinkItem) -> None:
        """Paint a link as it is now; it runs where it ran."""
        self.links.put(link, link.pen().color(), link.path())
        self.lines.clear()

    def joined(self) -> dict[int, QPainterPath]:
        """The lines, by colour."""
        if not self.lines:
            self.lines = {rgba: QPainterPath(path) for rgba, path in self.returns.items()}
            for rgba, paths in self.links.by_shade.items():
                line = self.lines.setdefault(rgba, QPainterPath())
                for path in paths.values():
                    line.addPath(path)
        return self.lines


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

    def recolor(self, nodes: Iterable[NodeItem], links: Iterable[LinkItem]) -> None:
        """These have other colours now, and nothing else is otherwise than before."""
        if self._layers is not None:
            for node in nodes:
                self._layers.put_node(node)
            for link in links:
                self._layers.put_link(link)

    def paint(self, painter: QPainter, ink: Ink) -> None:
        """Paint everything, in scene coordinates."""
        if self._layers is None:
            self._layers = self._laid()
        layers = self._layers
        for rgba, rects in layers.grounds.items():
            ground = QColor.fromRgba(rgba)
            _rectangles(painter, rects, _with_alpha(ground, 2 * ground.alpha()), ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rgba, path in layers.joined().items():
            color = QColor.fromRgba(rgba)
            painter.strokePath(path, _thin(_with_alpha(color, color.alpha() * PALE)))
        for rgba, patches in layers.patches.by_shade.items():
            _rectangles(painter, list(patches.values()), None, QColor.fromRgba(rgba))
        for rgba, frames in layers.frames.by_shade.items():
            _rectangles(painter, list(frames.values()), QColor.fromRgba(rgba), None)
        for path in layers.signs.values():
            painter.fillPath(path, ink.color("canvas"))
        _rectangles(painter, layers.rings, ink.color("accent"), None)

    def _laid(self) -> _Layers:
        layers = _Layers()
        for region in self._regions():
            layers.grounds.setdefault(region.ground.rgba(), []).append(qrect(region.region))
            line = layers.returns.setdefault(region.line.rgba(), QPainterPath())
            line.addPath(return_path(region.region))
        for note in self._notes():
            layers.grounds.setdefault(note.patch.rgba(), []).append(note.rect)
            if note.isSelected():
                layers.rings.append(note.rect)
        for link in self._links():
            layers.put_link(link)
        for node in self._nodes():
            layers.put_node(node)
            if node.isSelected():
                layers.rings.append(node.scene_rect())
        return layers


def _square(rect: QRectF) -> QRectF:
    """The largest in the middle of a rectangle."""
    side = min(rect.width(), rect.height())
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


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

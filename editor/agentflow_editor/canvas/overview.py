"""Overview: a whole drawing in a few strokes, as it is seen from far away.

Thousands of nodes are in sight then, each no more than a patch. Painting them one by one takes many
times as long as painting all patches of one colour at once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from agentflow_editor.canvas.ink import Ink, sign
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.paint import SIGNS
from agentflow_editor.canvas.regions import RegionItem, qrect
from agentflow_editor.canvas.scene import LinkKey
from agentflow_editor.canvas.shades import Lines, Shades

__all__ = ["TOLD_BY_SIGN", "Found", "Overview"]

THIN = 1.0
"""How wide lines are, in pixels."""
PALE = 0.6
"""How strong they are: in the scene they are thinner than a pixel."""
TOLD_BY_SIGN = frozenset(("running", "failed", "skipped", "paused", "cancelled"))
"""The statuses that are told by a sign from far away, too; few nodes have them at a time. What is
done is filled, and what has to wait is not."""
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Found:
    """Where the items of a drawing are found; None for what is not there any more."""

    node: Callable[[str], NodeItem | None]
    link: Callable[[LinkKey], LinkItem | None]
    region: Callable[[str], RegionItem | None]
    note: Callable[[str], NoteItem | None]
    selected: Callable[[], Iterable[QGraphicsItem]]


class Overview:
    """The nodes, links, regions and notes of a drawing.

    What is painted is kept; what was touched since is looked at when it is painted the next time.
    """

    def __init__(self, found: Found) -> None:
        self._found = found
        self._grounds = Shades[str, QRectF]()
        self._sheets = Shades[str, QRectF]()
        self._returns = Lines[str]()
        self._links = Lines[LinkKey]()
        self._patches = Shades[str, QRectF]()
        self._frames = Shades[str, QRectF]()
        """Patches that nothing fills: what a run has not come to yet."""
        self._signs: dict[str, QPainterPath] = {}
        """What stands on patches whose colour alone would not say enough."""
        self._rings: list[QRectF] | None = None
        self._rects: dict[str, QRectF] = {}
        self._other_nodes, self._other_links = set[str](), set[LinkKey]()
        self._other_marks = set[str]()
        self._other_regions, self._other_notes = set[str](), set[str]()

    def touch(
        self,
        nodes: Iterable[str] = (),
        links: Iterable[LinkKey] = (),
        regions: Iterable[str] = (),
        notes: Iterable[str] = (),
        marked: Iterable[str] = (),
    ) -> None:
        """These may be new, gone, elsewhere or of another colour; marked nodes only the last."""
        self._other_marks.update(marked)
        self._other_nodes.update(nodes)
        self._other_links.update(links)
        self._other_regions.update(regions)
        self._other_notes.update(notes)
        self._rings = None

    @property
    def floor_changes(self) -> int:
        """How often what lies under the nodes became another."""
        self._catch_up()
        floor = (self._grounds, self._sheets, self._returns, self._links)
        return sum(it.changes for it in floor)

    def paint_floor(self, painter: QPainter) -> None:
        """Paint what lies under the nodes, in scene coordinates, the lowest first."""
        self._catch_up()
        for shades in (self._grounds, self._sheets):
            for rgba, rects in shades.by_shade.items():
                ground = QColor.fromRgba(rgba)
                edge = _with_alpha(ground, 2 * ground.alpha())
                _rectangles(painter, list(rects.values()), edge, ground)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines in (self._returns, self._links):
            for rgba, path in lines.joined():
                color = QColor.fromRgba(rgba)
                painter.strokePath(path, _thin(_with_alpha(color, color.alpha() * PALE)))

    def paint_nodes(self, painter: QPainter, part: QRectF | None, ink: Ink) -> None:
        """Paint the nodes that reach into a part of the scene, or all; and what is selected."""
        self._catch_up()
        for rgba, patches in self._patches.by_shade.items():
            _rectangles(painter, _within(part, patches), None, QColor.fromRgba(rgba))
        for rgba, frames in self._frames.by_shade.items():
            _rectangles(painter, _within(part, frames), QColor.fromRgba(rgba), None)
        for path, shape in self._signs.items():
            if part is None or part.intersects(self._patches.shape(path)):
                painter.fillPath(shape, ink.color("canvas"))
        if self._rings is None:
            self._rings = list(_rings(self._found.selected()))
        _rectangles(painter, self._rings, ink.color("accent"), None)

    def _catch_up(self) -> None:
        for path in _taken(self._other_regions):
            self._put_region(path, self._found.region(path))
        for name in _taken(self._other_notes):
            if (note := self._found.note(name)) is not None:
                self._sheets.put(name, note.patch, note.scene_rect())
            else:
                self._sheets.drop(name)
        for key in _taken(self._other_links):
            if (link := self._found.link(key)) is not None:
                self._links.put(key, link.pen().color(), link.path())
            else:
                self._links.drop(key)
        self._other_marks -= self._other_nodes
        for path in _taken(self._other_nodes):
            self._put_node(path, self._found.node(path))
        for path in _taken(self._other_marks):
            if (node := self._found.node(path)) is not None:
                self._color_node(path, node)

    def _put_node(self, path: str, node: NodeItem | None) -> None:
        if node is not None:
            self._rects[path] = node.scene_rect()
            self._color_node(path, node)
            return
        for shades in (self._patches, self._frames):
            shades.drop(path)
        self._rects.pop(path, None)
        self._signs.pop(path, None)

    def _color_node(self, path: str, node: NodeItem) -> None:
        rect, status = self._rects[path], node.status
        here, other = self._patches, self._frames
        if status == "waiting":
            here, other = other, here
        other.drop(path)
        here.put(path, node.patch, rect)
        if status in TOLD_BY_SIGN:
            self._signs[path] = sign(SIGNS[status], _square(rect))
        else:
            self._signs.pop(path, None)

    def _put_region(self, path: str, region: RegionItem | None) -> None:
        if region is None:
            self._grounds.drop(path)
            self._returns.drop(path)
        else:
            self._grounds.put(path, region.ground, qrect(region.region))
            self._returns.put(path, region.line, region.back)


def _taken(keys: set[Key]) -> list[Key]:
    taken = list(keys)
    keys.clear()
    return taken


def _rings(selected: Iterable[QGraphicsItem]) -> Iterator[QRectF]:
    for item in selected:
        if isinstance(item, NodeItem | NoteItem):
            yield item.scene_rect()


def _square(rect: QRectF) -> QRectF:
    """The largest in the middle of a rectangle."""
    side = min(rect.width(), rect.height())
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


def _within(part: QRectF | None, rects: Mapping[str, QRectF]) -> list[QRectF]:
    return [it for it in rects.values() if part is None or part.intersects(it)]


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

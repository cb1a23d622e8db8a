"""Drawing: shows a scene on the canvas, and changes only what has changed."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem

from agentflow_editor.canvas.areas import Region
from agentflow_editor.canvas.changes import NOTHING, Changes, diff
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.marks import LinkMark, Mark
from agentflow_editor.canvas.nodegraph import FlowGraph
from agentflow_editor.canvas.overview import Overview
from agentflow_editor.canvas.regions import RegionItem, qrect
from agentflow_editor.canvas.scene import LinkKey, Scene
from agentflow_editor.canvas.view import FlowView

__all__ = ["Drawing"]


class Drawing(QObject):
    """What stands on the canvas. It is asked to show scenes; it never makes one up."""

    def __init__(self, view: FlowView, ink: Ink, parent: QObject) -> None:
        super().__init__(parent)
        self.scene: Scene = NOTHING
        self._view = view
        self._ink = ink
        self._graph = FlowGraph(view, self)
        self._regions: dict[str, RegionItem] = {}
        self._glowing: RegionItem | None = None
        self._overview = Overview(self.nodes, self.links, self._regions.values)
        view.paint_far = self._overview.paint
        view.scene().selectionChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._overview.forget()
        self._view.redraw_far()

    def show_scene(self, scene: Scene) -> Changes:
        """Turn what stands there into another scene; what had to be changed for it."""
        changes = diff(self.scene, scene)
        for key in changes.cut:
            self._graph.remove_link(key)
        for path in changes.gone:
            self._graph.remove_box(path)
        for box in changes.new:
            self._graph.add_box(box, self._ink)
        for box in changes.other:
            self.node(box.path).show_box(box)
        for link in changes.drawn:
            self._graph.add_link(link, self._ink)
        for link in changes.relabelled:
            self._graph.link_item(link.key).show_link(link)
        self._show_regions(changes.areas_gone, changes.areas)
        self.scene = scene
        self._on_changed()
        return changes

    def _show_regions(self, gone: Iterable[str], areas: Iterable[Region]) -> None:
        for path in gone:
            item = self._regions.pop(path)
            if item is self._glowing:
                self._glowing = None
            self._view.scene().removeItem(item)
        for region in areas:
            if region.path in self._regions:
                self._regions[region.path].show_region(region)
            else:
                self._regions[region.path] = RegionItem(region, self._ink)
                self._view.scene().addItem(self._regions[region.path])

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self._ink = ink
        for item in (*self.nodes(), *self.links(), *self._regions.values()):
            item.set_ink(ink)
        self._on_changed()

    def set_marks(self, nodes: Mapping[str, Mark], links: Mapping[LinkKey, LinkMark]) -> None:
        """Show what a run says of these nodes and links; all others stay as they are."""
        for path, mark in nodes.items():
            self.node(path).set_mark(mark)
        for key, mark in links.items():
            self._graph.link_item(key).set_mark(mark)
        self._on_changed()

    def links_at(self, path: str) -> list[LinkItem]:
        """The items of the links that begin or end at a node."""
        return self.node(path).links

    def node(self, path: str) -> NodeItem:
        """The item of a node that is there."""
        return self._graph.node_item(path)

    def nodes(self) -> list[NodeItem]:
        """The items of all nodes."""
        return self._graph.node_items()

    def links(self) -> list[LinkItem]:
        """The items of all links."""
        return self._graph.link_items()

    def link_into(self, path: str) -> LinkItem | None:
        """The link that ends at a node; None where none does."""
        return next((item for item in self.links() if item.link.target == path), None)

    def link_at(self, at: QPointF, without: str = "|") -> LinkItem | None:
        """The link at a point; none that ends in a path which begins so is meant."""
        for item in self._view.scene().items(at):
            if isinstance(item, LinkItem) and not item.link.target.startswith(without):
                return item
        return None

    def selected_paths(self) -> tuple[str, ...]:
        """The paths of the selected nodes, owners before members."""
        chosen = {it.box.path for it in self._selected() if isinstance(it, NodeItem)}
        return tuple(path for path in self.scene.boxes if path in chosen) if chosen else ()

    def selected_links(self) -> tuple[LinkKey, ...]:
        """The selected links."""
        return tuple(it.link.key for it in self._selected() if isinstance(it, LinkItem))

    def _selected(self) -> list[QGraphicsItem]:
        return self._view.scene().selectedItems()

    def select(self, paths: Iterable[str]) -> None:
        """Select these nodes and nothing else."""
        wanted = [self.node(path) for path in dict.fromkeys(paths) if path in self.scene.boxes]
        before = self._selected()
        # Whoever listens is told once, when all is done.
        self._view.scene().blockSignals(True)
        for item in before:
            item.setSelected(item in wanted)
        for item in wanted:
            item.setSelected(True)
        self._view.scene().blockSignals(False)
        if self._selected() != before:
            self._view.scene().selectionChanged.emit()

    def glow(self, path: str | None) -> None:
        """Light up the region of an orchestrator, and no other one."""
        if self._glowing is not None:
            self._glowing.set_glow(False)
        self._glowing = self._regions.get(path) if path is not None else None
        if self._glowing is not None:
            self._glowing.set_glow(True)
        self._on_changed()

    def rect(self, paths: Iterable[str] = ()) -> QRectF:
        """The rectangle around some nodes and their regions; when none is named, around all."""
        wanted = set(paths) or set(self.scene.boxes)
        whole = QRectF()
        for path in wanted & set(self.scene.boxes):
            region, box = self.scene.regions.get(path), self.scene.boxes[path]
            rect = qrect(region) if region else QRectF(box.x, box.y, box.width, box.height)
            whole = whole.united(rect)
        return whole

    def socket(self, path: str, port: str) -> QPointF:
        """Where a port of a node is, in the scene."""
        return self.node(path).socket_at(port)

"""Drawing: shows a scene on the canvas, and changes only what has changed."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsItem

from agentflow_editor.canvas.areas import Rect, Region
from agentflow_editor.canvas.changes import NOTHING, Changes, diff
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.marks import LinkMark, Mark
from agentflow_editor.canvas.nodegraph import FlowGraph
from agentflow_editor.canvas.note_item import NoteItem
from agentflow_editor.canvas.overview import Found, Overview
from agentflow_editor.canvas.regions import RegionItem, qrect
from agentflow_editor.canvas.scene import LinkKey, Scene
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document.sheet import Note, is_note, note_key, note_of

__all__ = ["Drawing"]


class Drawing(QObject):
    """What stands on the canvas. It is asked to show scenes; it never makes one up."""

    marked = Signal()
    """What a run says of some nodes is shown otherwise than before."""

    def __init__(self, view: FlowView, ink: Ink, parent: QObject) -> None:
        super().__init__(parent)
        self.scene: Scene = NOTHING
        """What is to be seen, wherever its nodes are on their way."""
        self._shown: Scene = NOTHING
        self._view = view
        self.ink = ink
        """What everything is drawn with."""
        self._graph = FlowGraph(view, self)
        self._regions: dict[str, RegionItem] = {}
        self._notes: dict[str, NoteItem] = {}
        self._glowing: RegionItem | None = None
        self._selected_links: tuple[LinkKey, ...] = ()
        find_node, find_link = self._find_node, self._graph.find_link
        regions, notes = self._regions.get, self._notes.get
        found = Found(find_node, find_link, regions, notes, self._selected)
        self._overview = Overview(found)
        view.far = self._overview
        view.scene().selectionChanged.connect(self._on_selection)

    def _find_node(self, path: str) -> NodeItem | None:
        return self.node(path) if path in self.scene.boxes else None

    def _on_selection(self) -> None:
        before, self._selected_links = self._selected_links, self.selected_links()
        self._overview.touch(links=(*before, *self._selected_links))
        self._view.redraw_far()

    def show_scene(self, scene: Scene) -> Changes:
        """Turn what stands there into another scene; what had to be changed for it."""
        self.scene = scene
        return self.show_on_the_way(scene)

    def show_on_the_way(self, scene: Scene) -> Changes:
        """The same with a scene that the nodes only pass through, on their way to the other."""
        changes = diff(self._shown, scene)
        self._view.make_room(_around(changes))
        for key in changes.cut:
            self._graph.remove_link(key)
        for path in changes.gone:
            self._graph.remove_box(path)
        for box in changes.new:
            self._graph.add_box(box, self.ink)
        for box in changes.other:
            self.node(box.path).show_box(box)
        for link in changes.drawn:
            self._graph.add_link(link, self.ink)
        for link in changes.relabelled:
            self._graph.link_item(link.key).show_link(link)
        self._show_regions(changes.areas_gone, changes.areas)
        self._show_notes(changes.notes_gone, {name: scene.notes[name] for name in changes.notes})
        self._shown = scene
        self._touch(changes)
        return changes

    @property
    def shown(self) -> Scene:
        """What is seen at this moment: the scene, or its nodes on their way."""
        return self._shown

    def _touch(self, changes: Changes) -> None:
        moved = [box.path for box in changes.boxes]
        links = [it.link.key for path in moved for it in self.links_at(path)]
        links += [link.key for link in (*changes.drawn, *changes.relabelled)]
        self._overview.touch(
            nodes=(*changes.gone, *moved),
            links=(*changes.cut, *links),
            regions=(*changes.areas_gone, *(region.path for region in changes.areas)),
            notes=(*changes.notes_gone, *changes.notes),
        )
        self._view.redraw_far()

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
                self._regions[region.path] = RegionItem(region, self.ink)
                self._view.scene().addItem(self._regions[region.path])

    def _show_notes(self, gone: Iterable[str], notes: Mapping[str, Note]) -> None:
        for name in gone:
            self._view.scene().removeItem(self._notes.pop(name))
        for name, note in notes.items():
            if name in self._notes:
                self._notes[name].show_note(note)
            else:
                self._notes[name] = NoteItem(name, note, self.ink)
                self._view.scene().addItem(self._notes[name])

    def set_ink(self, ink: Ink) -> None:
        """Be drawn in another theme."""
        self.ink = ink
        for item in (*self.nodes(), *self.links(), *self._regions.values(), *self.notes()):
            item.set_ink(ink)
        self._overview.touch(self.scene.boxes, self.scene.links, self._regions, self._notes)
        self._view.redraw_far()

    def set_marks(self, nodes: Mapping[str, Mark], links: Mapping[LinkKey, LinkMark]) -> None:
        """Show what a run says of these nodes and links; all others stay as they are."""
        others = [path for path, mark in nodes.items() if self.node(path).set_mark(mark)]
        other_links = [
            key for key, mark in links.items() if self._graph.link_item(key).set_mark(mark)
        ]
        if others:
            self.marked.emit()
        if others or other_links:
            self._overview.touch(links=other_links, marked=others)
            self._view.redraw_far()

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

    def notes(self) -> list[NoteItem]:
        """The items of all notes."""
        return list(self._notes.values())

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

    def selected_keys(self) -> tuple[str, ...]:
        """The selected paths, and the keys of the selected notes."""
        notes = (note_key(it.name) for it in self._selected() if isinstance(it, NoteItem))
        return (*self.selected_paths(), *notes)

    def item(self, key: str) -> NodeItem | NoteItem:
        """The item of a node, by its path, or of a note, by its key; one that is there."""
        return self._notes[note_of(key)] if is_note(key) else self.node(key)

    def has(self, key: str) -> bool:
        """Whether a node or a note is there."""
        return note_of(key) in self._notes if is_note(key) else key in self.scene.boxes

    def _selected(self) -> list[QGraphicsItem]:
        return self._view.scene().selectedItems()

    def select(self, keys: Iterable[str]) -> None:
        """Select these nodes and notes and nothing else."""
        wanted = [self.item(key) for key in dict.fromkeys(keys) if self.has(key)]
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
        before, self._glowing = self._glowing, self._regions.get(path) if path is not None else None
        if before is not None:
            before.set_glow(False)
        if self._glowing is not None:
            self._glowing.set_glow(True)
        self._overview.touch(regions=[it.region.path for it in (before, self._glowing) if it])
        self._view.redraw_far()

    def rect(self, keys: Iterable[str] = ()) -> QRectF:
        """The rectangle around some nodes, their regions, and notes; when none is named, all."""
        scene = self.scene
        wanted = set(keys) or {*scene.boxes, *map(note_key, scene.notes)}
        whole = QRectF()
        for key in map(note_key, scene.notes):
            if key in wanted:
                whole = whole.united(self.place(key))
        for path in wanted & set(scene.boxes):
            region = scene.regions.get(path)
            whole = whole.united(qrect(region) if region else self.place(path))
        return whole

    def place(self, key: str) -> QRectF:
        """The rectangle of a node, without its region, or of a note; one that is there."""
        thing = self.scene.notes[note_of(key)] if is_note(key) else self.scene.boxes[key]
        return QRectF(thing.x, thing.y, thing.width, thing.height)

    def socket(self, path: str, port: str) -> QPointF:
        """Where a port of a node is, in the scene."""
        return self.node(path).socket_at(port)


def _around(changes: Changes) -> QRectF:
    """A rectangle around all nodes and regions that are new or elsewhere."""
    rects = [it.rect for it in (*changes.boxes, *changes.areas)]
    whole = Rect.around(rects) if rects else Rect(0, 0, 0, 0)
    return QRectF(whole.x, whole.y, whole.width, whole.height)

"""Adding: new steps, from the palette, from the search, or as copies."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.drops import PaletteDrops
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.landing import NODE, Landing, uncovered
from agentflow_editor.canvas.search import Offer, QuickAdd, offers
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.edits import Slot
from agentflow_editor.document.sheet import Sheet, note_key
from agentflow_editor.workbench import Workbench

__all__ = ["Adding"]

WIDTH, HEIGHT = NODE
"""Drops put the middle of a node under the mouse."""
GAP = 72
"""Between a step and one that is added after it."""


class Adding(QObject):
    """Adds steps, selects them, and keeps them from covering others."""

    told = Signal(str)
    """(text) what a drop would do."""

    def __init__(
        self, canvas: QWidget, view: FlowView, drawing: Drawing, bench: Workbench, edit: Edit
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._view, self._drawing = canvas, view, drawing
        self._bench, self._edit = bench, edit
        drops = PaletteDrops(view, drawing, bench, self._on_drop)
        drops.hovered.connect(self.told)

    def add(self, title: str, make: Callable[[Sheet], Sheet]) -> bool:
        """Do an edit that makes steps, and select them; whether it could be done."""
        before = self._bench.document.sheet
        if not self._edit(title, make):
            return False
        after = self._bench.document.sheet
        notes = map(note_key, after.sketch.notes.keys() - before.sketch.notes.keys())
        new = [*edits.new_paths(before, after), *notes]
        if new:
            self._bench.selection.select(new)
        self._view.setFocus()
        return True

    def _on_drop(self, kind: str, name: str, at: QPointF, landing: Landing) -> None:
        flow, middle = self._bench.document.sheet.flow, at - QPointF(WIDTH / 2, HEIGHT / 2)
        corner = QPointF(
            *uncovered(self._drawing.scene, flow, landing.slot, middle.toTuple()),
        )
        self.add("Add Step", lambda sheet: self._added(sheet, kind, name, corner, landing.slot))

    def _added(
        self, sheet: Sheet, kind: str, name: str, at: QPointF, slot: Slot | None = None
    ) -> Sheet:
        corner, catalogue = _corner(at), self._bench.catalogue
        if kind == "mode":
            return edits.add_orchestrator(sheet, name, corner, catalogue=catalogue, slot=slot)
        if kind == "agent":
            return edits.add_use(sheet, name, corner, slot=slot)
        return edits.add_agent(sheet, name, corner, catalogue=catalogue, slot=slot)

    def search(self) -> None:
        """Open the list at the mouse; what is chosen follows the selected step, if there is one."""
        mouse = self._canvas.mapFromGlobal(QCursor.pos())
        if not self._canvas.rect().contains(mouse):
            mouse = self._canvas.rect().center() - QPoint(210, 160)
        path = self._bench.selection.current
        at = self._view.mapToScene(mouse)
        if path is None or path not in self._drawing.scene.boxes:
            self._open(mouse, lambda offer: self._add_at(offer, at, None))
        else:
            self._open(mouse, lambda offer: self._add_after(offer, path))

    def search_after(self, path: str, port: str, at: QPointF) -> None:
        """Open the list where a link was let go; what is chosen is linked to where it began."""
        here = self._view.mapFromScene(at)

        def linked(sheet: Sheet, offer: Offer) -> Sheet:
            corner = at - QPointF(0, HEIGHT / 2)
            after = self._added(sheet, offer.kind, offer.name, corner)
            return edits.link(after, path, port, edits.new_paths(sheet, after)[0])

        self._open(here, lambda offer: self.add("Add Step", lambda sheet: linked(sheet, offer)))

    def _open(self, at: QPoint, chosen: Callable[[Offer], object]) -> None:
        listed = offers(self._bench.document.sheet.flow, self._bench.catalogue)
        search = QuickAdd(listed, self._bench.theme.theme, self._canvas)
        search.chosen.connect(chosen)
        search.closed.connect(self._view.setFocus)
        search.open_at(at)

    def _add_at(self, offer: Offer, at: QPointF, slot: Slot | None) -> None:
        self.add("Add Step", lambda sheet: self._added(sheet, offer.kind, offer.name, at, slot))

    def _add_after(self, offer: Offer, path: str) -> None:
        region, box = self._drawing.scene.regions.get(path), self._drawing.scene.boxes[path]
        right = region.rect.right if region else box.rect.right
        at = self._free(QPointF(right + GAP, box.y))
        place = next(
            (it for it in self._bench.document.sheet.flow.places() if it.path == path), None
        )
        slot = Slot(place.owner, place.chain, place.index + 1) if place else Slot("", 0, 0)
        self._add_at(offer, at, slot)

    def _free(self, at: QPointF) -> QPointF:
        """The nearest point at or below one where a new node covers none."""
        rects = [item.scene_rect() for item in self._drawing.nodes()]
        spot = QRectF(at.x(), at.y(), WIDTH, HEIGHT)
        while any(spot.intersects(rect) for rect in rects):
            spot.translate(0, 24)
        return spot.topLeft()


def _corner(at: QPointF) -> tuple[int, int]:
    return round(at.x() / 8) * 8, round(at.y() / 8) * 8

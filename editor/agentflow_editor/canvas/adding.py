"""Adding: new steps, from the palette, from the search, or as copies."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from agentflow.flow.flow import Orchestrator, Place
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.drops import PaletteDrops
from agentflow_editor.canvas.hands import Edit
from agentflow_editor.canvas.landing import NODE, ORCHESTRATOR, Landing, member_slot, uncovered
from agentflow_editor.canvas.search import Offer, QuickAdd, offers
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.edits import Slot
from agentflow_editor.document.ports import NEXT
from agentflow_editor.document.room import forgetting, settled
from agentflow_editor.document.sheet import Sheet, note_key
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.workbench import Workbench

__all__ = ["Adding"]

WIDTH, HEIGHT = NODE
"""Drops put the middle of a node under the mouse."""
GROUND = "Add an agent, an orchestrator or a note…"
LONGEST = 30
"""Characters of a name in the field's hint."""
GAP = 72
"""Between a step and one that is added after it."""


class Adding(QObject):
    """Adds steps, selects them, and keeps them from covering others."""

    told = Signal(str)
    """(text) what a drop would do."""
    added = Signal(str)
    """(key) of the one step or note that was added elsewhere than under a hand."""
    note_wanted = Signal(QPointF)
    """(point in the scene): a note is to be written there."""

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
        new = self._add(title, make)
        if new and len(new) == 1:
            self.added.emit(new[0])
        return new is not None

    def _add(self, title: str, make: Callable[[Sheet], Sheet]) -> list[str] | None:
        before = self._bench.document.sheet
        if not self._edit(title, make):
            return None
        after = self._bench.document.sheet
        notes = map(note_key, after.sketch.notes.keys() - before.sketch.notes.keys())
        new = [*edits.new_paths(before, after), *notes]
        if new:
            self._bench.selection.select(new)
        return new

    def _on_drop(self, kind: str, name: str, at: QPointF, landing: Landing) -> None:
        flow, middle = self._bench.document.sheet.flow, at - QPointF(WIDTH / 2, HEIGHT / 2)
        size = ORCHESTRATOR if kind == "mode" else NODE
        corner = QPointF(
            *uncovered(self._drawing.scene, flow, landing.slot, middle.toTuple(), size=size),
        )
        # What had to go aside is looked for; else it stands under the hand.
        add = self._add if corner == middle else self.add
        add("Add Step", lambda sheet: self._added(sheet, kind, name, corner, landing.slot))
        self._view.setFocus()

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
        """Open the list at the mouse; what is chosen follows the selected step, if there is one.

        Where the mouse is elsewhere, the first step of a flow follows the start.
        """
        mouse, path = self._mouse(), self._bench.selection.current
        if path is None and not (self._is_pointed or self._bench.document.sheet.flow.root.steps):
            path = ""
        if path is not None and path in self._drawing.scene.boxes:
            self._search_beside(mouse, path)
            return
        at = self._view.mapToScene(mouse)
        self._open(mouse, GROUND, lambda offer: self._add_on_ground(offer, at), on_ground=True)

    def search_beside(self) -> None:
        """Open the list for a step that follows the selected one, or begins the flow."""
        self._search_beside(self._near_current(), self._bench.selection.current or "")

    def search_inside(self) -> None:
        """Open the list for a member of the selected orchestrator, in the branch that is meant."""
        path, chain = self._bench.selection.current, self._bench.selection.chain
        step = self._bench.document.sheet.flow.at(path) if path else None
        if path and isinstance(step, Orchestrator):
            slot = member_slot(path, step, chain)
            hint = f"A member of {on_one_line(step.name, LONGEST)}…"
            self._open(self._near_current(), hint, lambda offer: self._add_into(offer, path, slot))

    def search_after(self, path: str, port: str, at: QPointF) -> None:
        """Open the list where a link was let go; what is chosen is linked to where it began."""
        here, corner = self._view.mapFromScene(at), at - QPointF(0, HEIGHT / 2)

        def linked(sheet: Sheet, offer: Offer) -> Sheet:
            after = self._added(sheet, offer.kind, offer.name, corner)
            return edits.link(after, path, port, edits.new_paths(sheet, after)[0])

        hint = f"What comes after {self._named(path)}…"
        if port != NEXT:
            ports = {it.name: it.label for it in self._drawing.scene.boxes[path].ports}
            hint = f"What begins {on_one_line(ports[port], LONGEST)!r} of {self._named(path)}…"
        self._open(here, hint, lambda it: self.add("Add Step", lambda sheet: linked(sheet, it)))

    def search_before(self, path: str, at: QPointF) -> None:
        """Open the list where a link into a step was let go; what is chosen leads to that."""
        place = self._place(path)
        if place is None:
            return
        corner = at - QPointF(WIDTH, HEIGHT / 2)
        slot = Slot(place.owner, place.chain, place.index)
        hint = f"What comes before {self._named(path)}…"
        self._open(
            self._view.mapFromScene(at), hint, lambda offer: self._add_at(offer, corner, slot)
        )

    def _open(
        self,
        at: QPoint,
        hint: str,
        chosen: Callable[[Offer], object],
        *,
        on_ground: bool = False,
    ) -> None:
        flow, catalogue = self._bench.document.sheet.flow, self._bench.catalogue
        listed = offers(flow, catalogue, on_ground=on_ground)
        search = QuickAdd(hint, listed, self._bench.theme.theme, self._canvas)
        home = QApplication.focusWidget() or self._view
        search.chosen.connect(chosen)
        search.closed.connect(home.setFocus)
        search.open_at(at)

    def _add_on_ground(self, offer: Offer, at: QPointF) -> None:
        size = ORCHESTRATOR if offer.kind == "mode" else NODE
        flow, corner = self._bench.document.sheet.flow, (at.x(), at.y())
        free = uncovered(self._drawing.scene, flow, None, corner, size=size)
        self._add_at(offer, QPointF(*free), None)

    def _add_at(self, offer: Offer, at: QPointF, slot: Slot | None) -> None:
        if offer.kind == "note":
            self.note_wanted.emit(at)
        else:
            self.add("Add Step", lambda sheet: self._added(sheet, offer.kind, offer.name, at, slot))

    def _add_into(self, offer: Offer, path: str, slot: Slot) -> None:
        def added(sheet: Sheet) -> Sheet:
            after = self._added(sheet, offer.kind, offer.name, QPointF(0, 0), slot)
            placed = forgetting(after, edits.new_paths(sheet, after))
            return settled(sheet, placed, self._bench.catalogue, ())

        self.add("Add Step", added)

    def _search_beside(self, at: QPoint, path: str) -> None:
        hint = f"What comes after {self._named(path)}…"
        self._open(at, hint, lambda offer: self._add_after(offer, path))

    def _add_after(self, offer: Offer, path: str) -> None:
        place = self._place(path)
        slot = Slot(place.owner, place.chain, place.index + 1) if place else Slot("", 0, 0)
        if path not in self._drawing.scene.boxes:
            self._add_into(offer, path, slot)
            return
        region, box = self._drawing.scene.regions.get(path), self._drawing.scene.boxes[path]
        right = region.rect.right if region else box.rect.right
        self._add_at(offer, self._free(QPointF(right + GAP, box.y)), slot)

    def _place(self, path: str) -> Place | None:
        return next(
            (it for it in self._bench.document.sheet.flow.places() if it.path == path), None
        )

    def _named(self, path: str) -> str:
        box = self._drawing.scene.boxes.get(path)
        return repr(on_one_line(box.title, LONGEST)) if box and path else "the start"

    def _mouse(self) -> QPoint:
        if self._is_pointed:
            return self._canvas.mapFromGlobal(QCursor.pos())
        return self._canvas.rect().center() - QPoint(210, 160)

    @property
    def _is_pointed(self) -> bool:
        """Whether the mouse is over the canvas."""
        return self._canvas.rect().contains(self._canvas.mapFromGlobal(QCursor.pos()))

    def _near_current(self) -> QPoint:
        """Beside the selected step, where that is seen."""
        box = self._drawing.scene.boxes.get(self._bench.selection.current or "")
        if box is not None:
            at = self._view.mapFromScene(QPointF(box.rect.right + 24, box.y))
            if self._canvas.rect().contains(at):
                return at
        return self._mouse()

    def _free(self, at: QPointF) -> QPointF:
        """The nearest point at or below one where a new node covers none."""
        rects = [self._drawing.place(path) for path in self._drawing.scene.boxes]
        spot = QRectF(at.x(), at.y(), WIDTH, HEIGHT)
        while any(spot.intersects(rect) for rect in rects):
            spot.translate(0, 24)
        return spot.topLeft()


def _corner(at: QPointF) -> tuple[int, int]:
    return round(at.x() / 8) * 8, round(at.y() / 8) * 8

"""Canvas: the flow as a drawing that can be worked on."""

from collections.abc import Callable, Hashable, Iterable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QCursor, QImage, QPainter, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow.flow.flow import Orchestrator
from agentflow.problem import Problem
from agentflow_editor.canvas.adding import Adding
from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.breadcrumb import Breadcrumb
from agentflow_editor.canvas.drafting import Drafter, build_scene
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.folding import hidden_by, with_hidden
from agentflow_editor.canvas.glide import Glide
from agentflow_editor.canvas.hands import Hands
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.minimap import Minimap
from agentflow_editor.canvas.noting import Noting
from agentflow_editor.canvas.offering import Offering
from agentflow_editor.canvas.rename import NameField
from agentflow_editor.canvas.render import render_flow
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.canvas.scope import Scope, owners
from agentflow_editor.canvas.status import RunStatus
from agentflow_editor.canvas.toast import Toast
from agentflow_editor.canvas.touch import Hit
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.canvas.walking import Way, step_towards
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.layout import arrange
from agentflow_editor.document.room import settled
from agentflow_editor.document.sheet import Sheet, is_note, note_key, note_of
from agentflow_editor.settings import Camera
from agentflow_editor.theme import Theme
from agentflow_editor.workbench import Workbench

__all__ = ["Canvas"]

HINT_ROOM = 120
"""What the hint takes below the start of an empty flow."""
CRUMBS_ROOM = 48
"""What the breadcrumb takes above what was gone into."""
LEGIBLE = 0.6
"""The least zoom at which a step that was asked for is shown."""
STEP = 1.2
"""What one zoom in makes everything larger by."""


class Canvas(QWidget):
    """Shows the document and turns what a person does on it into edits of the document."""

    message = Signal(str)
    """(text) for the status bar: what a drop would do, why something could not be done."""
    activated = Signal(str)
    """(path) of an agent's node that was double-clicked, or chosen with Enter."""
    context_menu_requested = Signal(str, QPoint)
    """(path, global position); the path is "" on empty ground and on the start."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        ink = Ink(workbench.theme.theme)
        self._view = FlowView(ink)
        self._drawing = Drawing(self._view, ink, self)
        self._toast = Toast(self)
        self._glide = Glide(self._drawing, lambda: workbench.preferences.current.reduced_motion)
        self._hands = Hands(self._view, self._drawing, ink, workbench, self.edit, self)
        self._adding = Adding(self, self._view, self._drawing, workbench, self.edit)
        self._noting = Noting(self._view, self._drawing, workbench, self.edit, self.spot)
        self._scope = Scope()
        self._outside: Camera | None = None
        self.breadcrumb = Breadcrumb(self, self._view, workbench.theme.theme)
        self._offering = Offering(
            self, self._drawing, workbench, self.edit, self._picture, self._refresh
        )
        self.minimap = Minimap(self, self._view, self._drawing, workbench.theme.theme)
        self._status = RunStatus(self._drawing, workbench.trace, workbench.breakpoints, self)
        self._is_selecting = self._was_shown = False
        self._problems = workbench.document.problems
        self._drafter = Drafter(workbench.catalogue)
        self._drawn = workbench.document.sheet
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)
        self._listen()
        self._refresh()

    def _listen(self) -> None:
        bench = self._bench
        bench.document.changed.connect(self._on_document)
        bench.document.problems_changed.connect(self._on_problems)
        bench.selection.changed.connect(self._on_selection)
        bench.selection.changed.connect(self._come_into_sight)
        bench.theme.changed.connect(self._paint)
        self._view.scene().selectionChanged.connect(self._on_selected)
        self._view.double_clicked.connect(self._on_double_click)
        self._view.escaped.connect(self._on_escape)
        self._view.pressed.connect(self._glide.finish)
        self.breadcrumb.wanted.connect(self.go_to)
        self._view.menu_wanted.connect(self._on_menu_wanted)
        self._hands.asked.connect(self._offering.ask)
        self._hands.step_wanted.connect(self._adding.search_after)
        self._hands.step_wanted_before.connect(self._adding.search_before)
        self._adding.told.connect(self.message)
        self._adding.note_wanted.connect(self._noting.add)
        self._hands.told.connect(self.message)

    # What is shown

    def _on_document(self, before: Sheet, after: Sheet) -> None:
        if self.inside and before.flow is not after.flow:
            self._scope.follow(edits.followed(before, after))
        is_placing = before.flow is after.flow and before.layout is not after.layout
        stood = self._drawing.scene
        self._refresh()
        if is_placing:
            self._glide.begin({path: (box.x, box.y) for path, box in stood.boxes.items()})

    def collapse_selected(self) -> None:
        """Draw the selected orchestrators as one node each, or with all they own again."""
        sheet, paths = self._bench.document.sheet, self._drawing.selected_paths()
        chosen = [it for it in paths if isinstance(sheet.flow.at(it), Orchestrator)]
        shut = self._scope.shut(sheet.sketch.collapsed)
        is_collapsed = any(path not in shut for path in chosen)

        def collapsed(before: Sheet) -> Sheet:
            after = edits.collapse(before, chosen, is_collapsed=is_collapsed)
            return settled(before, after, self._bench.catalogue, ())

        if chosen:
            self.edit("Collapse" if is_collapsed else "Expand", collapsed)

    def _unfold(self, path: str) -> None:
        """Let a step be seen that is not, since its owner is collapsed or it is elsewhere."""
        camera = self.camera
        if self._scope.uncover(path, self._bench.document.sheet.sketch.collapsed):
            self._outside = camera
            self._refresh()
            self.frame_all()

    @property
    def inside(self) -> str:
        """The path of the orchestrator that was gone into; "" while the whole flow is shown."""
        return self._scope.inside

    def go_into(self) -> None:
        """Show only the selected orchestrator and its members; of others, what Enter is for."""
        keys = self._bench.selection.keys
        if len(keys) == 1:
            self._enter(keys[0])

    def _enter(self, key: str) -> None:
        if is_note(key):
            self._noting.write(note_of(key))
        elif not isinstance(self._bench.document.sheet.flow.at(key), Orchestrator):
            self.activated.emit(key)
        elif key != self.inside:
            self._outside = self.camera
            self._scope.inside = key
            self._refresh()
            self.frame_all()

    def go_up(self) -> None:
        """Show what is around the orchestrator that was gone into."""
        if self.inside:
            self.go_to(next(owners(self.inside), ""))

    def go_to(self, path: str) -> None:
        """Show the inside of an orchestrator around this one, or the whole flow for ""."""
        left = self.inside
        if path == left:
            self._view.setFocus()
            return
        camera, self._scope.inside = self.camera, path
        self._refresh()
        if path:
            self.frame_all()
        else:
            self.look_as(camera)
        hiding = hidden_by(left, self._scope.shut(self._bench.document.sheet.sketch.collapsed))
        self._bench.selection.select([*hiding, left][:1])
        self._view.setFocus()

    def _on_escape(self) -> None:
        if self.inside:
            self.go_up()
        else:
            self._drawing.select([])

    def _on_double_click(self, key: str) -> None:
        shut = self._scope.shut(self._bench.document.sheet.sketch.collapsed)
        if is_note(key) or key in shut:
            self._enter(key)
        else:
            self.activated.emit(key)

    def _show_levels(self) -> None:
        paths = [*reversed(list(owners(self.inside))), self.inside] if self.inside else []
        flow = self._bench.document.sheet.flow
        named = [(path, step.name) for path in paths if (step := flow.at(path)) is not None]
        self.breadcrumb.show_levels([("", flow.name or "Whole flow"), *named])

    def _refresh(self, *_: object) -> None:
        """Show the document as it is now."""
        bench = self._bench
        self._view.give_up()  # what a gesture began with is no longer there
        self._glide.stop()
        self._drawn = bench.document.sheet
        scene = self._drafter.draw(bench.document.sheet, self._problems)
        scene = self._scope.applied(scene, bench.document.sheet.sketch.collapsed)
        is_empty = set(scene.boxes) == {""} and not scene.notes
        became_empty = is_empty and len(self._drawing.scene.boxes) > 1
        self._is_selecting = True  # nodes that vanish must not take the selection with them
        self._status.show_on(self._drawing.show_scene(scene))
        self._is_selecting = False
        self._on_selection()
        self._view.show_hint(_below(scene.boxes[""].rect) if is_empty else None)
        self._show_levels()
        if became_empty and self._was_shown:
            self.frame_all()  # else the hint may stand half outside
        self.minimap.refresh()

    def _picture(self, sheet: Sheet) -> Scene:
        """What would be shown of a sheet."""
        scene = build_scene(sheet, self._bench.catalogue)
        return self._scope.applied(scene, sheet.sketch.collapsed)

    def _on_problems(self, problems: tuple[Problem, ...]) -> None:
        # They come soon after the edit that made them, so that finding them delays no gesture.
        self._problems = problems
        self._refresh()

    def _paint(self, theme: Theme) -> None:
        ink = Ink(theme)
        self._view.set_ink(ink)
        self._drawing.set_ink(ink)
        self._hands.ink = ink
        self.minimap.paint_in(theme)
        self.breadcrumb.paint_in(theme)

    def _on_selection(self, *_: object) -> None:
        if self._is_selecting:
            return
        self._is_selecting = True
        self._drawing.select(self._bench.selection.keys)
        self._is_selecting = False

    def _come_into_sight(self, paths: tuple[str, ...]) -> None:
        """Show the step that was selected elsewhere, where nothing of it is seen."""
        is_stale = self._drawn is not self._bench.document.sheet
        if self._is_selecting or is_stale or len(paths) != 1:
            return
        self._unfold(paths[0])
        if paths[0] not in self._drawing.scene.boxes:
            return
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        if self._was_shown and not seen.intersects(self._drawing.rect(paths)):
            self.reveal(paths[0])

    def _on_selected(self) -> None:
        if self._is_selecting:
            return
        self._is_selecting = True
        self._bench.selection.select(self._drawing.selected_keys())
        self._is_selecting = False

    def _on_menu_wanted(self, hit: Hit, where: QPoint) -> None:
        path = hit.node.box.path if hit.node is not None else ""
        if hit.node is not None and not hit.node.isSelected():
            self._drawing.select([path])
        elif hit.link is not None:
            self._drawing.select([])
            hit.link.setSelected(True)
        elif hit.note is not None and not hit.note.isSelected():
            self._drawing.select([note_key(hit.note.name)])
        self.context_menu_requested.emit(path, where)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.frame_all()

    # What is done

    def edit(
        self, title: str, make: Callable[[Sheet], Sheet], merge_key: Hashable | None = None
    ) -> bool:
        """Do an edit on the document; where it is refused, say why and show the document again."""
        try:
            after = make(self._bench.document.sheet)
        except EditError as error:
            self._refresh()
            self.tell(str(error))
            return False
        self._bench.document.edit(title, after, merge_key=merge_key)
        return True

    def tell(self, text: str) -> None:
        """Say something near the mouse and in the status bar."""
        near = self.mapFromGlobal(QCursor.pos())
        self._toast.tell(text, near if self.rect().contains(near) else self.rect().center())
        self.message.emit(text)

    def delete_selected(self) -> None:
        """Delete the selected steps, links and notes; or only the branch or case that is meant."""
        path, chain = self._bench.selection.current, self._bench.selection.chain
        if path is not None and chain is not None:
            self.edit("Delete Branch", lambda sheet: edits.remove_chain(sheet, path, chain))
            return
        links, notes = self._drawing.selected_links(), self._bench.selection.notes
        paths = tuple(path for path in self._drawing.selected_paths() if path)

        if links or paths or notes:
            self.edit("Delete", lambda sheet: edits.delete(sheet, paths, links, notes))

    def duplicate_selected(self) -> None:
        """Put a copy of the selected steps and notes beside them."""
        paths = tuple(path for path in self._drawing.selected_paths() if path)
        notes = self._bench.selection.notes
        if paths or notes:
            self._adding.add("Duplicate", lambda sheet: edits.duplicate(sheet, paths, notes))

    def add_note(self) -> None:
        """Write a new note at the mouse, or in the middle of what is seen."""
        self._noting.add()

    def nudge(self, across: int, down: int) -> None:
        """Move the selected steps, with all they own, and notes by so much."""
        self._glide.finish()
        keys, scene = self._drawing.selected_keys(), self._drawing.scene
        moving = (*scene.with_members(keys), *filter(is_note, keys))
        places = {key: scene.place_of(key) for key in moving}
        moved = {key: (x + across, y + down) for key, (x, y) in places.items()}
        positions = with_hidden(self._bench.document.sheet.layout, moved)
        self.edit("Move", lambda sheet: edits.place(sheet, positions), ("nudge", keys))

    def resize_notes(self, across: int, down: int) -> None:
        """Make the selected notes larger by so much."""
        names = self._bench.selection.notes

        def resized(sheet: Sheet) -> Sheet:
            for name in names:
                note = sheet.sketch.notes[name]
                sheet = edits.resize_note(sheet, name, note.width + across, note.height + down)
            return sheet

        self.edit("Resize Note", resized, ("resize", names))

    def rename_current(self) -> None:
        """Open a field over the title of the selected step, or over the selected note."""
        path, keys = self._bench.selection.current, self._bench.selection.keys
        if len(keys) == 1 and is_note(keys[0]):
            self._enter(keys[0])
        if not path or path not in self._drawing.scene.boxes:
            return
        box = self._drawing.scene.boxes[path]
        zoom = max(self._view.zoom, 0.6)
        corner = self._view.mapFromScene(QPointF(box.x + 46, box.y + 4))
        place = QRect(corner, QSize(round((box.width - 52) * zoom), 26))

        def rename(name: str) -> bool:
            return self.edit("Rename", lambda sheet: edits.rename(sheet, path, name))

        field = NameField(box.title, place, rename, self._view)
        self._view.camera_moved.connect(field.finish)

    def open_search(self) -> None:
        """Open the list that adds a step, at the mouse where that is over the canvas."""
        self._adding.search()

    def add_after(self) -> None:
        """Open the list that adds a step after the selected one."""
        self._adding.search_beside()

    def add_inside(self) -> None:
        """Open the list that adds a member to the selected orchestrator."""
        self._adding.search_inside()

    def spot(self) -> tuple[int, int]:
        """Where something new is to stand: at the mouse, or in the middle of what is seen."""
        near = self._view.mapFromGlobal(QCursor.pos())
        is_over = self._view.rect().contains(near)
        at = self._view.mapToScene(near) if is_over else self._view.center
        return round(at.x() / 8) * 8, round(at.y() / 8) * 8

    def select_all(self) -> None:
        """Select every step and note."""
        scene = self._drawing.scene
        self._drawing.select([*(path for path in scene.boxes if path), *map(note_key, scene.notes)])

    def arrange(self, paths: Iterable[str] | None = None) -> None:
        """Lay out these steps, or all that are shown, anew."""
        shown = (self.inside,) if self.inside else None
        chosen = tuple(paths) if paths is not None else shown

        def laid_out(sheet: Sheet) -> Sheet:
            return sheet.with_layout(arrange(sheet, self._bench.catalogue, chosen))

        if self.edit("Lay Out", laid_out) and paths is None:
            self.frame_all()

    def arrange_selected(self) -> None:
        """Lay out the selected steps anew, with all that they own, where they stand."""
        paths = tuple(path for path in self._drawing.selected_paths() if path)
        if paths:
            self.arrange(paths)

    # How it is looked at

    def frame(self, paths: Iterable[str] | None = None) -> None:
        """Look at these steps, or at the selected ones, or at everything."""
        self._view.show_rect(self._drawing.rect(paths or self._drawing.selected_keys()))

    def reveal(self, path: str) -> None:
        """Bring a step, or a note by its key, into sight, where it is not."""
        if not is_note(path):
            self._unfold(path)
        if not self._drawing.has(path):
            return
        rect = self._drawing.item(path).scene_rect()
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        if not seen.contains(rect) or self._view.zoom < LEGIBLE:
            self._view.look_at(rect.center(), max(self._view.zoom, LEGIBLE))

    def frame_all(self) -> None:
        """Look at everything, or at all of what was gone into."""
        rect = self._drawing.rect([self.inside] if self.inside else (), self._glide.truth)
        is_empty = set(self._drawing.scene.boxes) == {""}
        room = HINT_ROOM if is_empty else 0
        self._view.show_rect(rect.adjusted(0, -CRUMBS_ROOM if self.inside else 0, 0, room))

    @property
    def camera(self) -> Camera:
        """What is in the middle, and the zoom; those of the whole flow."""
        if self.inside and self._outside is not None:
            return self._outside
        center = self._view.center
        return center.x(), center.y(), self._view.zoom

    def look_as(self, camera: Camera) -> None:
        """Look as somebody has looked before."""
        x, y, zoom = camera
        self._view.look_at(QPointF(x, y), zoom)

    def walk(self, way: Way) -> None:
        """Select what lies in a way from the selected step or note, and bring it into sight."""
        scene, selected = self._drawing.scene, self._drawing.selected_keys()
        to = step_towards(scene, selected[-1], way) if selected else self.inside
        if to is not None:
            self._bench.selection.select([to])
            self.reveal(to)

    def toggle_minimap(self) -> None:
        """Show the minimap while not everything is seen, or not at all."""
        self.minimap.toggle()

    def zoom_in(self) -> None:
        """Make everything larger."""
        self._view.zoom_by(STEP)

    def zoom_out(self) -> None:
        """Make everything smaller."""
        self._view.zoom_by(1 / STEP)

    def reset_zoom(self) -> None:
        """Look at everything in its actual size."""
        self._view.look_at(self._view.center, 1.0)

    def render_image(self, scale: float = 2.0) -> QImage:
        """All of the drawing as it is now, a run's marks included."""
        rect = self._drawing.rect().adjusted(-24, -24, 24, 24)
        image = QImage((rect.size() * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(self._bench.theme.theme.color("canvas"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._view.scene().render(painter, QRectF(image.rect()), rect)
        painter.end()
        return image

    def save_picture(self, path: Path) -> None:
        """Write the flow as a PNG, or as an SVG where the name says so.

        Raises:
            OSError: the file cannot be written.
        """
        bench = self._bench
        render_flow(bench.document.sheet, bench.catalogue, bench.theme.theme, path)


def _below(rect: Rect) -> QPointF:
    return QPointF(rect.middle[0], rect.bottom)

"""Canvas: the flow as a drawing that can be worked on."""

from collections.abc import Callable, Hashable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QCursor, QImage, QPainter, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agentflow.problem import Problem
from agentflow_editor.canvas.adding import Adding
from agentflow_editor.canvas.areas import Rect
from agentflow_editor.canvas.breadcrumb import Breadcrumb
from agentflow_editor.canvas.chosen import Chosen
from agentflow_editor.canvas.diving import Diving
from agentflow_editor.canvas.drafting import Drafter, build_scene
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.glide import Glide
from agentflow_editor.canvas.hands import Hands
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.looking import Looking
from agentflow_editor.canvas.minimap import Minimap
from agentflow_editor.canvas.noting import Noting
from agentflow_editor.canvas.offering import Offering
from agentflow_editor.canvas.origins import origins
from agentflow_editor.canvas.placing import Placing
from agentflow_editor.canvas.rename import Renaming
from agentflow_editor.canvas.render import render_flow
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.canvas.scope import Scope
from agentflow_editor.canvas.selecting import Selecting
from agentflow_editor.canvas.sight import Sight
from agentflow_editor.canvas.status import RunStatus
from agentflow_editor.canvas.toast import Toast
from agentflow_editor.canvas.touch import Hit
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.canvas.walking import Walking
from agentflow_editor.canvas.watching import Watching
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.sheet import Sheet, is_note, note_key, note_of
from agentflow_editor.looks.theme import Theme
from agentflow_editor.workbench import Workbench

__all__ = ["Canvas"]


class Canvas(QWidget):
    """Shows the document and turns what a person does on it into edits of the document.

    It brings its parts together. Those that somebody else asks something of are public.
    """

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
        self._view = view = FlowView(ink)
        self._drawing = drawing = Drawing(view, ink, self)
        self._toast = Toast(self)
        is_still = lambda: workbench.preferences.current.reduced_motion  # noqa: E731
        self._glide = Glide(drawing, view, is_still)
        self._hands = Hands(view, drawing, ink, workbench, self.edit, self)
        self._scope = scope = Scope()
        self.looking = Looking(view, drawing, scope)
        self.adding = Adding(self, view, drawing, workbench, self.edit)
        self.noting = Noting(view, drawing, workbench, self.edit, self.looking)
        self.breadcrumb = Breadcrumb(self, view, workbench.theme.theme)
        self.looking.covered = lambda: self.breadcrumb.geometry().bottom()
        self.diving = Diving(view, scope, self.looking, self.breadcrumb, workbench)
        self._offering = Offering(
            self, drawing, workbench, self._edit_as_shown, self._picture, self._refresh
        )
        self.minimap = Minimap(self, view, drawing, workbench.theme.theme)
        self._sight = sight = Sight(view, drawing, (self.breadcrumb, self.minimap))
        self.watching = Watching(view, drawing, scope, sight, workbench)
        self._status = RunStatus(drawing, workbench.trace, workbench.breakpoints, self)
        self.selecting = Selecting(view, drawing, workbench.selection, self)
        self.walking = Walking(drawing, self.diving, workbench.selection)
        self.placing = Placing(drawing, scope, self.looking, workbench, self.edit)
        renaming = Renaming(view, drawing, self.edit)
        self.chosen = Chosen(
            drawing, scope, workbench, self.edit, self.adding, self.noting, renaming
        )
        self._was_shown = False
        self._is_another = False
        """Whether the document shows another flow from now on, and not an edit of this one."""
        self._problems = self._told = workbench.document.problems
        """What was found last, and what of that is drawn."""
        self._drafter = Drafter(workbench.catalogue)
        self._drawn = workbench.document.sheet
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.setFocusProxy(view)
        self._listen()
        self._refresh()

    def _listen(self) -> None:
        bench = self._bench
        bench.document.begun.connect(self._on_begun)
        bench.document.changed.connect(self._on_document)
        bench.document.problems_changed.connect(self._on_problems)
        bench.theme.changed.connect(self._paint)
        self.selecting.selected_elsewhere.connect(self._come_into_sight)
        self.diving.moved.connect(self._refresh)
        self.diving.opened.connect(self._open)
        self._view.let_go.connect(self._tell_problems)
        self._view.double_clicked.connect(self._on_double_click)
        self._view.escaped.connect(self._on_escape)
        self._view.menu_wanted.connect(self._on_menu_wanted)
        self._hands.asked.connect(self._offering.ask)
        self._hands.step_wanted.connect(self.adding.search_after)
        self._hands.step_wanted_before.connect(self.adding.search_before)
        self.adding.told.connect(self.message)
        self.adding.added.connect(self._show_new)
        self.adding.note_wanted.connect(self.noting.add)
        self._hands.told.connect(self.message)
        self.watching.told.connect(self.message)

    def _on_begun(self) -> None:
        self._is_another = True

    def _on_document(self, before: Sheet, after: Sheet) -> None:
        is_another, self._is_another = self._is_another, False
        self.diving.follow(before, after)
        drawn = self._drawing.shown
        self._refresh()
        if not is_another:
            self._glide.begin(origins(drawn, self._drawing.scene, before, after))

    def _refresh(self, *_: object) -> None:
        """Show the document as it is now."""
        self._glide.stop()
        self._show()

    def _show(self) -> None:
        bench, self._told = self._bench, self._problems
        self._view.give_up()  # what a gesture began with is no longer there
        self._drawn = bench.document.sheet
        scene = self._drafter.draw(bench.document.sheet, self._problems)
        scene = self._scope.applied(scene, bench.document.sheet.sketch.collapsed)
        is_empty = set(scene.boxes) == {""} and not scene.notes
        became_empty = is_empty and len(self._drawing.scene.boxes) > 1
        with self.selecting.redrawing():
            self._status.show_on(self._drawing.show_scene(scene))
        self._view.show_hint(_below(scene.boxes[""].rect) if is_empty else None)
        self.diving.show_levels()
        if became_empty and self._was_shown:
            self.looking.frame_all()  # else the hint may stand half outside
        self.minimap.refresh()

    def _picture(self, sheet: Sheet) -> Scene:
        """What would be shown of a sheet."""
        scene = build_scene(sheet, self._bench.catalogue)
        return self._scope.applied(scene, sheet.sketch.collapsed)

    def _on_problems(self, problems: tuple[Problem, ...]) -> None:
        # They come soon after the edit that made them, so that finding them delays no gesture.
        self._problems = problems
        if not (self._view.is_held or self._offering.is_asking):
            self._tell_problems()

    def _tell_problems(self) -> None:
        """Draw what was found since; nothing that a person has begun is broken off for it."""
        if self._told is not self._problems:
            self._show()
            self._glide.go_on()

    def _paint(self, theme: Theme) -> None:
        ink = Ink(theme)
        self._view.set_ink(ink)
        self._drawing.set_ink(ink)
        self._hands.ink = ink
        self.minimap.paint_in(theme)
        self.breadcrumb.paint_in(theme)

    def _on_escape(self) -> None:
        if self.diving.inside:
            self.diving.go_up()
        else:
            self._drawing.select([])

    def _on_double_click(self, key: str) -> None:
        if is_note(key) or key in self.diving.shut:
            self.diving.enter(key)
        else:
            self.activated.emit(key)

    def _open(self, key: str) -> None:
        if is_note(key):
            self.noting.write(note_of(key))
        else:
            self.activated.emit(key)

    def _come_into_sight(self, keys: tuple[str, ...]) -> None:
        """Show the step or note that was selected elsewhere, where it is not seen."""
        is_stale = self._drawn is not self._bench.document.sheet
        if is_stale or len(keys) != 1:
            return
        self.diving.uncover(keys[0])
        if not self._drawing.has(keys[0]):
            return
        is_hidden = self._was_shown and self._sight.is_hidden(keys[0])
        if not self._was_shown or (self.looking.sees_any_of(keys[0]) and not is_hidden):
            return
        if is_hidden or self._bench.trace.status(keys[0]) == "paused":
            self.watching.come_to(keys[0])
        else:
            self.diving.reveal(keys[0])

    def _show_new(self, key: str) -> None:
        """Show all of what was added by keyboard, where it is not seen whole."""
        if self._was_shown and self._drawing.has(key) and not self._sight.has(key):
            self.watching.come_to(key)

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
            self.looking.begin()

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

    def _edit_as_shown(self, title: str, make: Callable[[Sheet], Sheet]) -> bool:
        """The same where it was shown already what it makes, and everything at its place."""
        is_done = self.edit(title, make)
        self._glide.finish()
        return is_done

    def tell(self, text: str) -> None:
        """Say something near the mouse and in the status bar."""
        near = self.mapFromGlobal(QCursor.pos())
        self._toast.tell(text, near if self.rect().contains(near) else self.rect().center())
        self.message.emit(text)

    def render_image(self, scale: float = 2.0) -> QImage:
        """All of the drawing as it is now, a run's marks included."""
        rect = self._drawing.rect().adjusted(-24, -24, 24, 24)
        self._glide.finish()
        image = QImage((rect.size() * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(self._bench.theme.theme.color("canvas"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._view.scene().render(painter, QRectF(image.rect()), rect)
        painter.end()
        return image

    def save_picture(self, path: Path) -> None:
        """Write the flow as a picture; the name says whether as PNG, SVG or PDF.

        Raises:
            OSError: the file cannot be written.
        """
        bench = self._bench
        render_flow(bench.document.sheet, bench.catalogue, bench.theme.theme, path)


def _below(rect: Rect) -> QPointF:
    return QPointF(rect.middle[0], rect.bottom)

"""Watching: the camera goes along with a run, until a person looks elsewhere."""

from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.scope import Scope, owners
from agentflow_editor.canvas.sight import Sight
from agentflow_editor.canvas.travel import Travel
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.workbench import Workbench

__all__ = ["Watching"]

BRIEF, REST = 80, 500
"""Milliseconds from what a run tells to a look at it. After a move of the camera they are more, so
that many quick steps do not make it jitter."""
LOOKS = 4
"""How often no step of several branches is in sight before the camera goes to one."""
LEFT = "This run is not followed any more; Run > Follow Run goes along with it again."


class Watching(QObject):
    """Keeps a step that is at work in sight. The zoom, and what was gone into, stay as they are."""

    changed = Signal()
    """A run is followed, or is not, otherwise than before."""
    told = Signal(str)
    """(text) that it is not followed any more."""

    def __init__(
        self, view: FlowView, drawing: Drawing, scope: Scope, sight: Sight, bench: Workbench
    ) -> None:
        """Begin.

        Args:
            view: what is looked through.
            drawing: where the steps stand.
            scope: which part of the flow is drawn.
            sight: knows what is seen.
            bench: whose runs are followed.
        """
        super().__init__(view)
        self._view, self._drawing, self._scope, self._sight = view, drawing, scope, sight
        self._trace, self._preferences = bench.trace, bench.preferences
        self._travel = Travel(view, self._is_still)
        self._has_left = False
        self._missed = 0
        """How often in a row no step at work was in sight."""
        self._looked = self._camera
        self._soon = QTimer(self, singleShot=True, interval=BRIEF)
        self._soon.timeout.connect(self._look)
        self._trace.status_changed.connect(self._look_soon)
        self._trace.reset.connect(self._begin)
        self._preferences.changed.connect(self.changed)
        view.camera_moved.connect(self._on_camera)
        view.dragged.connect(self._leave)
        view.let_go.connect(self._look_soon)

    @property
    def is_on(self) -> bool:
        """Whether runs are followed, and a person has not left the one that is under way."""
        has_left = self._has_left and self._trace.is_under_way
        return self._preferences.current.follow_run and not has_left

    def toggle(self) -> None:
        """Follow this run and later ones, or none until that is asked for again."""
        is_on, current = not self.is_on, self._preferences.current
        self._has_left = False
        if is_on != current.follow_run:
            self._preferences.keep(current.model_copy(update={"follow_run": is_on}))
        self.changed.emit()
        self._look_soon()

    def come_to(self, key: str) -> bool:
        """Bring a step that is drawn into sight; whether the camera moves for it."""
        there = self._sight.center_for(key)
        is_elsewhere = (there - self._view.center).manhattanLength() * self._view.zoom > 1
        if is_elsewhere:
            self._travel.go(there)
        return is_elsewhere

    def _is_still(self) -> bool:
        return self._preferences.current.reduced_motion or self._trace.is_busy

    def _begin(self) -> None:
        """Another run is followed again, whatever became of the one before."""
        self._has_left = False
        self.changed.emit()

    def _look_soon(self) -> None:
        if self.is_on and self._trace.is_under_way and not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        if self._is_at_hand() or self._travel.is_under_way:
            self._look_soon()
        elif self.is_on and self._trace.is_under_way:
            self._soon.setInterval(REST if self._go_along() else BRIEF)

    def _go_along(self) -> bool:
        """Go to the step that began last, unless any that is at work is seen; whether it moves.

        Of several branches one may begin in sight in a moment, so that these are waited for.
        """
        if any(map(self._sight.has, self._at_work())):
            self._missed = 0
            return False
        keys = list(dict.fromkeys(self._at_work()))
        self._missed += 1
        if len(keys) > 1 and self._missed < LOOKS:
            self._look_soon()
            return False
        return bool(keys) and self.come_to(keys[0])

    def _at_work(self) -> Iterator[str]:
        """What is drawn of the steps at work, those that began last first."""
        for path in reversed(self._trace.at_work):
            around = (path, *owners(path))
            yield from islice(filter(self._drawing.has, around), 1)

    def _is_at_hand(self) -> bool:
        """Whether a person does something on the canvas that would go away under their hands."""
        is_busy = self._view.is_held or QApplication.activePopupWidget() is not None
        return is_busy or self._is_written_on() or not self._view.isVisible()

    def _is_written_on(self) -> bool:
        focus, canvas = QApplication.focusWidget(), self._view.parentWidget()
        if focus is None or focus is self._view or canvas is None:
            return False
        is_text = focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        return is_text and canvas.isAncestorOf(focus)

    @property
    def _camera(self) -> tuple[object, ...]:
        return self._view.center, self._view.zoom, self._scope.inside

    def _on_camera(self) -> None:
        before, self._looked = self._looked, self._camera
        is_as_before = before == self._looked  # only the room is another
        has_dived = before[-1] != self._looked[-1]
        if not (self._travel.is_moving_camera or is_as_before or has_dived):
            self._leave()

    def _leave(self) -> None:
        if self.is_on and self._trace.is_under_way:
            self._has_left = True
            self.changed.emit()
            self.told.emit(LEFT)

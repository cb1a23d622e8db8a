"""Diving: going into orchestrators, up again, and to wherever a step is."""

from PySide6.QtCore import QObject, Signal

from agentflow.flow.flow import Orchestrator
from agentflow_editor.canvas.breadcrumb import Breadcrumb
from agentflow_editor.canvas.folding import hidden_by
from agentflow_editor.canvas.looking import Looking
from agentflow_editor.canvas.scope import Scope, owners
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet, is_note
from agentflow_editor.workbench import Workbench

__all__ = ["Diving"]


class Diving(QObject):
    """Chooses which part of the flow is shown. That is about looking: no edit, in no file."""

    moved = Signal()
    """Another part of the flow is to be drawn now."""
    opened = Signal(str)
    """(key) of a note, or of a step, that was to be gone into and has no inside."""

    def __init__(
        self,
        view: FlowView,
        scope: Scope,
        looking: Looking,
        breadcrumb: Breadcrumb,
        bench: Workbench,
    ) -> None:
        """Begin.

        Args:
            view: has the keyboard again after going up.
            scope: what is changed here.
            looking: looks at what was gone to.
            breadcrumb: shows where one is.
            bench: whose flow it is.
        """
        super().__init__(view)
        self._view, self._scope, self._looking = view, scope, looking
        self._breadcrumb, self._bench = breadcrumb, bench
        breadcrumb.wanted.connect(self.go_to)

    @property
    def inside(self) -> str:
        """The path of the orchestrator that was gone into; "" while the whole flow is shown."""
        return self._scope.inside

    @property
    def shut(self) -> frozenset[str]:
        """The orchestrators that are drawn as one node."""
        return self._scope.shut(self._bench.document.sheet.sketch.collapsed)

    def go_into(self) -> None:
        """Show only the selected orchestrator and its members; of others, what Enter is for."""
        only = self._bench.selection.only
        if only is not None:
            self.enter(only)

    def enter(self, key: str) -> None:
        """Show only this orchestrator and its members; anything else is opened."""
        flow = self._bench.document.sheet.flow
        if is_note(key) or not isinstance(flow.at(key), Orchestrator):
            self.opened.emit(key)
        elif key != self.inside:
            self._looking.keep_camera()
            self._scope.inside = key
            self._show_all()

    def go_up(self) -> None:
        """Show what is around the orchestrator that was gone into."""
        if self.inside:
            self.go_to(next(owners(self.inside), ""))

    def go_to(self, path: str) -> None:
        """Show the inside of an orchestrator around this one, or the whole flow for ""."""
        left = self.inside
        if path != left:
            self._leave_for(path)
            self._bench.selection.select([*hidden_by(left, self.shut), left][:1])
        self._view.setFocus()

    def _leave_for(self, path: str) -> None:
        camera, self._scope.inside = self._looking.camera, path
        if path:
            self._show_all()
        else:
            self.moved.emit()
            self._looking.look_as(camera)

    def reveal(self, key: str) -> None:
        """Bring a step, or a note by its key, into sight, wherever it is."""
        self.uncover(key)
        self._looking.bring_near(key)

    def uncover(self, key: str) -> None:
        """Let a step or note be drawn that is not: its owner is collapsed, or it is elsewhere."""
        self._looking.keep_camera()
        if is_note(key):
            if self.inside and not self._looking.draws(key):
                self._scope.inside = ""
                self._show_all()
        elif self._scope.uncover(key, self._bench.document.sheet.sketch.collapsed):
            self._show_all()

    def follow(self, before: Sheet, after: Sheet) -> None:
        """Stay in what was gone into, wherever an edit has moved it."""
        if self.inside and before.flow is not after.flow:
            self._scope.follow(edits.followed(before, after))

    def show_levels(self) -> None:
        """Say in the breadcrumb where one is now."""
        paths = [*reversed(list(owners(self.inside))), self.inside] if self.inside else []
        flow = self._bench.document.sheet.flow
        named = [(path, step.name) for path in paths if (step := flow.at(path)) is not None]
        self._breadcrumb.show_levels([("", flow.name or "Whole flow"), *named])

    def _show_all(self) -> None:
        self.moved.emit()
        self._looking.begin()

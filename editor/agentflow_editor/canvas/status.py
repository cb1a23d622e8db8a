"""Status: what a run says, brought to the nodes and links that it is about."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QObject, QTimer

from agentflow.trace import LoopChecked, RouteChosen
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.marks import LinkMark, Mark
from agentflow_editor.canvas.scene import Box, LinkKey, Scene
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.step_view import StepView
from agentflow_editor.run.trace_model import TraceModel

__all__ = ["RunStatus"]

FRAME = 16
"""Milliseconds in which changes are gathered before they are drawn."""
SHORTEST = 0.05
"""Seconds below which it is not worth saying how long a step took."""


class RunStatus(QObject):
    """Keeps the marks on the drawing true to the trace and the breakpoints."""

    def __init__(
        self, drawing: Drawing, trace: TraceModel, breakpoints: Breakpoints, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drawing, self._trace, self._breakpoints = drawing, trace, breakpoints
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self.show_now)
        trace.status_changed.connect(self._later)
        trace.reset.connect(self._later)
        breakpoints.changed.connect(self._later)

    def show_now(self) -> None:
        """Put the marks on whatever is drawn now."""
        self._timer.stop()
        scene = self._drawing.scene
        marks = {path: self._mark(box) for path, box in scene.boxes.items()}
        self._drawing.set_marks(marks, dict(_link_marks(scene, marks)))

    def _later(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _mark(self, box: Box) -> Mark:
        has_breakpoint = self._breakpoints.has(box.path)
        if box.kind == "start" or box.is_parked:
            return Mark(has_breakpoint=has_breakpoint)
        view = self._trace.step(box.path)
        route = view.route if view else None
        return Mark(
            status=self._trace.status(box.path),
            note=_note(box, view) if view else "",
            taken=_port(box, route.case) if route else "",
            found=dict(_comparisons(box, route)) if route else {},
            has_breakpoint=has_breakpoint,
            error=view.latest.error if view and view.latest else "",
        )


def _note(box: Box, view: StepView) -> str:
    passes = _passes(view.check, is_running=view.status == "running") if box.kind == "loop" else ""
    time = ""
    if view.status in ("done", "failed") and view.duration is not None:
        time = f"{view.duration:.1f} s" if view.duration >= SHORTEST else ""
    return " · ".join(filter(None, (passes, time)))


def _passes(check: LoopChecked | None, *, is_running: bool) -> str:
    if check is None:
        return "pass 1" if is_running else ""
    if is_running and not check.verdict:
        return f"pass {check.passes + 1} of {check.limit}"
    return f"{check.passes} of {check.limit} passes"


def _port(box: Box, case: str) -> str:
    return next((port.name for port in box.ports if port.label == case), "")


def _comparisons(box: Box, route: RouteChosen) -> Iterator[tuple[str, str]]:
    for comparison in route.comparisons:
        sign = "✓" if comparison.holds else "✗"
        yield _port(box, comparison.case), f"{sign} {comparison.found or comparison.test}"


def _link_marks(scene: Scene, marks: Mapping[str, Mark]) -> Iterator[tuple[LinkKey, LinkMark]]:
    for key in scene.links:
        source, port, target = key
        box, mark = scene.boxes[source], marks[source]
        begins_case = any(port == own.name for own in box.ports)
        if mark.taken and begins_case:
            yield key, LinkMark(is_taken=port == mark.taken, is_dimmed=port != mark.taken)
        elif marks[target].status in ("running", "done", "failed", "cancelled"):
            yield key, LinkMark(is_taken=True)

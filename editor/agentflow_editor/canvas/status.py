"""Status: what a run says, brought to the nodes and links that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice

from PySide6.QtCore import QObject, QTimer

from agentflow.trace import LoopChecked, RouteChosen
from agentflow_editor.canvas.changes import Changes
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.marks import PLAIN, UNMARKED, LinkMark, Mark
from agentflow_editor.canvas.scene import Box, LinkKey
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.step_view import StepView
from agentflow_editor.run.trace_model import TraceModel

__all__ = ["RunStatus"]

MOST = 400
"""How many nodes are marked in one turn; the others have to wait for the next one."""
TAKEN = LinkMark(is_taken=True)
COME_TO = ("running", "done", "failed", "cancelled")
"""The statuses of steps that the run has come to: the way to them was taken."""
SHORTEST = 0.05
"""Seconds below which it is not worth saying how long a step took."""


class RunStatus(QObject):
    """Keeps the marks on the drawing true to the trace and the breakpoints."""

    def __init__(
        self, drawing: Drawing, trace: TraceModel, breakpoints: Breakpoints, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drawing, self._trace, self._breakpoints = drawing, trace, breakpoints
        self._touched: dict[str, None] = {}
        """Those that may be marked otherwise than they are, in the order of what happened."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_some)
        trace.status_changed.connect(self._on_status)
        trace.reset.connect(self._on_all)
        breakpoints.changed.connect(self._on_all)

    def show_now(self) -> None:
        """Put the marks of what has happened on the nodes and links that it happened to."""
        while self._touched:
            self._show_some()

    def _show_some(self) -> None:
        boxes, touched = self._drawing.scene.boxes, list(islice(self._touched, MOST))
        for path in touched:
            del self._touched[path]
        marks, at = dict[str, Mark](), list[str]()
        for path in touched:
            if path not in boxes:
                continue
            mark, before = self._mark(boxes[path]), self._drawing.node(path).mark
            if mark is not before and mark != before:
                marks[path] = mark
                if _of_links(mark) != _of_links(before):
                    at.append(path)
        self._show(marks, at)
        if self._touched:
            self._timer.start()

    def show_on(self, changes: Changes) -> None:
        """Put the marks on what is drawn otherwise than before."""
        ends = {path for link in changes.drawn for path in (link.source, link.target)}
        boxes = self._drawing.scene.boxes
        others = ends - {box.path for box in changes.boxes}
        wanted = [*changes.boxes, *(boxes[path] for path in others)]
        marks = {box.path: self._mark(box) for box in wanted}
        self._show(marks, marks)

    def _show(self, marks: Mapping[str, Mark], at: Iterable[str]) -> None:
        """Show these, and what they say of the links at some nodes."""
        if marks:
            links = {it.link.key for path in at for it in self._drawing.links_at(path)}
            known = dict(marks)
            self._drawing.set_marks(marks, {key: self._link_mark(key, known) for key in links})

    def _on_status(self, paths: set[str]) -> None:
        # "" is the run: what it has not come to yet waits as long as it is under way.
        self._touch(self._drawing.scene.boxes if "" in paths else paths)

    def _on_all(self) -> None:
        self._touch(self._drawing.scene.boxes)

    def _touch(self, paths: Iterable[str]) -> None:
        self._touched.update(dict.fromkeys(paths))
        if not self._timer.isActive():
            self._timer.start()

    def _mark(self, box: Box) -> Mark:
        has_breakpoint = self._breakpoints.has(box.path)
        is_idle = self._trace.started is None or box.kind == "start" or box.is_parked
        if is_idle:
            return Mark(has_breakpoint=True) if has_breakpoint else PLAIN
        view = self._trace.step(box.path)
        route = view.route if view else None
        note = _note(box, view) if view else ""
        error = view.latest.error if view and view.latest else ""
        if not (note or route or error or has_breakpoint):
            return _plain(self._trace.status(box.path))
        return Mark(
            status=self._trace.status(box.path),
            note=note,
            taken=_port(box, route.case) if route else "",
            found=dict(_comparisons(box, route)) if route else {},
            has_breakpoint=has_breakpoint,
            error=error,
        )

    def _link_mark(self, key: LinkKey, known: dict[str, Mark]) -> LinkMark:
        source, port, target = key
        boxes = self._drawing.scene.boxes
        for path in (source, target):
            if path not in known:
                known[path] = self._mark(boxes[path])
        mark, end = known[source], known[target]
        if mark.taken and any(port == own.name for own in boxes[source].ports):
            return LinkMark(is_taken=port == mark.taken, is_dimmed=port != mark.taken)
        return TAKEN if end.status in COME_TO else UNMARKED


@cache
def _plain(status: str) -> Mark:
    """The mark that most nodes have: the same one, which is compared in no time."""
    return Mark(status=status)


def _of_links(mark: Mark) -> tuple[bool, str]:
    """What of a node's mark is seen on the links at it."""
    return mark.status in COME_TO, mark.taken


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

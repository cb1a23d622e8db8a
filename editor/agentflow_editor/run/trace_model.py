"""TraceModel: what has happened in the latest run, ready to be shown."""

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.gate import without_passes
from agentflow.running.metrics import Measuring, Metrics
from agentflow.state import State
from agentflow.states import States
from agentflow.trace import (
    BranchesMerged,
    BreakpointHit,
    LoopChecked,
    ModelUsed,
    RouteChosen,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepOutput,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    ToolCalled,
    TraceEntry,
)
from agentflow_editor.run.step_view import Pass, StepView

__all__ = ["TraceModel"]

_Decision = RouteChosen | LoopChecked | BranchesMerged | StepRetried | ToolCalled | ModelUsed

FRAME, BUSY_FRAME = 16, 33
"""Milliseconds between two rounds of signals; while much happens they are fewer, so that a run is
not held up by its own picture."""
MUCH = 100
"""Entries of one frame that are much."""


class TraceModel(QObject):
    """The entries of the latest run in order, and what they say about each step.

    Taking an entry in is quick and tells nobody; whoever shows something is told at most once a
    frame, and not at all while nothing happens.
    """

    reset = Signal()
    """Everything is gone: another run, or another flow."""
    advanced = Signal(int, int)
    """(first, last) of the entries that are new, as indexes."""
    status_changed = Signal(object)
    """(set of paths, without passes) of the steps that are in another status or pass, or that have
    decided something; "" is the run itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[TraceEntry] = []
        self.started: RunStarted | None = None
        """How the run began; None as long as there was none."""
        self.finished: RunFinished | None = None
        """How it ended; None as long as it has not."""
        self._states = States()
        self._measuring = Measuring()
        self._steps: dict[str, StepView] = {}
        self._under_way: dict[str, Pass] = {}
        self._paused: set[str] = set()
        self._last: tuple[str, ...] = ()
        """The path, with passes, of the agent that began last."""
        self._touched: set[str] = set()
        self._told = 0
        self._timer = QTimer(self, singleShot=True, interval=FRAME)
        self._timer.timeout.connect(self.tell)

    @property
    def is_paused(self) -> bool:
        """Whether a step of the run is held back."""
        return bool(self._paused)

    @property
    def is_under_way(self) -> bool:
        """Whether a run has begun and not ended."""
        return self.started is not None and self.finished is None

    @property
    def is_busy(self) -> bool:
        """Whether much happened in the last frame, so that showing it holds up the run."""
        return self._timer.interval() == BUSY_FRAME

    @property
    def at_work(self) -> tuple[str, ...]:
        """The paths, without passes, of the agents at work, in the order in which they began.

        Those that are held back before they begin come before all others; between two agents it
        is the one that began last.
        """
        if self._paused:
            return tuple(sorted(map(without_passes, self._paused)))
        begun = map(without_passes, self._under_way)
        agents = tuple(path for path in begun if self._steps[path].kind == "agent")
        return agents or tuple(map(without_passes, self._last))

    def step(self, path: str) -> StepView | None:
        """What the run has shown of a step (its path without passes); None for nothing yet."""
        return self._steps.get(path)

    def status(self, path: str) -> str:
        """A step's status; "waiting" while a run has not come to it, "" where no run ever did."""
        view = self._steps.get(path)
        return view.status if view else "waiting" if self.is_under_way else ""

    @property
    def state(self) -> State | None:
        """What the run left; None as long as it has not ended."""
        return self.finished.state if self.finished else None

    @property
    def metrics(self) -> Metrics:
        """The agents in numbers, as far as the run has come."""
        return self._measuring.metrics

    def clear(self) -> None:
        """Forget the run."""
        self.entries = []
        self._measuring = Measuring()
        self.started = self.finished = None
        self._states = States()
        self._steps.clear()
        self._under_way.clear()
        self._paused.clear()
        self._last = ()
        self._touched.clear()
        self._told = 0
        self._timer.stop()
        self.reset.emit()

    def feed(self, entry: TraceEntry) -> None:
        """Take an entry in. The first entry of another run clears those of the one before."""
        if isinstance(entry, RunStarted):
            if self.entries:
                self.clear()
            self.started = entry
        self.entries.append(entry)
        self._states.feed(entry)
        self._measuring.feed(entry)
        self._take_in(entry)
        if not self._timer.isActive():
            self._timer.start()

    def tell(self) -> None:
        """Send the signals for what is new; called by itself once a frame."""
        self._timer.stop()
        first, last = self._told, len(self.entries) - 1
        touched, self._touched = self._touched, set()
        self._told = len(self.entries)
        self._timer.setInterval(FRAME if last - first < MUCH else BUSY_FRAME)
        if touched:
            self.status_changed.emit(touched)
        if last >= first:
            self.advanced.emit(first, last)

    def _take_in(self, entry: TraceEntry) -> None:
        match entry:
            case StepOutput():
                if under_way := self._under_way.get(entry.path):
                    under_way.hear(entry.delta)
                return
            case StepStarted():
                self._paused.discard(entry.path)
                if entry.kind == "agent":
                    self._last = (entry.path,)
                self._under_way[entry.path] = self._view(entry.path).begin(entry, self._states)
            case StepSucceeded() | StepFailed() | StepCancelled() | StepSkipped():
                self._end(entry)
            case (
                RouteChosen()
                | LoopChecked()
                | BranchesMerged()
                | StepRetried()
                | ToolCalled()
                | ModelUsed()
            ):
                self._decide(entry)
            case RunPaused() | BreakpointHit():
                self._pause(entry.path)
            case RunResumed():
                self._resume(entry.path)
            case RunFinished():
                self._finish(entry)
            case _:
                pass
        self._touched.add(without_passes(entry.path))

    def _view(self, path: str) -> StepView:
        bare = without_passes(path)
        view = self._steps.get(bare)
        if view is None:
            view = self._steps[bare] = StepView(bare)
        return view

    def _end(self, entry: StepSucceeded | StepFailed | StepCancelled | StepSkipped) -> None:
        view = self._view(entry.path)
        ended = self._under_way.pop(entry.path, None)
        status = _STATUS[type(entry)]
        if isinstance(entry, StepSkipped):
            view.name = entry.name
        self._paused.discard(entry.path)
        if ended is None:
            view.status = "running" if view.running else status
            return
        view.end(status)
        ended.status = status
        ended.error = getattr(entry, "error", "") or getattr(entry, "why", "")
        ended.duration = getattr(entry, "duration", None)
        if isinstance(entry, (StepSucceeded, StepFailed)) and entry.changes is not None:
            ended.handed_on = True
            ended.changes, ended.removed = dict(entry.changes), entry.removed

    def _decide(self, entry: _Decision) -> None:
        under_way = self._under_way.get(entry.path)
        match entry:
            case _ if under_way is None:
                pass
            case RouteChosen():
                under_way.route = entry
            case LoopChecked():
                under_way.checks.append(entry)
            case BranchesMerged():
                under_way.merged = entry
            case StepRetried():
                under_way.retries += 1
            case ToolCalled():
                under_way.tools.append(entry)
            case ModelUsed():
                under_way.used.append(entry)

    def _pause(self, path: str) -> None:
        if path:
            self._paused.add(path)
            self._view(path).status = "paused"

    def _resume(self, path: str) -> None:
        for held in {path} & self._paused if path else set(self._paused):
            self._paused.discard(held)
            view = self._view(held)
            # The end of a run is the end of what it held back, too.
            view.status = "running" if view.running else "cancelled" if self.finished else "waiting"
            self._touched.add(view.path)

    def _finish(self, entry: RunFinished) -> None:
        self.finished = entry
        self._resume("")
        self._touched.update(self._steps)


_STATUS = {
    StepSucceeded: "done",
    StepFailed: "failed",
    StepCancelled: "cancelled",
    StepSkipped: "skipped",
}

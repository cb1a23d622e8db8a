"""Timeline: the steps that a run took as a tree, with when each began and how it ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agentflow.open_steps import OpenSteps, StepEnded, pass_of
from agentflow.trace import (
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepOutput,
    StepRetried,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)

__all__ = ["Stretch", "critical_path", "timeline"]


@dataclass(slots=True, kw_only=True)
class Stretch:
    """The time that a run, a step or a pass of a loop took."""

    path: str
    """The step's; of a pass the loop's with its number, "" for the run."""
    name: str
    kind: str
    """"run", "pass", "agent" or the orchestrator's mode."""
    began: float
    """Seconds since the epoch, UTC."""
    ended: float
    """The same; of what goes on, or was broken off, the last that is known."""
    status: str = "running"
    """As a run's, or "skipped"; "running" for what has no end."""
    why: str = ""
    """Why it failed, was cancelled or skipped."""
    waits: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """From when to when it waited for its next call, once for each retry."""
    remarks: list[TraceEntry] = field(default_factory=list[TraceEntry])
    """What was decided in it: the case taken, the passes counted, the branches merged."""
    inner: list["Stretch"] = field(default_factory=list["Stretch"])
    """What ran in it, in the order in which it began."""

    @property
    def took(self) -> float:
        """Seconds."""
        return self.ended - self.began

    def all(self) -> Iterator["Stretch"]:
        """It and all in it."""
        yield self
        for it in self.inner:
            yield from it.all()


def timeline(entries: Iterable[TraceEntry]) -> Stretch | None:
    """The timeline of a run, as far as its trace goes; None where it never began."""
    fold: _Fold | None = None
    for entry in entries:
        if fold is not None:
            fold.take(entry)
        elif isinstance(entry, RunStarted):
            fold = _Fold(entry)
    return fold.whole() if fold else None


def critical_path(whole: Stretch) -> tuple[Stretch, ...]:
    """The agents that the end had to wait for: had one been quicker, the run would have been, too.

    Found from the end: what ended last, then what ended last before that began. What was stopped
    because something else had failed held nobody up.
    """
    way: list[Stretch] = []
    _go_back(whole, way)
    return tuple(reversed(way))


def _go_back(around: Stretch, way: list[Stretch]) -> None:
    if around.kind == "agent":
        way.append(around)
    idle = {"skipped"} if around.status == "cancelled" else {"skipped", "cancelled"}
    until = around.ended
    for it in sorted(around.inner, key=lambda it: it.ended, reverse=True):
        if it.ended <= until and it.status not in idle:
            _go_back(it, way)
            until = it.began


class _Fold:
    """A timeline that grows with its trace."""

    def __init__(self, started: RunStarted) -> None:
        time = started.time
        self._root = Stretch(path="", name=started.flow, kind="run", began=time, ended=time)
        self._open: OpenSteps[Stretch] = OpenSteps()
        self._last = time

    def take(self, entry: TraceEntry) -> None:
        """Something happened."""
        self._last = max(self._last, entry.time)
        match entry:
            case StepStarted():
                stretch = self._begun(entry, entry.name, entry.kind)
                self._open.begin(entry, stretch)
            case StepSkipped():
                stretch = self._begun(entry, entry.name, "agent")
                stretch.status, stretch.why = "skipped", entry.why
            case StepSucceeded() | StepFailed() | StepCancelled():
                self._end(entry)
            case StepRetried():
                if step := self._open.at(entry.path):
                    step.waits.append((entry.time, entry.time + entry.delay))
            case RunFinished():
                root = self._root
                root.ended, root.status, root.why = entry.time, entry.status, entry.error
            case StepOutput():
                pass
            case RunRecovered():
                self._recover(entry)
            case _:
                self._nearest(entry.path).remarks.append(entry)

    def whole(self) -> Stretch:
        """All of it, as far as it is known."""
        for stretch in (*self._open.rest(), self._root):
            if stretch.status == "running":
                stretch.ended = self._last
        for stretch in self._root.all():
            if stretch.kind == "pass":
                _close_pass(stretch)
        return self._root

    def _recover(self, entry: RunRecovered) -> None:
        """What somebody had stopped goes on as what it was."""
        self._root.remarks.append(entry)
        self._root.status = "running"
        for began, stretch in self._open.stopped():
            stretch.status, stretch.why = "running", ""
            self._open.begin(began, stretch)

    def _nearest(self, path: str) -> Stretch:
        return self._open.at(path) or self._open.around(path) or self._root

    def _begun(self, entry: TraceEntry, name: str, kind: str) -> Stretch:
        path, time = entry.path, entry.time
        around = self._open.around(path) or self._root
        if (number := pass_of(path)) is not None:
            around = _pass_in(around, number, path, time)
        stretch = Stretch(path=path, name=name, kind=kind, began=time, ended=time)
        around.inner.append(stretch)
        return stretch

    def _end(self, entry: StepEnded) -> None:
        step = self._open.end(entry)
        if step is None:
            return
        step.ended = entry.time
        # A wait for a next call that never came is no longer than the step.
        step.waits = [(since, min(until, entry.time)) for since, until in step.waits]
        match entry:
            case StepSucceeded():
                step.status = "succeeded"
            case StepFailed():
                step.status, step.why = "failed", entry.error
            case StepCancelled():
                step.status, step.why = "cancelled", entry.why


def _pass_in(loop: Stretch, number: int, path: str, time: float) -> Stretch:
    name = f"pass {number}"
    if not loop.inner or loop.inner[-1].name != name or loop.inner[-1].kind != "pass":
        place = path.rpartition("/")[0]
        loop.inner.append(Stretch(path=place, name=name, kind="pass", began=time, ended=time))
    return loop.inner[-1]


def _close_pass(turn: Stretch) -> None:
    """A pass has no entries of its own: it is as its steps are."""
    turn.ended = max(it.ended for it in turn.inner)
    known = ("running", "failed", "cancelled")
    found = {it.status for it in turn.inner if not _is_got_over(it, turn)}
    turn.status = next((it for it in known if it in found), "succeeded")


def _is_got_over(step: Stretch, turn: Stretch) -> bool:
    """Whether the pass went on after a step had failed."""
    return step is not turn.inner[-1] and step.status == "failed"

"""Tree: a run's progress as a tree that changes in place, for a person at a terminal."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TextIO

# This module is imported only for a terminal: rich is heavier than a small flow's whole run.
from rich.console import Console
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from agentflow.cli.console.looks import LOOKS
from agentflow.cli.console.safe import one_line, safe
from agentflow.cli.console.words import remark
from agentflow.trace import (
    RunFinished,
    RunStarted,
    StepCancelled,
    StepFailed,
    StepOutput,
    StepSkipped,
    StepStarted,
    StepSucceeded,
    TraceEntry,
)
from agentflow.wording import duration

__all__ = ["LiveTree"]

_PASSES_SHOWN = 2
_SAID_KEPT = 400


@dataclass(slots=True)
class _Row:
    """A step, or one pass of a loop, as it is shown."""

    label: str
    kind: str = ""
    status: str = "waiting"
    started: float = 0.0
    duration: float | None = None
    note: str = ""
    said: str = ""
    rows: dict[str, "_Row"] = field(default_factory=dict[str, "_Row"])
    """What is in it, in the order in which it began."""

    @property
    def is_pass(self) -> bool:
        return self.kind == "pass"


class LiveTree:
    """A listener that draws. While it is open, it owns the terminal's last lines."""

    def __init__(self, err: TextIO) -> None:
        self._lock = threading.Lock()
        self._root = _Row("run", kind="run")
        console = Console(file=err, highlight=False, markup=False, emoji=False)
        self._live = Live(
            console=console,
            get_renderable=self._drawn,
            refresh_per_second=10,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __call__(self, entry: TraceEntry) -> None:
        """Take note of what happened; it is drawn within a tenth of a second."""
        with self._lock:
            _apply(entry, self._row(entry.path))

    def printed(self, line: str) -> None:
        """Show a line that somebody printed, above the tree."""
        self._live.console.print(Text(safe(line)))

    @contextmanager
    def quiet(self) -> Generator[None, None, None]:
        """Leave the terminal's last lines to somebody else for a while."""
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def _row(self, path: str) -> _Row:
        row = self._root
        for segment in path.split("/") if path else ():
            name, _, number = segment.partition("#")
            row = row.rows.setdefault(name, _Row(one_line(name)))
            if number:
                row = row.rows.setdefault(f"#{number}", _Row(f"pass {number}", kind="pass"))
        return row

    def _drawn(self) -> Tree:
        with self._lock:
            tree = Tree(_line(self._root), guide_style="dim")
            _grow(tree, self._root)
            return tree


def _apply(entry: TraceEntry, row: _Row) -> None:
    match entry:
        case RunStarted():
            row.label, row.status, row.started = (
                one_line(entry.flow) or "run",
                "running",
                entry.time,
            )
        case StepStarted():
            row.kind, row.status, row.started = entry.kind, "running", entry.time
        case StepOutput():
            row.said = (row.said + entry.delta)[-_SAID_KEPT:]
        case StepSucceeded():
            wrote = ", ".join(entry.changes) if row.kind == "agent" else ""
            _end(row, "succeeded", entry.duration, wrote)
        case StepFailed():
            _end(row, "failed", entry.duration, entry.error)
        case StepCancelled():
            _end(row, "cancelled", entry.duration, entry.why)
        case StepSkipped():
            _end(row, "skipped", None, entry.why)
        case RunFinished():
            _end(row, entry.status, entry.duration, "")
        case _:
            row.note = one_line(remark(entry) or "") or row.note


def _end(row: _Row, status: str, duration: float | None, note: str) -> None:
    row.status, row.duration, row.said = status, duration, ""
    row.note = one_line(note, 300) or row.note


def _grow(tree: Tree, row: _Row) -> None:
    hidden = max(0, sum(it.is_pass for it in row.rows.values()) - _PASSES_SHOWN)
    if hidden:
        tree.add(Text(f"· {hidden} earlier passes", style="dim"))
    for inner in list(row.rows.values())[hidden:]:
        _grow(tree.add(_line(inner)), inner)


def _line(row: _Row) -> Text:
    if row.is_pass:
        return Text(row.label, style="dim")
    sign, style = LOOKS.get(row.status, LOOKS["waiting"])
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{sign} ", style=style).append(row.label, style="bold" if row.rows else "")
    line.append(f"  {_age(row)}", style="dim")
    if row.status == "running" and row.said:
        line.append(f"  {_tail(row.said)}", style="italic dim")
    elif row.note:
        line.append(f"  {row.note}", style="red" if row.status == "failed" else "dim")
    return line


def _age(row: _Row) -> str:
    if row.duration is not None:
        return duration(row.duration)
    return duration(max(0.0, time.time() - row.started)) if row.status == "running" else ""


def _tail(said: str, width: int = 60) -> str:
    line = one_line(said, _SAID_KEPT)
    return line if len(line) <= width else f"…{line[-width:]}"

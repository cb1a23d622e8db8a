"""Lines: a run's progress as plain lines, for a pipe or a log file."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from agentflow.cli.console.safe import one_line
from agentflow.cli.console.words import headline
from agentflow.trace import RunStarted, StepOutput, TraceEntry
from agentflow.wording import duration

__all__ = ["Lines"]


class Lines:
    """A listener that writes one line for each thing that happened to a step."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._started = 0.0
        self._said: dict[str, str] = {}
        """What each step said since its last whole line, by path."""

    def __call__(self, entry: TraceEntry) -> None:
        """Tell what happened."""
        if isinstance(entry, RunStarted):
            self._started = entry.time
        if isinstance(entry, StepOutput):
            *whole, rest = (self._said.pop(entry.path, "") + entry.delta).split("\n")
            self._said[entry.path] = rest
        else:
            whole = [self._said.pop(entry.path, "")]
        for line in filter(str.strip, whole):
            self._tell(entry, f"says: {line}")
        if told := headline(entry):
            self._tell(entry, told)

    def printed(self, line: str) -> None:
        """Pass on a line that somebody printed."""
        self._write(line)

    def quiet(self) -> AbstractContextManager[object]:
        """Lines of what goes on elsewhere do not hurt a question."""
        return nullcontext()

    def _tell(self, entry: TraceEntry, told: str) -> None:
        since = duration(entry.time - self._started)
        whose = f"{one_line(entry.path)}  " if entry.path else ""
        self._write(f"{since:>8}  {whose}{one_line(told)}")

"""Lines: a run's progress as plain lines, for a pipe or a log file."""

from agentflow.cli.console.safe import one_line
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.words import headline, seconds
from agentflow.trace import RunStarted, TraceEntry

__all__ = ["Lines"]


class Lines:
    """A listener that writes one line for each thing that happened to a step."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._started = 0.0

    def __call__(self, entry: TraceEntry) -> None:
        """Tell what happened."""
        if isinstance(entry, RunStarted):
            self._started = entry.time
        told = headline(entry)
        if told is None:
            return
        since = seconds(entry.time - self._started)
        self._sink.note(f"{since:>8}  {one_line(entry.path) or 'run'}  {one_line(told)}")

    def printed(self, line: str) -> None:
        """Pass on a line that somebody printed."""
        self._sink.note(line)

"""Reports: how a run is told, to a person or to a program."""

import json
import os
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from agentflow.cli.console.lines import Lines
from agentflow.cli.console.problems import problem_lines
from agentflow.cli.console.sink import Sink
from agentflow.errors import AgentFlowError, FlowCheckError
from agentflow.problem import Problem
from agentflow.runner import RunOutcome
from agentflow.trace import TraceEntry

__all__ = ["JsonReport", "Progress", "Report", "TextReport"]


class Progress(Protocol):
    """What is told while a run goes on."""

    def __call__(self, entry: TraceEntry, /) -> None:
        """Something happened."""
        ...

    def printed(self, line: str) -> None:
        """An agent printed a line."""
        ...

    def quiet(self) -> AbstractContextManager[object]:
        """Nothing is told while it is entered: a person is being asked something."""
        ...


class Report(Protocol):
    """How the verb `run` tells what it found and did."""

    def problems(self, file: Path, problems: Sequence[Problem]) -> None:
        """What the flow's check found."""
        ...

    @contextmanager
    def progress(self) -> Generator[Progress, None, None]:
        """Tells how the run goes while it is open."""
        ...

    def refused(self, error: AgentFlowError) -> None:
        """There was no run, and why."""
        ...

    def outcome(self, outcome: RunOutcome) -> None:
        """What came of the run."""
        ...


class TextReport:
    """For a person: progress and problems beside the result, the result alone on stdout."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def problems(self, file: Path, problems: Sequence[Problem]) -> None:
        """Print all but what is merely worth knowing."""
        told = [problem for problem in problems if problem.severity != "info"]
        for line in problem_lines(file, told):
            self._sink.note(line)

    @contextmanager
    def progress(self) -> Generator[Progress, None, None]:
        """A tree that changes in place on a terminal, else a line for each happening."""
        if not self._sink.err.isatty() or os.environ.get("TERM") == "dumb":
            yield Lines(self._sink.note)
            return
        from agentflow.cli.console.tree import LiveTree  # noqa: PLC0415 - rich, for a terminal only

        with LiveTree(self._sink.err) as tree:
            yield tree
        self._sink.note("")

    def refused(self, error: AgentFlowError) -> None:
        """Say that nothing was run because of problems; whoever catches another error prints it."""
        if isinstance(error, FlowCheckError):
            count = len(error.problems)
            errors = "an error" if count == 1 else f"{count} errors"
            self._sink.error(f"the flow has {errors} and was not run")

    def outcome(self, outcome: RunOutcome) -> None:
        """Print the answer; a failed run has none."""
        if outcome.status == "failed":
            self._sink.error(outcome.error)
        elif outcome.status == "cancelled":
            self._sink.note("stopped")
        elif isinstance(outcome.state.answer, str):
            self._sink.result(outcome.state.answer)
        else:
            answer = outcome.state.answer
            shown = outcome.state.to_dict() if answer is None else answer
            self._sink.result(json.dumps(shown, indent=2, ensure_ascii=False, default=str))


class JsonReport:
    """For a program: one JSON object on stdout, whatever happens."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def problems(self, file: Path, problems: Sequence[Problem]) -> None:
        """`agentflow validate --json` tells them."""

    @contextmanager
    def progress(self) -> Generator[Progress, None, None]:
        """Nothing is told but what agents print."""
        yield _Quiet(self._sink)

    def refused(self, error: AgentFlowError) -> None:
        """The same object as after a run, with what there is."""
        self._print("failed", error=str(error))

    def outcome(self, outcome: RunOutcome) -> None:
        """Print the outcome."""
        self._sink.result_json(outcome.to_json())

    def _print(self, status: str, *, error: str) -> None:
        nothing: dict[str, Any] = {"state": {}, "path_results": {}, "metrics": {}, "run_id": ""}
        self._sink.result_json({"status": status, **nothing, "error": error})


class _Quiet:
    """Progress that is not told."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def __call__(self, entry: TraceEntry) -> None:
        """Say nothing."""

    def printed(self, line: str) -> None:
        """Pass on a line that somebody printed, beside the result."""
        self._sink.note(line)

    def quiet(self) -> AbstractContextManager[object]:
        """It always is."""
        return nullcontext()

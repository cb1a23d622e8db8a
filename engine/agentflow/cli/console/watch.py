"""Watch: all that listens to a command's run beside its report: trace file, spans, log."""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.logs import LEVELS, Logs
from agentflow.cli.console.trace_file import TraceFile
from agentflow.cli.console.written import refuse_to_overwrite
from agentflow.flow.flow import Flow
from agentflow.settings import AskedEnvironment
from agentflow.telemetry.asked import asked_by_environment, open_export
from agentflow.trace import Listener

__all__ = ["Watch", "watch_options"]

F = TypeVar("F", bound=Callable[..., Any])


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    # The word after --otel is taken for an address; what is none was meant for something else.
    if value and not value.startswith(("http://", "https://")):
        what = f"{value!r} is no address"
        fix = "write --otel last, or --otel http://localhost:4318"
        raise click.UsageError(f"--otel: {what}; {fix}")
    return value


_FILE = click.Path(dir_okay=False, path_type=Path)

_OPTIONS = (
    click.option(
        "--trace",
        metavar="FILE",
        type=_FILE,
        help="Write what happens to FILE, as JSON lines.",
    ),
    click.option(
        "--otel",
        metavar="[ENDPOINT]",
        is_flag=False,
        flag_value="",
        callback=_address,
        help="Send spans to an OpenTelemetry collector; without an address, as OTEL_* say.",
    ),
    click.option(
        "--log-file",
        metavar="FILE",
        type=_FILE,
        help="Append what happens, and what went wrong beside the run, to FILE, as JSON lines.",
    ),
    click.option(
        "--log-level",
        type=click.Choice(LEVELS),
        help="The least that is logged: info in a file, warning on the terminal.",
    ),
)


def watch_options(function: F) -> F:
    """The options that say what listens."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is to listen, as it was typed."""

    trace: Path | None
    otel: str | None
    """The collector's address; "" for what the environment says, None where nobody asked."""
    log_file: Path | None
    log_level: str | None
    lost: list[str] = field(default_factory=list[str])
    """What could not be written, once it is closed."""
    unsent: list[str] = field(default_factory=list[str])
    """What could not be sent, once it is closed: no fault of the run's record."""

    @classmethod
    def of(cls, options: dict[str, Any]) -> Self:
        """Takes its options out of all of a verb's."""
        names = ("trace", "otel", "log_file", "log_level")
        return cls(**{name: options.pop(name) for name in names})

    def refuse_to_overwrite(self, kept: Mapping[str, Path | None]) -> None:
        """See to it that no file of it takes the place of one that is to stay; see there.

        Raises:
            click.UsageError: one would.
        """
        refuse_to_overwrite("--trace", self.trace, {**kept, "the log file": self.log_file})
        refuse_to_overwrite("--log-file", self.log_file, kept)

    def logs(self, tell: Callable[[str], None]) -> Logs:
        """The log, which tells a person what nobody else does."""
        return Logs(self.log_level, self.log_file, tell)

    @contextmanager
    def listeners(
        self, flow: Flow, catalogue: Catalogue, environ: AskedEnvironment
    ) -> Generator[list[Listener], None, None]:
        """What listens to the runs of a flow while it is entered.

        Raises:
            click.UsageError: a file cannot be written.
            SetupError: spans are wanted, and what sends them is not installed.
        """
        with ExitStack() as open_until_the_end:
            listeners: list[Listener] = []
            if self.otel is not None or asked_by_environment(os.environ):
                export = open_export(self.otel or "", os.environ)
                open_until_the_end.callback(lambda: self._note_unsent(export.unsent))
                open_until_the_end.enter_context(export)
                listeners.append(export.listener(flow, catalogue, environ.unsaid))
            if self.trace is not None:
                file = TraceFile(self.trace, environ.unsaid)
                open_until_the_end.callback(lambda: self._note_lost(file.lost))
                listeners.append(open_until_the_end.enter_context(file))
            yield listeners

    def _note_unsent(self, count: int) -> None:
        if count:
            what = f"{count} spans could not be sent"
            self.unsent.append(f"--otel: {what}; see that the collector listens at its address")

    def _note_lost(self, why: str) -> None:
        if why:
            self.lost.append(f"--trace {self.trace}: it is not whole ({why}); name another file")

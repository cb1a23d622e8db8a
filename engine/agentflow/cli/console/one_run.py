"""OneRun: a flow that is run once from the command line, told as it goes, and kept."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TextIO, TypeVar

import click

from agentflow.agents.base import AgentSetup
from agentflow.asking import Ask
from agentflow.catalogue import Catalogue
from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.interrupt import Interrupt
from agentflow.cli.console.kept import Kept
from agentflow.cli.console.logs import Logs
from agentflow.cli.console.printed import caught_prints
from agentflow.cli.console.prompt import Prompt
from agentflow.cli.console.report import Progress, Report
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.watch import Watch
from agentflow.errors import AgentFlowError, FlowCheckError
from agentflow.event import Event
from agentflow.flow.check import check_file
from agentflow.flow.flow import AgentUse, Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.models.open import open_models
from agentflow.runner import RunHandle, Runner, RunOutcome
from agentflow.settings import AskedEnvironment
from agentflow.trace import Listener

__all__ = ["OneRun", "run_options"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--stub-missing", is_flag=True, help="Stand in for agents that are not defined."),
    click.option(
        "--metrics",
        is_flag=True,
        help="Tell of each agent how long it took, and how often it failed and was retried.",
    ),
    click.option(
        "--no-exec", is_flag=True, help="Refuse agents that run or ask what the author chose."
    ),
)


def run_options(function: F) -> F:
    """The options of every verb that runs a flow."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRun:
    """What is to be run, and how."""

    opened: FlowFile
    catalogue: Catalogue
    event: Event | None
    """What it is run for; None for a run of the journal that goes on."""
    watch: Watch
    stub_missing: bool
    no_exec: bool
    metrics: bool
    """Whether the run's figures are told beside its result."""
    open_journal: Callable[[AskedEnvironment], Kept] | None
    """None where the run is not kept."""

    def told(self, report: Report, sink: Sink) -> tuple[RunOutcome | None, ExitCode]:
        """Run it, and tell how it went: the outcome, or None for a flow with errors.

        Raises:
            AgentFlowError: it could not be run; that is told already.
        """
        try:
            with self.watch.logs(sink.note) as logs:
                outcome, lost = self._outcome(report, logs)
            lost += logs.lost
        except FlowCheckError as error:
            report.refused(error)
            return None, ExitCode.INVALID
        except AgentFlowError as error:
            report.refused(error)
            raise
        report.outcome(outcome)
        if self.metrics:
            from agentflow.cli.console.figures import figure_lines  # noqa: PLC0415 - it is heavy

            for line in figure_lines(outcome.metrics):
                sink.note(line)
        code = ExitCode.of(outcome.status)
        for it in self.watch.unsent:
            sink.note(it)
        for it in lost:
            sink.error(it)
        return outcome, (code or ExitCode.FAILED) if lost else code

    def _outcome(self, report: Report, logs: Logs) -> tuple[RunOutcome, list[str]]:
        self._check(report)
        environ = AskedEnvironment(os.environ)
        logs.keep_from_saying(environ.unsaid)
        kept = self.open_journal(environ) if self.open_journal else None
        with ExitStack() as open_until_the_end:
            interrupt = open_until_the_end.enter_context(Interrupt())
            if kept:
                open_until_the_end.enter_context(kept)
            watching = self.watch.listeners(self.opened.flow, self.catalogue, environ)
            listeners = open_until_the_end.enter_context(watching)
            progress = open_until_the_end.enter_context(report.progress())
            ask = _asker(progress, sys.stdin, sys.stderr)
            logs.told_by(progress.printed)
            open_until_the_end.enter_context(caught_prints(logs.printed(progress.printed)))
            listeners.append(progress)
            dispatched = self._dispatched(kept, listeners, logs, environ, interrupt, ask)
            outcome = asyncio.run(dispatched)
        return outcome, [*([kept.lost] if kept and kept.lost else []), *self.watch.lost]

    def _check(self, report: Report) -> None:
        stubbed = _undefined(self.opened.flow) if self.stub_missing else frozenset[str]()
        problems = check_file(self.opened, self.catalogue, registered=stubbed)
        if self.opened.source is not None:
            report.problems(self.opened.source, problems)
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise FlowCheckError(errors)

    async def _dispatched(
        self,
        kept: Kept | None,
        listeners: Sequence[Listener],
        logs: Logs,
        environ: AskedEnvironment,
        interrupt: Interrupt,
        ask: Ask | None,
    ) -> RunOutcome:
        source = self.opened.source
        setup = AgentSetup(
            models=open_models(environ),
            folder=source.resolve().parent if source else None,
            environ=environ,
            may_execute=not self.no_exec,
            ask=ask,
            # As in the editor: a function that exits, crashes or hangs fails its own step only.
            isolate=True,
        )
        runner = Runner.from_flow(
            self.opened.flow,
            catalogue=self.catalogue,
            setup=setup,
            stub_missing=self.stub_missing,
        )
        if kept is not None:
            runner.keep(kept.keeper)
        for listener in (*listeners, logs):
            runner.subscribe(listener)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(logs.of_loop)
        async with runner:
            handle = await self._begun(runner, kept, listeners)
            interrupt.on_first(lambda: loop.call_soon_threadsafe(handle.cancel))
            return await handle.outcome()

    async def _begun(
        self, runner: Runner, kept: Kept | None, listeners: Sequence[Listener]
    ) -> RunHandle:
        if self.event is not None:
            return await runner.emit(self.event)
        assert kept is not None
        assert kept.resumption is not None
        for entry in kept.resumption.entries:
            for listener in listeners:
                listener(entry)
        return await runner.resume(kept.resumption)


def _asker(progress: Progress, lines: TextIO, err: TextIO) -> Ask | None:
    """Asks at the terminal; None where nobody sits at one."""
    return Prompt(lines, err, progress.quiet).ask if lines.isatty() else None


def _undefined(flow: Flow) -> frozenset[str]:
    used = {place.step.name for place in flow.places() if isinstance(place.step, AgentUse)}
    return frozenset(used - set(flow.agents))

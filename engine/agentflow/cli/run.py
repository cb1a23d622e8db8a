"""`agentflow run`: runs a flow once, and tells how it goes."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich_click import RichCommand

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.given import Given, sample_beside
from agentflow.cli.console.interrupt import Interrupt
from agentflow.cli.console.printed import caught_prints
from agentflow.cli.console.report import JsonReport, Report, TextReport
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.trace_file import TraceFile
from agentflow.errors import AgentFlowError, FlowCheckError
from agentflow.event import Event
from agentflow.flow.check import check_file
from agentflow.flow.flow import AgentUse, Flow
from agentflow.flow.load import load
from agentflow.models.open import open_models
from agentflow.runner import Runner, RunOutcome
from agentflow.trace import Listener

@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """How a flow is to be run."""

    file: Path
    trace: TraceFile | None
    stub_missing: bool
    no_exec: bool


@click.command("run", cls=RichCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--input",
    "text",
    metavar="TEXT|@FILE",
    help="A text becomes the state's `message`, a JSON object the state; @ reads a file.",
)
@click.option("--sample", is_flag=True, help="Take input.json or input.txt beside the flow.")
@click.option("--set", "sets", metavar="KEY=JSON", multiple=True, help="Set a key of the state.")
@click.option("--meta", metavar="KEY=VALUE", multiple=True, help="Set metadata of the event.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option(
    "--trace",
    "trace_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what happens to FILE, as JSON lines.",
)
@click.option("--stub-missing", is_flag=True, help="Stand in for agents that are not defined.")
@click.option(
    "--no-exec", is_flag=True, help="Refuse agents that run or ask what the author chose."
)
@click.pass_obj
def _run(sink: Sink, as_json: bool, **options: Any) -> int:
    """Run the flow of FILE once. Exit code 1: the run failed; 3: the flow has errors."""
    given = Given(**{name: options.pop(name) for name in ("text", "sample", "sets", "meta")})
    trace_file = options.pop("trace_file")
    wish = _Wish(**options, trace=TraceFile(trace_file) if trace_file else None)
    event = given.event(wish.file)
    report = JsonReport(sink) if as_json else TextReport(sink)
    try:
        outcome = _outcome(wish, event, report)
    except FlowCheckError as error:
        report.refused(error)
        return ExitCode.INVALID
    except AgentFlowError as error:
        report.refused(error)
        raise
    report.outcome(outcome)
    code = ExitCode.of(outcome.status)
    if code is ExitCode.FAILED and not event.data and (sample := sample_beside(wish.file)):
        sink.note(f"It was run without input; --sample takes {sample.name}, --input what you give.")
    if wish.trace and wish.trace.lost:
        sink.error(f"--trace {trace_file}: it is not whole ({wish.trace.lost}); name another file")
        return code or ExitCode.FAILED
    return code


def _outcome(wish: _Wish, event: Event, report: Report) -> RunOutcome:
    catalogue = Catalogue.installed()
    flow = _checked(wish, catalogue, report)
    with ExitStack() as open_until_the_end:
        interrupt = open_until_the_end.enter_context(Interrupt())
        listeners: list[Listener] = []
        if wish.trace:
            listeners.append(open_until_the_end.enter_context(wish.trace))
        progress = open_until_the_end.enter_context(report.progress())
        open_until_the_end.enter_context(caught_prints(progress.printed))
        return asyncio.run(
            _dispatch(wish, flow, catalogue, event, [*listeners, progress], interrupt)
        )


def _checked(wish: _Wish, catalogue: Catalogue, report: Report) -> Flow:
    opened = load(wish.file, catalogue)
    stubbed = _undefined(opened.flow) if wish.stub_missing else frozenset[str]()
    problems = check_file(opened, catalogue, registered=stubbed)
    report.problems(wish.file, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise FlowCheckError(errors)
    return opened.flow


def _undefined(flow: Flow) -> frozenset[str]:
    used = {place.step.name for place in flow.places() if isinstance(place.step, AgentUse)}
    return frozenset(used - set(flow.agents))


async def _dispatch(
    wish: _Wish,
    flow: Flow,
    catalogue: Catalogue,
    event: Event,
    listeners: Sequence[Listener],
    interrupt: Interrupt,
) -> RunOutcome:
    setup = AgentSetup(
        models=open_models(os.environ),
        folder=wish.file.resolve().parent,
        environ=os.environ,
        may_execute=not wish.no_exec,
        # As in the editor: a function that exits, crashes or hangs fails its own step only.
        isolate=True,
    )
    runner = Runner.from_flow(
        flow, catalogue=catalogue, setup=setup, stub_missing=wish.stub_missing
    )
    for listener in listeners:
        runner.subscribe(listener)
    loop = asyncio.get_running_loop()
    async with runner:
        handle = await runner.emit(event)
        interrupt.on_first(lambda: loop.call_soon_threadsafe(handle.cancel))
        return await handle.outcome()


VERB = _run

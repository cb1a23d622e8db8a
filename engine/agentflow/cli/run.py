"""`agentflow run`: runs a flow once, and tells how it goes."""

from pathlib import Path
from typing import Any

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.given import Given, sample_hint
from agentflow.cli.console.kept import Kept
from agentflow.cli.console.one_run import OneRun, run_options
from agentflow.cli.console.report import JsonReport, Report, TextReport
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.console.watch import Watch, watch_options
from agentflow.errors import AgentFlowError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.load import load

_GIVEN = ("text", "sample", "sets", "meta", "session")


@click.command("run", cls=Verb)
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
@click.option(
    "--session",
    metavar="ID",
    default="",
    help="Share what agents remember with other runs of this session.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@run_options
@watch_options
@click.option(
    "--journal",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the run in FILE, and not among those that `agentflow runs` lists.",
)
@click.option("--no-journal", is_flag=True, help="Do not keep the run: it cannot be resumed.")
@click.pass_obj
def _run(
    sink: Sink, file: Path, as_json: bool, journal: Path | None, no_journal: bool, **options: Any
) -> int:
    """Run the flow of FILE once. Exit code 1: the run failed; 3: the flow has errors."""
    given = Given(**{name: options.pop(name) for name in _GIVEN})
    event = given.event(file)
    report = JsonReport(sink) if as_json else TextReport(sink)
    catalogue = Catalogue.installed()
    opened = _opened(file, catalogue, report)
    watch = Watch.of(options)
    watch.refuse_to_overwrite({"the flow": file, "the journal": journal})
    one_run = OneRun(
        opened=opened,
        catalogue=catalogue,
        event=event,
        watch=watch,
        open_journal=None if no_journal else lambda environ: Kept(journal, opened, environ),
        **options,
    )
    outcome, code = one_run.told(report, sink)
    has_failed = outcome is not None and code is ExitCode.FAILED
    if has_failed and (hint := sample_hint(file, event.data)):
        sink.note(hint)
    return code


def _opened(file: Path, catalogue: Catalogue, report: Report) -> FlowFile:
    try:
        return load(file, catalogue)
    except AgentFlowError as error:
        report.refused(error)
        raise


VERB = _run

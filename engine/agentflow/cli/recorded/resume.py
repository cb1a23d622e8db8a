"""`agentflow runs resume`: goes on with a run that was broken off."""

from pathlib import Path
from typing import Any

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.kept import Kept
from agentflow.cli.console.one_run import OneRun, run_options
from agentflow.cli.console.report import JsonReport, TextReport
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.console.watch import Watch, watch_options
from agentflow.cli.recorded.base import journal_option
from agentflow.errors import AgentFlowError
from agentflow.journal.definition import flow_to_resume
from agentflow.journal.shelf import Shelf


@click.command("resume", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@click.option("--accept-changes", is_flag=True, help="Go on even if the flow's file has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@run_options
@watch_options
@click.pass_obj
def _resume(
    sink: Sink,
    run_id: str,
    journal: Path | None,
    accept_changes: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Go on with the run ID (or the beginning of its id) where it was broken off or stopped.

    No agent is called again that had ended. One that was being called may have done its work; it
    is called again, with the same key. The exit code is as of `agentflow run`.
    """
    report = JsonReport(sink) if as_json else TextReport(sink)
    catalogue = Catalogue.installed()
    try:
        file, run = Shelf(journal).find(run_id)
        opened = flow_to_resume(run, catalogue, accept_changes=accept_changes)
    except AgentFlowError as error:
        report.refused(error)
        raise
    watch = Watch.of(options)
    watch.refuse_to_overwrite({"the flow": opened.source, "the journal": file})
    one_run = OneRun(
        opened=opened,
        catalogue=catalogue,
        event=None,
        watch=watch,
        open_journal=lambda environ: Kept(file, opened, environ, resumed=run.id),
        **options,
    )
    return one_run.told(report, sink)[1]


VERB = _resume

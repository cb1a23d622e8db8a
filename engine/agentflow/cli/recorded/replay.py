"""`agentflow runs replay`: tells a run again as it was told then; no agent is called."""

from pathlib import Path

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.report import JsonReport, TextReport
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option
from agentflow.journal.replay import played
from agentflow.journal.shelf import Shelf


@click.command("replay", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=0.0,
    help="1 for the run's own pace, 10 for ten times that.",
)
@click.pass_obj
def _replay(sink: Sink, run_id: str, journal: Path | None, as_json: bool, speed: float) -> int:
    """Play what is recorded of the run ID as `run` told it. Nothing is run, nothing is called.

    The exit code is that of the run; 1 where its record is damaged or has no end.
    """
    file, run = Shelf(journal).find(run_id)
    report = JsonReport(sink) if as_json else TextReport(sink)
    with report.progress() as progress:
        outcome = played(run, [progress], speed=speed)
    if outcome is not None and not run.damage:
        report.outcome(outcome)
        return ExitCode.of(outcome.status)
    why = run.damage or "it was broken off"
    sink.error(f"{file}: run {run.id}: {why}; see: agentflow runs show {run.id[:12]}")
    return ExitCode.FAILED


VERB = _replay

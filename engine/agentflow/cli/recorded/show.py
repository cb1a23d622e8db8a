"""`agentflow runs show`: what a journal knows of one run."""

from collections.abc import Iterator
from pathlib import Path

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.lines import Lines
from agentflow.cli.console.safe import one_line
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option, status_of, told_of, when
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.shelf import Shelf
from agentflow.trace import to_json


@click.command("show", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def _show(sink: Sink, run_id: str, journal: Path | None, as_json: bool) -> int:
    """Tell of the run ID (or the beginning of its id) what happened, step by step.

    Exit code 1: its record is damaged.
    """
    file, run = Shelf(journal).find(run_id)
    if as_json:
        trace = [to_json(it) for it in run.entries]
        told = {**told_of(file, run), "in_flight": list(run.in_flight), "trace": trace}
        sink.result_json(told, indent=2)
    else:
        for line in _heading(file, run):
            sink.result(line)
        lines = Lines(sink.result)
        for entry in run.entries:
            lines(entry)
    if run.damage:
        sink.error(f"{file}: run {run.id}: {run.damage}")
    return ExitCode.FAILED if run.damage else ExitCode.SUCCESS


def _heading(file: Path, run: RecordedRun) -> Iterator[str]:
    status = status_of(file, run)
    yield f"run      {run.id}"
    yield f"flow     {one_line(run.page.flow)}  {one_line(run.page.file)}".rstrip()
    yield f"began    {when(run.page.began)}"
    yield f"status   {status}"
    yield f"journal  {one_line(str(file))}"
    for path in run.in_flight if status == "broken off" else ():
        yield f"may have run  {one_line(path)}"
    yield ""


VERB = _show

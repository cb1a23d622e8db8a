"""`agentflow runs show`: what a journal knows of one run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.lines import Lines
from agentflow.cli.console.safe import one_line
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option, status_of, told_of, when
from agentflow.journal.page import outermost
from agentflow.journal.reader import Reader
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.shelf import Shelf
from agentflow.running.metrics import measured
from agentflow.timeline import Stretch, critical_path, timeline
from agentflow.trace import to_json


@click.command("show", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--timeline", "as_chart", is_flag=True, help="Draw when each step ran, and for how long."
)
@click.pass_obj
def _show(sink: Sink, run_id: str, journal: Path | None, as_json: bool, as_chart: bool) -> int:
    """Tell of the run ID (or the beginning of its id) what happened, step by step.

    Below stands of each agent how long its steps took (half of them, 95 and 99 of 100 no longer
    than that), how many of them failed, and how often it was called again.

    Exit code 1: its record is damaged.
    """
    file, run = Shelf(journal).find(run_id)
    whole, inside = timeline(run.entries), _inside(file, run)
    if as_json:
        sink.result_json({**_told(file, run, whole), "inside": inside}, indent=2)
    else:
        for line in _heading(file, run, inside):
            sink.result(line)
        if as_chart and whole:
            from agentflow.cli.console.chart import draw_chart  # noqa: PLC0415 - rich is heavy

            draw_chart(whole, sink.out)
        else:
            _tell_all(sink, run)
        _tell_figures(sink, run)
    if run.damage:
        sink.error(f"{file}: run {run.id}: {run.damage}")
    return ExitCode.FAILED if run.damage else ExitCode.SUCCESS


def _inside(file: Path, run: RecordedRun) -> list[str]:
    """The ids of the runs of flows that its steps have run."""
    with Reader(file) as reader:
        return [it for it in reader.ids() if it != run.id and outermost(it) == run.id]


def _told(file: Path, run: RecordedRun, whole: Stretch | None) -> dict[str, Any]:
    way = critical_path(whole) if whole else ()
    return {
        **told_of(file, run),
        "in_flight": list(run.in_flight),
        "metrics": measured(run.entries).to_json(),
        "critical_path": [{"path": it.path, "duration": it.took} for it in way],
        "trace": [to_json(it) for it in run.entries],
    }


def _tell_all(sink: Sink, run: RecordedRun) -> None:
    lines = Lines(sink.result)
    for entry in run.entries:
        lines(entry)


def _tell_figures(sink: Sink, run: RecordedRun) -> None:
    from agentflow.cli.console.figures import figure_lines  # noqa: PLC0415 - it is heavy

    for line in ("", *figure_lines(measured(run.entries))):
        sink.result(line)


def _heading(file: Path, run: RecordedRun, inside: list[str]) -> Iterator[str]:
    status = status_of(file, run)
    yield f"run      {run.id}"
    yield f"flow     {one_line(run.page.flow) or '(no name)'}  {one_line(run.page.file)}".rstrip()
    yield f"began    {when(run.page.began)}"
    yield f"status   {status}"
    yield f"journal  {one_line(str(file))}"
    for its_id in inside:
        yield f"inside   {one_line(its_id)}"
    for path in run.in_flight if status == "broken off" else ():
        yield f"may have run  {one_line(path)}"
    yield ""


VERB = _show

"""`agentflow runs export`: a run's trace, as far as its record is whole."""

from pathlib import Path
from typing import TextIO

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.safe import safe_json
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option
from agentflow.journal.shelf import Shelf
from agentflow.run_diagram import run_diagram
from agentflow.trace import to_json


@click.command("export", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@click.option(
    "-o",
    "--output",
    type=click.File("w", encoding="utf-8", lazy=True),
    help="Write to this file instead of printing.",
)
@click.option("--flow", is_flag=True, help="The flow file as it was, instead of the trace.")
@click.option("--mermaid", is_flag=True, help="A sequence diagram instead of the trace.")
@click.pass_obj
def _export(
    sink: Sink,
    run_id: str,
    journal: Path | None,
    output: TextIO | None,
    flow: bool,
    mermaid: bool,
) -> int:
    """Give the run ID (or the beginning of its id) in the form of `run --trace`.

    Exit code 1: its record is damaged; what is whole before the damage was given.
    """
    file, run = Shelf(journal).find(run_id)
    if flow and mermaid:
        raise click.UsageError("--flow and --mermaid exclude one another; give one of them")
    if mermaid:
        text = run_diagram(run.entries)
    else:
        text = run.text if flow else "\n".join(safe_json(to_json(it)) for it in run.entries)
    if text is not None:
        _give(sink, output, text.rstrip("\n"))
    damage = run.damage or ("the text of its flow is damaged" if text is None else "")
    if damage:
        sink.error(f"{file}: run {run.id}: {damage}; what was whole before that was exported")
        return ExitCode.FAILED
    return ExitCode.SUCCESS


def _give(sink: Sink, output: TextIO | None, text: str) -> None:
    if output is None:
        sink.result(text)
    else:
        output.write(text + "\n")


VERB = _export

"""`agentflow runs export`: a run's trace, as far as its record is whole."""

from pathlib import Path

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.safe import safe_json
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.console.written import output_option, refuse_to_overwrite, write_result
from agentflow.cli.recorded.base import journal_option
from agentflow.journal.shelf import Shelf
from agentflow.run_diagram import run_diagram
from agentflow.trace import to_json


@click.command("export", cls=Verb)
@click.argument("run_id", metavar="ID")
@journal_option
@output_option
@click.option("--flow", is_flag=True, help="The flow file as it was, instead of the trace.")
@click.option("--mermaid", is_flag=True, help="A sequence diagram instead of the trace.")
@click.pass_obj
def _export(
    sink: Sink,
    run_id: str,
    journal: Path | None,
    output: Path | None,
    flow: bool,
    mermaid: bool,
) -> int:
    """Give the run ID (or the beginning of its id) in the form of `run --trace`.

    Exit code 1: its record is damaged; what is whole before the damage was given.
    """
    if flow and mermaid:
        raise click.UsageError("--flow and --mermaid exclude one another; give one of them")
    file, run = Shelf(journal).find(run_id)
    refuse_to_overwrite("-o", output, {"the journal": file})
    if mermaid:
        text = run_diagram(run.entries)
    else:
        text = run.text if flow else "\n".join(safe_json(to_json(it)) for it in run.entries)
    if text:
        write_result(sink, text.rstrip("\n") + "\n", output)
    damage = run.damage or ("the text of its flow is damaged" if text is None else "")
    if damage:
        sink.error(f"{file}: run {run.id}: {damage}; what was whole before that was exported")
        return ExitCode.FAILED
    return ExitCode.SUCCESS


VERB = _export

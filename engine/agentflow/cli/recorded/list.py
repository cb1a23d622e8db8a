"""`agentflow runs list`: the runs that were kept, the newest last."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.safe import one_line
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option, told_of, when
from agentflow.errors import JournalError
from agentflow.journal.reader import Reader
from agentflow.journal.shelf import Shelf


@click.command("list", cls=Verb)
@journal_option
@click.option(
    "--last",
    type=click.IntRange(0, 1_000_000_000),
    default=20,
    show_default=True,
    help="How many; 0 for all.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def _list(sink: Sink, journal: Path | None, last: int, as_json: bool) -> int:
    """Tell of each run its id, when it began, how it ended, and its flow.

    Exit code 1: a journal, or the record of a run, is damaged.
    """
    unreadable: list[JournalError] = []
    told = deque(_all(Shelf(journal), unreadable), maxlen=last or None)
    if as_json:
        sink.result_json(
            {"runs": list(told), "unreadable": [str(it) for it in unreadable]}, indent=2
        )
    else:
        for it in told:
            sink.result(_line(it))
        if not told and not unreadable:
            sink.note("no run is kept; `agentflow run` keeps those that it runs")
        for error in unreadable:
            sink.error(str(error))
    is_damaged = unreadable or any(it["damage"] for it in told)
    return ExitCode.FAILED if is_damaged else ExitCode.SUCCESS


def _all(shelf: Shelf, unreadable: list[JournalError]) -> Iterator[dict[str, Any]]:
    """What is to be told of each run: all of many large ones would not fit into memory."""
    for file in shelf.files():
        try:
            with Reader(file) as reader:
                for run in reader.runs():
                    if run.damage or not run.is_inside:
                        yield told_of(file, run)
        except JournalError as error:
            unreadable.append(error)


def _line(told: dict[str, Any]) -> str:
    flow = one_line(f"{told['flow'] or '(no name)'}  {told['file']}".rstrip())
    damage = f"  DAMAGED: {one_line(told['damage'])}" if told["damage"] else ""
    return f"{told['id'][:12]}  {when(told['began'])}  {told['status']:<10}  {flow}{damage}"


VERB = _list

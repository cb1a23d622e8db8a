"""`agentflow runs prune`: forgets runs that ended long ago."""

import time
from pathlib import Path

import click

from agentflow.cli.console.exit_code import ExitCode
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.recorded.base import journal_option
from agentflow.errors import JournalError
from agentflow.journal.lock import is_locked
from agentflow.journal.prune import pruned
from agentflow.journal.recorded_run import RecordedRun
from agentflow.journal.shelf import Shelf

_DAY = 86_400.0
"""Seconds."""


@click.command("prune", cls=Verb)
@journal_option
@click.option(
    "--days",
    type=click.FloatRange(min=0),
    default=30,
    show_default=True,
    help="How old.",
)
@click.option("--broken-off", is_flag=True, help="Forget those, too, that could be resumed.")
@click.pass_obj
def _prune(sink: Sink, journal: Path | None, days: float, broken_off: bool) -> int:
    """Forget the runs that began more than --days ago, and give their room back.

    Runs that were broken off stay, unless you say otherwise. Exit code 1: a journal is damaged,
    and was left as it is.
    """
    before = time.time() - days * _DAY

    def unwanted(run: RecordedRun) -> bool:
        return run.page.began < before and (run.end is not None or broken_off)

    gone, code = 0, ExitCode.SUCCESS
    for file in Shelf(journal).files():
        if journal is None and is_locked(file):
            continue
        try:
            gone += pruned(file, unwanted, may_remove=journal is None)
        except JournalError as error:
            sink.error(str(error))
            code = ExitCode.FAILED
    sink.note("1 run is forgotten" if gone == 1 else f"{gone} runs are forgotten")
    return code


VERB = _prune

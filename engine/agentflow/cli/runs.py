"""`agentflow runs`: what was run, and what can be done with it."""

import click

from agentflow.cli.console.verbs import VerbGroup


@click.group("runs", cls=VerbGroup, package="agentflow.cli.recorded")
def _runs() -> None:
    """List, show, replay, resume and export the runs that were kept."""


VERB = _runs

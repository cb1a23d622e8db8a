"""`agentflow edit`: opens the editor."""

from pathlib import Path

import click
from rich_click import RichCommand

from agentflow.cli.console.editor import editor_module, without_display
from agentflow.errors import NoEditorError


@click.command("edit", cls=RichCommand)
@click.argument(
    "files",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[FILE]…",
)
def _edit(files: tuple[Path, ...]) -> int:
    """Open each FILE in a window of its own, or the editor's welcome screen."""
    editor = editor_module("agentflow_editor.__main__", "edit")
    if without_display():
        fix = "`agentflow run` and `agentflow render` need none"
        raise NoEditorError("agentflow edit", "there is no display to open a window on", fix)
    return editor.main([str(file) for file in files])


VERB = _edit

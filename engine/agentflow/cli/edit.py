"""`agentflow edit`: opens the editor."""

from pathlib import Path

import click

from agentflow.cli.console.editor import editor_module, without_display
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.errors import NoEditorError


@click.command("edit", cls=Verb)
@click.argument(
    "files",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[FILE]…",
)
@click.option(
    "--new-instance",
    is_flag=True,
    help="Start another editor, with this terminal's environment, even where one is open.",
)
@click.pass_obj
def _edit(sink: Sink, files: tuple[Path, ...], new_instance: bool) -> int:
    """Open each FILE in a window of its own, or the editor's welcome screen.

    Where an editor is open already, it shows the files, unless its preferences say otherwise.
    """
    # What is small comes first: a start that only hands its files over is over at once.
    instance = editor_module("agentflow_editor.process.instance", "edit")
    if without_display():
        fix = "`agentflow run` and `agentflow render` need none"
        raise NoEditorError("agentflow edit", "there is no display to open a window on", fix)
    if not new_instance and instance.hand_over(instance.settings_folder(), files):
        sink.note("The editor that is open already shows it; --new-instance starts another one.")
        return 0
    return editor_module("agentflow_editor.app", "edit").main(files, is_alone=new_instance)


VERB = _edit

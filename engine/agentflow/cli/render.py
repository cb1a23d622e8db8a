"""`agentflow render`: draws a flow as a picture, as the editor would show it."""

import os
from pathlib import Path

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.editor import editor_module, without_display
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.flow.load import load

_SUFFIXES = (".png", ".svg", ".pdf")


@click.command("render", cls=Verb)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The picture to write, .png, .svg or .pdf.",
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True)
@click.pass_obj
def _render(sink: Sink, file: Path, output: Path, theme: str) -> None:
    """Draw the flow of FILE. Nothing of it is run. Needs the extra `editor`."""
    if output.suffix.lower() not in _SUFFIXES:
        raise click.UsageError(f"-o {output}: pictures are .png, .svg or .pdf; name it so")
    catalogue = Catalogue.installed()
    opened = load(file, catalogue)
    if without_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    picture = editor_module("agentflow_editor.canvas.render", "render")
    try:
        picture.render_file(opened, catalogue, theme, output)
    except OSError as error:
        message = f"-o {output}: it cannot be written ({error.strerror}); name another file"
        raise click.UsageError(message) from None
    sink.note(f"wrote {output}")


VERB = _render

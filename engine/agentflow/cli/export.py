"""`agentflow export`: writes a flow in another format."""

from pathlib import Path

import click
from rich_click import RichCommand

from agentflow.catalogue import Catalogue
from agentflow.cli.console.sink import Sink
from agentflow.flow.load import load


@click.command("export", cls=RichCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "format_name", required=True, metavar="NAME", help="Such as mermaid.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it the text goes to the terminal.",
)
@click.pass_obj
def _export(sink: Sink, file: Path, format_name: str, output: Path | None) -> None:
    """Write the flow of FILE in another format. Nothing of the flow is run."""
    catalogue = Catalogue.installed()
    exporter = catalogue.exporters.get(format_name)
    if exporter is None:
        known = ", ".join(sorted(catalogue.exporters))
        raise click.UsageError(f"--format: nothing here writes {format_name!r}; known are {known}")
    text = exporter.write(load(file, catalogue).flow)
    if output is None:
        sink.result(text.rstrip("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"-o {output}: it cannot be written ({error.strerror}); name another file"
        raise click.UsageError(message) from None
    sink.note(f"wrote {output}")


VERB = _export

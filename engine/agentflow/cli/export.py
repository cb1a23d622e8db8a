"""`agentflow export`: writes a flow in another format."""

from pathlib import Path

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.safe import one_line
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.console.written import output_option, refuse_to_overwrite, write_result
from agentflow.flow.load import load


def _list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        exporters = Catalogue.installed().exporters
        width = max(map(len, exporters))
        lines = [f"{name:<{width}}  {exporters[name].title}" for name in sorted(exporters)]
        ctx.ensure_object(Sink).result("\n".join(lines))
        ctx.exit()


@click.command("export", cls=Verb)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_name",
    required=True,
    metavar="NAME",
    help="core, mermaid, v1beta, or what an extension adds.",
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list,
    help="List the formats and exit.",
)
@output_option
@click.pass_obj
def _export(sink: Sink, file: Path, format_name: str, output: Path | None) -> None:
    """Write the flow of FILE in another format, and tell what that cannot say.

    Nothing of the flow is run.
    """
    refuse_to_overwrite("-o", output, {"the flow": file})
    catalogue = Catalogue.installed()
    exporter = catalogue.exporters.get(format_name)
    if exporter is None:
        known = ", ".join(sorted(catalogue.exporters))
        raise click.UsageError(f"--format: nothing here writes {format_name!r}; known are {known}")
    opened = load(file, catalogue)
    exported = exporter.write(opened.flow, opened.native)
    for sentence in exported.unsaid:
        sink.note(one_line(f"not said in {exporter.name}: {sentence}", 2000))
    write_result(sink, exported.text, output)


VERB = _export

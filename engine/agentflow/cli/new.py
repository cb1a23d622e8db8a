"""`agentflow new`: begins a flow of one's own as a copy of an example."""

import shlex
from pathlib import Path

import click

from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow_resources.templates import Template, templates


def _list(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        width = max(len(template.name) for template in templates())
        lines = [f"{template.name:<{width}}  {template.summary}" for template in templates()]
        ctx.ensure_object(Sink).result("\n".join(lines))
        ctx.exit()


@click.command("new", cls=Verb)
@click.argument("template", metavar="TEMPLATE")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list,
    help="List the templates and exit.",
)
@click.pass_obj
def _new(sink: Sink, template: str, folder: Path) -> None:
    """Copy TEMPLATE into the new folder DIR."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"{folder}: it exists and nothing is overwritten; name a new folder")
    source = _named(template)
    try:
        source.copy_to(folder)
    except OSError as error:
        message = f"{folder}: it cannot be written ({error.strerror}); name another folder"
        raise click.UsageError(message) from None
    sink.note(f"{folder} holds the flow now. Next:")
    sink.result(f"agentflow run {shlex.quote(str(folder / 'agentflow.toml'))} --sample")


def _named(name: str) -> Template:
    found = next((template for template in templates() if template.name == name), None)
    if found is None:
        raise click.UsageError(f"no template is named {name!r}; `agentflow new --list` names them")
    return found


VERB = _new

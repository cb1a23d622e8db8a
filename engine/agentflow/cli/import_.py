"""`agentflow import`: turns a file of another dialect into a native one."""

from pathlib import Path

import click

from agentflow.catalogue import Catalogue
from agentflow.cli.console.problems import problem_lines
from agentflow.cli.console.sink import Sink
from agentflow.cli.console.verbs import Verb
from agentflow.cli.console.written import output_option, write_result
from agentflow.flow.imported import imported
from agentflow.flow.load import load


@click.command("import", cls=Verb)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@output_option
@click.option("--force", is_flag=True, help="Replace a file that is there, be it FILE itself.")
@click.pass_obj
def _import(sink: Sink, file: Path, output: Path | None, force: bool) -> None:
    """Write FILE, which may be of another dialect, as a native agentflow.toml.

    Tells what was translated and what could not be said. Nothing of the flow is run, and comments
    stay.
    """
    if output is not None and output.exists() and not force:
        raise click.UsageError(f"-o {output}: it exists; name another file, or give --force")
    catalogue = Catalogue.installed()
    opened = load(file, catalogue)
    native = imported(opened, catalogue)
    title = opened.dialect.title if opened.dialect else "the native dialect"
    sink.note(f"{file}: is written in {title}")
    told = [*opened.translated, *(it for it in opened.problems if it.code != "other-dialect")]
    for line in problem_lines(file, told):
        sink.note(line)
    write_result(sink, native.text, output)


VERB = _import

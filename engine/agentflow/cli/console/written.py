"""Written: a verb's result, in a file or on the terminal."""

from pathlib import Path

import click

from agentflow.cli.console.sink import Sink

__all__ = ["output_option", "write_result"]

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it the text goes to the terminal.",
)


def write_result(sink: Sink, text: str, output: Path | None) -> None:
    """Write a text where it was asked for.

    Raises:
        click.UsageError: that file cannot be written.
    """
    if output is None:
        sink.result(text.rstrip("\n"))
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"-o {output}: it cannot be written ({error.strerror}); name another file"
        raise click.UsageError(message) from None
    sink.note(f"wrote {output}")

"""Written: a verb's result, in a file or on the terminal."""

import os
from collections.abc import Mapping
from pathlib import Path

import click

from agentflow.cli.console.sink import Sink

__all__ = ["output_option", "refuse_to_overwrite", "write_result"]

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; without it the text goes to the terminal.",
)


def refuse_to_overwrite(option: str, output: Path | None, kept: Mapping[str, Path | None]) -> None:
    """See to it that what is written does not take the place of what is read or kept.

    Args:
        option: what named the file that is to be written.
        output: that file.
        kept: the files that are to stay, by what they are.

    Raises:
        click.UsageError: it is one of them.
    """
    for what, path in kept.items():
        if output is not None and path is not None and _are_one(output, path):
            message = f"{option} {output}: that is {what}, which would be lost; name another file"
            raise click.UsageError(message)


def _are_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


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

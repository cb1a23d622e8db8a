"""TraceFile: a run's trace as a file of JSON lines."""

from pathlib import Path
from types import TracebackType
from typing import Self

import click

from agentflow.cli.console.safe import safe_json
from agentflow.trace import TraceEntry, to_json

__all__ = ["TraceFile"]


class TraceFile:
    """A listener that writes each entry as it happens, so that a killed run leaves its trace."""

    def __init__(self, path: Path) -> None:
        """Begin the file anew.

        Raises:
            click.UsageError: it cannot be written.
        """
        try:
            self._file = path.open("w", encoding="utf-8", buffering=1, newline="\n")
        except OSError as error:
            message = f"--trace {path}: it cannot be written ({error.strerror}); name another file"
            raise click.UsageError(message) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._file.close()

    def __call__(self, entry: TraceEntry) -> None:
        """Write a line."""
        self._file.write(safe_json(to_json(entry)) + "\n")

"""TraceFile: a run's trace as a file of JSON lines."""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

import click

from agentflow.cli.console.safe import safe_json
from agentflow.trace import TraceEntry, to_json

__all__ = ["TraceFile"]

_LOG = logging.getLogger(__name__)


class TraceFile:
    """A listener that writes each entry as it happens, so that a killed run leaves its trace."""

    def __init__(self, path: Path, unsaid: Callable[[str], str] = str) -> None:
        """`unsaid` takes out of each line what no record may show."""
        self._path, self._unsaid = path, unsaid
        self._file: TextIO | None = None
        self.lost = ""
        """Why the file is not whole, as the machine put it; else nothing."""

    def __enter__(self) -> Self:
        """Begin the file anew.

        Raises:
            click.UsageError: it cannot be written.
        """
        try:
            self._file = self._path.open("w", encoding="utf-8", buffering=1, newline="\n")
        except OSError as error:
            what = f"it cannot be written ({error.strerror}); name another file"
            raise click.UsageError(f"--trace {self._path}: {what}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._file:
            with self._losses():
                self._file.close()

    def __call__(self, entry: TraceEntry) -> None:
        """Write a line; none after one that could not be written."""
        if self._file and not self.lost:
            with self._losses():
                self._file.write(self._unsaid(safe_json(to_json(entry))) + "\n")

    @contextmanager
    def _losses(self) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            self.lost = self.lost or error.strerror or str(error)
            _LOG.error("%s is not whole: %s", self._path, self.lost, extra={"is_told": True})

"""Sink: the one place where the command writes, and where text is made harmless."""

import io
from typing import Any, TextIO

from agentflow.cli.console.safe import safe, safe_json

__all__ = ["Sink"]


class Sink:
    """Results go to `out`; all that is said about them, progress and errors too, to `err`."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out, self._err = out, err
        for stream in (out, err):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @property
    def out(self) -> TextIO:
        """For what is drawn, which writes only what it has made harmless itself."""
        return self._out

    @property
    def err(self) -> TextIO:
        """For the live display, which writes only what it has made harmless itself."""
        return self._err

    def result(self, text: str) -> None:
        """Write a result, and end its line."""
        self._write(self._out, text)

    def result_json(self, value: Any, *, indent: int | None = None) -> None:
        """Write a result that a program reads: one JSON value, nothing else."""
        ascii_only = (getattr(self._out, "encoding", None) or "utf-8").lower() != "utf-8"
        self._out.write(safe_json(value, ascii_only=ascii_only, indent=indent) + "\n")
        self._out.flush()

    def note(self, text: str) -> None:
        """Write what is worth knowing about a result."""
        self._write(self._err, text)

    def error(self, text: str) -> None:
        """Write why there is no result."""
        self.note(f"error: {text}")

    def _write(self, stream: TextIO, text: str) -> None:
        stream.write(safe(text) + "\n")
        stream.flush()

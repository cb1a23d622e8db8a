"""Logs: what the standard library's logging has to tell of a run, in a file and on the terminal."""

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import click

from agentflow.cli.console.safe import one_line, safe_json
from agentflow.cli.console.words import headline
from agentflow.errors import AgentFlowError
from agentflow.trace import (
    RunFinished,
    RunRecovered,
    RunStarted,
    StepFailed,
    StepRetried,
    TraceEntry,
)

__all__ = ["LEVELS", "Logs"]

LEVELS = ("debug", "info", "warning", "error")

_LOG = logging.getLogger("agentflow.trace")


class Logs:
    """While it is open, all that is logged goes to a file, or is told beside the run's progress.

    The file gets the run's trace, too: runs and failures from `info` on, every step with `debug`.
    """

    def __init__(self, level: str | None, file: Path | None, tell: Callable[[str], None]) -> None:
        """Make it ready.

        Args:
            level: the least that is logged; None for "info" in a file, "warning" on the terminal.
            file: gets a JSON object a line; None for none.
            tell: tells a line; see `told_by`.
        """
        self._path, self._run_id = file, ""
        self._unsaid: Callable[[str], str] = str
        self._console = _Console(tell)
        self._console.setLevel(_number("warning" if file or not level else level))
        self._handlers: list[logging.Handler] = [self._console]
        self._level = _number(level or ("info" if file else "warning"))
        self._before = logging.WARNING
        self._file: _LogFile | None = None

    def keep_from_saying(self, unsaid: Callable[[str], str]) -> None:
        """Take out of each line what no record may show: what the environment told the flow."""
        self._unsaid = self._console.unsaid = unsaid

    def told_by(self, tell: Callable[[str], None]) -> None:
        """Let this tell what is told from now on."""
        self._console.tell = tell

    def __enter__(self) -> Self:
        """Begin to listen; a file that is there is appended to.

        Raises:
            click.UsageError: the file cannot be written.
        """
        if self._path is not None:
            self._file = self._opened(self._path)
            self._handlers.append(self._file)
        root = logging.getLogger()
        self._before = root.level
        root.setLevel(self._level)
        for handler in self._handlers:
            root.addHandler(handler)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if error is not None:
            _LOG.error("%s", error, exc_info=_bug(error), extra={"is_told": True})
        root = logging.getLogger()
        root.setLevel(self._before)
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()

    @property
    def lost(self) -> list[str]:
        """What is to be said of a file that is not whole, once it is closed."""
        why = self._file.lost if self._file else ""
        return [f"--log-file {self._path}: it is not whole ({why}); name another file"] * bool(why)

    def __call__(self, entry: TraceEntry) -> None:
        """Log what happened in the run."""
        self._run_id = entry.run_id
        level = _level_of(entry)
        if self._path is None or not _LOG.isEnabledFor(level):
            return
        if told := headline(entry):
            facts = {"path": entry.path, "entry": type(entry).__name__, "is_told": True}
            _LOG.log(level, "%s", told, extra=facts)

    def printed(self, tell: Callable[[str], None]) -> Callable[[str], None]:
        """Tells a line that somebody printed, and logs it."""

        def told(line: str) -> None:
            tell(line)
            logging.getLogger("agentflow.printed").info("%s", line, extra={"is_told": True})

        return told

    def of_loop(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The loop's exception handler: nobody waited for what raised this."""
        facts = {name: context[name] for name in ("run_id", "path") if name in context}
        error = context.get("exception")
        logging.getLogger("agentflow.loop").error(
            "%s", context["message"], exc_info=error, extra=facts
        )

    def _opened(self, path: Path) -> "_LogFile":
        try:
            handler = _LogFile(path, encoding="utf-8")
        except OSError as error:
            what = f"it cannot be written ({error.strerror}); name another file"
            raise click.UsageError(f"--log-file {path}: {what}") from None
        handler.setFormatter(_JsonLine(self._line))
        return handler

    def _line(self, facts: dict[str, Any]) -> str:
        return self._unsaid(safe_json({**facts, "run_id": facts["run_id"] or self._run_id}))


class _LogFile(logging.FileHandler):
    """A file of lines. What cannot be written is lost, and is never logged in its turn."""

    lost = ""
    """Why it is not whole, as the machine put it; else nothing."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Note it: to print it, as it is done elsewhere, would be to log it here."""
        self._lose(sys.exc_info()[1])

    def close(self) -> None:
        """Write what is left."""
        try:
            super().close()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: BaseException | None) -> None:
        self.lost = self.lost or getattr(error, "strerror", None) or str(error)


class _JsonLine(logging.Formatter):
    """A record as one JSON object."""

    def __init__(self, line: Callable[[dict[str, Any]], str]) -> None:
        super().__init__()
        self._line = line

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "run_id": getattr(record, "run_id", ""),
            "path": getattr(record, "path", ""),
            "message": record.getMessage(),
        }
        if entry := getattr(record, "entry", ""):
            facts["entry"] = entry
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return self._line(facts)


class _Console(logging.Handler):
    """Tells a person what nobody else tells."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self.tell = tell
        self.unsaid: Callable[[str], str] = str
        self.addFilter(_is_untold)

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # what goes wrong here has nowhere else to go
            self.tell(one_line(self.unsaid(_said(record)), 1000))


def _is_untold(record: logging.LogRecord) -> bool:
    # How often a collector was tried is for the log; that spans are lost, is told by who sends.
    return not (getattr(record, "is_told", False) or record.name.startswith("opentelemetry."))


def _said(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    why = f" ({type(error).__name__}: {error})" if error else ""
    return f"{record.levelname.lower()}: {record.getMessage()}{why}"


def _bug(error: BaseException) -> BaseException | None:
    """What was not raised on purpose is logged with where that was."""
    return None if isinstance(error, (AgentFlowError, click.ClickException)) else error


def _level_of(entry: TraceEntry) -> int:
    match entry:
        case RunFinished(status="failed"):
            return logging.ERROR
        case StepFailed() | StepRetried():
            return logging.WARNING
        case RunStarted() | RunFinished() | RunRecovered():
            return logging.INFO
        case _:
            return logging.DEBUG


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]

"""FileReading: how a file stands on the disk, found out at once, or by a thread."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from agentflow.errors import FlowFileError, FlowSyntaxError
from agentflow.flow.text_guard import read_source

__all__ = ["FileReading", "Seen", "seen_at"]


class Seen(NamedTuple):
    """What stood at a path."""

    digest: str
    """SHA-256 of the text there, in hex; "" for none."""
    is_there: bool
    """Whether anything is there."""
    is_text: bool
    """Whether it could be a flow, if it can be read."""
    places: tuple[str, ...]
    """What has to be watched to hear of the next change: the file and its folders."""


def seen_at(path: Path) -> Seen:
    """Look at a path; takes as long as the disk, or whoever lends it, lets it take."""
    places = tuple(str(it) for it in _around(path) if _is_there(it))
    try:
        digest = read_source(path).digest
    except FlowSyntaxError:
        return Seen("", True, False, places)
    except FlowFileError:
        return Seen("", _is_there(path), True, places)
    return Seen(digest, True, True, places)


def _around(path: Path) -> Iterable[Path]:
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # links that lead round in a circle
        real = path.absolute()
    return dict.fromkeys((real, real.parent, path.absolute().parent))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # whoever may not look there finds nothing
        return False


class FileReading:
    """One look at a path by a thread, which knows nothing of Qt and may take for ever."""

    def __init__(self, path: Path) -> None:
        self.seen: Seen | None = None
        """What stood there; None as long as that is not known."""
        self.path = path
        # A daemon: a folder that hangs must not keep the process from ending.
        threading.Thread(target=self._look, name="agentflow: watch", daemon=True).start()

    def _look(self) -> None:
        self.seen = seen_at(self.path)

"""Selection: which steps are selected, everywhere at once."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from agentflow_editor.document.document import Document
from agentflow_editor.document.edits import followed
from agentflow_editor.document.sheet import Sheet

__all__ = ["Selection"]


class Selection(QObject):
    """The selected steps. It follows them through edits and forgets those that are gone."""

    changed = Signal(tuple)
    """(paths) whenever other ones are selected."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[str, ...] = ()
        document.changed.connect(self._follow)

    @property
    def paths(self) -> tuple[str, ...]:
        """The selected paths, without repetition; "" is the start."""
        return self._paths

    @property
    def current(self) -> str | None:
        """The path that a pane should show: the only one selected; None for none or several."""
        return self._paths[0] if len(self._paths) == 1 else None

    def select(self, paths: Iterable[str]) -> None:
        """Select these and nothing else."""
        chosen = tuple(dict.fromkeys(paths))
        if chosen != self._paths:
            self._paths = chosen
            self.changed.emit(chosen)

    def _follow(self, before: Sheet, after: Sheet) -> None:
        if self._paths and before.flow is not after.flow:
            gone_to = followed(before, after)
            self.select(gone_to[path] for path in self._paths if path in gone_to)

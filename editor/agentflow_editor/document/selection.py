"""Selection: which steps are selected, everywhere at once."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from agentflow_editor.document.document import Document
from agentflow_editor.document.edits import followed
from agentflow_editor.document.sheet import Sheet, is_note, note_key, note_of

__all__ = ["Selection"]


class Selection(QObject):
    """The selected steps and notes. It follows them through edits and forgets what is gone."""

    changed = Signal(tuple)
    """(paths) of the steps that are selected, whenever something else is selected."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[str, ...] = ()
        self._notes: tuple[str, ...] = ()
        self._chain: int | None = None
        document.changed.connect(self._follow)

    @property
    def paths(self) -> tuple[str, ...]:
        """The selected paths, without repetition; "" is the start."""
        return self._paths

    @property
    def notes(self) -> tuple[str, ...]:
        """The names of the selected notes."""
        return self._notes

    @property
    def chain(self) -> int | None:
        """Which of the selected orchestrator's branches or cases is meant; None for itself."""
        return self._chain

    @property
    def keys(self) -> tuple[str, ...]:
        """The selected paths, and the keys of the selected notes."""
        return (*self._paths, *map(note_key, self._notes))

    @property
    def current(self) -> str | None:
        """The path that a pane should show: the only one selected; None for none or several."""
        return self._paths[0] if len(self._paths) == 1 else None

    @property
    def only(self) -> str | None:
        """The path of the step, or the key of the note, that alone is selected."""
        return self.keys[0] if len(self.keys) == 1 else None

    def select(self, keys: Iterable[str], *, chain: int | None = None) -> None:
        """Select these steps by their paths, and notes by their keys, and nothing else.

        Args:
            keys: of what is selected.
            chain: which branch or case of the orchestrator is meant, where that is the only one.
        """
        chosen = tuple(dict.fromkeys(keys))
        paths = tuple(key for key in chosen if not is_note(key))
        notes = tuple(note_of(key) for key in chosen if is_note(key))
        if (paths, notes, chain) != (self._paths, self._notes, self._chain):
            self._paths, self._notes, self._chain = paths, notes, chain
            self.changed.emit(paths)

    def _follow(self, before: Sheet, after: Sheet) -> None:
        if self._paths and before.flow is not after.flow:
            gone_to = followed(before, after)
            paths = [gone_to[path] for path in self._paths if path in gone_to]
        else:
            paths = list(self._paths)
        notes = [note_key(name) for name in self._notes if name in after.sketch.notes]
        self.select([*paths, *notes], chain=self._chain if paths else None)

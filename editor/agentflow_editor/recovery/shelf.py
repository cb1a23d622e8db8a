"""Shelf: the folder where the unsaved work of every editor is kept, each behind a lock."""

import contextlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QLockFile

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.load import load
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.process.held_file import hold
from agentflow_editor.recovery.draft import Draft, base_record, draft_of, draft_record, words_record
from agentflow_editor.recovery.records import OWN_FOLDER, begin, read

__all__ = ["Kept", "Place", "Shelf"]

JOURNAL, LOCK, DISCARDED = ".journal", ".lock", ".discarded"


class Place:
    """One journal's place on the shelf. While an editor lives, nobody else takes it."""

    def __init__(self, journal: Path, lock: QLockFile) -> None:
        self.journal = journal
        """The file with the records; it may not be there."""
        self._lock = lock

    def remove(self) -> None:
        """Take what is kept here away for good."""
        with contextlib.suppress(OSError):
            self.journal.unlink(missing_ok=True)

    def set_aside(self) -> None:
        """Keep what is here as something given up, until an editor ends in order."""
        name = f"{uuid.uuid4().hex}{DISCARDED}"
        with contextlib.suppress(OSError):
            self.journal.rename(self.journal.with_name(name))

    def let_go(self) -> None:
        """Leave the place to whoever wants it."""
        self._lock.unlock()


class Kept:
    """Work that an editor has left behind, and what can be done about it."""

    def __init__(self, draft: Draft, place: Place) -> None:
        self.draft = draft
        self.is_given_up = place.journal.suffix == DISCARDED
        """Whether somebody has discarded it."""
        self._place = place

    def discard(self) -> None:
        """Give it up; it is offered on demand until an editor ends in order."""
        if not self.is_given_up:
            self._place.set_aside()
        self._place.let_go()

    def forget(self) -> None:
        """It has been taken up elsewhere: nothing is left here."""
        self._place.remove()
        self._place.let_go()

    def keep_for_later(self) -> None:
        """Leave it for the next start."""
        self._place.let_go()


class Shelf:
    """Where unsaved work stands. Work of an editor that lives is never offered to another."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self._catalogue = catalogue

    def place(self) -> Place:
        """An empty place of one's own.

        Raises:
            OSError: the folder cannot be made or written.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
        journal = self.folder / f"{uuid.uuid4().hex}{JOURNAL}"
        place = self._taken(journal)
        if place is None:
            raise OSError(13, "Permission denied", str(self.folder))
        return place

    def left_behind(self) -> list[Kept]:
        """Work whose editor has ended without a word, newest first; it is ours until let go."""
        for path in self._files(LOCK):
            if (lock := self._taken(path)) is not None:
                lock.let_go()  # which takes the file of an editor that was killed away
        return self._kept(JOURNAL)

    def given_up(self) -> list[Kept]:
        """Work that was discarded since an editor ended in order, newest first."""
        return self._kept(DISCARDED)

    def keep_copy(self, path: Path) -> None:
        """Keep what a file says now among what was given up, before it is replaced."""
        try:
            file = load(path, self._catalogue)
            name = f"{uuid.uuid4().hex}{DISCARDED}"
            sheet, now = Sheet.of(file), datetime.now(UTC)
            begin(
                self.folder / name,
                (base_record(file, path), draft_record(sheet, words_record(sheet, now))),
            )
        except (FlowFileError, OSError):
            return  # no flow, or nowhere to keep it

    def clear_given_up(self) -> None:
        """Take away what was discarded: an editor ends in order."""
        for path in self._files(DISCARDED):
            with contextlib.suppress(OSError):
                path.unlink()

    def _kept(self, suffix: str) -> list[Kept]:
        found = list(self._found(suffix))
        return sorted(found, key=lambda it: it.draft.at, reverse=True)

    def _found(self, suffix: str) -> Iterator[Kept]:
        for path in self._files(suffix):
            place = self._taken(path)
            if place is None:
                continue
            draft = self._draft(path)
            if draft is not None and (suffix == DISCARDED or not self._is_saved(draft)):
                yield Kept(draft, place)
            else:
                place.set_aside()  # unreadable, or saved just before the end
                place.let_go()

    def _draft(self, path: Path) -> Draft | None:
        try:
            return draft_of(read(path), self._catalogue)
        except OSError:
            return None

    def _is_saved(self, draft: Draft) -> bool:
        """Whether the file says the work already: its editor ended just after it had saved."""
        if draft.path is None or draft.half_typed is not None:
            return False
        try:
            file = load(draft.path, self._catalogue)
        except FlowFileError:
            return False
        saved = completed(Sheet.of(file), self._catalogue)
        is_typed = draft.typed is not None and draft.typed.flow == draft.sheet.flow
        is_same_text = not is_typed or draft.typed is None or draft.typed.text == file.text
        return saved == draft.sheet and is_same_text

    def _files(self, suffix: str) -> list[Path]:
        return sorted(self.folder.glob(f"*{suffix}"))

    def _taken(self, path: Path) -> Place | None:
        """The place of a file, where no editor that lives has it."""
        lock = hold(path.with_suffix(LOCK))
        return Place(path, lock) if lock.isLocked() else None

"""Keeper: all that keeps one document from loss."""

from dataclasses import dataclass
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow_editor.document.document import Document
from agentflow_editor.document.file_claim import FileClaim
from agentflow_editor.document.file_watch import FileWatch
from agentflow_editor.recovery.edit_journal import EditJournal
from agentflow_editor.recovery.shelf import Shelf

__all__ = ["Keeper"]


@dataclass(frozen=True, slots=True)
class Keeper:
    """What looks after one document and its file."""

    shelf: Shelf
    """The unsaved work of every editor."""
    journal: EditJournal
    watch: FileWatch
    claim: FileClaim

    @classmethod
    def of(cls, document: Document, catalogue: Catalogue, folder: Path) -> "Keeper":
        """What looks after a document, with its files in a folder of the user's state."""
        shelf = Shelf(folder / "unsaved", catalogue)
        return cls(
            shelf=shelf,
            journal=EditJournal(document, shelf, document),
            watch=FileWatch(document, document),
            claim=FileClaim(document, folder / "claims", document),
        )

    def close(self) -> None:
        """The document is closed in order: its file is left to others, and nothing is kept."""
        self.journal.close()
        self.claim.release()
        self.watch.close()

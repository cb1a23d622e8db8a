"""SourceDraft: what a person types in the source, until the document takes it."""

from collections.abc import Hashable

from PySide6.QtCore import QObject, QTimer, Signal

from agentflow.catalogue import Catalogue
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.where import Keys
from agentflow_editor.document.document import Document
from agentflow_editor.document.fault import Fault, read_typed
from agentflow_editor.document.line_merge import merged_lines

__all__ = ["SourceDraft"]

PATIENCE = 500
"""Milliseconds without a keystroke before what was typed is read."""
OVERRULES = Fault(
    "the flow was changed elsewhere in the very lines that were typed in; taking this text takes "
    "that change back",
    "apply it anyway (Ctrl+Enter), or discard it",
)


class SourceDraft(QObject):
    """A text beside the document's own. Nobody but the person who typed it takes it away.

    A text that can be read becomes an edit of the document a moment after the last keystroke, or
    when `apply` is called; one that cannot stays here, with what is wrong with it, and the flow is
    as it was. What is edited elsewhere meanwhile is brought into it, line by line.
    """

    changed = Signal()
    """The text is another, or what is wrong with it."""

    def __init__(
        self, document: Document, catalogue: Catalogue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._catalogue = document, catalogue
        self._typed: str | None = None
        self._base = ""
        self._place: Hashable = None
        self._visit = 0
        self.is_applying = False
        """Whether the document is just taking what was typed."""
        self.faults: tuple[Fault, ...] = ()
        """Why the text is not taken, as far as it was read; the first is where reading ended."""
        self.overrules = False
        """Whether the text takes back what was edited elsewhere in the very same lines."""
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE)
        self._soon.timeout.connect(self._on_rest)
        document.changed.connect(self._on_changed)
        document.begun.connect(self.discard)

    @property
    def text(self) -> str:
        """What is to be seen: what was typed, else what the document would be saved as."""
        return self._document.quick_text if self._typed is None else self._typed

    @property
    def tables(self) -> list[tuple[int, Keys]]:
        """The line, from 1, and the keys of each table in that text."""
        if self._typed is not None:
            return TomlDocument(self._typed).tables()
        return self._document.manuscript.tables(self._document.sheet)

    @property
    def is_open(self) -> bool:
        """Whether there is a text that the document has not taken."""
        return self._typed is not None

    def type(self, text: str, place: Hashable = None, *, seen: str | None = None) -> None:
        """Hear what stands in the source now.

        Args:
            text: all of it.
            place: where the person is typing; what is typed in one place is one undo step.
            seen: what stood there before, where that may be older than `text` is here.
        """
        now, was_open = self._document.quick_text, self.is_open
        known = self.text
        is_late = seen is not None and seen != known
        if is_late and seen is not None:
            # The view has yet to show what was edited elsewhere, and must not take it back.
            text = self._merged(seen, text, known)
        if not was_open:
            self._base = now
        self._typed, self._place = text, place
        self._document.half_typed.note(text)
        if text == now:
            self._close()
            return
        self._soon.start()
        if is_late or not was_open:
            self.changed.emit()

    def apply(self, *, anyway: bool = False) -> bool:
        """Have the document take what was typed; whether nothing is left that it has not taken.

        Args:
            anyway: even where that takes back what was edited elsewhere.
        """
        self._soon.stop()
        if self._typed is None:
            return True
        file, faults = read_typed(self._typed, self._catalogue, self._document.manuscript.file)
        if file is not None and self.overrules and not anyway:
            file, faults = None, (OVERRULES,)
        if file is None or self._document.is_read_only:
            self._tell(faults)
            return False
        self.is_applying = True
        try:
            self._document.edit_source(file, merge_key=("source", self._visit, self._place))
        finally:
            self.is_applying = False
        self._close()
        return True

    def leave(self) -> None:
        """The person goes elsewhere: take what can be taken; what comes next is another step."""
        self.apply()
        self._visit += 1

    def discard(self) -> None:
        """Give up what was typed and not taken."""
        if self._typed is not None:
            self._close()

    def _on_rest(self) -> None:
        # A lambda, which Qt would hold, would hold this and its document for ever.
        self.apply()

    def _close(self) -> None:
        self._soon.stop()
        self._typed, self.faults, self.overrules = None, (), False
        self._document.half_typed.note(None)
        self.changed.emit()

    def _tell(self, faults: tuple[Fault, ...]) -> None:
        if faults != self.faults:
            self.faults = faults
            self.changed.emit()

    def _on_changed(self, *_: object) -> None:
        if self._typed is None or self.is_applying:
            return
        now = self._document.quick_text
        self._typed, self._base = self._merged(self._base, self._typed, now), now
        self._document.half_typed.note(self._typed)
        if self._typed == now:
            self._close()
        else:
            self._soon.start()
            self.changed.emit()

    def _merged(self, base: str, mine: str, theirs: str) -> str:
        """What was typed, with what became of the text elsewhere in other lines."""
        parts = [it.splitlines(keepends=True) for it in (base, mine, theirs)]
        lines, overrules = merged_lines(parts[0], parts[1], parts[2])
        self.overrules = self.overrules or overrules
        return "".join(lines)

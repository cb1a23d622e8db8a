"""Reconciling: a document and its file that somebody else has changed, compared and merged."""

from collections.abc import Mapping

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.load import parse
from agentflow_editor.document.document import Document
from agentflow_editor.document.flow_changes import Change, changes
from agentflow_editor.document.line_merge import merged_lines
from agentflow_editor.document.merging import Merge, merged
from agentflow_editor.document.picking import Side
from agentflow_editor.document.sheet import Layout, Sheet

__all__ = ["Reconciling"]

ONLY_TEXT = Change("only comments, spacing or tables of other programs are otherwise")


class Reconciling:
    """What the document was, what was made of it here, and what of its file elsewhere."""

    def __init__(self, document: Document, theirs: FlowFile, catalogue: Catalogue) -> None:
        """Begin.

        Args:
            document: whose file was changed; what it read or wrote last is what both began with.
            theirs: the file as it is now.
            catalogue: what tells modes and agent types.
        """
        base = document.file
        assert base is not None, "a document without a file has nothing to reconcile"
        self._document, self._catalogue = document, catalogue
        self._theirs, self._base = theirs, base
        sheet = document.sheet
        layout = Layout(document.manuscript.layout(sheet))
        self._sheets = Sheet.of(base), sheet.with_layout(layout), Sheet.of(theirs)
        self._text = document.quick_text

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the file that was compared."""
        return self._theirs.digest

    @property
    def in_file(self) -> list[Change]:
        """What was changed in the file."""
        base, _, theirs = self._sheets
        return changes(base, theirs) or [ONLY_TEXT]

    @property
    def here(self) -> list[Change]:
        """What was changed here since it was read or saved; nothing where it was not."""
        base, mine, _ = self._sheets
        if not self._document.is_modified:
            return []
        return changes(base, mine) or [ONLY_TEXT]

    def merge(self, choices: Mapping[str, Side] | None = None) -> Merge:
        """Both together, with the side of each conflict that was chosen."""
        return merged(*self._sheets, choices)

    def apply(self, choices: Mapping[str, Side] | None = None) -> None:
        """Make both together the document's, as one undo step; saving it replaces the file."""
        merge = self.merge(choices)
        self._document.merge(self._theirs, merge.sheet, self._merged_text(merge.sheet))

    def _merged_text(self, sheet: Sheet) -> FlowFile:
        """A text with the comments of both where it says the sheet; else theirs, to write into."""
        texts = (self._base.text, self._text, self._theirs.text)
        base, mine, theirs = (it.splitlines(keepends=True) for it in texts)
        lines, has_given_way = merged_lines(base, mine, theirs)
        try:
            file = parse("".join(lines), self._catalogue)
        except FlowFileError:
            return self._theirs
        is_meant = file.flow == sheet.flow and not has_given_way and not file.dialect
        return file if is_meant else self._theirs

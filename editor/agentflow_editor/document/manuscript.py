"""Manuscript: the text that sheets are written into, and what was drawn when it was read."""

from collections.abc import Mapping
from functools import cached_property

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.flow_tables import TableMaker
from agentflow.flow.render import render
from agentflow.flow.rereading import Rereading
from agentflow.flow.rewriting import Rewriting
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.where import Keys
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Layout, Position, Sheet

__all__ = ["Manuscript", "sheet_of"]


class Manuscript:
    """A text with its own words and comments, which stay wherever a sheet says the same."""

    def __init__(
        self,
        file: FlowFile | None,
        sheet: Sheet,
        catalogue: Catalogue,
        maker: TableMaker | None = None,
    ) -> None:
        """Make it.

        Args:
            file: the text as it was read; None for a flow that stands in no text yet.
            sheet: what was drawn when it was read.
            catalogue: what tells modes and agent types.
            maker: one that knows much of the sheet from another manuscript; None for a new one.
        """
        self.file, self.sheet = file, sheet
        self._catalogue = catalogue
        self.maker = maker or TableMaker(catalogue)
        """Hand it to the manuscript that follows this one."""
        self._named: tuple[Sheet, list[str]] | None = None
        self._last: tuple[Sheet, TomlDocument] | None = None

    def layout(self, sheet: Sheet) -> Mapping[str, Position]:
        """The positions that a sheet is saved with: the text's own, as long as they say all.

        So a file without positions gets none before something stands elsewhere than by itself.
        """
        own = Layout(self.file.layout if self.file is not None else ())
        if self.file is not None and (self._stands_as_read(sheet) or sheet == self.sheet):
            return own
        drawn = sheet.layout
        opened = completed(sheet.with_layout(own), self._catalogue)
        return own if set(own) <= set(drawn) and opened.layout == drawn else drawn

    def _stands_as_read(self, sheet: Sheet) -> bool:
        """Whether the very same steps stand at the very same places, as after most edits."""
        read = self.sheet
        return sheet.layout is read.layout and _has_steps_of(sheet, read)

    def text(self, sheet: Sheet) -> str:
        """The text that a sheet is saved as; where no file can say it, a comment that tells why."""
        try:
            layout, sketch = self.layout(sheet), sheet.sketch
            return render(self.file, sheet.flow, layout, self._catalogue, sketch).text
        except SaveError as error:
            return "".join(f"# {line}\n" for line in str(error).splitlines())

    def quick_text(self, sheet: Sheet) -> str:
        """The same within some milliseconds, since it is not read again to see what it says."""
        if self.file is not None and sheet == self.sheet:
            return self.file.text
        return self._written(sheet).text

    def tables(self, sheet: Sheet) -> list[tuple[int, Keys]]:
        """The line and the keys of each table in the quick text."""
        return self._written(sheet).tables()

    def _written(self, sheet: Sheet) -> TomlDocument:
        """The quick text; that of the last sheet is kept, since it is asked for several times."""
        if self._last is None or self._last[0] is not sheet:
            self._last = (sheet, self._rewritten(sheet) or TomlDocument(self.text(sheet)))
        return self._last[1]

    def _rewritten(self, sheet: Sheet) -> TomlDocument | None:
        if self._rewriting is not None and sheet is self.sheet:
            return self._rewriting.unedited
        if self._rewriting is None:
            return None
        known = self._named
        if known is None or not _has_steps_of(sheet, known[0]):
            names = [it.name for it in sheet.flow.orchestrators()]
            known = self._named = (sheet, names)
        names = set(known[1])
        if len(names) < len(known[1]) or sheet.flow.agents.keys() & names:
            return None  # no text can say this; who asks for the whole text is told why
        return self._rewriting.document(sheet.flow, self.layout(sheet), sheet.sketch)

    @cached_property
    def rereading(self) -> Rereading | None:
        """Reads it again once flows are written into it; None where nothing was read yet."""
        return None if self._rewriting is None else Rereading(self._rewriting, self._catalogue)

    @cached_property
    def _rewriting(self) -> Rewriting | None:
        return None if self.file is None else Rewriting(self.file, self.maker)


def sheet_of(file: FlowFile, catalogue: Catalogue) -> Sheet:
    """What a file shows; steps without a position get one."""
    return completed(Sheet.of(file), catalogue)


def _has_steps_of(sheet: Sheet, other: Sheet) -> bool:
    """Whether two sheets have the very same chains, and not only equal ones."""
    return sheet.flow.root is other.flow.root and sheet.flow.parked is other.flow.parked

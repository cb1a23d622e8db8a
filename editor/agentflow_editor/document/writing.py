"""Writing: what a sheet says as a file, found out when asked."""

from collections.abc import Mapping
from functools import cached_property

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.load import FlowFile
from agentflow.flow.save import render
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Layout, Position, Sheet

__all__ = ["Writing"]


class Writing:
    """One sheet as it would be saved. Each answer is found once."""

    def __init__(
        self, sheet: Sheet, saved: Sheet, file: FlowFile | None, catalogue: Catalogue
    ) -> None:
        self._sheet, self._saved = sheet, saved
        self._file = file
        self._catalogue = catalogue

    @cached_property
    def layout(self) -> Mapping[str, Position]:
        """The positions that would be saved: the file's own, as long as they say where all stands.

        So a file without positions gets none before something stands elsewhere than by itself.
        """
        own = Layout(self._file.layout if self._file is not None else ())
        if self._sheet == self._saved and self._file is not None:
            return own
        drawn = self._sheet.layout
        opened = completed(self._sheet.with_layout(own), self._catalogue)
        return own if set(own) <= set(drawn) and opened.layout == drawn else drawn

    @cached_property
    def text(self) -> str:
        """The file's text; where no file can say the flow, a comment that tells why."""
        try:
            sheet, layout = self._sheet, self.layout
            return render(self._file, sheet.flow, layout, self._catalogue, sheet.sketch).text
        except SaveError as error:
            return "".join(f"# {line}\n" for line in str(error).splitlines())

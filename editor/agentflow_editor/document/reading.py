"""Reading: what a sheet says as a file, and what is wrong with it, found out when asked."""

from collections.abc import Mapping
from functools import cached_property

from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.check import check, check_file
from agentflow.flow.flow import Flow
from agentflow.flow.load import FlowFile, parse
from agentflow.flow.save import render
from agentflow.problem import Problem
from agentflow_editor.document.layout import arrange
from agentflow_editor.document.sheet import Layout, Position, Sheet

__all__ = ["Reading"]


class Reading:
    """One sheet, read as the file that it would be saved as. Each answer is found once."""

    def __init__(
        self, sheet: Sheet, saved: Sheet, file: FlowFile | None, catalogue: Catalogue
    ) -> None:
        self._sheet, self._saved = sheet, saved
        self._file = file
        self._catalogue = catalogue

    @property
    def flow(self) -> Flow:
        """What would be saved."""
        return self._sheet.flow

    @cached_property
    def layout(self) -> Mapping[str, Position]:
        """The positions that would be saved: as long as nobody moves anything, the file's own.

        A file that has none gets none before something stands elsewhere than it would by itself.
        """
        own = self._file.layout if self._file is not None else Layout()
        if self._file is not None and self._sheet.layout == self._saved.layout:
            return own
        if not own and self._sheet.layout == arrange(self._sheet, self._catalogue):
            return own
        return self._sheet.layout

    @cached_property
    def text(self) -> str:
        """The file's text; where no file can say the flow, a comment that tells why."""
        try:
            return self._rendered
        except SaveError as error:
            return "".join(f"# {line}\n" for line in str(error).splitlines())

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is found in it, errors first.

        What was found wrong while reading the file is found again as long as it is written there.
        """
        if self._file is not None and self.flow == self._file.flow:
            return check_file(self._file, self._catalogue)
        try:
            return check_file(parse(self._rendered, self._catalogue), self._catalogue)
        except SaveError:
            return check(self.flow, self._catalogue)

    @cached_property
    def _rendered(self) -> str:
        return render(self._file, self.flow, self.layout, self._catalogue).text

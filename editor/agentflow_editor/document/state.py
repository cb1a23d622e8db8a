"""State: a sheet with the text that it is written into, and what comes of both."""

from typing import NamedTuple

from agentflow.catalogue import Catalogue
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.imported import imported
from agentflow_editor.document.following import keeping_places
from agentflow_editor.document.layout import completed
from agentflow_editor.document.manuscript import Manuscript, sheet_of
from agentflow_editor.document.room import grown
from agentflow_editor.document.sharing import shared
from agentflow_editor.document.sheet import Sheet

__all__ = ["State", "drawn", "drawn_into", "opened", "typed", "written"]


class State(NamedTuple):
    """What a document shows: a sheet, and the text that it is written into."""

    sheet: Sheet
    manuscript: Manuscript

    @property
    def text(self) -> str:
        """What it would be saved as."""
        return self.manuscript.quick_text(self.sheet)


def opened(file: FlowFile | None, catalogue: Catalogue) -> State:
    """What a file shows when it is opened; an empty sheet for none."""
    if file is not None and file.dialect is not None:
        file = imported(file, catalogue)
    sheet = completed(Sheet(), catalogue) if file is None else sheet_of(file, catalogue)
    return State(sheet, Manuscript(file, sheet, catalogue))


def drawn(sheet: Sheet, before: State, catalogue: Catalogue) -> State:
    """Another sheet, written into the same text; steps without a position get one.

    What is higher than before, because it says more, has room.
    """
    whole = grown(before.sheet, completed(sheet, catalogue), catalogue)
    return State(whole, before.manuscript)


def drawn_into(text: FlowFile, sheet: Sheet, before: State, catalogue: Catalogue) -> State:
    """Another sheet, written into another text."""
    manuscript = _manuscript(text, sheet_of(text, catalogue), before, catalogue)
    return State(completed(sheet, catalogue), manuscript)


def typed(text: FlowFile, before: State, catalogue: Catalogue) -> State:
    """What a text says; steps that only have other paths in it stand where they stood."""
    read = shared(sheet_of(text, catalogue), before.sheet)
    sheet = keeping_places(read, before.sheet, text.layout)
    return State(sheet, _manuscript(text, read, before, catalogue))


def written(file: FlowFile, before: State, catalogue: Catalogue) -> State:
    """The same sheet, once a file was written that says it."""
    return State(before.sheet, _manuscript(file, before.sheet, before, catalogue))


def _manuscript(file: FlowFile, sheet: Sheet, before: State, catalogue: Catalogue) -> Manuscript:
    return Manuscript(file, sheet, catalogue, before.manuscript.maker)

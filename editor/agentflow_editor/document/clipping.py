"""Clipping: steps as a text for the clipboard, and what such a text says.

The text is an agentflow.toml, so that it can be pasted into another window, into a file, or into a
message, and what was found there can be pasted here. Reading it executes nothing.
"""

from collections.abc import Iterable

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.load import parse
from agentflow.flow.save import render
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet

__all__ = ["clipping", "read_clipping"]


def clipping(
    sheet: Sheet, paths: Iterable[str], catalogue: Catalogue, notes: Iterable[str] = ()
) -> str:
    """Steps, with all that they own and their agents, and notes as the text of a flow.

    Raises:
        EditError: there is no such step, or no text can say these.
    """
    clipped = edits.clip(sheet, paths, notes)
    try:
        return render(None, clipped.flow, clipped.layout, catalogue, clipped.sketch).text
    except SaveError as error:
        raise EditError("", "these steps cannot be copied", str(error)) from error


def read_clipping(text: str, catalogue: Catalogue) -> Sheet:
    """The steps that a text says, each with a position.

    Raises:
        EditError: it is no flow, or one without steps.
    """
    try:
        file = parse(text, catalogue)
    except FlowFileError as error:
        why = str(error).splitlines()[0]
        raise EditError("Clipboard", f"it holds no steps ({why})", "copy some first") from error
    if not (file.flow.root.steps or file.flow.parked or file.sketch.notes):
        raise EditError("Clipboard", "it holds no steps", "copy some first")
    return completed(Sheet.of(file), catalogue)

"""mend: does what a problem's fix says, as one undo step, in the flow or in the file's text."""

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.cannot_edit import CannotEditError
from agentflow.flow.edited_text import edited_text
from agentflow.flow.load import parse
from agentflow.flow.text_fixes import EDIT_TEXT
from agentflow.problem import Fix
from agentflow_editor.document import edits
from agentflow_editor.document.document import Document
from agentflow_editor.document.edits import EditError

__all__ = ["mend"]


def mend(document: Document, fix: Fix, catalogue: Catalogue) -> None:
    """Do it.

    Raises:
        EditError: only a person can do it, or it does not fit the flow any more.
    """
    if fix.edit == EDIT_TEXT:
        _mend_text(document, fix, catalogue)
    else:
        after = edits.apply_fix(document.sheet, fix, catalogue=catalogue)
        document.edit(fix.title, after)


def _mend_text(document: Document, fix: Fix, catalogue: Catalogue) -> None:
    try:
        text = edited_text(document.quick_text, fix)
        file = parse(text, catalogue)
    except (CannotEditError, FlowFileError) as error:
        what = "the text is not what it was when this was found"
        raise EditError("", f"{what} ({error})", "mend it in the source") from error
    document.edit_source(file, title=fix.title)

"""Asking: makes edits of what is typed into a form, one undo step for each visit to a field."""

from collections.abc import Callable
from typing import Any

from agentflow_editor.document.edits import EditError
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.forms.base import Form, Unset
from agentflow_editor.workbench import Workbench

__all__ = ["Asking", "given"]


class Asking:
    """Asks the document for edits on behalf of one section."""

    def __init__(self, workbench: Workbench) -> None:
        self._document = workbench.document
        self._visit = 0

    def follow(self, form: Form) -> None:
        """Let what is typed after a field was left be an undo step of its own."""
        form.left.connect(self.begin_visit)

    def begin_visit(self, *_: object) -> None:
        """Do not merge what comes with what was."""
        self._visit += 1

    def edit(self, title: str, change: Callable[[Sheet], Sheet], *about: str) -> str:
        """Ask for an edit; what is wrong with it, or "".

        Args:
            title: for the Undo menu.
            change: the edit; it may raise an EditError.
            about: what it is about; edits about the same in one visit are one undo step.
        """
        try:
            after = change(self._document.sheet)
        except EditError as error:
            return f"{error.what}; {error.fix}" if error.fix else error.what
        self._document.edit(title, after, merge_key=(id(self), self._visit, *about))
        return ""


def given(value: Any) -> Any:
    """A form's value as edits take it: None for what is not set."""
    return None if isinstance(value, Unset) else value

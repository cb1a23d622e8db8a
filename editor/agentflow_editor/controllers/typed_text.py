"""TypedText: asks about text in the source that is not applied, before anything relies on it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from agentflow_editor.dialogs import messages
from agentflow_editor.document.source_draft import SourceDraft
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.widgets.notices import Notices

__all__ = ["TypedText"]


class TypedText(QObject):
    """Stands between a person's half-typed text and whatever would leave it behind."""

    wanted = Signal()
    """Show the text, and what is wrong in it."""

    def __init__(self, window: QWidget, source: SourceDraft, notices: Notices) -> None:
        super().__init__(window)
        self._window, self._source, self._notices = window, source, notices
        self._is_in_sight = False
        source.changed.connect(self._tell)

    def set_in_sight(self, is_in_sight: bool) -> None:
        """Know whether the person sees the text; where they do not, what is wrong is told here."""
        self._is_in_sight = is_in_sight
        self._tell()

    def when_applied(self, title: str, anyway: str, go_on: Callable[[], Any]) -> None:
        """Go on with what was typed; where that cannot be applied, only if a person wants to.

        Args:
            title: of the question.
            anyway: the answer that goes on with the flow as it is drawn, and says so.
            go_on: what is to be done.
        """
        if self._source.apply():
            go_on()
            return
        text = (
            f"{self._told()}\n\nWhat is drawn is the flow before it. Your text stays in Source "
            "either way, as a draft that is in no file."
        )
        self._ask(title, text, (anyway, go_on), lambda: None)

    def when_given_up(self, go_on: Callable[[], Any], otherwise: Callable[[], Any]) -> None:
        """Go on once no text can be lost: it was applied, or a person gives it up."""
        if self._source.apply():
            go_on()
            return

        def discard() -> None:
            self._source.discard()
            go_on()

        text = f"{self._told()}\n\nGoing on would lose it."
        self._ask("Half-Typed Text in Source", text, ("Discard the Text", discard), otherwise)

    def _tell(self) -> None:
        if self._is_in_sight or not self._source.faults:
            self._notices.withdraw("source")
            return
        answers = [
            ("Show the &Text", self.wanted.emit),
            ("&Discard the Text", self._source.discard),
        ]
        text = f"{on_one_line(self._told(), 300)}. It is kept as a draft; the flow is as it was."
        self._notices.say("source", text, answers)

    def _told(self) -> str:
        why = str(next(iter(self._source.faults), "the flow is read-only"))
        return f"The text that was typed in Source is not applied:\n{why}"

    def _ask(
        self,
        title: str,
        text: str,
        answer: tuple[str, Callable[[], Any]],
        otherwise: Callable[[], Any],
    ) -> None:
        def show() -> None:
            otherwise()
            self.wanted.emit()

        answers = [("Show the Text", show), answer, ("Cancel", otherwise)]
        messages.ask(self._window, title, text, answers)

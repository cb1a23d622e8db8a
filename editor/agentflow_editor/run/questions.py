"""Questions: what the agents of a run wait to be told by the person at the window."""

import asyncio
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from agentflow.asking import Question

__all__ = ["OpenQuestion", "Questions"]


class OpenQuestion:
    """A question that nobody has answered yet. The first answer counts."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.answered: asyncio.Future[Mapping[str, Any] | None] = (
            asyncio.get_running_loop().create_future()
        )

    def answer(self, values: Mapping[str, Any]) -> None:
        """Say it."""
        self._settle(values)

    def decline(self) -> None:
        """Say nothing; the step fails."""
        self._settle(None)

    def _settle(self, values: Mapping[str, Any] | None) -> None:
        if not self.answered.done():
            self.answered.set_result(values)


class Questions(QObject):
    """The open questions, in the order in which they were asked. Who shows them asks one by one."""

    changed = Signal()
    """Another one is open, or one is no longer: it was answered, or nobody waits for it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.open: tuple[OpenQuestion, ...] = ()

    async def ask(self, question: Question) -> Mapping[str, Any] | None:
        """Wait for the person's answer; None when they decline."""
        asked = OpenQuestion(question)
        self.open = (*self.open, asked)
        self.changed.emit()
        try:
            return await asked.answered
        finally:
            self.open = tuple(it for it in self.open if it is not asked)
            self.changed.emit()

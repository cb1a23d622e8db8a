"""KeptRun: a run whose entries a writer writes, with all that it needs for that."""

from collections.abc import Callable

from agentflow.journal.page import Page

__all__ = ["KeptRun"]


class KeptRun:
    """Where the rows of one run go."""

    __slots__ = ("epoch", "hide", "page", "text")

    def __init__(self, page: Page, epoch: float, text: str, hide: Callable[[str], str]) -> None:
        """A run.

        Args:
            page: how far it has been written.
            epoch: seconds from the time of its rows to that of entries.
            text: its flow's.
            hide: takes out of the text of entries what no record may show.
        """
        self.page, self.epoch, self.text, self.hide = page, epoch, text, hide

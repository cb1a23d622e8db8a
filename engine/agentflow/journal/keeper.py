"""Keeper: has the runs of one flow kept by a writer."""

import time
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path

from agentflow.event import Event
from agentflow.journal.codec import Hidden
from agentflow.journal.kept_run import KeptRun
from agentflow.journal.page import Page
from agentflow.journal.writer import Writer
from agentflow.keeping import Ended, InnerRun
from agentflow.trace_rows import Row

__all__ = ["Keeper"]


def _nothing() -> Mapping[str, str]:
    return {}


_REMEMBERED = 10_000
"""How many of the runs inside of others that have begun are known, the last ones."""


def _nothing_recorded(keeper: "Keeper", _: Event) -> InnerRun:
    return InnerRun(keeper)


class Keeper:
    """For a runner: every run of it is kept, whole, with the text of its flow."""

    def __init__(
        self,
        writer: Writer,
        text: str,
        file: Path | None = None,
        *,
        flow: str = "",
        hidden: Callable[[], Mapping[str, str]] = _nothing,
    ) -> None:
        """Keep runs of a flow.

        Args:
            writer: of the journal that they are kept in.
            text: the flow file as it is.
            file: where it was read from; the folder of a flow that was not saved as it is.
            flow: its name.
            hidden: tells what was asked of the environment so far, by name.
        """
        self._writer, self._text = writer, text
        self.digest = sha256(text.encode("utf-8")).hexdigest()
        """Of the flow's text."""
        self.run_id = ""
        """That of the one run that is kept; "" where each has its own."""
        self._file = "" if file is None else str(file.resolve())
        self._flow = flow
        self._pages: dict[str, Page] = {}
        self._hidden, self._hide = hidden, Hidden(hidden).out_of
        self._inside: Callable[[Keeper, Event], InnerRun | None] = _nothing_recorded
        self._begun_inside: dict[str, None] = {}

    def sink(self, run_id: str, epoch: float) -> Callable[[Row], None]:
        """What keeps the rows of a run; see `Recorder.keep`."""
        page = self._pages.pop(run_id, None)
        if page is None:
            its_id = self.run_id or run_id
            page = Page(its_id, time.time(), self._flow, self._file, self.digest)
        return self._writer.sink(KeptRun(page, epoch, self._text, self._hide))

    def before_call(self, *, may_be_repeated: bool) -> Awaitable[None] | None:
        """What to wait for until all before the call is on the disk, or while too much is not."""
        if not may_be_repeated:
            return self._writer.settled()
        return self._writer.room() if self._writer.is_full else None

    async def settled(self) -> None:
        """Wait until all that happened so far is on the disk.

        Raises:
            JournalError: it cannot be written.
        """
        await self._writer.settled()

    def ended(self, began: int) -> Ended | None:
        """Nothing had ended of a run that begins anew."""
        return None

    def failed_calls(self, began: int) -> int:
        """Nothing had failed."""
        return 0

    def was_late(self, path: str, passes: int) -> bool | None:
        """Nothing is recorded."""
        return None

    def goes_on(self, page: Page) -> None:
        """A run that was broken off goes on: what comes of it is appended to this page."""
        self._pages[page.run_id] = page

    def inside(
        self, run_id: str, event: Event, *, text: str, file: Path, flow: str
    ) -> InnerRun | None:
        """A step of a kept run is to run a flow; see `keeping.Keeper`."""
        begun = self._begun_inside
        if run_id in begun:
            return None  # some agent runs two flows in one call
        begun[run_id] = None
        if len(begun) > _REMEMBERED:
            del begun[next(iter(begun))]
        inner = Keeper(self._writer, text, file, flow=flow, hidden=self._hidden)
        inner.run_id, inner._begun_inside = run_id, begun
        inner.knows_inside(self._inside)
        return self._inside(inner, event)

    def knows_inside(self, recorded: Callable[["Keeper", Event], InnerRun | None]) -> None:
        """From now on this tells what is recorded of runs inside of those that are kept."""
        self._inside = recorded

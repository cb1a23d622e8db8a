"""RunController: starts, steers and ends the runs of the open flow."""

import asyncio
import os
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from agentflow.agents.base import AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.errors import AgentFlowError
from agentflow.event import Event
from agentflow.flow.flow import Flow
from agentflow.gate import Gate
from agentflow.journal.keeper import Keeper
from agentflow.models.base import Models
from agentflow.models.lent import LentModels
from agentflow.models.open import open_models
from agentflow.runner import RunHandle, Runner, RunOutcome
from agentflow.running.outcome import Told
from agentflow.settings import AskedEnvironment
from agentflow.trace import RunStarted, TraceEntry
from agentflow_editor.document.document import Document
from agentflow_editor.document.edits import followed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.kept_runs import KeptRuns
from agentflow_editor.run.preparing import prepare
from agentflow_editor.run.questions import Questions
from agentflow_editor.run.sent_spans import SentSpans
from agentflow_editor.run.trace_model import TraceModel
from agentflow_editor.run.trust import TrustRequest, TrustStore, executable_surface

__all__ = ["RunController"]


class RunController(QObject):
    """One run at a time, on the loop that the window lives on. Nothing here waits or asks.

    Code of the flow's author runs in a process of its own, and only once a person agreed to it.
    """

    started = Signal()
    """The flow was accepted and the event is on its way; `ended` will follow, once."""
    ended = Signal(object)
    """(RunOutcome)"""
    failed_to_start = Signal(str)
    """(why) The flow was not run at all."""
    trust_needed = Signal(object)
    """(TrustRequest) Somebody has to agree before the run begins."""
    state_changed = Signal()
    """It runs, is paused, or neither, otherwise than before."""

    def __init__(
        self,
        document: Document,
        trace: TraceModel,
        breakpoints: Breakpoints,
        catalogue: Catalogue,
        trust: TrustStore,
        *,
        environ: Mapping[str, str] = os.environ,
        kept: KeptRuns | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._trace = trace
        self._breakpoints = breakpoints
        self._catalogue = catalogue
        self._trust = trust
        self._environ = AskedEnvironment(environ)
        self._kept = kept or KeptRuns()
        self._spans = SentSpans(environ)
        self.questions = Questions(self)
        """What the run's agents want to know of the person."""
        self._models: Models | None = None
        self._gate: Gate | None = None
        self._task: asyncio.Task[None] | None = None
        self._handle: RunHandle | None = None
        self._asked: TrustRequest | None = None
        breakpoints.changed.connect(self._hand_on_breakpoints)
        self._begun_with = document.sheet
        document.changed.connect(self._follow_paths)
        document.file_changed.connect(self._forget_breakpoints)

    @property
    def is_running(self) -> bool:
        """Whether a run is on, from its start to its end, pauses included."""
        return self._task is not None

    @property
    def is_paused(self) -> bool:
        """Whether the run waits before a step."""
        return self.is_running and self._trace.is_paused

    def run(self, event: Event) -> None:
        """Run the flow as it is drawn now; nothing happens while another run is on."""
        self._ask_then_begin(event, Gate())

    def run_stepping(self, event: Event) -> None:
        """The same, but wait before the first step."""
        gate = Gate()
        gate.pause()
        self._ask_then_begin(event, gate)

    def stop(self) -> None:
        """End the run now; its agents are cancelled."""
        if self._handle is not None:
            self._handle.cancel()
        elif self._task is not None:
            # Once it has begun: a task that is cancelled before that never gets to its end.
            self._task.get_loop().call_soon(self._task.cancel)

    def pause(self) -> None:
        """Wait before the next step."""
        if self._gate is not None:
            self._gate.pause()

    def step(self) -> None:
        """Run one step more, and wait again."""
        if self._gate is not None:
            self._gate.step()

    def resume(self) -> None:
        """Go on to the next breakpoint, or to the end."""
        if self._gate is not None:
            self._gate.resume()

    async def close(self) -> None:
        """End the run, wait for its end, and let go of the models."""
        self.stop()
        if self._task is not None:
            await asyncio.wait({self._task})
        models, self._models = self._models, None
        if models is not None:
            await models.aclose()
        self._kept.close()
        await self._spans.close()

    def _ask_then_begin(self, event: Event, gate: Gate) -> None:
        if self.is_running:
            return
        path = self._document.path
        surface = self._surface()
        if not surface or self._trust.trusts(path, surface):
            self._begin(event, gate)
            return

        def granted() -> None:
            # What was agreed to is this list; a flow edited meanwhile is asked about anew.
            if request is self._asked and self._remember(surface):
                if self._surface() == surface:
                    self._begin(event, gate)
                else:
                    self._ask_then_begin(event, gate)

        request = self._asked = TrustRequest(surface, granted, lambda: None)
        self.trust_needed.emit(request)

    def _surface(self) -> tuple[str, ...]:
        path = self._document.path
        folder = path.resolve().parent if path else None
        return executable_surface(self._document.sheet.flow, self._catalogue, folder)

    def _remember(self, surface: tuple[str, ...]) -> bool:
        try:
            self._trust.trust(self._document.path, surface)
        except AgentFlowError as error:
            self.failed_to_start.emit(str(error))
            return False
        return True

    def _begin(self, event: Event, gate: Gate) -> None:
        if self.is_running:
            return
        gate.breakpoints = set(self._breakpoints.paths)
        flow = self._document.sheet.flow
        try:
            keeper = self._kept.keeper(self._document, self._environ)
            spans = self._spans.listener(flow, self._catalogue, self._environ)
        except AgentFlowError as error:
            self.failed_to_start.emit(str(error))
            return
        runner = Runner(flow, self._catalogue, self._setup(), gate=gate)
        if keeper is not None:
            runner.keep(keeper)
        if spans is not None:
            runner.subscribe(spans)
        self._gate = gate
        run = self._whole_run(flow, runner, event, keeper)
        self._task = asyncio.get_running_loop().create_task(run)
        self.state_changed.emit()

    def _setup(self) -> AgentSetup:
        if self._models is None:
            self._models = open_models(self._environ)
        path = self._document.path
        return AgentSetup(
            models=LentModels(self._models),
            folder=path.resolve().parent if path else None,
            environ=self._environ,
            ask=self.questions.ask,
            isolate=True,
        )

    async def _whole_run(
        self, flow: Flow, runner: Runner, event: Event, keeper: Keeper | None
    ) -> None:
        outcome: RunOutcome | None = None
        fault, before = "", self._trace.started
        try:
            await prepare(flow, self._catalogue)
            self._trace.clear()
            runner.subscribe(self._on_entry)
            outcome = await self._outcome(runner, event)
            if keeper is not None:
                await keeper.settled()
        except AgentFlowError as error:
            fault = str(error)
        except asyncio.CancelledError:
            fault = "run: it was stopped before its first step"
        except Exception as bug:  # noqa: BLE001 - a bug goes to whoever collects them
            fault = f"run: {type(bug).__name__}: {bug}"
            _report(bug)
        self._trace.tell()
        await asyncio.sleep(0)  # a turn for the window: what came of the run is dear to show, too
        # Whoever is told must find the controller at rest: it may start the next run at once.
        self._task = self._handle = self._gate = None
        self.state_changed.emit()
        self._tell_end(outcome or self._broken_off(fault, before), fault)

    async def _outcome(self, runner: Runner, event: Event) -> RunOutcome:
        await asyncio.sleep(
            0
        )  # a turn for the window before and after: starting builds every agent
        async with runner:
            await asyncio.sleep(0)
            self._handle = await runner.emit(event)
            self.started.emit()
            return await self._handle.outcome()

    def _broken_off(self, fault: str, before: RunStarted | None) -> RunOutcome | None:
        """What came of a run that began and gave no outcome; None where none began."""
        first = self._trace.started
        if first is None or first is before:
            return None
        state = self._trace.state or first.state
        record = Told(first.run_id, tuple(self._trace.entries))
        return RunOutcome(status="failed", state=state, error=fault, record=record)

    def _tell_end(self, outcome: RunOutcome | None, fault: str) -> None:
        if outcome is not None:
            self.ended.emit(outcome)
        else:
            self.failed_to_start.emit(fault)

    def _on_entry(self, entry: TraceEntry) -> None:
        was_paused = self._trace.is_paused
        self._trace.feed(entry)
        if was_paused != self._trace.is_paused:
            self.state_changed.emit()

    def _hand_on_breakpoints(self) -> None:
        if self._gate is not None:
            self._gate.breakpoints = set(self._breakpoints.paths)

    def _follow_paths(self, before: Sheet, after: Sheet) -> None:
        if self._breakpoints.paths and before.flow is not after.flow:
            self._breakpoints.follow(followed(before, after))

    def _forget_breakpoints(self) -> None:
        """Those of another flow; saving under another name leaves the flow the same one."""
        document = self._document
        if document.undo_stack.count() == 0 and document.sheet is not self._begun_with:
            self._breakpoints.clear()
        self._begun_with = document.sheet


def _report(bug: Exception) -> None:
    told = {"message": "a run was broken off", "exception": bug}
    asyncio.get_running_loop().call_exception_handler(told)

"""Runs: starting a window's flow with the right input, and asking what has to be asked first."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from agentflow.event import Event
from agentflow.problem import Problem
from agentflow_editor.controllers.typed_text import TypedText
from agentflow_editor.dialogs import messages
from agentflow_editor.dialogs.question import Asker
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.run.trust import TrustRequest
from agentflow_editor.settings.inputs import first_input
from agentflow_editor.workbench import Workbench

__all__ = ["Runs"]


class Runs(QObject):
    """What a person does with runs in one window."""

    refused = Signal(str)
    """(why) The flow has errors, so that nothing was asked and nothing run."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        reload: Callable[[], None],
        typed: TypedText,
    ) -> None:
        super().__init__(window)
        self._typed = typed
        self._reload = reload
        self._window = window
        self._bench = workbench
        self.asker = Asker(window, workbench.run.questions)
        workbench.run.failed_to_start.connect(self._on_fault)
        workbench.run.trust_needed.connect(self._on_trust_needed)
        workbench.trace.status_changed.connect(self._follow_held_step)

    def run_last(self) -> None:
        """Run with the last input, or with the sample beside the flow; ask where there is none."""
        self._run_with_known_input(self._bench.run.run)

    def run_stepping(self) -> None:
        """The same, but wait before the first step."""
        self._run_with_known_input(self._bench.run.run_stepping)

    def _run_with_known_input(self, run: Callable[[Event], None]) -> None:
        self._when_sound(lambda: self._run_now(run))

    def _when_sound(self, after: Callable[[], None]) -> None:
        """Go on with a flow that can run; else say at once where and why it cannot."""

        def go_on() -> None:
            if not self._is_refused():
                after()

        self._when_current(go_on)

    def _is_refused(self) -> bool:
        self._bench.document.check_now()  # what was told last may be of the flow before an edit
        problems = self._bench.document.known_problems
        errors = [it for it in problems if it.severity == "error"]
        if errors:
            self.refused.emit(_why(errors))
        return bool(errors)

    def _when_current(self, after: Callable[[], None]) -> None:
        """Go on once a person knows what is run: whose version, and with which text."""
        self._typed.when_applied(
            "Run Without the Text in Source?",
            "Run What Is Drawn",
            lambda: self._when_current_on_disk(after),
        )

    def _when_current_on_disk(self, after: Callable[[], None]) -> None:
        if self._bench.keeper.watch.look() != "changed":
            after()
            return

        def reload() -> None:
            self._reload()
            after()

        answers: list[tuple[str, Callable[[], object]]] = [
            ("Reload and Run", reload),
            ("Run What Is Drawn", after),
            ("Cancel", lambda: None),
        ]
        text = "The file was changed by another program. What is drawn here is the older version."
        messages.ask(self._window, "Run Which Version?", text, answers)

    def _run_now(self, run: Callable[[Event], None]) -> None:
        given = self._known_input()
        if given is None:
            self._ask_now(run)
        else:
            self._start(run, given)

    def _known_input(self) -> dict[str, str] | None:
        path = self._bench.document.path
        return self._bench.settings.last_input(path) or first_input(path)

    def ask_run(self, run: Callable[[Event], None] | None = None) -> None:
        """Ask what the flow is to work on, then run it."""
        self._when_sound(lambda: self._ask_now(run))

    def _ask_now(self, run: Callable[[Event], None] | None) -> None:
        dialog = messages.InputDialog(self._window, self._known_input() or {})
        dialog.accepted.connect(lambda: self._start(run or self._bench.run.run, dialog.given()))
        dialog.open()

    def _start(self, run: Callable[[Event], None], given: dict[str, str]) -> None:
        data, metadata = messages.parse_input(given)
        self._bench.settings.remember_input(self._bench.document.path, given)
        run(Event.from_input(data, metadata, given.get("session", "")))

    def _follow_held_step(self, paths: set[str]) -> None:
        """Select the step that a paused run waits before, so that every pane shows it."""
        if not self._bench.run.is_paused:
            return
        held = sorted(path for path in paths if self._bench.trace.status(path) == "paused")
        if held:
            self._bench.selection.select((held[0],))

    def _on_fault(self, why: str) -> None:
        messages.tell(self._window, "The Flow Was Not Run", why)

    def _on_trust_needed(self, request: TrustRequest) -> None:
        text = (
            "Running this flow executes what its author chose, with your rights. Run it only if "
            "you trust whoever made it. This is all that it would execute, or ask of others:"
        )
        dialog = messages.ListDialog(
            self._window, "Run This Flow's Own Code?", text, request.surface, "Run It"
        )
        dialog.accepted.connect(request.grant)
        dialog.rejected.connect(request.refuse)
        dialog.open()


def _why(errors: Sequence[Problem]) -> str:
    others = len(errors) - 1
    more = f" (and {others} more error{'' if others == 1 else 's'})" if others else ""
    return f"The flow cannot run yet: {on_one_line(str(errors[0]), 300)}{more}"

"""The result pane: what a step says while it works, then what came of the run."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QWidget

from agentflow.runner import RunOutcome
from agentflow.running.metrics import Metrics
from agentflow.state import State
from agentflow.trace import StepCancelled, StepFailed, StepOutput, StepSucceeded
from agentflow.wording import duration
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.run.statuses import STATUS_ICONS
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.icon_button import IconButton
from agentflow_editor.widgets.json_tree import json_pieces
from agentflow_editor.widgets.long_text import LongText
from agentflow_editor.widgets.metrics_table import MetricsTable
from agentflow_editor.widgets.picture import Picture
from agentflow_editor.widgets.side_by_side import SideBySide
from agentflow_editor.widgets.when_seen import WhenSeen
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "Result"]

FLUSH = 50
"""Milliseconds between two additions of streamed text: a text view is slow at small ones."""
AFTER_ANSWER = 20
"""Milliseconds until the agents are told in numbers: the answer is on the screen first."""
_ENDS = (StepSucceeded, StepFailed, StepCancelled)


class Result(QWidget):
    """The text on the left, the agents in numbers on the right."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._outcome: RunOutcome | None = None
        self._status = ""
        self._streaming = ""
        """The path of the step whose words are shown."""
        self._has_ended = True
        self._heard: list[str] = []
        self._flush = QTimer(self, singleShot=True, interval=FLUSH)
        self._flush.timeout.connect(self._add_heard)
        self._picture, self._head = Picture(18), PlainLabel("")
        self.long = LongText("Result", self._ask_save)
        self.text = self.long.view
        self.text.setPlaceholderText("Nothing has been said yet.")
        self.copy = IconButton("content-copy", "Copy the result", self._copy)
        self.save = IconButton("content-save-outline", "Save all of the result…", self._ask_save)
        self.text.shown_changed.connect(self._on_shown)
        self.metrics = MetricsTable()
        self._numbers = WhenSeen(self._head, self._show_numbers, patience=AFTER_ANSWER)
        self.parts = SideBySide(
            {"Answer": self.long, "Agents in Numbers": self.metrics}, self.metrics.has_room_in_half
        )
        self.parts.splitter.setSizes([10_000, 1])
        self.parts.arranged.connect(self._fit_numbers)
        self._show_metrics(None)
        body = QWidget()
        column = column_in(body)
        column.addLayout(self._bar())
        column.addWidget(self.parts, 1)
        self.pages = OrEmpty(
            body,
            "text-box-check-outline",
            "No run yet. Press F5: what the agents say is shown here as they say it, then the "
            "answer.",
        )
        column_in(self, self.pages)
        workbench.run.started.connect(self._on_started)
        workbench.run.state_changed.connect(self._on_state_changed)
        workbench.run.ended.connect(self._on_ended)
        workbench.trace.advanced.connect(self._on_advanced)
        workbench.trace.reset.connect(self._on_reset)
        workbench.theme.changed.connect(self._paint)
        self._paint(workbench.theme.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_numbers()

    def _fit_numbers(self) -> None:
        self.metrics.fit(self.width(), alone=self.parts.is_tabbed)

    def _show_metrics(self, metrics: Metrics | None) -> None:
        self.metrics.show_metrics(metrics)
        self.parts.set_there(self.metrics, is_there=bool(metrics and metrics.agents))
        self._fit_numbers()

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 4, 8, 4)
        bar.setSpacing(6)
        bar.addWidget(self._picture)
        bar.addWidget(self._head, 1)
        bar.addWidget(self.copy)
        bar.addWidget(self.save)
        return bar

    def _on_reset(self) -> None:
        self._outcome, self._streaming, self._has_ended = None, "", True
        self._heard.clear()
        self._flush.stop()
        self.text.show_text("")
        self._show_metrics(None)
        self.parts.turn_to(self.long)
        self.pages.show_contents(False)

    def _on_started(self) -> None:
        self._say("running", "Running…")
        self.pages.show_contents(True)

    def _on_state_changed(self) -> None:
        if self._bench.run.is_running:
            paused = self._bench.run.is_paused
            self._say("paused" if paused else "running", "Paused" if paused else "Running…")

    def _on_advanced(self, first: int, last: int) -> None:
        for entry in self._bench.trace.entries[first : last + 1]:
            if isinstance(entry, StepOutput):
                self._hear(entry)
            elif isinstance(entry, _ENDS) and entry.path == self._streaming:
                self._has_ended = True
        if self._heard and not self._flush.isActive():
            self._flush.start()

    def _hear(self, entry: StepOutput) -> None:
        """Listen to one step at a time, and to the next one that speaks once it has ended."""
        if entry.path != self._streaming:
            if not self._has_ended:
                return
            self._streaming, self._has_ended = entry.path, False
            self._heard.clear()
            self.text.show_text("")
            self._say("running", f"{on_one_line(entry.path, 80)} says:")
        self._heard.append(entry.delta)

    def _add_heard(self) -> None:
        heard, self._heard = "".join(self._heard), []
        self.text.add_text(heard)

    def _on_ended(self, outcome: RunOutcome) -> None:
        self._outcome = outcome
        self._heard.clear()
        self._flush.stop()
        took = duration(outcome.duration)
        if outcome.status == "succeeded":
            self._say("done", f"Succeeded in {took}")
        elif outcome.status == "cancelled":
            self._say("cancelled", f"Stopped after {took}; this is what was there by then")
        else:
            self._say("failed", f"Failed after {took}")
        begun = self._bench.trace.started
        answer = _answer(outcome, begun.state if begun else State())
        if isinstance(answer, str):
            self.text.show_text(answer)
        else:
            self.text.show_pieces(json_pieces(answer))
        self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
        self.pages.show_contents(True)
        self._numbers.ask()

    def _show_numbers(self) -> None:
        if self._outcome is not None:
            self._show_metrics(self._bench.trace.metrics)

    def _say(self, status: str, text: str) -> None:
        self._status = status
        self._head.setText(text)
        picture = icon(STATUS_ICONS[status], self._bench.theme.theme.color(status))
        self._picture.show_icon(picture)

    def _on_shown(self) -> None:
        for button in (self.copy, self.save, self.long.save):
            button.setEnabled(self.text.is_whole)

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.whole)

    def _ask_save(self) -> None:
        dialog = QFileDialog(self, "Save the Result", "result.txt", "Texts (*.txt);;All files (*)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, chosen: str) -> None:
        try:
            Path(chosen).write_text(self.text.whole, encoding="utf-8", errors="replace")
        except OSError as error:
            self._head.setText(f"{on_one_line(chosen)} cannot be written: {error.strerror}")

    def _paint(self, theme: Theme) -> None:
        for button in (self.copy, self.save):
            button.paint_in(theme.text)
        if self._status:
            self._say(self._status, self._head.text())
        self.pages.paint(theme)


def _answer(outcome: RunOutcome, given: State) -> Any:
    """The answer among what the run has written, else all that it left: its input is no answer."""
    if outcome.status == "failed":
        return outcome.error
    written, _ = outcome.state.changes_from(given)
    answer = State(written).answer
    return outcome.state.to_dict() if answer is None else answer


PANE = Pane(id="result", title="Result", icon="text-box-check-outline", area="bottom", build=Result)

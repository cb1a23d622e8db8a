"""The state pane: what a step got, what it left, and what it changed, pass by pass."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from agentflow.trace import ModelUsed
from agentflow.wording import compared, duration, sentence, used
from agentflow_editor.looks.fonts import mono, pixels
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.run.statuses import STATUS_ICONS
from agentflow_editor.run.step_view import Pass, StepView
from agentflow_editor.widgets.column import column_in
from agentflow_editor.widgets.detail import Detail
from agentflow_editor.widgets.empty import OrEmpty
from agentflow_editor.widgets.icon_button import IconButton
from agentflow_editor.widgets.json_tree import json_pieces
from agentflow_editor.widgets.json_view import JsonView
from agentflow_editor.widgets.picture import Picture
from agentflow_editor.widgets.side_by_side import SideBySide
from agentflow_editor.widgets.snug_area import SnugArea
from agentflow_editor.workbench import Workbench

__all__ = ["PANE", "StatePane"]

WIDTH = 690
"""Pixels at 100 % in which what a step got, left and changed is read side by side."""
SHARE = 0.4
"""The most that the sentence at the top takes of the height of the pane."""
LONGEST = 2_000
"""Characters of that sentence."""
_NOTHING = "After a run, select a step to see here what it got, what it left and what it changed."


class StatePane(QWidget):
    """The selected step in the latest run; the whole run while no step is selected.

    Below is all of the value that was looked at last.
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._bench = workbench
        self._number = -1
        """Which pass is shown, from 0; -1 for the latest, whichever that is."""
        self.before, self.after = JsonView("In"), JsonView("Out")
        self.changes = JsonView("Changes")
        self._picture, self._what = Picture(18), PlainLabel("")
        self._what.setWordWrap(True)
        self.earlier = IconButton("chevron-left", "Earlier pass", lambda: self._turn(-1))
        self.later = IconButton("chevron-right", "Later pass", lambda: self._turn(1))
        self.picker = PlainLabel("")
        views = (self.before, self.after, self.changes)
        self.views = SideBySide(
            {view.title: view for view in views}, lambda width: width >= pixels(WIDTH)
        )
        self._looked_at = self.after
        self.views.turn_to(self.after)
        for view in views:
            view.looked_at.connect(lambda view=view: self._look_at(view))
        self.views.turned.connect(self._look_at)
        self.views.arranged.connect(self._on_arranged)
        self.detail = Detail(
            self.views, "All of the selected value", font=mono(12), always_below=True
        )
        body = QWidget()
        column = column_in(body)
        column.addLayout(self._bar())
        column.addWidget(self.detail, 1)
        self.pages = OrEmpty(body, "code-json", _NOTHING)
        column_in(self, self.pages)
        workbench.selection.changed.connect(self._choose_latest)
        workbench.trace.reset.connect(self._choose_latest)
        workbench.trace.status_changed.connect(self._on_status)
        workbench.theme.changed.connect(self._paint)
        self._paint(workbench.theme.theme)

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(10, 4, 8, 4)
        bar.setSpacing(6)
        bar.addWidget(self._picture)
        # However long an error is, it is no reason to make the panes around this one narrower.
        said = SnugArea(SHARE)
        line = QHBoxLayout(said.contents)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._what)
        bar.addWidget(said, 1)
        for widget in (self.earlier, self.picker, self.later):
            bar.addWidget(widget)
        return bar

    @property
    def _path(self) -> str:
        return self._bench.selection.current or ""

    def _choose_latest(self, *_: object) -> None:
        self._number = -1
        self._show()

    def _on_status(self, paths: set[str]) -> None:
        if self._path in paths:
            self._show()

    def _turn(self, by: int) -> None:
        view = self._bench.trace.step(self._path)
        if view is not None and view.passes:
            last = len(view.passes) - 1
            now = last if self._number < 0 else self._number
            self._number = min(max(now + by, 0), last)
            self._number = -1 if self._number == last else self._number
            self._show()

    def _show(self) -> None:
        if len(self._bench.selection.paths) > 1:
            self._say(_NOTHING)
        elif self._path:
            self._show_step(self._bench.trace.step(self._path))
        else:
            self._show_run()

    def _say(self, text: str) -> None:
        self.pages.say("code-json", text, self._bench.theme.theme)
        self.pages.show_contents(False)

    def _show_run(self) -> None:
        trace = self._bench.trace
        if trace.started is None:
            self._say(_NOTHING)
            return
        ended = trace.finished
        status = "running" if ended is None else "done"
        if ended is not None and ended.status != "succeeded":
            status = ended.status
        first, last = trace.started.state, trace.state
        changes, removed = last.changes_from(first) if last is not None else ({}, ())
        text = sentence(ended) if ended else "The run goes on"
        self._show_head(status, text, 0, 0)
        self._fill(first.to_dict(), last.to_dict() if last is not None else None, changes, removed)

    def _show_step(self, view: StepView | None) -> None:
        if view is None or not view.passes:
            status = self._bench.trace.status(self._path)
            told = {"skipped": "was skipped", "paused": "is about to begin"}.get(status, "")
            text = f"“{on_one_line(self._path)}” {told or 'has not run in the latest run'}."
            self._say(text if self._bench.trace.started else _NOTHING)
            return
        number = len(view.passes) - 1 if self._number < 0 else self._number
        shown = view.passes[min(number, len(view.passes) - 1)]
        self._show_head(shown.status, _told(shown), number + 1, len(view.passes))
        self._what.setToolTip(plain_tooltip(_decisions(shown)))
        output = shown.output
        after = output.to_dict() if output is not None else None
        self._fill(shown.input.to_dict(), after, shown.changes, shown.removed)

    def _show_head(self, status: str, text: str, number: int, of: int) -> None:
        theme = self._bench.theme.theme
        picture = icon(STATUS_ICONS.get(status, "circle-outline"), theme.color(status))
        self._picture.show_icon(picture)
        self._what.setText(on_one_line(text, LONGEST))
        self._what.setToolTip(plain_tooltip(text))
        self.picker.setText(f"{number}/{of}")
        self.earlier.setEnabled(number > 1)
        self.later.setEnabled(number < of)
        for widget in (self.earlier, self.picker, self.later):
            widget.setVisible(of > 1)
        self.pages.show_contents(True)

    def _fill(
        self,
        before: Mapping[str, Any],
        after: Mapping[str, Any] | None,
        changes: Mapping[str, Any],
        removed: tuple[str, ...],
    ) -> None:
        gone = {key: before[key] for key in removed if key in before}
        marks = {key: "~" if key in before else "+" for key in changes} | dict.fromkeys(gone, "-")
        self.before.show_values(before)
        self.after.show_values(after or {}, {key: marks[key] for key in changes})
        self.changes.show_values({**changes, **gone}, marks)
        self._call(self.after, "Out" if after is not None else "Out: nothing")
        self._call(self.changes, f"Changes ({len(marks)})")
        self._look_at(self._looked_at)

    def _call(self, view: JsonView, name: str) -> None:
        view.heading.setText(name)
        self.views.name(view, name)

    def _on_arranged(self) -> None:
        """A view that has a tab needs no heading."""
        for view in (self.before, self.after, self.changes):
            view.heading.setVisible(not self.views.is_tabbed)
        self.views.turn_to(self._looked_at)

    def _look_at(self, view: JsonView) -> None:
        self._looked_at = view
        if (looked_at := view.current) is None:
            self.detail.clear()
            return
        names, value = looked_at
        if isinstance(value, str):
            self.detail.show_text(value, on_one_line(names, LONGEST))
        else:
            self.detail.show_pieces(json_pieces(value), on_one_line(names, LONGEST))

    def _paint(self, theme: Theme) -> None:
        for view in (self.before, self.after, self.changes):
            view.paint(theme)
        for button in (self.earlier, self.later):
            button.paint_in(theme.text, theme.border)
        self.pages.paint(theme)
        self._show()


def _told(shown: Pass) -> str:
    took = f" in {duration(shown.duration)}" if shown.duration is not None else ""
    words = {"done": f"done{took}", "running": "running"}.get(shown.status, shown.status + took)
    decided = _decisions(shown).split("\n", 1)[0]
    more = shown.error.removeprefix(f"{shown.path}: ") or decided
    return f"{shown.path}: {words}" + (f"; {more}" if more else "")


def _decisions(shown: Pass) -> str:
    lines: list[str] = []
    if shown.route is not None:
        lines += [sentence(shown.route), *map(compared, shown.route.comparisons)]
    lines += [sentence(check) for check in reversed(shown.checks)]
    if shown.merged is not None:
        lines.append(sentence(shown.merged))
    if shown.used:
        lines.append(_taken(shown.used))
    lines += [sentence(it) for it in shown.tools]
    return "\n".join(lines) or shown.error


def _taken(answers: Sequence[ModelUsed]) -> str:
    """What the answers of a step's model took together."""
    costs = [it.cost for it in answers if it.cost is not None]
    read, written = (
        sum(it.input_tokens for it in answers),
        sum(it.output_tokens for it in answers),
    )
    return used(read, written, sum(costs) if costs else None)


PANE = Pane(id="state", title="State", icon="code-json", area="bottom", build=StatePane)

"""Findings: what is wrong with what the inspector shows, and what mends it by one click."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from agentflow.problem import Fix, Problem
from agentflow_editor.document.concern import told
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.mending import mend
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, on_one_line, plain_tooltip
from agentflow_editor.widgets.picture import Picture
from agentflow_editor.widgets.snug_area import SnugArea
from agentflow_editor.widgets.wrapped_button import WrappedButton
from agentflow_editor.workbench import Workbench

__all__ = ["Findings"]

SHARE = 0.45
"""The most that it takes of the height of what it is in."""
MOST = 2
"""Problems that are told here; the others stand in the problems pane."""
_ICONS = {"error": "close-circle", "warning": "alert", "info": "information"}


class Findings(SnugArea):
    """The problems of one step, the worst first; nothing is seen of it where there are none."""

    def __init__(self, workbench: Workbench, concerns: Callable[[Problem], bool]) -> None:
        super().__init__(SHARE)
        self._bench, self._concerns = workbench, concerns
        self._shown: list[Problem] = []
        self._column = QVBoxLayout(self.contents)
        self._column.setContentsMargins(14, 8, 14, 8)
        self._column.setSpacing(6)
        workbench.document.problems_changed.connect(self._show)
        workbench.theme.changed.connect(self._paint)
        self.hide()

    def look_again(self) -> None:
        """Show those of what is shown now."""
        self._show(self._bench.document.known_problems)

    def _show(self, problems: Sequence[Problem]) -> None:
        own = [it for it in problems if self._concerns(it)]
        if own != self._shown:
            self._shown = own
            self._paint()

    def _paint(self, *_: object) -> None:
        while (item := self._column.takeAt(0)) is not None:  # pyright: ignore[reportUnnecessaryComparison] - None when empty
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for problem in self._shown[:MOST]:
            self._column.addWidget(self._made(problem))
        if len(self._shown) > MOST:
            more = len(self._shown) - MOST
            text = f"and {more} more problem{'' if more == 1 else 's'}, told in Problems"
            self._column.addWidget(PlainLabel(text))
        self.setVisible(bool(self._shown))
        self.updateGeometry()

    def _made(self, problem: Problem) -> QWidget:
        block = QWidget()
        block.setObjectName(f"finding-{problem.severity}")
        block.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme = self._bench.theme.theme
        picture = Picture(16)
        colour = theme.color(problem.severity)
        picture.show_icon(icon(_ICONS[problem.severity], colour))
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        text = PlainLabel(told(problem))
        text.setWordWrap(True)
        text.setAccessibleName(f"{problem.severity}: {problem.message}")
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(picture)
        line.addWidget(text, 1)
        column = QVBoxLayout(block)
        column.setContentsMargins(8, 6, 8, 6)
        column.setSpacing(5)
        column.addLayout(line)
        for fix in problem.fixes:
            if fix.edit:
                column.addWidget(self._button(fix))
        return block

    def _button(self, fix: Fix) -> QPushButton:
        button = WrappedButton(on_one_line(fix.title), asks=False)
        button.clicked.connect(lambda: self._apply(fix, button))
        return button

    def _apply(self, fix: Fix, button: QPushButton) -> None:
        try:
            mend(self._bench.document, fix, self._bench.catalogue)
        except EditError as error:
            button.setEnabled(False)
            button.setToolTip(plain_tooltip(str(error)))

"""Docks: every pane in a dock of its own, each in its place."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from agentflow.discovery import offered
from agentflow_editor import panes
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.theme import Theme
from agentflow_editor.panes.base import Pane
from agentflow_editor.window.title_bar import TitleBar
from agentflow_editor.workbench import Workbench

__all__ = ["Docks"]

AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
ORDER = ("palette", "outline", "inspector", "problems", "trace", "state", "result", "source")
"""Docks of one area are tabs in this order; panes that are not in it come after."""
EDITING = ("palette", "inspector")
"""Panes whose whole purpose is to edit."""
WIDTHS = (216, 320)
"""Pixels of the docks at the left and at the right, with text of 100 %."""
SHARE = 0.26
"""The most that larger text makes one of them take of the width of the window."""
HEIGHT, SHARE_BELOW = 240, 0.38
"""The same of the docks below."""
PERCENT = 100
FRONT = {"right": "inspector", "bottom": "problems", "left": "palette"}


class Docks:
    """The docks of a window.

    They stand from the beginning. What is in one is made when somebody asks for it or sees it, or
    before that by `make_next`, when there is time.
    """

    def __init__(self, window: QMainWindow, workbench: Workbench) -> None:
        self._window, self._bench = window, workbench
        self.front: tuple[str, ...] = tuple(FRONT.values())
        """The panes that are in front of others in their place, or will be once all are shown."""
        found = sorted(offered(panes, "PANE", Pane), key=_place)
        self._panes = {pane.id: pane for pane in found}
        self._docks = {pane.id: self._made(pane) for pane in found}
        self._waiting = dict.fromkeys(self._panes)
        self._expecting = defaultdict[str, list[Callable[[Any], object]]](list)
        self._hidden_at_rest: set[str] = set()
        self._are_visible = True
        self.text = pixels(PERCENT)
        """How large the text is that the docks are wide enough for."""
        self.arrange()
        workbench.preferences.changed.connect(self._grow_with_text)

    def actions(self) -> list[QAction]:
        """A checkable action for each dock."""
        return [dock.toggleViewAction() for dock in self._docks.values()]

    def arrange(self) -> None:
        """Put every dock where it was at first."""
        window = self._window
        window.setCorner(Qt.Corner.BottomLeftCorner, AREAS["left"])
        window.setCorner(Qt.Corner.BottomRightCorner, AREAS["right"])
        first: dict[str, QDockWidget] = {}
        for pane_id, dock in self._docks.items():
            area = self._panes[pane_id].area
            dock.setFloating(False)
            window.addDockWidget(AREAS[area], dock)
            if area in first:
                window.tabifyDockWidget(first[area], dock)
            first.setdefault(area, dock)
            dock.show()
        for pane_id in FRONT.values():
            if pane_id in self._docks:
                self._docks[pane_id].raise_()
        sides = [self._docks[it] for it in ("palette", "inspector") if it in self._docks]
        widest = round(window.width() * SHARE)
        widths = [min(pixels(width), max(width, widest)) for width in WIDTHS]
        window.resizeDocks(sides, widths[: len(sides)], Qt.Orientation.Horizontal)
        below = [dock for it, dock in self._docks.items() if self._panes[it].area == "bottom"]
        highest = round(window.height() * SHARE_BELOW)
        height = min(pixels(HEIGHT), max(HEIGHT, highest))
        window.resizeDocks(below[:1], [height], Qt.Orientation.Vertical)

    def make_next(self) -> bool:
        """Make a pane that is not there yet; whether there may be more."""
        for pane_id in self._waiting:
            self._make(pane_id)
            return True
        return False

    def make_all(self) -> None:
        """Make every pane that is not there yet."""
        while self.make_next():
            pass

    def _make(self, pane_id: str) -> None:
        if pane_id in self._waiting:
            del self._waiting[pane_id]
            pane = self._panes[pane_id].build(self._bench)
            self._docks[pane_id].setWidget(pane)
            for told in self._expecting.pop(pane_id, ()):
                told(pane)

    def _on_seen(self, pane_id: str, is_seen: bool) -> None:
        if is_seen:
            self._make(pane_id)

    def when_made(self, pane_id: str, told: Callable[[Any], object]) -> None:
        """Tell somebody of a pane as soon as it is made, before anybody can have seen it."""
        assert pane_id in self._waiting, f"{pane_id} is there already"
        self._expecting[pane_id].append(told)

    def pane(self, pane_id: str) -> QWidget:
        """The contents of a dock."""
        self._make(pane_id)
        return self._docks[pane_id].widget()

    def watch(self, pane_id: str, told: Callable[[bool], None]) -> None:
        """Tell somebody whenever a dock comes into sight, or goes out of it."""
        self._docks[pane_id].visibilityChanged.connect(told)

    def is_seen(self, pane_id: str) -> bool:
        """Whether a dock is in front of the others in its place."""
        return pane_id in self._seen()

    def reveal(self, pane_id: str) -> None:
        """Bring a dock to the front, without taking the keyboard away."""
        if dock := self._docks.get(pane_id):
            dock.show()
            dock.raise_()

    def set_visible(self, visible: bool) -> None:
        """Show the docks that are open, or hide all while something else fills the window."""
        if visible == self._are_visible:
            return
        self._are_visible = visible
        if visible:
            self.make_all()
        else:
            self.front = self._seen() or self.front
            self._hidden_at_rest = {it for it, dock in self._docks.items() if dock.isHidden()}
        for pane_id, dock in self._docks.items():
            dock.setVisible(visible and pane_id not in self._hidden_at_rest)
            dock.toggleViewAction().setEnabled(visible)
        if visible:
            # Qt forgets which tab was in front while all are hidden.
            for pane_id in set(self.front) - self._hidden_at_rest:
                self.reveal(pane_id)
            self._grow_with_text()

    def _grow_with_text(self, *_: object) -> None:
        """Give what stands around the canvas the more room the larger its text has become."""
        before, now = self.text, pixels(PERCENT)
        if before == now or not self._are_visible:
            return
        self.text = now
        for dock in self._one_of("left", "right"):
            widest = max(dock.width(), round(self._window.width() * SHARE))
            wanted = min(round(dock.width() * now / before), widest)
            self._window.resizeDocks([dock], [wanted], Qt.Orientation.Horizontal)
        for dock in self._one_of("bottom"):
            highest = max(dock.height(), round(self._window.height() * SHARE_BELOW))
            wanted = min(round(dock.height() * now / before), highest)
            self._window.resizeDocks([dock], [wanted], Qt.Orientation.Vertical)

    def _one_of(self, *areas: str) -> Iterator[QDockWidget]:
        """A dock of each of these places."""
        for area in areas:
            there = (
                dock
                for dock in self._docks.values()
                if self._window.dockWidgetArea(dock) == AREAS[area]
                and not (dock.isHidden() or dock.isFloating())
            )
            yield from islice(there, 1)

    def note_front(self) -> tuple[str, ...]:
        """Which are in front now, or were before all were hidden."""
        if self._are_visible:
            self.front = self._seen() or self.front
        return self.front

    def _seen(self) -> tuple[str, ...]:
        shown = (it for it, dock in self._docks.items() if not dock.visibleRegion().isEmpty())
        return tuple(shown)

    def set_editable(self, editable: bool) -> None:
        """Let what is shown be edited in the panes, or only be read."""
        for pane_id in EDITING:
            if pane_id in self._docks:
                self.pane(pane_id).setEnabled(editable)

    def paint(self, theme: Theme) -> None:
        """Draw the docks' icons in a theme's colours."""
        for pane_id, dock in self._docks.items():
            dock.setWindowIcon(icon(self._panes[pane_id].icon, theme.muted))
            title = dock.titleBarWidget()
            assert isinstance(title, TitleBar)
            title.paint(theme)

    def _made(self, pane: Pane) -> QDockWidget:
        dock = QDockWidget(pane.title, self._window)
        dock.setObjectName(f"dock.{pane.id}")
        dock.setTitleBarWidget(TitleBar(dock))
        dock.visibilityChanged.connect(partial(self._on_seen, pane.id))
        return dock


def _place(pane: Pane) -> int:
    return ORDER.index(pane.id) if pane.id in ORDER else len(ORDER)

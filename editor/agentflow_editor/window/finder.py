"""Finder: a bar over the canvas that finds steps and notes, and goes from one to the next."""

from collections.abc import Callable
from operator import is_

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from agentflow_editor.document.query import Searched, searched
from agentflow_editor.document.sheet import is_note
from agentflow_editor.looks.fonts import pixels
from agentflow_editor.widgets.icon_button import IconButton
from agentflow_editor.widgets.search_bar import SearchBar
from agentflow_editor.workbench import Workbench

__all__ = ["Finder"]

WIDTH = 460
MARGIN = 12
OURS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Up, Qt.Key.Key_Down)
HELP = (
    "Words of a step's name, prompt or settings, or of a note. Also: is:error is:warning "
    "is:disabled is:parked is:agent is:orchestrator is:note is:undefined is:failed is:done, "
    "type:llm, uses:key"
)


class Finder(SearchBar):
    """Finds while one types, and selects where it goes. Alt+Enter selects all."""

    def __init__(self, workbench: Workbench, show: Callable[[str], None], parent: QWidget) -> None:
        """Make it; `open_bar` shows it.

        Args:
            workbench: whose document is searched.
            show: brings a step, or a note by its key, into sight.
            parent: what it lies over.
        """
        everything = "Select all that are found (Alt+Enter)"
        all_found = IconButton("select-all", everything, self.select_all)
        super().__init__("Find steps and notes: words, is:error, type:llm", [all_found], parent)
        self._bench, self._show = workbench, show
        self._basis: tuple[object, ...] = ()
        self._index: tuple[Searched, ...] = ()
        self.found: tuple[str, ...] = ()
        """The keys of what is found: steps in the order of the flow, then notes."""
        self.field.setToolTip(HELP)
        self.field.setAccessibleName("Find steps and notes")
        self.field.setAccessibleDescription(HELP)
        self.count.setMinimumWidth(84)
        self.row.setContentsMargins(MARGIN, 6, 6, 6)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.search)
        self.field.textChanged.connect(self._on_text)
        workbench.document.changed.connect(self._on_changed)
        workbench.document.problems_changed.connect(self._on_changed)
        workbench.theme.changed.connect(self.paint)
        self.paint(workbench.theme.theme)
        parent.installEventFilter(self)

    def open_bar(self) -> None:
        """Show it, and take the keyboard."""
        self._stand()
        super().open_bar()
        self.raise_()

    def go(self, by: int) -> None:
        """Select the next of what is found, or the one before, and bring it to sight."""
        if not self.found:
            return
        current = self._bench.selection.only
        if current in self.found:
            index = (self.found.index(current) + by) % len(self.found)
        else:
            index = 0 if by > 0 else len(self.found) - 1
        self._bench.selection.select([self.found[index]])
        self._show(self.found[index])
        self._tell()

    def select_all(self) -> None:
        """Select everything that is found."""
        if self.found:
            self._bench.selection.select(self.found)
            self._tell()

    def _on_text(self) -> None:
        self.search()
        if self.found and self._bench.selection.only not in self.found:
            self.go(1)

    def _on_changed(self, *_: object) -> None:
        if not self.isHidden():
            self._soon.start()

    def search(self) -> None:
        text = self.field.text()
        self.found = tuple(
            it.key
            for it in self._searched()
            if text.strip() and it.is_found_by(text, self._said_by_run(it.key))
        )
        self._tell()

    def _said_by_run(self, key: str) -> set[str]:
        return set() if is_note(key) else {self._bench.trace.status(key)}

    def _searched(self) -> tuple[Searched, ...]:
        document = self._bench.document
        flow, problems = document.sheet.flow, document.problems
        notes = document.sheet.sketch.notes
        basis = flow, problems, notes
        if not (self._basis and all(map(is_, basis, self._basis))):
            titles = {mode.name: mode.title for mode in self._bench.catalogue.modes.values()}
            self._basis, self._index = basis, searched(flow, titles, problems, notes)
        return self._index

    def _tell(self) -> None:
        current = self._bench.selection.only
        place = self.found.index(current) if current in self.found else None
        self.tell(place, len(self.found))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._stand()
        return super().eventFilter(watched, event)

    def keeps(self, event: QKeyEvent) -> bool:
        return event.key() in OURS or super().keeps(event)

    def command(self, event: QKeyEvent) -> Callable[[], object] | None:
        is_all = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if is_all and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.select_all
        return super().command(event)

    def _stand(self) -> None:
        home = self.parentWidget()
        assert home is not None, "it lies over something"
        room = home.width()
        width = min(pixels(WIDTH), room - 2 * MARGIN)
        self.setGeometry(room - width - MARGIN, MARGIN, width, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._bench.theme.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1.0))
        painter.setBrush(theme.color("base"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 8, 8)

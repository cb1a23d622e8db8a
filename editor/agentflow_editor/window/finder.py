"""Finder: a bar over the canvas that finds steps and notes, and goes from one to the next."""

from collections.abc import Callable
from operator import is_

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from agentflow_editor.document.query import Searched, searched
from agentflow_editor.document.sheet import is_note
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel
from agentflow_editor.looks.theme import Theme
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


class Finder(QFrame):
    """Finds while one types. Enter goes to the next step, Shift+Enter back, Escape closes."""

    closed = Signal()

    def __init__(self, workbench: Workbench, show: Callable[[str], None], parent: QWidget) -> None:
        """Make it; `open_bar` shows it.

        Args:
            workbench: whose document is searched.
            show: brings a step, or a note by its key, into sight.
            parent: what it lies over.
        """
        super().__init__(parent)
        self._home = parent
        self._bench, self._show = workbench, show
        self._basis: tuple[object, ...] = ()
        self._index: tuple[Searched, ...] = ()
        self.found: tuple[str, ...] = ()
        """The keys of what is found: steps in the order of the flow, then notes."""
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find steps and notes: words, is:error, type:llm")
        self.field.setToolTip(HELP)
        self.field.setAccessibleName("Find steps and notes")
        self.field.setAccessibleDescription(HELP)
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.count = PlainLabel("")
        self.count.setObjectName("hint")
        self.count.setMinimumWidth(84)
        self._buttons = {
            "chevron-up": self._button("Previous (Shift+Enter)", lambda: self.go(-1)),
            "chevron-down": self._button("Next (Enter)", lambda: self.go(1)),
            "select-all": self._button("Select all that are found (Alt+Enter)", self.select_all),
            "close": self._button("Close (Esc)", self.close_bar),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for button in self._buttons.values():
            row.addWidget(button)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._search)
        self.field.textChanged.connect(self._on_text)
        workbench.document.changed.connect(self._on_changed)
        workbench.document.problems_changed.connect(self._on_changed)
        workbench.theme.changed.connect(self._paint)
        self._paint(workbench.theme.theme)
        parent.installEventFilter(self)
        self.hide()

    def open_bar(self) -> None:
        """Show it, and take the keyboard."""
        self._stand()
        self.show()
        self.raise_()
        self._search()
        self.field.setFocus()
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hide it, and give the keyboard back."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

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
        self._search()
        if self.found and self._bench.selection.only not in self.found:
            self.go(1)

    def _on_changed(self, *_: object) -> None:
        if not self.isHidden():
            self._soon.start()

    def _search(self) -> None:
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
        if not self.field.text().strip():
            self.count.setText("")
        elif not self.found:
            self.count.setText("Nothing")
        elif current in self.found:
            self.count.setText(f"{self.found.index(current) + 1} of {len(self.found)}")
        else:
            self.count.setText(f"{len(self.found)} found")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._home and event.type() == QEvent.Type.Resize:
            self._stand()
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() in OURS:
                event.accept()  # on the canvas they are shortcuts
                return True
            if event.type() == QEvent.Type.KeyPress and self._on_key(event):
                return True
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.select_all()
            else:
                self.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            return False
        return True

    def _stand(self) -> None:
        room = self._home.width()
        width = min(WIDTH, room - 2 * MARGIN)
        self.setGeometry(room - width - MARGIN, MARGIN, width, self.sizeHint().height())

    def _button(self, tip: str, pressed: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.clicked.connect(pressed)
        return button

    def _paint(self, theme: Theme) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, theme.muted))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._bench.theme.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1.0))
        painter.setBrush(theme.color("base"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 8, 8)

"""Welcome: where a person begins, with the examples and the flows opened last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from agentflow_editor.canvas.previews import Previews
from agentflow_editor.looks.fonts import pixels as scaled
from agentflow_editor.looks.icons import icon
from agentflow_editor.looks.plain_text import PlainLabel, plain_tooltip
from agentflow_editor.looks.theme import Theme
from agentflow_editor.widgets.link_button import LinkButton

__all__ = ["ROOM", "Example", "Welcome"]

COLUMNS = 2
MOST_RECENT = 6
ROOM = QSize(150, 72)
"""How large the picture of an example is."""


@dataclass(frozen=True, slots=True)
class Example:
    """A flow that is shown as a place to begin."""

    title: str
    summary: str
    path: Path


class Welcome(QWidget):
    """A page with two ways to begin and the flows to begin from."""

    new_wanted = Signal()
    """A person wants an empty flow."""
    open_wanted = Signal()
    """A person wants to choose a file."""
    flow_chosen = Signal(Path)
    """A person wants this file, one of the recent ones."""
    forget_wanted = Signal(Path)
    """A person does not want to see this recent file any more."""
    back_wanted = Signal()
    """A person wants to go on with the flow that is open behind the page."""
    session_wanted = Signal()
    """A person wants the files that were open together last."""
    template_wanted = Signal()
    """A person wants to begin from a template."""
    example_chosen = Signal(Path)
    """A person wants this example."""

    def __init__(
        self,
        examples: Iterable[Example],
        theme: Theme,
        previews: Previews,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews = previews
        self._session: tuple[Path, ...] = ()
        self._behind = ""
        self._pictured: list[tuple[Path, LinkButton]] = []
        self._examples = tuple(examples)
        self._theme = theme
        self._page = QVBoxLayout()
        self._page.setContentsMargins(48, 40, 48, 40)
        self._page.setSpacing(10)
        inner = QWidget()
        inner.setLayout(self._page)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        QVBoxLayout(self).addWidget(scroll)

    def show_page(
        self,
        recent: Iterable[Path],
        theme: Theme,
        session: Sequence[Path] = (),
        behind: str = "",
    ) -> None:
        """Draw the page anew.

        Args:
            recent: the files that were opened last.
            theme: whose colours it has.
            session: those that were open together last.
            behind: what the flow is called that is open behind it; "" for none.
        """
        self._theme = theme
        self._session, self._behind = tuple(session), behind
        self._pictured.clear()
        _emptied(self._page)
        self._page.addWidget(_text("AgentFlow Studio", 28, QFont.Weight.DemiBold))
        self._page.addWidget(
            _text(
                "Draw agents into a flow, watch it run, step through it, run the file anywhere.",
                14,
            )
        )
        self._page.addSpacing(14)
        self._page.addLayout(self._beginnings())
        files = list(recent)
        if files:
            self._page.addSpacing(14)
            self._page.addWidget(_text("Recent", 16, QFont.Weight.DemiBold))
            self._page.addLayout(self._recent(files[:MOST_RECENT]))
        self._page.addSpacing(14)
        self._page.addWidget(_text("Examples to look at and run", 16, QFont.Weight.DemiBold))
        self._page.addLayout(self._gallery())
        self._page.addStretch(1)
        self._want_pictures()

    def _want_pictures(self) -> None:
        """Have those drawn that are missing, as long as the page is looked at."""
        self._previews.forget_wishes()
        if self.isVisible():
            for path, button in self._pictured:
                self._previews.want(path, self._theme, _shown_on(button))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want_pictures()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._previews.forget_wishes()

    def _beginnings(self) -> QHBoxLayout:
        row = QHBoxLayout()
        entries = [
            ("New Flow", "Begin with an empty canvas", "file-plus-outline", self.new_wanted),
            (
                "New from Template…",
                "Begin with a copy",
                "view-grid-plus-outline",
                self.template_wanted,
            ),
            ("Open…", "Choose an agentflow.toml", "folder-open-outline", self.open_wanted),
        ]
        if self._behind:
            entries.insert(
                0, ("Back", f"Go on with {self._behind}", "arrow-left", self.back_wanted)
            )
        elif self._session:
            entries.append(
                ("Continue", _session_text(self._session), "restore", self.session_wanted)
            )
        for title, summary, icon_name, wanted in entries:
            button = self._button(title, summary, icon_name)
            button.clicked.connect(lambda _=False, wanted=wanted: wanted.emit())
            row.addWidget(button)
        return row

    def _recent(self, files: list[Path]) -> QGridLayout:
        grid = QGridLayout()
        for number, path in enumerate(files):
            is_there = path.is_file()
            summary = str(path) if is_there else f"Not there any more: {path}"
            button = self._button(
                path.parent.name, summary, "history" if is_there else "file-remove-outline"
            )
            button.setToolTip(plain_tooltip(str(path)))
            button.setEnabled(is_there)
            button.clicked.connect(lambda _=False, path=path: self.flow_chosen.emit(path))
            forget = QToolButton()
            forget.setIcon(icon("close", self._theme.muted))
            forget.setAccessibleName(f"Take {path} off this list")
            forget.setToolTip("Take it off this list; the file stays")
            forget.clicked.connect(lambda _=False, path=path: self.forget_wanted.emit(path))
            row, column = number // COLUMNS, 2 * (number % COLUMNS)
            grid.addWidget(button, row, column)
            grid.addWidget(forget, row, column + 1)
            grid.setColumnStretch(column, 1)
        return grid

    def _gallery(self) -> QGridLayout:
        grid = QGridLayout()
        for number, example in enumerate(self._examples):
            button = self._button(example.title, example.summary, "play-circle-outline", ROOM)
            button.setToolTip(plain_tooltip(str(example.path)))
            button.clicked.connect(lambda _=False, it=example: self.example_chosen.emit(it.path))
            self._pictured.append((example.path, button))
            grid.addWidget(button, number // COLUMNS, number % COLUMNS)
        return grid

    def _button(
        self, title: str, summary: str, icon_name: str, room: QSize | None = None
    ) -> LinkButton:
        # "&" would become a mnemonic: titles of files are shown as they are.
        button = LinkButton(title.replace("&", "&&"), summary.replace("&", "&&"), room)
        button.setIcon(icon(icon_name, self._theme.accent))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button


def _shown_on(button: LinkButton) -> Callable[[QPixmap], None]:
    def show(drawn: QPixmap) -> None:
        if isValid(button) and not drawn.isNull():
            button.setIcon(QIcon(drawn))

    return show


def _session_text(session: Sequence[Path]) -> str:
    first = f"{session[0].parent.name}/{session[0].name}"
    return first if len(session) == 1 else f"{first} and {len(session) - 1} more"


def _text(text: str, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> PlainLabel:
    label = PlainLabel(text)
    font = label.font()
    font.setPixelSize(scaled(pixels))
    font.setWeight(weight)
    label.setFont(font)
    label.setWordWrap(True)
    return label


def _emptied(layout: QVBoxLayout | QHBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
        inner = item.layout()
        if isinstance(inner, (QVBoxLayout, QHBoxLayout, QGridLayout)):
            _emptied(inner)

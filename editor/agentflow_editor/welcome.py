"""Welcome: where a person begins, with the examples and the flows opened last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from agentflow_editor.fonts import pixels as scaled
from agentflow_editor.icons import icon
from agentflow_editor.plain_text import PlainLabel, plain_tooltip
from agentflow_editor.theme import Theme

__all__ = ["Example", "Welcome"]

COLUMNS = 2


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
    example_chosen = Signal(Path)
    """A person wants this example."""

    def __init__(
        self, examples: Iterable[Example], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
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

    def show_page(self, recent: Iterable[Path], theme: Theme) -> None:
        """Draw the page anew, with these recent files."""
        self._theme = theme
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
            self._page.addLayout(
                self._grid(
                    [(it.parent.name, str(it), it) for it in files[:6]],
                    self.flow_chosen.emit,
                    "history",
                )
            )
        self._page.addSpacing(14)
        self._page.addWidget(
            _text("Examples that work at once, offline", 16, QFont.Weight.DemiBold)
        )
        shown = [(it.title, it.summary, it.path) for it in self._examples]
        self._page.addLayout(self._grid(shown, self.example_chosen.emit, "play-circle-outline"))
        self._page.addStretch(1)

    def _beginnings(self) -> QHBoxLayout:
        row = QHBoxLayout()
        new = self._button("New Flow", "Begin with an empty canvas", "file-plus-outline")
        new.clicked.connect(lambda: self.new_wanted.emit())
        opened = self._button("Open…", "Choose an agentflow.toml", "folder-open-outline")
        opened.clicked.connect(lambda: self.open_wanted.emit())
        row.addWidget(new)
        row.addWidget(opened)
        return row

    def _grid(
        self, entries: list[tuple[str, str, Path]], chosen: Callable[[Path], None], icon_name: str
    ) -> QGridLayout:
        grid = QGridLayout()
        for number, (title, summary, path) in enumerate(entries):
            button = self._button(title, summary, icon_name)
            button.setToolTip(plain_tooltip(str(path)))
            button.clicked.connect(lambda _=False, path=path: chosen(path))
            grid.addWidget(button, number // COLUMNS, number % COLUMNS)
        return grid

    def _button(self, title: str, summary: str, icon_name: str) -> QCommandLinkButton:
        # "&" would become a mnemonic: titles of files are shown as they are.
        button = QCommandLinkButton(title.replace("&", "&&"), summary.replace("&", "&&"))
        button.setIcon(icon(icon_name, self._theme.accent))
        button.setIconSize(QSize(24, 24))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button


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

"""HelpPage: what a node is, why it stands there, and what each of its fields is for."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from agentflow_editor.forms.base import Field, fields_of
from agentflow_editor.inspector.parts import Heading
from agentflow_editor.looks.plain_text import PlainLabel

__all__ = ["HelpPage", "Topic", "field_told"]


_NOTHING = re.compile(r'\bNone\b|(?<!\w)""(?!\w)')
"""What the source calls nothing; a person sees an empty field."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of fields, and what they are for together."""

    heading: str
    about: str
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, heading: str, model: type[BaseModel]) -> "Topic":
        """A group that is all that a model declares."""
        return cls(heading, inspect.cleandoc(model.__doc__ or ""), fields_of(model))


def field_told(field: Field) -> str:
    """What a field is for, and what counts while it is not set."""
    text = _NOTHING.sub("nothing", field.help).replace("`", "")
    text = text if text.endswith((".", "!", "?")) or not text else f"{text}."
    default = f" Unless it is set: {field.default_text}." if field.default_text else ""
    return text + default


class HelpPage(QScrollArea):
    """Read only, with the keyboard: the arrow keys scroll, whoever holds it closes it."""

    def __init__(self, title: str, about: Iterable[str], topics: Sequence[Topic]) -> None:
        super().__init__()
        self.entries: dict[str, QWidget] = {}
        """By field, "llm.model" for one inside; what is said of it."""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"Help: {title}")
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(14, 12, 14, 14)
        self._column.setSpacing(6)
        self._column.addWidget(Heading(f"What is this: {title}"))
        for text in about:
            self._say(text)
        for topic in topics:
            self._add(topic)
        self._column.addStretch()
        self.setAccessibleDescription("\n".join(self.texts()))
        self.setWidget(self._body)

    def texts(self) -> Iterator[str]:
        """All that it says, in order."""
        for index in range(self._column.count()):
            item = self._column.itemAt(index)
            widget = item.widget() if item else None
            if isinstance(widget, PlainLabel):
                yield widget.text()

    def reveal(self, name: str) -> None:
        """Bring what is said of a field into sight."""
        if entry := self.entries.get(name):
            self._body.adjustSize()
            self.ensureWidgetVisible(entry, 0, self.viewport().height() // 3)

    def _add(self, topic: Topic) -> None:
        if topic.heading:
            self._column.addWidget(Heading(topic.heading))
        if topic.about:
            self._say(topic.about, is_hint=True)
        for name, field in _flat(topic.fields):
            title = _Bold(field.title)
            self._column.addWidget(title)
            self.entries.setdefault(name, title)
            self._say(field_told(field), is_hint=True)

    def _say(self, text: str, *, is_hint: bool = False) -> None:
        label = PlainLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if is_hint:
            label.setObjectName("hint")
        self._column.addWidget(label)


class _Bold(PlainLabel):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setContentsMargins(0, 6, 0, 0)


def _flat(fields: Mapping[str, Field], prefix: str = "") -> Iterator[tuple[str, Field]]:
    """The fields with those of the settings inside them behind each."""
    for name, field in fields.items():
        yield prefix + name, field
        if field.model is not None:
            yield from _flat(fields_of(field.model), f"{prefix}{name}.")

"""Touch: where the mouse is, what lies under it, and what a gesture is."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, Qt

from agentflow_editor.canvas.items import NodeItem
from agentflow_editor.canvas.link_item import LinkItem
from agentflow_editor.canvas.note_item import NoteItem

__all__ = ["Gesture", "Hit", "Pointer"]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the mouse is, and which keys are held with it."""

    view: QPoint
    """In pixels of the view."""
    scene: QPointF
    modifiers: Qt.KeyboardModifier

    @property
    def leaves_alone(self) -> bool:
        """Whether what is moved is to join and leave nothing: Alt is held."""
        return bool(self.modifiers & Qt.KeyboardModifier.AltModifier)


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the mouse: a port with its node, a node, a link, a note, or nothing."""

    node: NodeItem | None = None
    port: str = ""
    link: LinkItem | None = None
    note: NoteItem | None = None


class Gesture(Protocol):
    """What a person does between pressing a mouse button and letting it go."""

    def move(self, pointer: Pointer) -> None:
        """The mouse is elsewhere."""
        ...

    def release(self, pointer: Pointer) -> None:
        """The button was let go."""
        ...

    def cancel(self) -> None:
        """It was given up with Escape: everything is as before."""
        ...

"""Previews: small pictures of flows, drawn by the canvas's own painter when there is time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QPainter, QPixmap

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.load import load
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.paint import FAR
from agentflow_editor.canvas.render import picture, scene_rect
from agentflow_editor.document.layout import completed
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.looks.theme import Theme

__all__ = ["Previews", "preview"]

MOST = 200
"""Steps of the largest flow that is drawn: nobody could make out more in a small picture."""
WORDLESS = FAR / 2
"""The zoom of pictures that stand side by side: none has words while its neighbour has none."""
SHARPNESS = 2.0
"""Pixels of a picture per pixel of a plain screen."""


def preview(
    sheet: Sheet, catalogue: Catalogue, theme: Theme, room: QSize, *, nearest: float = 1.0
) -> QPixmap:
    """A flow as a picture that fits into some room; empty for one that is too large for it.

    Args:
        sheet: what is drawn.
        catalogue: what its steps are.
        theme: whose colours it has.
        room: in pixels of a plain screen.
        nearest: the zoom whose details it shows at most.
    """
    if sum(1 for _ in sheet.flow.places()) > MOST:
        return QPixmap()
    scene = build_scene(completed(sheet, catalogue), catalogue)
    ink = Ink(theme)
    rect = scene_rect(scene, ink)
    scale = min(1.0, room.width() / rect.width(), room.height() / rect.height())
    drawn = QPixmap.fromImage(picture(scene, ink, scale * SHARPNESS, zoom=min(scale, nearest)))
    drawn.setDevicePixelRatio(SHARPNESS)
    return drawn


class Previews(QObject):
    """Draws the files that somebody waits for, one at a time, and knows those it has drawn."""

    def __init__(self, catalogue: Catalogue, room: QSize, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._room = room
        self._drawn: dict[tuple[Path, str], QPixmap] = {}
        self._wanted: list[tuple[Path, Theme, Callable[[QPixmap], object]]] = []
        # What is on the screen comes first, and what a person does in between.
        self._turn = QTimer(self, singleShot=True, interval=15)
        self._turn.timeout.connect(self._draw_next)

    def want(self, path: Path, theme: Theme, show: Callable[[QPixmap], object]) -> None:
        """Hand a file's picture to `show`: at once where it is drawn already, or soon."""
        known = self._drawn.get((path, theme.name))
        if known is not None:
            show(known)
            return
        self._wanted.append((path, theme, show))
        self._turn.start()

    def forget_wishes(self) -> None:
        """Nobody waits any more."""
        self._wanted.clear()

    def _draw_next(self) -> None:
        if not self._wanted:
            return
        path, theme, show = self._wanted.pop(0)
        key = (path, theme.name)
        if key not in self._drawn:
            self._drawn[key] = self._picture(path, theme)
        if self._wanted:
            self._turn.start()
        show(self._drawn[key])

    def _picture(self, path: Path, theme: Theme) -> QPixmap:
        try:
            file = load(path, self._catalogue)
        except FlowFileError:
            return QPixmap()
        sheet, room = Sheet.of(file), self._room
        drawn = preview(sheet, self._catalogue, theme, room, nearest=WORDLESS)
        return self._framed(drawn, theme)

    def _framed(self, drawn: QPixmap, theme: Theme) -> QPixmap:
        """The same in the middle of all the room, so that pictures side by side are alike."""
        frame = QPixmap(self._room * SHARPNESS)
        frame.setDevicePixelRatio(SHARPNESS)
        frame.fill(theme.color("canvas"))
        free = (self._room - drawn.deviceIndependentSize().toSize()) / 2
        painter = QPainter(frame)
        painter.drawPixmap(free.width(), free.height(), drawn)
        painter.end()
        return frame

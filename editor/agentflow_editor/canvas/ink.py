"""Ink: the colours, fonts and signs of a drawing in one theme."""

from collections.abc import Callable
from functools import cache
from typing import cast

import qtawesome
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QTransform

from agentflow_editor.fonts import SANS
from agentflow_editor.plain_text import on_one_line
from agentflow_editor.theme import Theme

__all__ = ["Face", "Ink", "sign"]

READABLE = 11.5
"""How large a title is on the screen when it is looked at from far away, in pixels."""
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class Face:
    """A font in one size and weight, with its measures."""

    def __init__(self, pixels: int, weight: QFont.Weight) -> None:
        self.font = QFont([SANS, "DejaVu Sans"])
        self.font.setPixelSize(pixels)
        self.font.setWeight(weight)
        # Nodes are zoomed: glyphs must grow with them, not snap to whole pixels.
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._metrics = QFontMetricsF(self.font)

    def width(self, text: str) -> float:
        """How wide a line is, in scene units."""
        return self._metrics.horizontalAdvance(text)

    def fitted(self, text: str, width: float) -> str:
        """A line shortened by "…" to a width."""
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, width + 0.5)

    def base(self, middle: float) -> float:
        """The base line of a line whose middle is at a height."""
        return middle + (self._metrics.ascent() - self._metrics.descent()) / 2


class Ink:
    """What a drawing is made with. One for each theme, shared by everything that is drawn."""

    def __init__(self, theme: Theme, *, outlines: bool = False) -> None:
        """Make it ready.

        Args:
            theme: whose colours they are.
            outlines: whether texts are drawn as shapes, for pictures that are looked at where
                the fonts are missing.
        """
        self.theme = theme
        self._outlines = outlines
        self._colors: dict[tuple[str, int], QColor] = {}
        self._far = {pixels: Face(pixels, QFont.Weight.DemiBold) for pixels in (32, 28, 24, 20, 17)}
        self.title = Face(13, QFont.Weight.DemiBold)
        self.small = Face(11, QFont.Weight.Normal)
        self.label = Face(11, QFont.Weight.Medium)
        self.tiny = Face(10, QFont.Weight.DemiBold)

    def color(self, role: str, alpha: int = 255) -> QColor:
        """A colour of the theme by its role there, at an opacity of 0 to 255."""
        found = self._colors.get((role, alpha))
        if found is None:
            found = self.theme.color(role)
            found.setAlpha(alpha)
            self._colors[role, alpha] = found
        return found

    def mixed(self, role: str, ground: str, share: float) -> QColor:
        """A colour laid over another one with an opacity of 0 to 1, as an opaque colour."""
        over, under, rest = self.color(role), self.color(ground), 1 - share
        return QColor.fromRgbF(
            over.redF() * share + under.redF() * rest,
            over.greenF() * share + under.greenF() * rest,
            over.blueF() * share + under.blueF() * rest,
        )

    def far(self, text: str, width: float, zoom: float) -> Face:
        """A face for a title that is looked at from far away: readable, but no wider than this."""
        fitting = (
            face
            for pixels, face in self._far.items()
            if pixels * zoom <= READABLE and face.width(text) <= width
        )
        return next(fitting, self._far[17])

    def text(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        face: Face,
        color: QColor,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """Write one line into a rectangle, centred in its height and shortened to its width."""
        shown = face.fitted(on_one_line(text), rect.width())
        width = face.width(shown)
        left = rect.center().x() - width / 2
        if align == LEFT:
            left = rect.left()
        elif align == RIGHT:
            left = rect.right() - width
        at = QPointF(left, face.base(rect.center().y()))
        if self._outlines:
            path = QPainterPath()
            path.addText(at, face.font, shown)
            painter.fillPath(path, color)
            return
        painter.setFont(face.font)
        painter.setPen(color)
        painter.drawText(at, shown)


def sign(name: str, rect: QRectF) -> QPainterPath:
    """A Material Design icon as a shape that fills a square; a puzzle piece for unknown names."""
    scale = rect.width() / GLYPH
    move = QTransform.fromTranslate(rect.left(), rect.top()).scale(scale, scale)
    return move.map(_glyph(name))


GLYPH = 96
"""The side of the square that glyphs are taken in."""


@cache
def _glyph(name: str) -> QPainterPath:
    # qtawesome has no types.
    charmap = cast("Callable[[str], str]", qtawesome.charmap)  # pyright: ignore[reportUnknownMemberType]
    try:
        character = charmap(f"mdi6.{name}")
    except KeyError:
        character = charmap("mdi6.puzzle-outline")
    font = qtawesome.font("mdi6", GLYPH)  # pyright: ignore[reportUnknownMemberType]
    font.setPixelSize(GLYPH)
    path = QPainterPath()
    path.addText(QPointF(0, QFontMetricsF(font).ascent()), font, character)
    return path

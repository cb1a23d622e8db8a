"""Ink: the colours, fonts and signs of a drawing in one theme."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QStaticText,
    QTransform,
)

from agentflow_editor.canvas.stamps import Stamps
from agentflow_editor.document.lettering import LEADING, Lettering, broken, lettered
from agentflow_editor.looks.fonts import zoomed
from agentflow_editor.looks.icon_font import SET, icon_font
from agentflow_editor.looks.plain_text import on_one_line
from agentflow_editor.looks.theme import Theme

__all__ = ["LEGIBLE", "Face", "Ink", "sign"]

READABLE = (11, 10, 9, 8, 7)
"""How large a title can be on the screen when it is looked at from far away, in pixels."""
SMALLEST = 6.5
"""How large letters are at least, in pixels of the screen."""
NEAR = (13, 12, 11, 10)
"""How large a title can be in the scene when it is looked at from near."""
LEGIBLE = 0.6
"""The zoom below which small words are left out: they could not be read."""
REMEMBERED = 20_000
"""How many lines of a face are kept ready."""
LONGEST = 2000
"""Characters of a line."""
TOLERANCE = 0.5
"""How much wider than its room a line may be, in scene units."""
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is ready to be written."""

    text: str
    width: float
    laid: QStaticText


class Face:
    """A font in one size and weight, with its measures."""

    def __init__(self, pixels: int, weight: QFont.Weight) -> None:
        self.font = zoomed(pixels, weight)
        self._metrics = QFontMetricsF(self.font)
        self.ascent = self._metrics.ascent()
        """How far its letters reach above the base line."""
        self._drop = (self.ascent - self._metrics.descent()) / 2
        # The same few lines are measured and laid out in every frame.
        self.width = lru_cache(maxsize=REMEMBERED)(self._width)
        self.line = lru_cache(maxsize=REMEMBERED)(self._line)

    def _width(self, text: str) -> float:
        """How wide a line is, in scene units."""
        return self._metrics.horizontalAdvance(text)

    def _line(self, text: str) -> Line:
        """A text on one line."""
        shown = on_one_line(text, LONGEST)
        laid = QStaticText(shown)
        laid.setTextFormat(Qt.TextFormat.PlainText)
        return Line(shown, self._metrics.horizontalAdvance(shown), laid)

    def base(self, middle: float) -> float:
        """The base line of a line whose middle is at a height."""
        return middle + self._drop


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
        self.mixed = cache(self._mixed)
        self._colors: dict[tuple[str, int], QColor] = {}
        self._titles = {it: Face(it, QFont.Weight.DemiBold) for it in range(READABLE[-1], 14)}
        self.lettering = lru_cache(maxsize=REMEMBERED)(self._lettering)
        self.wrapped = lru_cache(maxsize=REMEMBERED)(self._wrapped)
        self.stamps = Stamps()
        """Pictures of what is the same on many nodes."""
        self.title = self._titles[13]
        self.small = Face(11, QFont.Weight.Normal)
        self.label = Face(11, QFont.Weight.Medium)
        self.tiny = Face(11, QFont.Weight.DemiBold)
        self.note = Face(12, QFont.Weight.Normal)

    def color(self, role: str, alpha: int = 255) -> QColor:
        """A colour of the theme by its role there, at an opacity of 0 to 255."""
        found = self._colors.get((role, alpha))
        if found is None:
            found = self.theme.color(role)
            found.setAlpha(alpha)
            self._colors[role, alpha] = found
        return found

    def _mixed(self, role: str, ground: str, share: float) -> QColor:
        """A colour laid over another one with an opacity of 0 to 1, as an opaque colour."""
        over, under, rest = self.color(role), self.color(ground), 1 - share
        return QColor.fromRgbF(
            over.redF() * share + under.redF() * rest,
            over.greenF() * share + under.greenF() * rest,
            over.blueF() * share + under.blueF() * rest,
        )

    def far_text(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        zoom: float,
        color: QColor,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """Write a title that is looked at from far away in a size that can be read, or not at all.

        Its size is one of the screen, so that its letters are not made anew for each zoom.
        """
        room = rect.size() * zoom
        found = self.lettering(text, round(room.width()), round(room.height()), READABLE)
        if found is None:
            return
        place = painter.worldTransform()
        painter.scale(1 / zoom, 1 / zoom)
        on_screen = QRectF(rect.topLeft() * zoom, room)
        self.lines(painter, on_screen, found, color, align)
        painter.setWorldTransform(place)

    def title_lettering(
        self, text: str, width: float, height: float, zoom: float
    ) -> Lettering | None:
        """How a title is written that is looked at from near; None where it has no room."""
        sizes = tuple(size for size in NEAR if size * zoom >= SMALLEST)
        return self.lettering(text, round(width), round(height), sizes)

    def _lettering(
        self, text: str, width: int, height: int, sizes: tuple[int, ...]
    ) -> Lettering | None:
        def measure(size: int) -> Callable[[str], float]:
            return self._titles[size].width

        return lettered(on_one_line(text), width, height, sizes, measure)

    def _wrapped(self, text: str, face: Face, width: float) -> tuple[str, ...]:
        """All of a text on as many lines as it takes."""
        return broken(on_one_line(text, LONGEST), width, face.width)

    def lines(
        self,
        painter: QPainter,
        rect: QRectF,
        lettering: Lettering,
        color: QColor,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """Write the lines of a title into a rectangle, centred in its height."""
        step = lettering.size * LEADING
        top = rect.center().y() - step * len(lettering.lines) / 2
        for number, line in enumerate(lettering.lines):
            place = QRectF(rect.left(), top + number * step, rect.width(), step)
            self.text(painter, place, line, self._titles[lettering.size], color, align)

    def text(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        face: Face,
        color: QColor,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """Write one line into a rectangle, centred in its height, or nothing where it is longer."""
        line = face.line(text)
        if line.width > rect.width() + TOLERANCE:
            return
        left = rect.center().x() - line.width / 2
        if align == LEFT:
            left = rect.left()
        elif align == RIGHT:
            left = rect.right() - line.width
        base = face.base(rect.center().y())
        if self._outlines:
            path = QPainterPath()
            path.addText(QPointF(left, base), face.font, line.text)
            painter.fillPath(path, color)
            return
        painter.setFont(face.font)
        painter.setPen(color)
        painter.drawStaticText(QPointF(left, base - face.ascent), line.laid)


def sign(name: str, rect: QRectF) -> QPainterPath:
    """A Material Design icon as a shape that fills a square; a puzzle piece for unknown names."""
    scale = rect.width() / GLYPH
    move = QTransform.fromTranslate(rect.left(), rect.top()).scale(scale, scale)
    return move.map(_glyph(name))


GLYPH = 96
"""The side of the square that glyphs are taken in."""


@cache
def _glyph(name: str) -> QPainterPath:
    named = icon_font().charmap[SET]
    character = named.get(name) or named["puzzle-outline"]
    font = icon_font().font(SET, GLYPH)
    path = QPainterPath()
    path.addText(QPointF(0, QFontMetricsF(font).ascent()), font, character)
    return path

"""Film: pictures of a window while somebody works in it, kept as a small moving picture."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

TICK = 0.08
"""Seconds that a picture is seen."""
QUIET = 0.4
"""Seconds without any change after which nothing more is expected."""
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ARROW = ((0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12))


LONGEST = 180.0
"""Seconds that anything may take to come, however busy the machine is."""


async def until(is_so: Callable[[], object], what: str) -> None:
    """Wait for a state, and not for a time.

    Raises:
        RuntimeError: it does not come; `what` says which.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + LONGEST
    while not is_so():
        if clock() > end:
            raise RuntimeError(f"this never came: {what}")
        await asyncio.sleep(0.01)


async def stillness(scene: QWidget) -> None:
    """Wait until a widget looks the same for a while: all that follows from what was done is seen.

    Raises:
        RuntimeError: it goes on changing.
    """
    before, now = QImage(), scene.grab().toImage()
    clock = asyncio.get_running_loop().time
    end = clock() + LONGEST
    while before != now:
        if clock() > end:
            raise RuntimeError("it goes on changing")
        await asyncio.sleep(QUIET)
        before, now = now, scene.grab().toImage()


class Film:
    """Works a widget with a mouse and keys, and takes a picture of each moment."""

    def __init__(self, scene: QWidget, hand: QWidget, width: int) -> None:
        """Begin.

        Args:
            scene: what is seen.
            hand: what the mouse and keys work on.
            width: of the pictures, in pixels.
        """
        self._scene, self._hand, self._width = scene, hand, width
        self._mouse: QPoint | None = None
        self._is_pressed = False
        self._caption = ""
        self._frames: list[tuple[Image.Image, float]] = []

    async def hold(self, seconds: float) -> None:
        """Let time pass; what does not change is one long picture."""
        await asyncio.sleep(0.01)
        self._take(seconds)

    async def watch(self, is_over: Callable[[], object], what: str, pace: float = 1.0) -> None:
        """Film what happens by itself, `pace` times as fast as it happens, until it is over.

        Raises:
            RuntimeError: it goes on; `what` says which.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + LONGEST
        while not is_over():
            if clock() > end:
                raise RuntimeError(f"this never ended: {what}")
            await asyncio.sleep(TICK * pace)
            self._take(TICK)

    def say(self, caption: str) -> None:
        """Write what is done, until something else is said."""
        self._caption = caption

    async def go(self, to: QPoint, seconds: float = 0.6) -> None:
        """Move the mouse to a point of the hand."""
        begin, steps = self._mouse or to + QPoint(-120, 90), max(2, round(seconds / TICK))
        for step in range(1, steps + 1):
            share = step / steps
            self._mouse = begin + (to - begin) * (share * share * (3 - 2 * share))
            QTest.mouseMove(self._hand, self._mouse)
            await self.hold(TICK)

    async def drag(self, begin: QPoint, end: QPoint, seconds: float = 1.0) -> None:
        """Press the button at one point and let it go at another."""
        await self.go(begin)
        QTest.mousePress(self._hand, LEFT, NONE, begin)
        self._is_pressed = True
        await self.go(end, seconds)
        await self.hold(0.2)
        self._is_pressed = False
        QTest.mouseRelease(self._hand, LEFT, NONE, end)
        await self.hold(0.2)

    async def click(self, at: QPoint) -> None:
        """Click."""
        await self.go(at)
        QTest.mouseClick(self._hand, LEFT, NONE, at)
        await self.hold(0.3)

    async def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key wherever the keyboard is."""
        popup = QApplication.activePopupWidget()
        QTest.keyClick(popup or self._scene.window().focusWidget() or self._hand, key, modifiers)
        await self.hold(TICK)

    async def type(self, text: str) -> None:
        """Type, letter by letter."""
        for letter in text:
            QTest.keyClicks(self._scene.window().focusWidget(), letter)
            await self.hold(0.09)

    def save(self, path: Path) -> None:
        """Keep it as an animated WebP that goes on for ever."""
        images = [image for image, _ in self._frames]
        durations = [round(seconds * 1000) for _, seconds in self._frames]
        images[0].save(
            path,
            save_all=True,
            append_images=images[1:],
            duration=durations,
            loop=0,
            quality=80,
            method=4,
            minimize_size=True,
        )
        print(f"{path} ({path.stat().st_size / 1024:.0f} KB, {sum(durations) / 1000:.0f} s)")

    def _take(self, seconds: float) -> None:
        image = self._picture()
        if self._frames and self._frames[-1][0].tobytes() == image.tobytes():
            self._frames[-1] = (image, self._frames[-1][1] + seconds)
        else:
            self._frames.append((image, seconds))

    def _picture(self) -> Image.Image:
        grabbed = self._scene.grab().toImage()
        painter = QPainter(grabbed)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for popup in QApplication.topLevelWidgets():
            if isinstance(popup, QMenu) and popup.isVisible():
                painter.drawPixmap(self._scene.mapFromGlobal(popup.pos()), popup.grab())
        if self._caption:
            _paint_caption(painter, self._scene, self._caption)
        if self._mouse is not None:
            at = self._scene.mapFromGlobal(self._hand.mapToGlobal(self._mouse))
            _paint_mouse(painter, QPointF(at), is_pressed=self._is_pressed)
        painter.end()
        smooth = Qt.TransformationMode.SmoothTransformation
        small = grabbed.scaledToWidth(self._width, smooth)
        small = small.convertToFormat(QImage.Format.Format_RGB888)
        size, stride = (small.width(), small.height()), small.bytesPerLine()
        return Image.frombytes("RGB", size, bytes(small.constBits()), "raw", "RGB", stride)


def _paint_mouse(painter: QPainter, at: QPointF, *, is_pressed: bool) -> None:
    if is_pressed:
        painter.setPen(QPen(QColor("#4c9aff"), 2))
        painter.setBrush(QColor(76, 154, 255, 60))
        painter.drawEllipse(at, 12, 12)
    painter.setPen(QPen(QColor("#000000"), 1.2))
    painter.setBrush(QColor("#ffffff"))
    painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in ARROW]))


def _paint_caption(painter: QPainter, scene: QWidget, text: str) -> None:
    font = QFont(scene.font())
    font.setPixelSize(15)
    font.setBold(True)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 36
    place = QRectF((scene.width() - width) / 2, scene.height() - 52, width, 34)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(76, 154, 255, 235))
    painter.drawRoundedRect(place, 17, 17)
    painter.setPen(QColor("#0b1220"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

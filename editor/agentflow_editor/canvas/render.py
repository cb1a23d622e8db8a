"""Render: a flow as a picture in a file, with no window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from agentflow.catalogue import Catalogue
from agentflow.flow.load import FlowFile
from agentflow_editor.canvas.drafting import build_scene
from agentflow_editor.canvas.ink import LEGIBLE, Ink
from agentflow_editor.canvas.links import label_rect, link_pen, paint_label
from agentflow_editor.canvas.marks import PLAIN, UNMARKED
from agentflow_editor.canvas.note_item import note_rect, paint_note
from agentflow_editor.canvas.paint import BORDER, paint_box
from agentflow_editor.canvas.regions import paint_region, qrect
from agentflow_editor.canvas.routes import link_path, return_path
from agentflow_editor.canvas.scene import Link, Scene
from agentflow_editor.canvas.sockets import socket_points
from agentflow_editor.document.layout import completed
from agentflow_editor.document.ports import IN
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.looks.fonts import install_fonts
from agentflow_editor.looks.theme import DARK, LIGHT, Theme

__all__ = ["paint_scene", "picture", "render_file", "render_flow", "scene_rect"]

ROOM = 24.0
"""What is left free around the flow."""
POINTS = 72
"""To the inch: a scene unit is a point of a page."""
LARGEST_PAGE = 14_400
"""The longest side of a page in points, by the format's own limit."""
LARGEST = 16_000
"""The longest side of a PNG, in pixels; a larger flow gets a smaller scale."""


def render_flow(
    sheet: Sheet, catalogue: Catalogue, theme: Theme, target: Path, scale: float = 2.0
) -> None:
    """Write a flow's picture, as SVG or PDF where the name ends so, else as PNG.

    Args:
        sheet: the flow; nodes without a position are laid out.
        catalogue: what its steps are.
        theme: the colours.
        target: the file to write; it is replaced.
        scale: pixels per scene unit, of a PNG.

    Raises:
        OSError: the file cannot be written.
    """
    _ensure_app()
    scene = build_scene(completed(sheet, catalogue), catalogue)
    if target.suffix.lower() == ".svg":
        target.write_bytes(_svg(scene, Ink(theme, outlines=True), sheet.flow.name))
    elif target.suffix.lower() == ".pdf":
        target.write_bytes(_pdf(scene, Ink(theme), sheet.flow.name))
    else:
        target.write_bytes(_png(picture(scene, Ink(theme), scale)))


def render_file(file: FlowFile, catalogue: Catalogue, theme: str, target: Path) -> None:
    """Write the picture of a flow file as it was read, in the theme "dark" or "light".

    Raises:
        OSError: the picture cannot be written.
    """
    sheet = Sheet.of(file)
    render_flow(sheet, catalogue, DARK if theme == DARK.name else LIGHT, target)


def picture(scene: Scene, ink: Ink, scale: float = 2.0, *, zoom: float = 1.0) -> QImage:
    """A scene as an image with a little room around it.

    Args:
        scene: what is drawn.
        ink: what with.
        scale: pixels per scene unit.
        zoom: how large a scene unit is seen; what could not be read then is left out.
    """
    rect = scene_rect(scene, ink)
    scale = min(scale, LARGEST / max(rect.width(), rect.height()))
    size = QSize(round(rect.width() * scale), round(rect.height() * scale))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(ink.color("canvas"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(-rect.topLeft())
    paint_scene(painter, scene, ink, zoom=min(zoom, scale))
    painter.end()
    return image


def scene_rect(scene: Scene, ink: Ink) -> QRectF:
    """The rectangle around everything in a scene, with room around it."""
    rects = [
        QRectF(box.x, box.y, box.width, box.height).adjusted(-BORDER, -BORDER, BORDER, BORDER)
        for box in scene.boxes.values()
    ]
    whole = QRectF()
    for rect in [*rects, *map(qrect, scene.regions.values())]:
        whole = whole.united(rect)
    for note in scene.notes.values():
        whole = whole.united(note_rect(note))
    return whole.adjusted(-ROOM, -ROOM, ROOM, ROOM)


def paint_scene(painter: QPainter, scene: Scene, ink: Ink, *, zoom: float = 1.0) -> None:
    """Paint all of a scene in its own coordinates: grounds, then notes, links and nodes."""
    for region in sorted(scene.regions.values(), key=lambda region: region.depth):
        paint_region(painter, region, ink, return_path(region), zoom=zoom)
    for note in scene.notes.values():
        paint_note(painter, note, ink, zoom=zoom)
    for link in scene.links.values():
        _paint_link(painter, scene, link, ink)
    for link in scene.links.values() if zoom >= LEGIBLE else ():
        label, kind = _label(scene, link, ink), scene.boxes[link.source].kind
        if label:
            paint_label(painter, link, kind, label, UNMARKED, ink)
    for box in scene.boxes.values():
        painter.save()
        painter.translate(box.x, box.y)
        paint_box(painter, box, PLAIN, ink, zoom=zoom)
        painter.restore()


def _paint_link(painter: QPainter, scene: Scene, link: Link, ink: Ink) -> None:
    begin, end = _socket(scene, link.source, link.port), _socket(scene, link.target, IN)
    label = _label(scene, link, ink)
    path = link_path(begin, end, end.x() - label.left() if label else 0)
    painter.strokePath(path, link_pen(link, scene.boxes[link.source].kind, UNMARKED, ink))


def _label(scene: Scene, link: Link, ink: Ink) -> QRectF:
    begin = _socket(scene, link.source, link.port)
    return label_rect(link, begin, _socket(scene, link.target, IN), ink)


def _socket(scene: Scene, path: str, port: str) -> QPointF:
    box = scene.boxes[path]
    x, y = socket_points(box)[port]
    return QPointF(box.x + x, box.y + y)


def _png(image: QImage) -> bytes:
    return _written(lambda buffer: QImageWriter(buffer, QByteArray(b"png")).write(image))


def _svg(scene: Scene, ink: Ink, title: str) -> bytes:
    rect = scene_rect(scene, ink)

    def write(buffer: QBuffer) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setTitle(title or "A flow")
        generator.setSize(rect.size().toSize())
        generator.setViewBox(QRectF(QPointF(0, 0), rect.size()))
        painter = QPainter(generator)
        painter.fillRect(QRectF(QPointF(0, 0), rect.size()), ink.color("canvas"))
        painter.translate(-rect.topLeft())
        paint_scene(painter, scene, ink)
        painter.end()

    return _written(write)


def _pdf(scene: Scene, ink: Ink, title: str) -> bytes:
    """One page of the drawing's own size, with its texts as texts."""
    rect = scene_rect(scene, ink)
    scale = min(1.0, LARGEST_PAGE / max(rect.width(), rect.height()))

    def write(buffer: QBuffer) -> None:
        writer = QPdfWriter(buffer)
        writer.setTitle(title or "A flow")
        writer.setCreator("AgentFlow Studio")
        writer.setResolution(POINTS)
        writer.setPageSize(QPageSize(rect.size() * scale, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF())
        painter = QPainter(writer)
        painter.scale(scale, scale)
        painter.fillRect(QRectF(QPointF(0, 0), rect.size()), ink.color("canvas"))
        painter.translate(-rect.topLeft())
        paint_scene(painter, scene, ink)
        painter.end()

    return _written(write)


def _written(write: Callable[[QBuffer], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    return bytes(buffer.data().data())


def _ensure_app() -> None:
    """Fonts need an application. One that is made here needs no display."""
    if QApplication.instance() is None:
        install_fonts(QApplication(["agentflow", "-platform", "offscreen"]))

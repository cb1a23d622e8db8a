"""Badges: how bad a problem is, is told by shape as well as by colour, in both themes."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from agentflow_editor.canvas.ink import Ink
from agentflow_editor.canvas.paint import _problem
from agentflow_editor.looks.theme import DARK, LIGHT, Theme

SIDE = 32


def drawn(severity: str, theme: Theme) -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(QColor(theme.node))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _problem(painter, QRectF(0, 0, SIDE, SIDE), severity, Ink(theme))
    painter.end()
    return image


def shape(image: QImage, theme: Theme) -> set[tuple[int, int]]:
    ground = QColor(theme.node)
    return {(x, y) for x in range(SIDE) for y in range(SIDE) if image.pixelColor(x, y) != ground}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda it: it.name)
def test_an_error_and_a_warning_have_other_shapes_and_other_colours(qapp, theme):
    error, warning = drawn("error", theme), drawn("warning", theme)
    error_shape, warning_shape = shape(error, theme), shape(warning, theme)

    assert len(error_shape ^ warning_shape) > 0.2 * len(error_shape | warning_shape)
    inside = sorted(error_shape & warning_shape)
    assert any(error.pixelColor(*at) != warning.pixelColor(*at) for at in inside)

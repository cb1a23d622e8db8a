"""Drops: steps that are dragged from the palette onto the canvas."""

import json
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Signal
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.landing import Landing, land, land_on_link
from agentflow_editor.canvas.view import FlowView
from agentflow_editor.workbench import Workbench

__all__ = ["MIME", "PaletteDrops"]

MIME = "application/x-agentflow-step"
KINDS = ("agent_type", "mode", "agent")


class PaletteDrops(QObject):
    """Watches what is dragged over the view; anything but a step is left to others."""

    hovered = Signal(str)
    """(text) what a drop would do; "" when there is none any more."""

    def __init__(
        self,
        view: FlowView,
        drawing: Drawing,
        bench: Workbench,
        dropped: Callable[[str, str, QPointF, Landing], None],
    ) -> None:
        """Watch.

        Args:
            view: what is dragged onto.
            drawing: what lights up.
            bench: whose flow takes the step.
            dropped: called with "agent_type", "mode" or "agent", its name, the point and where it
                leads.
        """
        super().__init__(view)
        self._view, self._drawing, self._bench = view, drawing, bench
        self._dropped = dropped
        view.viewport().setAcceptDrops(True)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent):  # the base of entering and moving, too
            return self._on_drag(event)
        if isinstance(event, QDragLeaveEvent):
            self._end()
            return True
        return False

    def _on_drag(self, event: QDropEvent) -> bool:
        step = _step(event.mimeData())
        if step is None:
            event.ignore()
            return True
        at = self._view.mapToScene(event.position().toPoint())
        flow, catalogue = self._bench.document.sheet.flow, self._bench.catalogue
        link = self._drawing.link_at(at)
        if link is not None:
            landing = land_on_link(self._drawing.scene, self._bench.document.sheet, link.link)
        else:
            landing = land(self._drawing.scene, flow, catalogue, at.x(), at.y())
        event.acceptProposedAction()
        if isinstance(event, QDragMoveEvent):  # the base of entering, too
            self._drawing.glow(landing.region)
            self.hovered.emit(landing.text)
        else:
            self._end()
            self._dropped(*step, at, landing)
        return True

    def _end(self) -> None:
        self._drawing.glow(None)
        self.hovered.emit("")


def _step(mime: QMimeData) -> tuple[str, str] | None:
    if not mime.hasFormat(MIME):
        return None
    try:
        given: Any = json.loads(bytes(mime.data(MIME).data()))
    except ValueError:
        return None
    if not isinstance(given, dict):
        return None
    for kind in KINDS:
        name = cast("dict[str, Any]", given).get(kind)
        if isinstance(name, str):
            return kind, name
    return None

"""Adoption: a step that stands in the flow is let go on an orchestrator's region, and joins it."""

from collections.abc import Callable

from PySide6.QtCore import QPointF

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.landing import Landing, land, uncovered
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.workbench import Workbench

__all__ = ["Adoption"]

Positions = dict[str, tuple[int, int]]


class Adoption:
    """Where a step that is being moved would join; one for each time that it is moved.

    A step that is moved about in the regions it stands in already joins nothing.
    """

    def __init__(
        self, drawing: Drawing, bench: Workbench, path: str, tell: Callable[[str], None]
    ) -> None:
        """Begin.

        Args:
            drawing: what lights up.
            bench: whose flow it stands in.
            path: the step, before it is moved.
            tell: told what letting it go would do; "" for a mere move.
        """
        self._drawing, self._bench, self._path, self._tell = drawing, bench, path, tell
        self._scene = drawing.scene
        self._moving = frozenset(self._scene.with_members((path,)))
        self._told = ""

    def hover(self, at: QPointF) -> None:
        """Tell where it would join, and light that up."""
        landing = self._landing(at)
        self._drawing.glow(landing.region if landing else None)
        self._say(landing.text if landing else "")

    def end(self) -> None:
        """It was let go, or put back."""
        self._drawing.glow(None)
        self._say("")

    def edit(self, at: QPointF, positions: Positions) -> tuple[str, Callable[[Sheet], Sheet]]:
        """What letting it go there does: (title, edit)."""
        landing = self._landing(at)
        if landing is None or landing.slot is None:
            return "Move", lambda sheet: edits.place(sheet, positions)
        slot, flow = landing.slot, self._bench.document.sheet.flow
        x, y = positions[self._path]
        clear_x, clear_y = uncovered(self._scene, flow, slot, (x, y), self._moving)
        across, down = round(clear_x) - x, round(clear_y) - y
        cleared = {path: (x + across, y + down) for path, (x, y) in positions.items()}

        def adopted(sheet: Sheet) -> Sheet:
            return edits.move_step(edits.place(sheet, cleared), self._path, slot)

        return "Move into Orchestrator", adopted

    def _landing(self, at: QPointF) -> Landing | None:
        flow, catalogue = self._bench.document.sheet.flow, self._bench.catalogue
        landing = land(self._scene, flow, catalogue, at.x(), at.y(), self._moving)
        region = landing.region
        if region is None or f"{self._path}/".startswith(f"{region}/"):
            return None
        return landing

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._tell(text)

"""Adoption: a step that is moved joins the orchestrator or link that it is let go on, or leaves."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.landing import Landing, land, uncovered
from agentflow_editor.canvas.scene import Link
from agentflow_editor.canvas.touch import Pointer
from agentflow_editor.document import edits
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.workbench import Workbench

__all__ = ["Adoption"]

Positions = dict[str, tuple[int, int]]
LEAVING = 48
"""How far outside of its orchestrator's region a step is let go to leave it, in scene units."""


@dataclass(frozen=True, slots=True)
class _Drop:
    """What letting the step go would do."""

    text: str
    landing: Landing | None = None
    link: Link | None = None
    """The link that it would be put into."""


class Adoption:
    """Where a step that is being moved would join; one for each time that it is moved.

    A step that is moved about in the regions it stands in joins nothing. With Alt held, no step
    joins or leaves anything.
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
        self._owner = path.rpartition("/")[0]
        self._told = ""

    def hover(self, pointer: Pointer) -> None:
        """Tell where it would join or what it would leave, and light that up."""
        drop = self._drop(pointer)
        self._drawing.glow(drop.landing.region if drop and drop.landing else None)
        self._say(drop.text if drop else "")

    def end(self) -> None:
        """It was let go, or put back."""
        self._drawing.glow(None)
        self._say("")

    def edit(self, pointer: Pointer, positions: Positions) -> tuple[str, Callable[[Sheet], Sheet]]:
        """What letting it go there does: (title, edit)."""
        drop, path = self._drop(pointer), self._path
        if drop is None:
            return "Move", lambda sheet: edits.place(sheet, positions)
        if drop.link is not None:
            key = drop.link.key
            return "Put into Link", lambda sheet: edits.splice(
                edits.place(sheet, positions), path, key
            )
        if drop.landing is None or drop.landing.slot is None:
            return "Take Out of Orchestrator", lambda sheet: edits.park(
                edits.place(sheet, positions), path
            )
        return "Move into Orchestrator", self._joined(drop.landing, positions)

    def _joined(self, landing: Landing, positions: Positions) -> Callable[[Sheet], Sheet]:
        slot, flow = landing.slot, self._bench.document.sheet.flow
        assert slot is not None
        x, y = positions[self._path]
        clear_x, clear_y = uncovered(self._scene, flow, slot, (x, y), self._moving)
        across, down = round(clear_x) - x, round(clear_y) - y
        cleared = {path: (x + across, y + down) for path, (x, y) in positions.items()}
        return lambda sheet: edits.move_step(edits.place(sheet, cleared), self._path, slot)

    def _drop(self, pointer: Pointer) -> _Drop | None:
        if pointer.leaves_alone:
            return None
        at = pointer.scene
        link = self._link_under(at)
        if link is not None:
            before = self._scene.boxes[link.source].title
            after = self._scene.boxes[link.target].title
            return _Drop(f"Drop: goes between {before!r} and {after!r}", link=link)
        flow, catalogue = self._bench.document.sheet.flow, self._bench.catalogue
        landing = land(self._scene, flow, catalogue, at.x(), at.y(), self._moving)
        region = landing.region
        if region is not None and not f"{self._path}/".startswith(f"{region}/"):
            return _Drop(landing.text, landing)
        if not self._is_left(at) or region == self._owner:
            return None
        name = self._scene.boxes[self._owner].title
        if region is None:
            return _Drop(f"Drop: leaves {name!r} and is parked here; Alt only moves it")
        return _Drop(f"{landing.text}, leaving {name!r}", landing)

    def _is_left(self, at: QPointF) -> bool:
        """Whether a point is well outside of the region that the step is a member of."""
        region = self._scene.regions.get(self._owner)
        if region is None:
            return False
        rect = region.rect
        across = max(rect.x - at.x(), at.x() - rect.right)
        down = max(rect.y - at.y(), at.y() - rect.bottom)
        return max(across, down) > LEAVING

    def _link_under(self, at: QPointF) -> Link | None:
        """The link that a step which hangs on nothing is held over."""
        head, _, rest = self._path.partition("/")
        is_parked_head = head.startswith("|") and "/" not in rest
        if not is_parked_head or any(it.target == self._path for it in self._scene.links.values()):
            return None
        found = self._drawing.link_at(at, without=f"{head}/")
        return found.link if found is not None else None

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._tell(text)

"""Adoption: steps that are moved join the orchestrator or link they are let go on, or leave."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from agentflow_editor.canvas.along import Passing, passing
from agentflow_editor.canvas.areas import owner_of
from agentflow_editor.canvas.drawing import Drawing
from agentflow_editor.canvas.landing import Landing, land, uncovered
from agentflow_editor.canvas.scene import Link
from agentflow_editor.canvas.touch import Pointer
from agentflow_editor.document import edits
from agentflow_editor.document.edits import Slot
from agentflow_editor.document.room import settled
from agentflow_editor.document.sheet import Sheet
from agentflow_editor.workbench import Workbench

__all__ = ["Adoption"]

Positions = dict[str, tuple[int, int]]
Make = Callable[[Sheet], Sheet]
LEAVING = 48
"""How far outside of its orchestrator's region a step is let go to leave it, in scene units."""


@dataclass(frozen=True, slots=True)
class _Drop:
    """What letting the steps go would do."""

    text: str
    paths: tuple[str, ...]
    """The steps that it is done to."""
    landing: Landing | None = None
    link: Link | None = None
    """The link that they would be put into."""
    passing: Passing | None = None
    """How they would come earlier or later in their chain."""


class Adoption:
    """Where steps that are being moved would join; one for each time that some are moved.

    Steps that are moved about in the regions they stand in join nothing; those that are moved past
    a neighbour in their chain change places with it. With Alt held, nothing joins or leaves.
    """

    def __init__(
        self,
        drawing: Drawing,
        bench: Workbench,
        grasped: str,
        paths: tuple[str, ...],
        tell: Callable[[str], None],
    ) -> None:
        """Begin.

        Args:
            drawing: what lights up.
            bench: whose flow they stand in.
            grasped: the step under the mouse.
            paths: all that are moved, before they are, without what they own.
            tell: told what letting them go would do; "" for a mere move.
        """
        self._drawing, self._bench, self._tell = drawing, bench, tell
        self._grasped, self._paths = grasped, paths
        self._scene = drawing.scene
        self._moving = frozenset(self._scene.with_members(paths))
        self._told = ""

    def hover(self, pointer: Pointer, positions: Positions) -> None:
        """Tell where they would join or what they would leave, and light that up."""
        drop = self._drop(pointer, positions)
        self._drawing.glow(drop.landing.region if drop and drop.landing else None)
        self._say(drop.text if drop else "")

    def end(self) -> None:
        """They were let go, or put back."""
        self._drawing.glow(None)
        self._say("")

    def edit(self, pointer: Pointer, positions: Positions) -> tuple[str, Make]:
        """What letting them go there does: (title, edit)."""
        drop = self._drop(pointer, positions)
        if drop is None:
            return "Move", lambda sheet: edits.place(sheet, positions)
        if drop.passing is not None:
            return drop.passing.title, self._passed(drop.passing)
        if drop.link is not None:
            return "Put into Link", self._spliced(drop.link, positions)
        if drop.landing is None or drop.landing.slot is None:
            return "Take Out of Orchestrator", lambda sheet: edits.park(
                edits.place(sheet, positions), drop.paths
            )
        return "Move into Orchestrator", self._joined(drop.landing.slot, drop.paths, positions)

    def _joined(self, slot: Slot, paths: tuple[str, ...], positions: Positions) -> Make:
        flow = self._bench.document.sheet.flow
        x, y = positions[self._grasped]
        clear_x, clear_y = uncovered(self._scene, flow, slot, (x, y), self._moving)
        across, down = round(clear_x) - x, round(clear_y) - y
        cleared = {path: (x + across, y + down) for path, (x, y) in positions.items()}
        return lambda sheet: edits.move_steps(edits.place(sheet, cleared), paths, slot)

    def _spliced(self, link: Link, positions: Positions) -> Make:
        paths, key = self._paths, link.key

        def spliced(sheet: Sheet) -> Sheet:
            placed = edits.place(sheet, positions)
            if len(paths) == 1:  # the head of a parked chain, which brings that along
                return edits.splice(placed, paths[0], key)
            return edits.move_steps(placed, paths, edits.slot_on(placed, key))

        return spliced

    def _passed(self, passing: Passing) -> Make:
        paths, catalogue = self._paths, self._bench.catalogue

        def passed(sheet: Sheet) -> Sheet:
            after = edits.move_steps(sheet, paths, passing.slot)
            gone_to = edits.followed(sheet, after)
            anew = [gone_to[it] for it in (*paths, *passing.passed) if it in gone_to]
            return settled(sheet, after, catalogue, anew)

        return passed

    def _drop(self, pointer: Pointer, positions: Positions) -> _Drop | None:
        if pointer.leaves_alone:
            return None
        at = pointer.scene
        link = self._link_under(at)
        if link is not None:
            before = self._scene.boxes[link.source].title
            after = self._scene.boxes[link.target].title
            text = f"{self._verb('goes', 'go')} between {before!r} and {after!r}"
            return _Drop(text, self._paths, link=link)
        flow, catalogue = self._bench.document.sheet.flow, self._bench.catalogue
        landing = land(self._scene, flow, catalogue, at.x(), at.y(), self._moving)
        region = landing.region
        if region is not None and not all(_is_in(path, region) for path in self._paths):
            return _Drop(landing.text, self._paths, landing)
        leaving = tuple(path for path in self._paths if self._is_left(owner_of(path), at))
        leaving = tuple(path for path in leaving if owner_of(path) != region)
        if leaving:
            return self._left(landing, leaving)
        found = passing(self._scene, flow, self._grasped, self._paths, positions)
        return _Drop(found.text, self._paths, passing=found) if found else None

    def _left(self, landing: Landing, leaving: tuple[str, ...]) -> _Drop:
        name = self._scene.boxes[owner_of(leaving[0])].title
        if landing.region is None:
            verb = self._verb("leaves", "leave", len(leaving))
            rest = "is parked here; Alt only moves it"
            if len(leaving) > 1:
                rest = "are parked here; Alt only moves them"
            return _Drop(f"{verb} {name!r} and {rest}", leaving)
        return _Drop(f"{landing.text}, leaving {name!r}", leaving, landing)

    def _verb(self, one: str, several: str, count: int | None = None) -> str:
        count = len(self._paths) if count is None else count
        return f"Drop: {one}" if count == 1 else f"Drop: {count} steps {several}"

    def _is_left(self, owner: str, at: QPointF) -> bool:
        """Whether a point is well outside of the region of an orchestrator."""
        region = self._scene.regions.get(owner)
        if region is None:
            return False
        rect = region.rect
        across = max(rect.x - at.x(), at.x() - rect.right)
        down = max(rect.y - at.y(), at.y() - rect.bottom)
        return max(across, down) > LEAVING

    def _link_under(self, at: QPointF) -> Link | None:
        """The link that steps which hang on nothing are held over."""
        if not all(_is_parked(path) for path in self._paths):
            return None
        if len(self._paths) == 1:
            path = self._paths[0]
            if any(it.target == path for it in self._scene.links.values()):
                return None
            found = self._drawing.link_at(at, without=f"{owner_of(path)}/")
        else:
            found = self._drawing.link_at(at)
        return found.link if found is not None else None

    def _say(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self._tell(text)


def _is_in(path: str, owner: str) -> bool:
    return f"{path}/".startswith(f"{owner}/")


def _is_parked(path: str) -> bool:
    head, _, rest = path.partition("/")
    return head.startswith("|") and "/" not in rest

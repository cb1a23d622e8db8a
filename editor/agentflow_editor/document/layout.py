"""Layout: positions for a whole flow, for some of its steps, or for those that have none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Place
from agentflow_editor.document.arrangement import arrangement
from agentflow_editor.document.node_size import START_SIZE, box_size
from agentflow_editor.document.sheet import Layout, Position, Sheet

__all__ = ["Layout", "arrange", "completed", "overlap"]

ASIDE = 32
"""How far a node without a position goes down, again and again, until it covers no other."""
CELL = 256
"""The side of the squares by which nodes near a place are found."""

Size = tuple[int, int]
"""(width, height) in scene units."""


def arrange(sheet: Sheet, catalogue: Catalogue, paths: Iterable[str] | None = None) -> Layout:
    """An automatic layout, left to right, by the structure of the flow alone.

    Args:
        sheet: what is laid out.
        catalogue: what knows the ports of each orchestrator, and so its size.
        paths: only these steps move, with all that they own; their top left corner stays where it
            is. None lays out everything.
    """
    ideal = _ideal(sheet, catalogue)
    if paths is None:
        return Layout(ideal)
    roots = tuple(paths)
    chosen = [path for path in ideal if any(_is_in(path, root) for root in roots)]
    placed = [sheet.layout[path] for path in chosen if path in sheet.layout]
    if not placed:
        return sheet.layout
    here, there = _corner(placed), _corner([ideal[path] for path in chosen])
    dx, dy = here[0] - there[0], here[1] - there[1]
    moved = {path: (ideal[path][0] + dx, ideal[path][1] + dy) for path in chosen}
    return sheet.layout.with_positions(moved)


def completed(sheet: Sheet, catalogue: Catalogue) -> Sheet:
    """The same with a position for each step that has none, and none for what is not there.

    What has a position stays, and so do the notes. A flow without any position is laid out as a
    whole; where one of its nodes would cover a note, it stands below all of them.
    """
    places = list(sheet.flow.places())
    wanted = {"", *(place.path for place in places)}
    if wanted == set(sheet.layout):
        return sheet
    known = {path: at for path, at in sheet.layout.items() if path in wanted}
    sizes = {"": START_SIZE} | {it.path: box_size(it.step, catalogue) for it in places}
    if not known.keys() - {""}:
        return sheet.with_layout(_below_notes(sheet, arrange(sheet, catalogue), sizes))
    ground = _noted_ground(sheet)
    for path, at in known.items():
        ground.cover(at, sizes[path])
    ideal = _ideal(sheet, catalogue)
    for path, near in _missing(places, known):
        at = _beside(ideal[path], ideal[near], known[near]) if near in known else ideal[path]
        known[path] = ground.free(at, sizes[path])
        ground.cover(known[path], sizes[path])
    return sheet.with_layout(Layout((path, known[path]) for path in ideal))


def _ideal(sheet: Sheet, catalogue: Catalogue) -> dict[str, Position]:
    paths = ["", *(place.path for place in sheet.flow.places())]
    return dict(zip(paths, arrangement(sheet, catalogue), strict=True))


def _missing(places: Sequence[Place], known: Mapping[str, Position]) -> Iterator[tuple[str, str]]:
    """Each path without a position, and the step that it should stand beside as in the ideal.

    While they are asked for, `known` grows: what has got a position helps those that follow.
    """
    at = {(place.owner, place.chain, place.index): place.path for place in places}
    members: dict[str, str] = {}
    for place in places:
        members.setdefault(place.owner, place.path)
    if "" not in known:
        yield "", at.get(("", 0, 0), "")
    for place in places:
        if place.path in known:
            continue
        around = (
            at.get((place.owner, place.chain, place.index - 1)),
            place.owner,
            at.get((place.owner, place.chain, place.index + 1)),
            members.get(place.path),
        )
        yield place.path, next((path for path in around if path and path in known), "")


def _beside(ideal: Position, near: Position, actual: Position) -> Position:
    return ideal[0] - near[0] + actual[0], ideal[1] - near[1] + actual[1]


def _corner(positions: Sequence[Position]) -> Position:
    return min(x for x, _ in positions), min(y for _, y in positions)


def _is_in(path: str, owner: str) -> bool:
    return path == owner or (owner != "" and path.startswith(f"{owner}/"))


def _below_notes(sheet: Sheet, layout: Layout, sizes: Mapping[str, Size]) -> Layout:
    """The layout as it is, or so far down that none of its nodes covers a note."""
    if not sheet.sketch.notes:
        return layout
    ground = _noted_ground(sheet)
    if all(ground.is_free(at, sizes[path]) for path, at in layout.items()):
        return layout
    lowest = max(note.y + note.height for note in sheet.sketch.notes.values())
    down = lowest + ASIDE - min(y for _, y in layout.values())
    return Layout((path, (x, y + down)) for path, (x, y) in layout.items())


def _noted_ground(sheet: Sheet) -> "_Ground":
    ground = _Ground()
    for note in sheet.sketch.notes.values():
        ground.cover((note.x, note.y), (note.width, note.height))
    return ground


class _Ground:
    """What is covered by nodes and notes."""

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[tuple[int, int, int, int]]] = defaultdict(list)

    def cover(self, at: Position, size: Size) -> None:
        """Say that a node or a note stands here."""
        for cell in _cells(at, size):
            self._boxes[cell].append((*at, *size))

    def free(self, at: Position, size: Size) -> Position:
        """The first place at or below this one where a node would cover nothing."""
        while not self.is_free(at, size):
            at = at[0], at[1] + ASIDE
        return at

    def is_free(self, at: Position, size: Size) -> bool:
        """Whether a node would cover nothing here."""
        return not any(
            overlap((*at, *size), box)
            for cell in _cells(at, size)
            for box in self._boxes.get(cell, ())
        )


def _cells(at: Position, size: Size) -> Iterator[tuple[int, int]]:
    for column in range(at[0] // CELL, (at[0] + size[0]) // CELL + 1):
        for row in range(at[1] // CELL, (at[1] + size[1]) // CELL + 1):
            yield column, row


def overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two boxes (x, y, width, height) have any ground in common."""
    x, y, width, height = one
    left, top, wide, high = other
    return x < left + wide and left < x + width and y < top + high and top < y + height

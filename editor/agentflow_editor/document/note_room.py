"""Note room: notes go along with the node that they stand beside, and no node comes over them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from agentflow.catalogue import Catalogue
from agentflow_editor.document.edits import followed
from agentflow_editor.document.layout import overlap
from agentflow_editor.document.node_size import START_SIZE, box_size, head_height
from agentflow_editor.document.sheet import Note, Sheet

__all__ = ["free_note", "with_notes_beside"]

GAP = 24
"""Between a note that has given way and what it has given way to."""

Box = tuple[int, int, int, int]
"""(x, y, width, height)."""


def with_notes_beside(
    before: Sheet, after: Sheet, catalogue: Catalogue, laid_out: Collection[str] = ()
) -> Sheet:
    """The sheet after its nodes were laid out, with its notes where they are read as before.

    A note goes as far as the nearest node that is still there. Where a node would cover it then, it
    goes on up or down, whichever is nearer. One that lay under a node before is meant to.

    Args:
        before: where the notes stood among the nodes.
        after: where the nodes stand now. A note that stands elsewhere already stays there.
        catalogue: what knows the size of each node.
        laid_out: the paths of nodes that are to cover no note, whatever was before.
    """
    notes = after.sketch.notes
    is_same = before.flow is after.flow and before.layout == after.layout
    if not notes or (is_same and not laid_out):
        return after
    room, placed = _Room(before, after, catalogue, laid_out), dict[str, Note]()
    for name, note in notes.items():
        placed[name] = room.placed(name, note, placed)
    return after if placed == notes else after.with_sketch(replace(after.sketch, notes=placed))


def free_note(sheet: Sheet, note: Note, catalogue: Catalogue) -> Note:
    """A new note where it is or, where that is taken, above or below, whichever is nearer."""
    taken = [*_boxes(sheet, catalogue).values(), *map(_box, sheet.sketch.notes.values())]
    return _uncovered(note, taken)


class _Room:
    """What stood around the notes, and what stands there now."""

    def __init__(
        self, before: Sheet, after: Sheet, catalogue: Catalogue, laid_out: Collection[str]
    ) -> None:
        self._stood, self._stand = _boxes(before, catalogue), _boxes(after, catalogue)
        self._notes = {name: _box(note) for name, note in before.sketch.notes.items()}
        self._laid_out = laid_out
        gone_to = followed(before, after)
        self._kept = {it: gone_to[it] for it in self._stood if gone_to.get(it) in self._stand}

    def placed(self, name: str, note: Note, others: Mapping[str, Note]) -> Note:
        """Where a note stands now; the others have their places already."""
        here = self._notes.get(name)
        if here is None:
            return _uncovered(note, [*self._stand.values(), *map(_box, others.values())])
        if here != _box(note):
            return note
        under = {to for it, to in self._kept.items() if overlap(here, self._stood[it])}
        under -= set(self._laid_out)
        nodes = [box for path, box in self._stand.items() if path not in under]
        notes = [_box(it) for key, it in others.items() if not self._overlap(key, name)]
        return _uncovered(self._gone_along(note, here), [*nodes, *notes])

    def _overlap(self, one: str, other: str) -> bool:
        """Whether two notes overlapped before."""
        return one in self._notes and overlap(self._notes[one], self._notes[other])

    def _gone_along(self, note: Note, here: Box) -> Note:
        """A note as far from where it stood as the nearest node now is."""
        if not self._kept:
            return note
        near = min(self._kept, key=lambda path: _distance(here, self._stood[path]))
        (x, y, *_), (to_x, to_y, *_) = self._stood[near], self._stand[self._kept[near]]
        return replace(note, x=note.x + to_x - x, y=note.y + to_y - y)


def _boxes(sheet: Sheet, catalogue: Catalogue) -> dict[str, Box]:
    """The nodes that are drawn while nobody has gone into an orchestrator."""
    collapsed, at = sheet.sketch.collapsed, sheet.layout
    inside = tuple(f"{path}/" for path in collapsed)
    boxes: dict[str, Box] = {"": (*at[""], *START_SIZE)} if "" in at else {}
    for place in sheet.flow.places():
        path = place.path
        if path in at and not path.startswith(inside):
            width, height = box_size(place.step, catalogue)
            if path in collapsed:
                height = head_height(place.step.name)
            boxes[path] = (*at[path], width, height)
    return boxes


def _box(note: Note) -> Box:
    return note.x, note.y, note.width, note.height


def _distance(one: Box, other: Box) -> tuple[int, int]:
    """How much ground is between two boxes, and where there is none, between their middles."""
    (x, y, width, height), (left, top, wide, high) = one, other
    across = max(left - x - width, x - left - wide, 0)
    down = max(top - y - height, y - top - high, 0)
    aside = abs(2 * x + width - 2 * left - wide) + abs(2 * y + height - 2 * top - high)
    return across + down, aside


def _uncovered(note: Note, boxes: Iterable[Box]) -> Note:
    """A note where it is, or at the nearest place above or below that no box covers."""
    beside = [it for it in boxes if overlap((note.x, it[1], note.width, 1), it)]
    if not any(overlap(_box(note), it) for it in beside):
        return note
    # Where its top would be too near to a box.
    taken = sorted((y - GAP - note.height, y + high + GAP) for _, y, _, high in beside)
    above, below = _up(note.y, taken), _down(note.y, taken)
    return replace(note, y=above if note.y - above < below - note.y else below)


def _down(y: int, taken: Iterable[tuple[int, int]]) -> int:
    for begin, end in taken:
        if begin < y < end:
            y = end
    return y


def _up(y: int, taken: Iterable[tuple[int, int]]) -> int:
    for begin, end in sorted(taken, key=lambda it: it[1], reverse=True):
        if begin < y < end:
            y = begin
    return y

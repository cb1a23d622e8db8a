"""Room: after a structural edit, what changed is laid out anew and the others give way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agentflow.catalogue import Catalogue
from agentflow_editor.document.edits import followed, new_paths
from agentflow_editor.document.layout import arrange, completed, overlap
from agentflow_editor.document.node_size import START_SIZE, box_size
from agentflow_editor.document.note_room import with_notes_beside
from agentflow_editor.document.sheet import Layout, Position, Sheet

__all__ = ["aside", "forgetting", "grown", "settled"]

Size = tuple[int, int]
Box = tuple[int, int, int, int]

BESIDE = 24
"""Between what is new and what it would have covered."""


def settled(before: Sheet, after: Sheet, catalogue: Catalogue, anew: Iterable[str]) -> Sheet:
    """The sheet after an edit, with its nodes where they are seen well.

    A flow that stood as it lays itself out goes on doing so. In any other, nothing moves but what
    the edit is about, and what has to give way to that: to the right or downwards. Notes go along
    with the nodes that they stand beside.

    Args:
        before: the sheet that was edited; it has all its positions.
        after: what the edit made of it.
        catalogue: what knows the ports of each orchestrator, and so its size.
        anew: paths after the edit; these steps, with all they own, are laid out anew where they
            stand.
    """
    return with_notes_beside(before, _placed(before, after, catalogue, anew), catalogue)


def _placed(before: Sheet, after: Sheet, catalogue: Catalogue, anew: Iterable[str]) -> Sheet:
    if before.layout == arrange(before, catalogue):
        return after.with_layout(arrange(after, catalogue))
    after = completed(after, catalogue)
    roots = tuple(anew)
    if not roots:
        return after
    layout, sizes = arrange(after, catalogue, roots), _sizes(after, catalogue)
    moved = {path for path in sizes if any(f"{path}/".startswith(f"{it}/") for it in roots)}
    old, new = _room_before(before, after, catalogue, moved), _corner(layout, sizes, moved)
    across, down = (max(0, now - then) for now, then in zip(new, old, strict=True))
    pushed = after.with_layout(_pushed(layout, moved, old, (across, down)))
    return completed(forgetting(pushed, _covered(pushed.layout, sizes, moved)), catalogue)


def grown(before: Sheet, after: Sheet, catalogue: Catalogue) -> Sheet:
    """The sheet after an edit that let nodes say more or less, so that they are of another height.

    A flow that stood as it lays itself out goes on doing so. In any other, what a higher node would
    cover goes down, with all else that is below.
    """
    resized = _resized(before, after, catalogue)
    if not resized:
        return after
    if before.layout == arrange(before, catalogue):
        return settled(before, after, catalogue, ())
    sizes, layout = _sizes(after, catalogue), after.layout
    for path, then in resized.items():
        more, bottom = sizes[path][1] - then, layout[path][1] + then
        if any(layout[it][1] >= bottom for it in _covered(layout, sizes, {path})):
            layout = _pushed(layout, {path}, (0, bottom), (0, more))
    return with_notes_beside(after, after.with_layout(layout), catalogue)


def _resized(before: Sheet, after: Sheet, catalogue: Catalogue) -> dict[str, int]:
    """The height before of each node that has another one now, where nothing stands elsewhere."""
    old, new = before.flow.places(), after.flow.places()
    if before.flow is after.flow or len(old) != len(new):
        return {}
    found = dict[str, int]()
    for was, now in zip(old, new, strict=True):
        if before.layout.get(was.path) != after.layout.get(now.path):
            return {}
        if was.step is not now.step:
            then = box_size(was.step, catalogue)[1]
            if then != box_size(now.step, catalogue)[1]:
                found[now.path] = then
    return found


def aside(before: Sheet, after: Sheet, catalogue: Catalogue) -> Sheet:
    """The sheet with what is new in it as far down, all of it together, as it covers nothing."""
    new, sizes, at = set(new_paths(before, after)), _sizes(after, catalogue), after.layout
    own = [(*at[path], *sizes[path]) for path in new]
    others = [(*at[path], *size) for path, size in sizes.items() if path not in new]
    if "" in at:
        others.append((*at[""], *START_SIZE))
    down = 0
    while more := _covering([(x, y + down, wide, high) for x, y, wide, high in own], others):
        down += more
    notes = {
        name: note if name in before.sketch.notes else replace(note, y=note.y + down)
        for name, note in after.sketch.notes.items()
    }
    moved = at.with_positions({path: (at[path][0], at[path][1] + down) for path in new})
    return after.with_layout(moved).with_sketch(replace(after.sketch, notes=notes))


def _covering(own: Iterable[Box], others: Sequence[Box]) -> int:
    """How far some boxes have to go down to leave what they cover now; 0 where that is nothing."""
    return max(
        (it[1] + it[3] + BESIDE - box[1] for box in own for it in others if overlap(box, it)),
        default=0,
    )


def forgetting(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """The same without the positions of steps and of all they own: they find them anew."""
    gone = tuple(f"{path}/" for path in paths)
    kept = {path: at for path, at in sheet.layout.items() if not f"{path}/".startswith(gone)}
    return sheet.with_layout(Layout(kept))


def _sizes(sheet: Sheet, catalogue: Catalogue) -> dict[str, Size]:
    return {it.path: box_size(it.step, catalogue) for it in sheet.flow.places()}


def _room_before(before: Sheet, after: Sheet, catalogue: Catalogue, moved: set[str]) -> Position:
    """The bottom right corner of what the moved ones took before; of what they take if all new."""
    gone_to = followed(before, after)
    stood = {path for path in before.layout if path and gone_to.get(path) in moved}
    if stood:
        return _corner(before.layout, _sizes(before, catalogue), stood)
    return _corner(after.layout, _sizes(after, catalogue), moved)


def _covered(layout: Layout, sizes: Mapping[str, Size], moved: set[str]) -> list[str]:
    """The others that one of the moved ones covers: they stood in the midst of these."""
    grounds = [(*layout[path], *sizes[path]) for path in moved]
    return [
        path
        for path, size in sizes.items()
        if path not in moved and any(overlap((*layout[path], *size), it) for it in grounds)
    ]


def _corner(layout: Mapping[str, Position], sizes: Mapping[str, Size], of: set[str]) -> Position:
    """The bottom right corner of some nodes."""
    return (
        max(layout[path][0] + sizes[path][0] for path in of),
        max(layout[path][1] + sizes[path][1] for path in of),
    )


def _pushed(layout: Layout, moved: set[str], corner: Position, way: Position) -> Layout:
    """The others, those right of a corner moved to the right and those below it down."""
    return layout.with_positions(
        {
            path: (x + way[0] * (x >= corner[0]), y + way[1] * (y >= corner[1]))
            for path, (x, y) in layout.items()
            if path not in moved and path
        }
    )

"""Origins: where the nodes and notes of a scene were drawn before the edit that made it."""

from collections.abc import Callable, Iterable, Iterator

from agentflow_editor.canvas.areas import owners_of
from agentflow_editor.canvas.scene import Box, Scene
from agentflow_editor.document.edits import followed
from agentflow_editor.document.sheet import Position, Sheet, note_key

__all__ = ["origins"]


def origins(drawn: Scene, scene: Scene, before: Sheet, after: Sheet) -> dict[str, Position]:
    """Where each node and note that is elsewhere now comes from, by what it is called now.

    What an orchestrator hid that is no longer collapsed comes out of that. What is new comes from
    nowhere and is left out.

    Args:
        drawn: what was drawn until now, maybe on its way.
        scene: what is to be drawn now.
        before: the sheet before the edit.
        after: the sheet that it made.
    """
    found = dict(_notes(drawn, scene))
    moved = [it for it in scene.boxes.values() if not _stands_so(it, drawn.boxes.get(it.path))]
    if moved:
        found.update(_nodes(drawn, moved, _were(before, after)))
    return found


def _stands_so(box: Box, old: Box | None) -> bool:
    return old is box or (old is not None and (old.x, old.y) == (box.x, box.y))


def _were(before: Sheet, after: Sheet) -> Callable[[str], str | None]:
    """Tells the path before of a path after; None of what is new."""
    if before.flow is after.flow:
        return lambda path: path
    return {new: old for old, new in followed(before, after).items()}.get


def _nodes(
    drawn: Scene, moved: Iterable[Box], was: Callable[[str], str | None]
) -> Iterator[tuple[str, Position]]:
    for box in moved:
        if (old := was(box.path)) is None:
            continue
        begin = next((it for it in (old, *owners_of(old)) if it in drawn.boxes), None)
        if begin is not None and (at := drawn.place_of(begin)) != (box.x, box.y):
            yield box.path, at


def _notes(drawn: Scene, scene: Scene) -> Iterator[tuple[str, Position]]:
    for name, note in scene.notes.items():
        old = drawn.notes.get(name)
        if old is not None and (old.x, old.y) != (note.x, note.y):
            yield note_key(name), (old.x, old.y)

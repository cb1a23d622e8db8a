"""Scope: which part of the flow is drawn: what was gone into, and what of it is collapsed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from agentflow_editor.canvas.folding import folded, hidden_by
from agentflow_editor.canvas.scene import Scene
from agentflow_editor.document.sheet import Note

__all__ = ["Scope", "within"]


def within(scene: Scene, path: str) -> Scene:
    """The same scene with one orchestrator, what it owns, the notes there, and what is parked."""
    if path not in scene.regions:
        return scene
    ground = scene.regions[path].rect

    def is_in(other: str) -> bool:
        return f"{other}/".startswith((f"{path}/", "|"))

    def stands_there(note: Note) -> bool:
        return ground.holds(note.x + note.width / 2, note.y + note.height / 2)

    return replace(
        scene,
        boxes={key: box for key, box in scene.boxes.items() if is_in(key)},
        links={key: it for key, it in scene.links.items() if is_in(key[0]) and is_in(key[2])},
        returns=tuple(it for it in scene.returns if is_in(it.target)),
        regions={key: region for key, region in scene.regions.items() if is_in(key)},
        notes={name: note for name, note in scene.notes.items() if stands_there(note)},
    )


class Scope:
    """What one canvas shows of its flow. It is about looking, so no edit and in no file."""

    def __init__(self) -> None:
        self.inside = ""
        """The path of the orchestrator that was gone into; "" while the whole flow is shown."""

    def shut(self, collapsed: Collection[str]) -> frozenset[str]:
        """Those of the collapsed orchestrators that are drawn as one node here."""
        return frozenset(collapsed) - {self.inside, *owners(self.inside)}

    def applied(self, scene: Scene, collapsed: Collection[str]) -> Scene:
        """What is to be seen of a scene."""
        if self.inside:
            scene = within(scene, self.inside)
        return folded(scene, self.shut(collapsed))

    def follow(self, gone_to: Mapping[str, str]) -> None:
        """An edit has moved steps; where what was gone into is gone, its owner is shown."""
        kept = (gone_to[path] for path in (self.inside, *owners(self.inside)) if path in gone_to)
        self.inside = next(kept, "")

    def uncover(self, path: str, collapsed: Collection[str]) -> bool:
        """Leave what a step is not in, and go into what hides it; whether that was needed."""
        before = self.inside
        if before and not f"{path}/".startswith((f"{before}/", "|")):
            around = (it for it in owners(before) if f"{path}/".startswith(f"{it}/"))
            self.inside = next(around, "")
        self.inside = next(reversed(hidden_by(path, self.shut(collapsed))), self.inside)
        return self.inside != before


def owners(path: str) -> Iterator[str]:
    """The orchestrators around a path, from the inside out; none of them is a parked chain."""
    while "/" in path:
        path = path.rpartition("/")[0]
        if "/" in path or not path.startswith("|"):
            yield path

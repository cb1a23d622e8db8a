"""Steps: placing, moving, removing and copying those that are there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby

from agentflow.flow.flow import AgentUse
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.links import LinkKey, cut
from agentflow_editor.document.edits.names import copy_names
from agentflow_editor.document.edits.notes import add_note
from agentflow_editor.document.edits.tree import PlacedChain, PlacedStep, Slot, Tree
from agentflow_editor.document.sheet import Note, Position, Sheet, note_key

__all__ = ["delete", "duplicate", "move_steps", "place", "remove", "runs"]

BESIDE = 40
"""How far right of the original a copy stands."""
BELOW = 140
"""How far below the original's lowest node: no node with few ports reaches as far."""


def place(sheet: Sheet, positions: Mapping[str, Position]) -> Sheet:
    """Move nodes, and notes by their keys; what is not there is left out. "" is the start."""
    sheet = _with_notes_at(sheet, positions)
    known = {place.path for place in sheet.flow.places()} | {""}
    moved = {path: (int(x), int(y)) for path, (x, y) in positions.items() if path in known}
    if all(sheet.layout.get(path) == at for path, at in moved.items()):
        return sheet
    return sheet.with_layout(sheet.layout.with_positions(moved))


def _with_notes_at(sheet: Sheet, positions: Mapping[str, Position]) -> Sheet:
    moved: dict[str, Note] = {}
    for name, note in sheet.sketch.notes.items():
        x, y = positions.get(note_key(name), (note.x, note.y))
        moved[name] = replace(note, x=int(x), y=int(y))
    if moved == sheet.sketch.notes:
        return sheet
    return sheet.with_sketch(replace(sheet.sketch, notes=moved))


def move_steps(sheet: Sheet, paths: Iterable[str], slot: Slot) -> Sheet:
    """Put steps, with all they own, into a slot; where they stood, their neighbours close up.

    The slot is meant in the sheet as it is: an index counts the moved steps too. In a new branch
    only those stand together that followed one another; each of the others gets one of its own.

    Raises:
        EditError: there is no such step or slot, or the slot is inside one of the steps.
    """
    tree = Tree(sheet)
    moved = tree.outermost(paths)
    grouped = list(runs(moved))
    is_new = slot.owner in tree and slot.chain >= len(tree.orchestrator(slot.owner).chains)
    chain = tree.chain(slot)
    around = [chain.owner, *chain.owner.owners()] if chain.owner else []
    if inside := next((it for it in moved if it in around), None):
        raise EditError(inside.step.name, "a step cannot stand inside itself", "move it out first")
    index = slot.index - sum(it in moved for it in chain.steps[: slot.index])
    for step in moved:
        step.lift()
    if is_new and chain.owner and chain.owner.takes_another_chain:
        for run in grouped[1:]:
            chain.owner.add_chain().insert(0, run)
        moved = grouped[0]
    chain.insert(index, moved)
    return tree.fold()


def remove(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """Remove steps with all that they own; the neighbours close up.

    An agent's definition goes with the last step that used it.
    """
    return delete(sheet, paths, ())


def delete(
    sheet: Sheet, paths: Iterable[str], links: Iterable[LinkKey], notes: Iterable[str] = ()
) -> Sheet:
    """Remove steps as `remove` does, links as `unlink` does, and notes, all as they stand here.

    Raises:
        EditError: there is no such step or link.
    """
    tree = Tree(sheet)
    gone = [tree.step(path) for path in dict.fromkeys(paths) if path]
    cut(tree, links)
    unused = {it.step.agent for step in gone for it in step.all() if isinstance(it.step, AgentUse)}
    for step in gone:
        step.lift()
    for agent in unused - tree.used_agents():
        tree.agents.pop(agent, None)
    for name in notes:
        tree.notes.pop(name, None)
    return tree.fold()


def duplicate(sheet: Sheet, paths: Iterable[str], notes: Iterable[str] = ()) -> Sheet:
    """Put copies of steps, with all that they own, and of notes beside them, hanging on nothing.

    Copied agents are agents of their own: changing one leaves the other as it is. Steps that
    follow one another are copied as a chain.

    Raises:
        EditError: there is no such step.
    """
    tree = Tree(sheet)
    copies: list[PlacedStep] = []
    chosen, copied_notes = tuple(paths), [tree.notes[it] for it in notes if it in tree.notes]
    for note in copied_notes:
        add_note(tree, replace(note, x=note.x + BESIDE, y=note.y + BESIDE))
    for run in runs(tree.outermost(chosen)) if chosen or not copied_notes else ():
        shift = (BESIDE, _depth(run) + BELOW)
        copied = [_copy(step, shift) for step in run]
        copies.extend(inner for step in copied for inner in step.all())
        tree.park(copied)
    copy_names(tree, copies, tree.agents)
    return tree.fold()


def runs(steps: Iterable[PlacedStep]) -> Iterable[list[PlacedStep]]:
    """Steps that follow one another, together."""
    numbered = enumerate(steps)
    for _, run in groupby(numbered, key=lambda pair: (pair[1].home, pair[1].index - pair[0])):
        yield [step for _, step in run]


def _depth(steps: Iterable[PlacedStep]) -> int:
    """How far the lowest node of steps, and of what they own, stands below the highest."""
    rows = [it.position[1] for step in steps for it in step.all() if it.position]
    return max(rows, default=0) - min(rows, default=0)


def _copy(step: PlacedStep, shift: Position) -> PlacedStep:
    x, y = step.position or (0, 0)
    copied = PlacedStep(step.step, (x + shift[0], y + shift[1]))
    copied.is_collapsed = step.is_collapsed
    for chain in step.chains:
        own = PlacedChain(chain.case, copied, goes_on=chain.goes_on)
        own.insert(0, [_copy(member, shift) for member in chain.steps])
        copied.chains.append(own)
    return copied

"""Clip: steps with their agents as a sheet of their own, and back into another one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from agentflow.flow.flow import AgentUse, Chain, Flow, name_fault
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import copy_names
from agentflow_editor.document.edits.notes import add_note
from agentflow_editor.document.edits.steps import runs
from agentflow_editor.document.edits.tree import PlacedStep, Slot, Tree
from agentflow_editor.document.sheet import Layout, Note, Position, Sheet, Sketch

__all__ = ["clip", "paste"]


def clip(sheet: Sheet, paths: Iterable[str], notes: Iterable[str] = ()) -> Sheet:
    """Steps, with all that they own and the agents that they use, and notes, as a flow.

    Steps that follow one another are one chain. The first is the root, the others are parked. Where
    there are steps, the flow could be run.

    Raises:
        EditError: there is no such step, or none is named.
    """
    tree, chosen = Tree(sheet), tuple(paths)
    kept = {name: sheet.sketch.notes[name] for name in notes if name in sheet.sketch.notes}
    taken = list(runs(tree.outermost(chosen))) if chosen or not kept else []
    chains = [Chain(steps=tuple(it.step for it in run)) for run in taken]
    steps = [step for run in taken for it in run for step in it.all()]
    used = dict.fromkeys(it.step.agent for it in steps if isinstance(it.step, AgentUse))
    agents = {name: sheet.flow.agents[name] for name in used if name in sheet.flow.agents}
    root = chains[0] if chains else Chain()
    flow = Flow(agents=agents, root=root, parked=tuple(chains[1:]))
    placed = list(zip(flow.places(), steps, strict=True))
    collapsed = frozenset(to.path for to, it in placed if it.is_collapsed)
    layout = Layout((to.path, it.position) for to, it in placed if it.position)
    return Sheet(flow, layout, Sketch(kept, collapsed))


def paste(sheet: Sheet, clipped: Sheet, at: Position, *, slot: Slot | None = None) -> Sheet:
    """Put the steps of another sheet into this one, with the agents that they use.

    Names that are taken here get a number, so that nothing here becomes another thing.

    Args:
        sheet: what they are put into.
        clipped: what `clip` gave, or any sheet whose steps have positions.
        at: the top left corner of their nodes.
        slot: where they join a chain; None parks them, unless the flow has no step yet.

    Raises:
        EditError: there are no steps, one of their names is none, or there is no such slot.
    """
    tree, other = Tree(sheet), Tree(clipped)
    chains = [chain.cut(0) for chain in (other.root, *other.parked) if chain.steps]
    copies = [inner for steps in chains for step in steps for inner in step.all()]
    notes = list(other.notes.values())
    if not (copies or notes):
        raise EditError("", "there are no steps in it", "copy some first")
    for step in copies:
        if fault := name_fault(step.step.name):
            raise EditError(step.step.name, fault, "give it another name")
    for note in _shifted(copies, notes, at):
        add_note(tree, note)
    if chains and (slot is not None or not tree.root.steps):
        home = tree.chain(slot) if slot is not None else tree.root
        home.insert(slot.index if slot else 0, chains.pop(0))
    for steps in chains:
        tree.park(steps)
    copy_names(tree, copies, other.agents)
    return tree.fold()


def _shifted(steps: list[PlacedStep], notes: list[Note], to: Position) -> Iterator[Note]:
    """Move steps, and notes as they are asked for, so that their top left corner is a point."""
    placed = [it.position for it in steps if it.position is not None]
    placed += [(note.x, note.y) for note in notes]
    left = min((x for x, _ in placed), default=0)
    top = min((y for _, y in placed), default=0)
    for step in steps:
        x, y = step.position or (left, top)
        step.position = x - left + to[0], y - top + to[1]
    for note in notes:
        yield replace(note, x=note.x - left + to[0], y=note.y - top + to[1])

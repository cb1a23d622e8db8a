"""Moving: steps come earlier or later, join a link, and leave their orchestrator."""

from collections.abc import Iterable

from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.links import LinkKey
from agentflow_editor.document.edits.steps import runs
from agentflow_editor.document.edits.tree import PlacedStep, Slot, Tree
from agentflow_editor.document.sheet import Sheet

__all__ = ["move_along", "park", "release", "reorder_chains", "slot_on", "splice"]


def move_along(sheet: Sheet, paths: Iterable[str], by: int) -> Sheet:
    """Let steps that follow one another come so many steps later in their chain, or earlier.

    Raises:
        EditError: they do not follow one another, or the chain ends there.
    """
    tree = Tree(sheet)
    moved = tree.outermost(paths)
    home, first = moved[0].home, moved[0].index
    if home.steps[first : first + len(moved)] != moved:
        raise EditError("", "these steps do not follow one another", "select neighbours")
    if not 0 <= first + by <= len(home.steps) - len(moved):
        name, end = moved[0].step.name, "first" if by < 0 else "last"
        raise EditError(name, f"it is the {end} of its chain", "draw a link to move it elsewhere")
    for step in moved:
        step.lift()
    home.insert(first + by, moved)
    return tree.fold()


def reorder_chains(sheet: Sheet, path: str, by: int) -> Sheet:
    """Let the branch or case that a step stands in come so many places later, or earlier.

    Raises:
        EditError: it stands in neither, or there is no such place; a default stays the last.
    """
    tree = Tree(sheet)
    moved = tree.step(path).home
    owner = moved.owner
    if owner is None or len(owner.chains) < 2:
        raise EditError(path, "it stands in no branch or case", "choose a step of one")
    has_default = any(chain.case is None for chain in owner.chains) and any(
        chain.case is not None for chain in owner.chains
    )
    last = len(owner.chains) - 1 - has_default
    index = owner.chains.index(moved)
    if not 0 <= index + by <= last or index > last:
        raise EditError(path, "it cannot stand there", "the default is always tried last")
    owner.chains.remove(moved)
    owner.chains.insert(index + by, moved)
    return tree.fold()


def release(sheet: Sheet, path: str) -> Sheet:
    """Take a step out of its orchestrator, and let it follow that. Its neighbours close up.

    Raises:
        EditError: it is in none.
    """
    tree = Tree(sheet)
    step = tree.step(path)
    owner = step.owner
    if owner is None:
        raise EditError(path, "it is a member of no orchestrator", "choose one that is")
    step.lift()
    owner.home.insert(owner.index + 1, [step])
    return tree.fold()


def park(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """Let steps hang on nothing, with all they own; where they stood, their neighbours close up.

    Those that follow one another go on doing so.

    Raises:
        EditError: there is no such step.
    """
    tree = Tree(sheet)
    for run in list(runs(tree.outermost(paths))):
        for step in run:
            step.lift()
        tree.park(run)
    return tree.fold()


def splice(sheet: Sheet, path: str, link: LinkKey) -> Sheet:
    """Put a step between the two ends of a link, with all it owns.

    The first step of a parked chain brings the whole chain along; where any other stood, its
    neighbours close up.

    Raises:
        EditError: there is no such step or link, or one of its ends is the step or inside it.
    """
    tree = Tree(sheet)
    step, target = tree.step(path), tree.step(link[2])
    if step in (target, *target.owners()) or (link[0] and tree.step(link[0]) is step):
        raise EditError(path, "it is one end of that link", "choose another link")
    moved = _taken_along(tree, step)
    if target in moved:
        raise EditError(path, "that link is in its own chain", "choose another link")
    for it in moved:
        it.lift()
    target.home.insert(target.index, moved)
    return tree.fold()


def _taken_along(tree: Tree, step: PlacedStep) -> list[PlacedStep]:
    is_parked_head = step.home in tree.parked and step.index == 0
    return list(step.home.steps) if is_parked_head else [step]


def slot_on(sheet: Sheet, link: LinkKey) -> Slot:
    """The slot between the two ends of a link.

    Raises:
        EditError: there is no such step.
    """
    for place in sheet.flow.places():
        if place.path == link[2]:
            return Slot(place.owner, place.chain, place.index)
    raise EditError(link[2], "there is no such step", "choose one that is drawn")

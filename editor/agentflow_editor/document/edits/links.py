"""Links: drawing an arrow is moving what it points at, and deleting one parks it."""

from collections.abc import Iterable, Sequence

from agentflow.flow.flow import Orchestrator
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.tree import PlacedChain, PlacedStep, Tree
from agentflow_editor.document.ports import BRANCHES, DEFAULT, NEXT, case_port
from agentflow_editor.document.sheet import Sheet

__all__ = ["LinkKey", "begin_chain", "cut", "led_to", "link", "relink", "unlink"]

LinkKey = tuple[str, str, str]
"""(source path, port, target path)."""


def link(sheet: Sheet, source: str, port: str, target: str) -> Sheet:
    """Let a port lead to a step. What it led to before comes after.

    The first step of a parked chain brings the whole chain along. Any other step comes alone: what
    stood before and after it closes up. A new link at `branches` begins a new branch.

    Args:
        sheet: what the link is drawn on.
        source: the path of the step that it begins at; "" for the start.
        port: "next", or the name of one of `chain_ports`.
        target: the path of the step that it leads to.

    Raises:
        EditError: the link would lead to the step itself, into itself, or back.
    """
    tree = Tree(sheet)
    begin = tree.step(source) if source else None
    return tree.fold() if _join(tree, begin, port, tree.step(target)) else sheet


def unlink(sheet: Sheet, source: str, port: str, target: str) -> Sheet:
    """Delete a link: what it led to, and all that follows that, is parked as a chain of its own.

    Raises:
        EditError: there is no such link.
    """
    tree = Tree(sheet)
    cut(tree, [(source, port, target)])
    return tree.fold()


def relink(sheet: Sheet, old: LinkKey, new: LinkKey) -> Sheet:
    """Move one end of a link elsewhere; all paths are those of this sheet.

    With another source, what it led to comes along with all that follows it. With another target,
    what it led to is parked.

    Raises:
        EditError: there is no such link, or the new one is impossible.
    """
    if old == new:
        return sheet
    tree = Tree(sheet)
    begin = tree.step(new[0]) if new[0] else None
    target = tree.step(new[2])
    cut(tree, [old])
    _join(tree, begin, new[1], target)
    return tree.fold()


def cut(tree: Tree, links: Iterable[LinkKey]) -> None:
    """Delete links of a tree, all named as they stood when it was unfolded.

    Raises:
        EditError: there is no such link.
    """
    steps = [(tree.step(source) if source else None, tree.step(end)) for source, _, end in links]
    for begin, target in steps:
        if _before(tree, target) is not begin or (target.home in tree.parked and not target.index):
            raise EditError(
                target.step.name, "no such link leads to it", "choose one that is drawn"
            )
        tree.park(target.home.cut(target.index))


def _before(tree: Tree, step: PlacedStep) -> PlacedStep | None:
    """The step that a step's link comes from; None for the start, or for none at all."""
    return step.home.steps[step.index - 1] if step.index else step.owner


def _join(tree: Tree, begin: PlacedStep | None, port: str, target: PlacedStep) -> bool:
    """Let a port lead to a step; False where it does already."""
    _refuse_circle(begin, target)
    if target in led_to(tree, begin, port):
        return False
    is_parked_head = target.home in tree.parked and target.index == 0
    moved = target.home.cut(0) if is_parked_head else [target]
    if not is_parked_head:
        target.lift()
    begin_chain(tree, begin, port, moved)
    return True


def begin_chain(
    tree: Tree, begin: PlacedStep | None, port: str, steps: Sequence[PlacedStep]
) -> None:
    """Let a port lead to steps that stand in no chain, and these to what it led to before."""
    if begin is None:
        tree.root.insert(0, steps)
    elif port == NEXT:
        begin.home.insert(begin.index + 1, steps)
    else:
        _begun(begin, port).insert(0, steps)


def led_to(tree: Tree, begin: PlacedStep | None, port: str) -> list[PlacedStep]:
    """The steps that a port leads to."""
    if begin is None:
        return tree.root.steps[:1]
    if port == NEXT:
        return begin.home.steps[begin.index + 1 : begin.index + 2]
    chains = begin.chains if port == BRANCHES else [_begun(begin, port)]
    return [chain.steps[0] for chain in chains if chain.steps]


def _begun(owner: PlacedStep, port: str) -> PlacedChain:
    """The chain that a new link at one of an orchestrator's own ports begins."""
    if not isinstance(owner.step, Orchestrator):
        raise EditError(owner.step.name, f"it has no port {port!r}", "begin at one that is drawn")
    if port == BRANCHES:
        return owner.add_chain()
    if port == DEFAULT:
        default = next((chain for chain in owner.chains if chain.case is None), None)
        return default or owner.add_chain()
    for number, chain in enumerate(owner.chains):
        if chain.case is None or port == case_port(number):
            return chain
    return owner.add_chain()


def _refuse_circle(begin: PlacedStep | None, target: PlacedStep) -> None:
    """A link must not lead to its own source, to an owner of it, or back to an earlier step."""
    if begin is None:
        return
    name, goal = begin.step.name, target.step.name
    if begin is target:
        raise EditError(name, "a step cannot lead to itself", "to repeat it, put it into a loop")
    around = [begin, *begin.owners()]
    if target in around:
        raise EditError(
            goal, f"{name!r} is a member of it", f"to go on after it, draw a link from {goal!r}"
        )
    for step in around:
        if target.home is step.home and target.index < step.index:
            what = f"{goal!r} comes earlier, and a link cannot lead back"
            raise EditError(name, what, "to repeat these steps, put them into a loop")

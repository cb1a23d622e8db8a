"""Meant: what a link that the tree cannot hold was most likely drawn for."""

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Case, Orchestrator
from agentflow_editor.document.edits.adding import mode_of
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.links import begin_chain, led_to, link
from agentflow_editor.document.edits.names import free_name
from agentflow_editor.document.edits.steps import BELOW
from agentflow_editor.document.edits.tree import PlacedStep, Tree
from agentflow_editor.document.edits.wrapping import put_around
from agentflow_editor.document.sheet import Sheet

__all__ = ["loop_over", "run_beside", "use_again"]


def run_beside(
    sheet: Sheet, source: str, port: str, target: str, mode: str, *, catalogue: Catalogue
) -> Sheet:
    """Let a port lead to what it leads to *and* to another step, in an orchestrator of a mode.

    What the port leads to becomes one chain of the orchestrator and the other step, with what
    follows it where it is parked, another one; what came after goes on after both. Where the port
    leads to an orchestrator of that mode already, that gets one chain more.

    Raises:
        EditError: the port leads to nothing, or the link would lead into itself.
    """
    # As a plain link it must be possible, too.
    link(sheet, source, port, target)
    tree, kind = Tree(sheet), mode_of(catalogue, mode)
    if kind.chains == "one":
        raise EditError(kind.title, "its members follow one another", "choose Parallel or Router")
    begin, added = tree.step(source) if source else None, tree.step(target)
    there = next(iter(led_to(tree, begin, port)), None)
    if there is None or there is added:
        raise EditError(source, "nothing follows there yet", "draw a plain link")
    is_parked_head = added.home in tree.parked and added.index == 0
    moved = list(added.home.steps) if is_parked_head else [added]
    if there in moved or there in added.owners():
        raise EditError(target, "it is part of what the port leads to", "choose another step")
    for step in moved:
        step.lift()
    is_one = isinstance(there.step, Orchestrator) and there.step.mode == mode
    owner = there if is_one else put_around(tree, [there], kind)
    names = {chain.case.name for chain in owner.chains if chain.case}
    case = Case(name=free_name(added.step.name, names)) if kind.chains == "cases" else None
    owner.add_chain(case, len(names) if case else None).insert(0, moved)
    return tree.fold()


def loop_over(sheet: Sheet, source: str, target: str, *, catalogue: Catalogue) -> Sheet:
    """Repeat the steps from a target to a source, which comes after it, in a loop.

    Raises:
        EditError: the source, with all that is around it, does not come after the target.
    """
    tree, kind = Tree(sheet), mode_of(catalogue, "loop")
    begin, end = tree.step(target), tree.step(source)
    if begin in end.owners():
        raise EditError(source, f"it is a member of {target!r}", "link back to an earlier step")
    last = next((it for it in (end, *end.owners()) if it.home is begin.home), None)
    if last is None or last.index < begin.index:
        raise EditError(
            source, f"{target!r} does not come before it", "link back to an earlier step"
        )
    put_around(tree, begin.home.steps[begin.index : last.index + 1], kind)
    return tree.fold()


def use_again(sheet: Sheet, source: str, port: str, target: str) -> Sheet:
    """Let a port lead to another use of the agent that a step uses; the step stays where it is.

    Raises:
        EditError: the step is an orchestrator, which stands once, or there is no such port.
    """
    tree = Tree(sheet)
    original = tree.step(target)
    if not isinstance(original.step, AgentUse):
        raise EditError(target, "an orchestrator stands in one place", "duplicate it instead")
    begin = tree.step(source) if source else None
    x, y = original.position or (0, 0)
    again = PlacedStep(original.step, (x, y + BELOW))
    begin_chain(tree, begin, port, [again])
    return tree.fold()

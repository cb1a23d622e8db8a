"""Mending: edits that only a problem's fix asks for, since a person would do them by hand."""

from agentflow.catalogue import Catalogue
from agentflow_editor.document.edits.adding import add_agent
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.tree import Slot, Tree
from agentflow_editor.document.sheet import Position, Sheet

__all__ = ["add_stand_in", "remove_chain", "run_at_end"]

_BESIDE: Position = (240, 90)
"""How far from its orchestrator a first member is put; what is laid out anew stands elsewhere."""


def add_stand_in(sheet: Sheet, path: str, chain: int, *, catalogue: Catalogue) -> Sheet:
    """Put a new scripted agent at the end of a chain; "" is the flow's own.

    Raises:
        EditError: there is no such orchestrator or chain.
    """
    tree = Tree(sheet)
    owner = tree.orchestrator(path) if path else None
    is_new = owner is not None and chain == len(owner.chains)
    count = 0 if is_new else len(tree.chain(Slot(path, chain)).steps)
    x, y = sheet.layout.get(path, (0, 0))
    at = (x + _BESIDE[0], y + _BESIDE[1] * bool(path))
    return add_agent(sheet, "scripted", at, catalogue=catalogue, slot=Slot(path, chain, count))


def remove_chain(sheet: Sheet, path: str, chain: int) -> Sheet:
    """Take away an orchestrator's branch, or whatever a chain of it is; its steps are parked.

    Raises:
        EditError: there is no such orchestrator or chain.
    """
    tree = Tree(sheet)
    chains = tree.orchestrator(path).chains
    if not 0 <= chain < len(chains):
        raise EditError(path, f"it has no chain {chain}", "choose one that is drawn")
    tree.park(chains.pop(chain).cut(0))
    return tree.fold()


def run_at_end(sheet: Sheet, path: str) -> Sheet:
    """Let what hangs on nothing run after all else: the step, and those that it leads to.

    Raises:
        EditError: there is no such step, or it is not parked.
    """
    tree = Tree(sheet)
    step = tree.step(path)
    if step.home not in tree.parked:
        raise EditError(path, "it runs already", "choose a step that hangs on nothing")
    tree.root.insert(len(tree.root.steps), step.home.cut(step.home.steps.index(step)))
    return tree.fold()

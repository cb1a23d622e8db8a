"""Cases: when a router takes which chain, and the order of an orchestrator's chains."""

from typing import Any

from agentflow.flow.flow import Case
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import free_name, new_name
from agentflow_editor.document.edits.tree import PlacedChain, PlacedStep, Tree
from agentflow_editor.document.edits.values import changed
from agentflow_editor.document.sheet import Sheet

__all__ = ["add_case", "add_default", "move_chain", "remove_case", "rename_case", "set_case"]


def add_case(sheet: Sheet, path: str, name: str | None = None) -> Sheet:
    """Give a router another case, with nothing in it, to be tried after those that it has.

    Raises:
        EditError: there is no such router, or the name is none or taken.
    """
    tree = Tree(sheet)
    router = _router(tree, path)
    taken = _case_names(router)
    chosen = free_name("case-1", taken) if name is None else new_name(name, taken, path)
    last = sum(chain.case is not None for chain in router.chains)
    router.add_chain(Case(name=chosen), last)
    return tree.fold()


def add_default(sheet: Sheet, path: str) -> Sheet:
    """Let a router go on where no case holds: it gets a default with nothing in it.

    Raises:
        EditError: there is no such router, or it has a default.
    """
    tree = Tree(sheet)
    router = _router(tree, path)
    if any(chain.case is None for chain in router.chains):
        raise EditError(path, "it has a default", "put the steps of it there")
    router.add_chain().goes_on = True
    return tree.fold()


def remove_case(sheet: Sheet, path: str, chain: int) -> Sheet:
    """Remove a router's case, or its default; the steps in it are parked.

    Raises:
        EditError: there is no such router or chain.
    """
    tree = Tree(sheet)
    router, removed = _router(tree, path), _chain(tree, path, chain)
    router.chains.remove(removed)
    tree.park(removed.cut(0))
    return tree.fold()


def rename_case(sheet: Sheet, path: str, chain: int, new: str) -> Sheet:
    """Give a router's case another name.

    Raises:
        EditError: there is no such case, or the name is none or taken.
    """
    return set_case(sheet, path, chain, "name", new)


def set_case(sheet: Sheet, path: str, chain: int, field: str, value: Any) -> Sheet:
    """Set when a router takes a chain: "name", "when", "keywords", "route", "description".

    Raises:
        EditError: there is no such case or field, or it cannot be that.
    """
    tree = Tree(sheet)
    placed = _chain(tree, path, chain)
    if placed.case is None:
        raise EditError(path, "its default is taken when no case is", "choose a case")
    where = f"{path}: {placed.case.name}"
    if field == "name":
        if value == placed.case.name:
            return sheet
        value = new_name(value, _case_names(tree.orchestrator(path)), where)
    placed.case = changed(placed.case, field, value, where)
    return tree.fold()


def move_chain(sheet: Sheet, path: str, chain: int, to: int) -> Sheet:
    """Let an orchestrator's branch or case come at another place; a default stays the last.

    Raises:
        EditError: there is no such chain, or no such place for it.
    """
    tree = Tree(sheet)
    moved = _chain(tree, path, chain)
    chains = tree.orchestrator(path).chains
    last = len(chains) - 1 - (_has_default(chains) and moved.case is not None)
    if not 0 <= to <= last or (moved.case is None and _has_default(chains)):
        raise EditError(path, "it cannot stand there", "the default is always tried last")
    chains.remove(moved)
    chains.insert(to, moved)
    return tree.fold()


def _has_default(chains: list[PlacedChain]) -> bool:
    has_cases = any(chain.case is not None for chain in chains)
    return has_cases and any(chain.case is None for chain in chains)


def _router(tree: Tree, path: str) -> PlacedStep:
    router = tree.orchestrator(path)
    is_router = any(chain.case is not None for chain in router.chains)
    if not is_router and getattr(router.step, "mode", "") != "route":
        raise EditError(path, "only a router has cases", "choose a router")
    return router


def _case_names(router: PlacedStep) -> set[str]:
    return {chain.case.name for chain in router.chains if chain.case is not None}


def _chain(tree: Tree, path: str, number: int) -> PlacedChain:
    chains = tree.orchestrator(path).chains
    if not 0 <= number < len(chains):
        raise EditError(path, f"it has no chain {number}", "choose one that is drawn")
    return chains[number]

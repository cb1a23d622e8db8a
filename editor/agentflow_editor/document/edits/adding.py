"""Adding: new steps, at a position and, where one is said, in a slot of the tree."""

from agentflow.catalogue import Catalogue
from agentflow.errors import one_of
from agentflow.flow.flow import AgentSpec, AgentUse, Case, Chain, Orchestrator, Step
from agentflow.orchestrators.base import OrchestrationMode
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import free_name, new_name
from agentflow_editor.document.edits.tree import PlacedChain, PlacedStep, Slot, Tree
from agentflow_editor.document.sheet import Position, Sheet

__all__ = ["add_agent", "add_orchestrator", "add_use", "called", "mode_of", "new_spec"]

NUDGE = 24
"""How far right and down a new node goes from one that stands exactly where it should."""


def add_agent(
    sheet: Sheet,
    type_name: str,
    at: Position,
    *,
    catalogue: Catalogue,
    slot: Slot | None = None,
    name: str | None = None,
) -> Sheet:
    """Define a new agent of a type, and use it.

    Args:
        sheet: what it is added to.
        type_name: a name of an agent type.
        at: where its node stands.
        catalogue: what knows the type.
        slot: where it joins a chain; None parks it, unless the flow has no step yet.
        name: what it is called; None finds a free name.

    Raises:
        EditError: nobody knows the type, the name is none or taken, or there is no such slot.
    """
    tree = Tree(sheet)
    chosen = _name(tree, name, type_name)
    tree.agents[chosen] = new_spec(chosen, type_name, catalogue)
    return _added(tree, AgentUse(agent=chosen), at, slot)


def add_use(sheet: Sheet, agent: str, at: Position, *, slot: Slot | None = None) -> Sheet:
    """Use an agent that there is, once more.

    Raises:
        EditError: there is no such agent, or no such slot.
    """
    tree = Tree(sheet)
    if agent not in tree.agents:
        raise EditError(agent, "there is no such agent", "choose one that is defined")
    return _added(tree, AgentUse(agent=agent), at, slot)


def add_orchestrator(
    sheet: Sheet,
    mode: str,
    at: Position,
    *,
    catalogue: Catalogue,
    slot: Slot | None = None,
    name: str | None = None,
) -> Sheet:
    """Add an orchestrator without members; a router begins with one empty case.

    Raises:
        EditError: nobody knows the mode, the name is none or taken, or there is no such slot.
    """
    tree = Tree(sheet)
    kind = mode_of(catalogue, mode)
    chosen = _name(tree, name, called(kind))
    step = Orchestrator(name=chosen, mode=mode, settings=kind.settings(), chains=_chains(kind))
    return _added(tree, step, at, slot)


def new_spec(name: str, type_name: str, catalogue: Catalogue) -> AgentSpec:
    """An agent of a type, with everything at its default.

    Raises:
        EditError: nobody knows the type.
    """
    kind = catalogue.agent_types.get(type_name)
    if kind is None:
        raise EditError(
            type_name, "there is no such type of agent", f"choose {one_of(catalogue.agent_types)}"
        )
    return AgentSpec(name=name, type=type_name, settings=kind.settings())


def mode_of(catalogue: Catalogue, mode: str) -> OrchestrationMode:
    """What a mode declares.

    Raises:
        EditError: nobody knows it.
    """
    kind = catalogue.modes.get(mode)
    if kind is None:
        raise EditError(mode, "there is no such mode", f"choose {one_of(catalogue.modes)}")
    return kind


def called(kind: OrchestrationMode) -> str:
    """What an orchestrator of a mode is called where nobody says."""
    return kind.title.casefold().replace(" ", "-")


def _name(tree: Tree, name: str | None, otherwise: str) -> str:
    taken = tree.names()
    return free_name(otherwise, taken) if name is None else new_name(name, taken, name)


def _chains(kind: OrchestrationMode) -> tuple[Chain, ...]:
    if kind.chains == "cases":
        return (Chain(case=Case(name="case-1")),)
    return (Chain(),) if kind.chains == "one" else ()


def _added(tree: Tree, step: Step, at: Position, slot: Slot | None) -> Sheet:
    taken = {placed.position for placed in tree.steps()}
    while at in taken:
        at = at[0] + NUDGE, at[1] + NUDGE
    placed = PlacedStep(step, at)
    if isinstance(step, Orchestrator):
        placed.chains = [PlacedChain(chain.case, placed) for chain in step.chains]
    if slot is None and tree.root.steps:
        tree.park([placed])
    elif slot is None:
        tree.root.insert(0, [placed])
    else:
        tree.chain(slot).insert(slot.index, [placed])
    return tree.fold()

"""Wrapping: orchestrators are put around steps, taken away from them, and made another mode."""

from collections.abc import Iterable, Sequence

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Case, Orchestrator
from agentflow.orchestrators.base import OrchestrationMode
from agentflow_editor.document.edits.adding import called, mode_of
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.names import free_name
from agentflow_editor.document.edits.tree import PlacedChain, PlacedStep, Tree
from agentflow_editor.document.edits.values import carried
from agentflow_editor.document.sheet import Sheet

__all__ = ["change_mode", "dissolve", "heal", "put_around", "wrap"]


def wrap(sheet: Sheet, paths: Iterable[str], mode: str, *, catalogue: Catalogue) -> Sheet:
    """Put an orchestrator where the first of some steps stands, with all of them as its members.

    In a sequence or loop they follow one another, in a parallel step each is a branch, in a router
    each is a case of its own name.

    Raises:
        EditError: there is no such step or mode, or no step is named.
    """
    tree = Tree(sheet)
    put_around(tree, tree.outermost(paths), mode_of(catalogue, mode))
    return tree.fold()


def dissolve(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """Take orchestrators away; their members stand in their places, chain after chain.

    Raises:
        EditError: there is no such orchestrator, or none is named.
    """
    tree = Tree(sheet)
    gone = [tree.orchestrator(path) for path in dict.fromkeys(paths) if path]
    if not gone:
        raise EditError("", "no orchestrator is selected", "select one to dissolve")
    for step in gone:
        _spliced(step)
    return tree.fold()


def heal(sheet: Sheet, paths: Iterable[str]) -> Sheet:
    """Remove steps and nothing that they own: the members of orchestrators stand in their places.

    An agent's definition goes with the last step that used it.

    Raises:
        EditError: there is no such step.
    """
    tree = Tree(sheet)
    gone = [tree.step(path) for path in dict.fromkeys(paths) if path]
    for step in gone:
        if isinstance(step.step, Orchestrator):
            _spliced(step)
        else:
            step.lift()
    used = tree.used_agents()
    for step in gone:
        if isinstance(step.step, AgentUse) and step.step.agent not in used:
            tree.agents.pop(step.step.agent, None)
    return tree.fold()


def change_mode(sheet: Sheet, path: str, mode: str, *, catalogue: Catalogue) -> Sheet:
    """Make an orchestrator one of another mode, with the same members.

    Chains become branches or cases and the other way round; where the new mode has one chain, they
    follow one another, and where the old one had one, each of its steps stands for itself. What is
    set and means something in both modes is kept.

    Raises:
        EditError: there is no such orchestrator or mode.
    """
    tree = Tree(sheet)
    placed, kind = tree.orchestrator(path), mode_of(catalogue, mode)
    old = placed.step
    assert isinstance(old, Orchestrator)
    if old.mode == mode:
        return sheet
    settings = carried(old.settings, kind.settings())
    placed.step = old.model_copy(update={"mode": mode, "settings": settings})
    _regroup(placed, kind, _groups(placed, catalogue.modes.get(old.mode)))
    return tree.fold()


def put_around(tree: Tree, steps: Sequence[PlacedStep], kind: OrchestrationMode) -> PlacedStep:
    """Put a new orchestrator around steps of a tree, where the first of them stands."""
    first = steps[0]
    name = free_name(called(kind), tree.names())
    wrapper = PlacedStep(
        Orchestrator(name=name, mode=kind.name, settings=kind.settings()), first.position
    )
    home, index = first.home, first.index
    for step in steps:
        step.lift()
    home.insert(index, [wrapper])
    _regroup(wrapper, kind, [("", [step]) for step in steps])
    return wrapper


Group = tuple[str, list[PlacedStep]]
"""What a case of it would be called, "" for what its first step is, and its steps."""


def _groups(placed: PlacedStep, old: OrchestrationMode | None) -> list[Group]:
    """The chains of an orchestrator; a single one counts as so many groups of one step."""
    if old is not None and old.chains == "one":
        return [("", [step]) for chain in placed.chains for step in chain.steps]
    return [
        (chain.case.name if chain.case else "", chain.steps)
        for chain in placed.chains
        if chain.steps
    ]


def _regroup(placed: PlacedStep, kind: OrchestrationMode, groups: Sequence[Group]) -> None:
    """Give an orchestrator the chains that its mode has, with these members."""
    placed.chains = []
    if kind.chains == "one":
        placed.add_chain().insert(0, [step for _, steps in groups for step in steps])
        return
    taken: set[str] = set()
    for name, steps in groups:
        case = None
        if kind.chains == "cases":
            case = Case(name=free_name(name or steps[0].step.name, taken))
            taken.add(case.name)
        placed.add_chain(case).insert(0, steps)
    if kind.chains == "cases" and not groups:
        placed.add_chain(Case(name="case-1"))


def _spliced(step: PlacedStep) -> None:
    """Let an orchestrator's members stand in its place, the first of them at its position."""
    members = [member for chain in step.chains for member in chain.steps]
    _shift(members, step)
    home, index = step.home, step.index
    step.lift()
    home.insert(index, members)
    step.chains = [PlacedChain(owner=step)]


def _shift(members: Sequence[PlacedStep], to: PlacedStep) -> None:
    if not members or members[0].position is None or to.position is None:
        return
    across = to.position[0] - members[0].position[0]
    down = to.position[1] - members[0].position[1]
    for step in (inner for member in members for inner in member.all()):
        if step.position is not None:
            step.position = step.position[0] + across, step.position[1] + down

"""Names: giving steps and cases other ones, and finding free ones."""

import re
from collections.abc import Collection, Mapping, Sequence

from agentflow.flow.flow import AgentSpec, AgentUse, Orchestrator, name_fault
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.tree import PlacedStep, Tree
from agentflow_editor.document.sheet import Sheet

__all__ = ["free_name", "new_name", "rename", "rename_agent", "rename_use"]

_NUMBERED = re.compile(r"^(.*?)[-_ ]\d+$")


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name itself where it is free, else with the first number that makes it so: "text-2"."""
    if wanted not in taken:
        return wanted
    match = _NUMBERED.match(wanted)
    stem = match.group(1) if match else wanted
    numbers = range(2, len(taken) + 3)
    return next(name for number in numbers if (name := f"{stem}-{number}") not in taken)


def new_name(name: str, taken: Collection[str], where: str) -> str:
    """A name that a person chose, without spaces around it.

    Raises:
        EditError: it cannot be a name, or something else has it.
    """
    chosen = name.strip()
    if fault := name_fault(chosen):
        raise EditError(where, fault, "choose another name")
    if chosen in taken:
        raise EditError(where, f"the name {chosen!r} is taken", "choose another name")
    return chosen


def rename(sheet: Sheet, path: str, new: str) -> Sheet:
    """Give a step another name: an orchestrator its own, an agent in every place that uses it.

    Raises:
        EditError: the name is none, or taken.
    """
    tree = Tree(sheet)
    placed = tree.step(path)
    if isinstance(placed.step, AgentUse):
        return rename_agent(sheet, placed.step.agent, new)
    if new.strip() == placed.step.name:
        return sheet
    name = new_name(new, tree.names(), path)
    old, placed.step = placed.step.name, placed.step.model_copy(update={"name": name})
    _name_anew(tree, old, name)
    return tree.fold()


def rename_agent(sheet: Sheet, old: str, new: str) -> Sheet:
    """Give an agent another name, in every chain that uses it.

    An agent that nobody defined may take the name of one that is: then its steps use that one.

    Raises:
        EditError: there is no such agent, or the name is none, or taken.
    """
    if new.strip() == old:
        return sheet
    tree = Tree(sheet)
    uses = [it for it in tree.steps() if isinstance(it.step, AgentUse) and it.step.agent == old]
    if not uses and old not in tree.agents:
        raise EditError(old, "there is no such agent", "choose one that is defined")
    taken = tree.names() if old in tree.agents else tree.names() - set(tree.agents)
    name = new_name(new, taken, old)
    tree.agents = {
        name if key == old else key: _renamed(spec, old, name) for key, spec in tree.agents.items()
    }
    for use in uses:
        use.step = AgentUse(agent=name)
    _name_anew(tree, old, name)
    return tree.fold()


def _name_anew(tree: Tree, old: str, new: str) -> None:
    """Let orchestrators that name an agent or a branch go on naming it."""
    for placed in tree.steps():
        if not isinstance(placed.step, Orchestrator):
            continue
        settings = placed.step.settings
        changed: dict[str, object] = {}
        if getattr(settings, "synthesizer", "") == old:
            changed["synthesizer"] = new
        weights: Mapping[str, float] = getattr(settings, "weights", {})
        if old in weights:
            changed["weights"] = {new if it == old else it: n for it, n in weights.items()}
        if changed:
            settings = settings.model_copy(update=changed)
            placed.step = placed.step.model_copy(update={"settings": settings})


def _renamed(spec: AgentSpec, old: str, new: str) -> AgentSpec:
    """An agent after another one, or itself, got a new name."""
    named = {"name": spec.name, "fallback": spec.fallback}
    changed = {field: new for field, name in named.items() if name == old}
    return spec.model_copy(update=changed) if changed else spec


def rename_use(sheet: Sheet, path: str, name: str) -> Sheet:
    """Let one step use another agent; the agents themselves keep their names.

    Raises:
        EditError: it is no agent's step, or an orchestrator has that name.
    """
    tree = Tree(sheet)
    placed = tree.step(path)
    if not isinstance(placed.step, AgentUse):
        raise EditError(path, "this is an orchestrator and uses no agent", "rename it instead")
    owners = {it.step.name for it in tree.steps() if isinstance(it.step, Orchestrator)}
    placed.step = AgentUse(agent=new_name(name, owners, path))
    return tree.fold()


def copy_names(tree: Tree, copies: Sequence[PlacedStep], specs: Mapping[str, AgentSpec]) -> None:
    """Give copied steps names of their own, and copied agents definitions of their own.

    Args:
        tree: what the copies stand in.
        copies: steps that still have the names of their originals.
        specs: the originals' definitions; an agent without one is copied by its name alone.
    """
    others = set(copies)
    kept = [it for it in tree.steps() if it not in others]
    owners = {it.step.name for it in kept if isinstance(it.step, Orchestrator)}
    taken = {*tree.agents, *(it.step.name for it in kept)}
    names: dict[str, str] = {}
    for copy in copies:
        old = copy.step.name
        is_agent = isinstance(copy.step, AgentUse)
        if old not in names:
            is_only_named = is_agent and old not in specs
            names[old] = free_name(old, owners if is_only_named else taken)
            taken.add(names[old])
        if not isinstance(copy.step, AgentUse):
            copy.step = copy.step.model_copy(update={"name": names[old]})
            continue
        copy.step = AgentUse(agent=names[old])
        if spec := specs.get(old):
            own = spec.model_copy(update={"name": names[old]})
            tree.agents.setdefault(names[old], own)

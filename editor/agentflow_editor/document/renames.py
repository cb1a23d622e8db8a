"""Renames: what is only called otherwise in another flow, so that nobody takes it for another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from agentflow.flow.flow import AgentUse, Flow
from agentflow_editor.document import edits
from agentflow_editor.document.edits import EditError
from agentflow_editor.document.picking import Picking
from agentflow_editor.document.shape import ChainShape, Shape
from agentflow_editor.document.sheet import Sheet

__all__ = ["Rename", "called", "called_alike", "renames"]

Uses = Mapping[str, Counter[str]]
"""How often each agent is used, by the orchestrator around it."""


@dataclass(frozen=True, slots=True)
class Rename:
    """An agent or an orchestrator that has another name now, and is the same else."""

    old: str
    new: str
    is_agent: bool


def renames(before: Flow, after: Flow) -> list[Rename]:
    """What only has another name, orchestrators first.

    An agent is known by all its settings and the orchestrators that it is used in, an orchestrator
    by its settings and members. Where that fits several, none of them is guessed to be it.
    """
    agents = list(_agents(before, after))
    names = {it.old: it.new for it in agents}
    return [*_orchestrators(Shape.of(before), Shape.of(after), names), *agents]


def called(sheet: Sheet, rename: Rename) -> Sheet:
    """The sheet with another name for what is renamed.

    Raises:
        EditError: it is not there, or something else has that name.
    """
    if rename.is_agent:
        return edits.rename_agent(sheet, rename.old, rename.new)
    paths = (it.path for it in sheet.flow.places() if it.step.name == rename.old)
    return edits.rename(sheet, next(paths, ""), rename.new)


def called_alike(
    picking: Picking, base: Sheet, mine: Sheet, theirs: Sheet
) -> tuple[Sheet, Sheet, Sheet]:
    """Three sheets in which everything has the name that one of the sides has given it.

    Where both have given it another one, one of these is picked. What the other side does not have
    any more, or has another thing of that name, stays as it is.
    """
    ours, others = ({it.old: it for it in renames(base.flow, side.flow)} for side in (mine, theirs))
    sheets = base, mine, theirs
    for old, known in {**others, **ours}.items():
        sides = tuple(it[old].new if old in it else old for it in (ours, others))
        before = len(picking.conflicts)
        new = picking.one(f"{_what(known)} `{old}`: name", old, *sides)
        try:
            sheets = _renamed(sheets, (old, *sides), new, known.is_agent)
        except EditError:
            del picking.conflicts[before:]
    return sheets


def _renamed(
    sheets: tuple[Sheet, Sheet, Sheet], names: tuple[str, ...], new: str, is_agent: bool
) -> tuple[Sheet, Sheet, Sheet]:
    base, mine, theirs = (
        sheet if name == new else called(sheet, Rename(name, new, is_agent))
        for sheet, name in zip(sheets, names, strict=True)
    )
    return base, mine, theirs


def _what(rename: Rename) -> str:
    return "agent" if rename.is_agent else "orchestrator"


def _agents(before: Flow, after: Flow) -> Iterator[Rename]:
    # An orchestrator that the other flow does not have may be renamed itself.
    shared = {it.name for it in before.orchestrators()} & {it.name for it in after.orchestrators()}
    uses, later = _uses(before, shared), _uses(after, shared)
    gone = [it for it in before.agents if it not in after.agents and it not in later]
    taken = {*before.agents, *uses, *(it.name for it in before.orchestrators())}
    come = [it for it in after.agents if it not in taken]

    def is_same(old: str, new: str) -> bool:
        spec = before.agents[old].model_copy(update={"name": new})
        return uses.get(old) == later.get(new) and spec == after.agents[new]

    yield from (Rename(old, new, is_agent=True) for old, new in _pairs(gone, come, is_same))


def _uses(flow: Flow, owners: set[str]) -> Uses:
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for place in flow.places():
        if isinstance(place.step, AgentUse):
            owner = flow.at(place.owner) if place.owner else None
            name = owner.name if owner is not None and owner.name in owners else ""
            uses[place.step.agent][name] += 1
    return uses


def _orchestrators(one: Shape, other: Shape, names: Mapping[str, str]) -> Iterator[Rename]:
    """Members first: their owners are known by them."""
    names, is_other = dict(names), True
    taken = {*one.counts()}
    while is_other:
        gone = [it for it in one.kinds if it not in other.kinds and it not in names]
        come = [it for it in other.kinds if it not in taken and it not in names.values()]

        def is_same(old: str, new: str, names: Mapping[str, str] = names) -> bool:
            chains = tuple(_named(it, names) for it in one.chains[old])
            return (one.kinds[old], chains) == (other.kinds[new], other.chains[new])

        found = list(_pairs(gone, come, is_same))
        names |= dict(found)
        is_other = bool(found)
        yield from (Rename(old, new, is_agent=False) for old, new in found)


def _named(chain: ChainShape, names: Mapping[str, str]) -> ChainShape:
    return ChainShape(tuple(names.get(it, it) for it in chain.names), chain.case)


def _pairs(
    gone: list[str], come: list[str], is_same: Callable[[str, str], bool]
) -> Iterator[tuple[str, str]]:
    """What fits nothing but each other."""
    heirs = {old: [new for new in come if is_same(old, new)] for old in gone}
    claims = Counter(new for found in heirs.values() for new in found)
    for old, found in heirs.items():
        if len(found) == 1 and claims[found[0]] == 1:
            yield old, found[0]

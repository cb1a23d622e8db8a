"""Merging: what is drawn here and what somebody else wrote into the file, as one sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agentflow.flow.flow import AgentSpec, Case, Flow
from agentflow.flow.sketch import Sketch
from agentflow_editor.document.flow_changes import word
from agentflow_editor.document.line_merge import merged_lines, small_hunks
from agentflow_editor.document.picking import Conflict, Picking, Side
from agentflow_editor.document.renames import called_alike
from agentflow_editor.document.shape import ChainShape, Kind, Shape
from agentflow_editor.document.sheet import Layout, Sheet

__all__ = ["Merge", "merged"]

STEPS = "which steps there are, and in which order"
"""What is picked as a whole where two orders do not go together."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of it."""

    sheet: Sheet
    conflicts: tuple[Conflict, ...]
    """What both have changed; of each the chosen side is in the sheet, mine where none was."""


def merged(
    base: Sheet, mine: Sheet, theirs: Sheet, choices: Mapping[str, Side] | None = None
) -> Merge:
    """Bring two sheets together that began as one.

    Positions are those that are written in a file, so that what stands by itself goes on so.

    Args:
        base: what both began with.
        mine: what was made of it here.
        theirs: what was made of it elsewhere.
        choices: by a conflict's `where`, which side is taken.
    """
    picking = Picking(choices or {})
    base, mine, theirs = called_alike(picking, base, mine, theirs)
    flow = _Flows(picking, base.flow, mine.flow, theirs.flow).flow()
    layout = _layout(base.layout, mine.layout, theirs.layout)
    sketch = _sketch(picking, base.sketch, mine.sketch, theirs.sketch)
    return Merge(Sheet(flow, layout, sketch), tuple(picking.conflicts))


class _Flows:
    def __init__(self, picking: Picking, base: Flow, mine: Flow, theirs: Flow) -> None:
        self._picking = picking
        self._flows = base, mine, theirs
        self._shapes = Shape.of(base), Shape.of(mine), Shape.of(theirs)

    def flow(self) -> Flow:
        """The one flow."""
        base, mine, theirs = self._flows
        pick = self._picking
        heading = {
            key: pick.one(f"flow: {key}", *(getattr(it, key) for it in self._flows))
            for key in ("name", "version", "description")
        }
        flow = mine.model_copy(
            update={
                **heading,
                "settings": pick.model("flow", base.settings, mine.settings, theirs.settings, word),
                "llm": pick.model("model for all agents", base.llm, mine.llm, theirs.llm, word),
                "agents": pick.mapping(
                    lambda name: f"agent `{name}`",
                    base.agents,
                    mine.agents,
                    theirs.agents,
                    self._agent,
                ),
                "pools": pick.mapping(
                    lambda name: f"pool `{name}`", base.pools, mine.pools, theirs.pools
                ),
                "memory": pick.one("memory", base.memory, mine.memory, theirs.memory),
            }
        )
        return self._with_steps(flow)

    def _agent(self, name: str, base: AgentSpec, mine: AgentSpec, theirs: AgentSpec) -> AgentSpec:
        where = f"agent `{name}`"
        if not base.type == mine.type == theirs.type:
            # Settings of another type mean something else.
            return self._picking.one(where, base, mine, theirs)
        plain = [it.model_copy(update={"settings": mine.settings}) for it in (base, mine, theirs)]
        spec = self._picking.model(where, plain[0], plain[1], plain[2], word)
        own = self._picking.model(where, base.settings, mine.settings, theirs.settings, word)
        return spec.model_copy(update={"settings": own})

    def _with_steps(self, flow: Flow) -> Flow:
        base, mine, theirs = self._shapes
        known = len(self._picking.conflicts)
        shape = self._shape()
        expected = mine.counts() + theirs.counts()
        expected.subtract(base.counts())
        if +shape.counts() == +expected or known < len(self._picking.conflicts):
            try:
                return shape.flow(flow)
            except ValueError:
                pass
        # Both have moved the same things about: only one of both trees is one.
        del self._picking.conflicts[known:]
        return self._picking.one(STEPS, base, mine, theirs).flow(flow)

    def _shape(self) -> Shape:
        base, mine, theirs = self._shapes
        kinds = self._picking.mapping(
            lambda name: f"`{name}`", base.kinds, mine.kinds, theirs.kinds, self._kind
        )
        chains = {name: self._chains(name) for name in ("", *kinds)}
        parked = self._picking.one("parked steps", base.parked, mine.parked, theirs.parked)
        return Shape(kinds, chains, parked)

    def _kind(self, name: str, base: Kind, mine: Kind, theirs: Kind) -> Kind:
        if not base.mode == mine.mode == theirs.mode:
            return self._picking.one(f"`{name}`", base, mine, theirs)
        settings = self._picking.model(
            f"`{name}`", base.settings, mine.settings, theirs.settings, word
        )
        return Kind(mine.mode, settings)

    def _chains(self, owner: str) -> tuple[ChainShape, ...]:
        sides = [it.chains.get(owner) for it in self._shapes]
        base, mine, theirs = sides
        if mine is None or theirs is None:
            return mine or theirs or ()
        first = base or mine
        where = f"the steps of `{owner}`" if owner else "the steps of the flow"
        is_alike = (
            [_key(it) for it in first] == [_key(it) for it in mine] == [_key(it) for it in theirs]
        )
        if not is_alike or first in (mine, theirs):
            return self._picking.one(where, first, mine, theirs)
        return tuple(self._chain(where, *it) for it in zip(first, mine, theirs, strict=True))

    def _chain(
        self, where: str, base: ChainShape, mine: ChainShape, theirs: ChainShape
    ) -> ChainShape:
        names, has_given_way = merged_lines(base.names, mine.names, theirs.names, small_hunks)
        if has_given_way:
            names = list(self._picking.one(where, base.names, mine.names, theirs.names))
        return ChainShape(tuple(names), self._case(where, base.case, mine.case, theirs.case))

    def _case(
        self, where: str, base: Case | None, mine: Case | None, theirs: Case | None
    ) -> Case | None:
        if base is None or mine is None or theirs is None:
            return mine
        return self._picking.model(f"{where}, case `{mine.name}`", base, mine, theirs, word)


def _key(chain: ChainShape) -> str:
    return "" if chain.case is None else chain.case.name


def _layout(base: Layout, mine: Layout, theirs: Layout) -> Layout:
    """Where I have moved nothing, theirs."""
    picked = dict(theirs)
    picked.update(
        (path, at) for path, at in mine.items() if path not in theirs or base.get(path) != at
    )
    return Layout(picked)


def _sketch(picking: Picking, base: Sketch, mine: Sketch, theirs: Sketch) -> Sketch:
    notes = picking.mapping(lambda name: f"note `{name}`", base.notes, mine.notes, theirs.notes)
    unfolded = (base.collapsed - mine.collapsed) | (base.collapsed - theirs.collapsed)
    return replace(mine, notes=notes, collapsed=(mine.collapsed | theirs.collapsed) - unfolded)

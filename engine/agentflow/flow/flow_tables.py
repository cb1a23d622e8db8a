"""A flow as the tables of agentflow.toml: plain values, which a writer puts into a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agentflow.flow.flow import AgentSpec, Chain, Flow, Orchestrator, Step
from agentflow.flow.kinds import Kinds
from agentflow.flow.setting_tables import Default, SettingTables, Tables
from agentflow.flow.sketch import Note, Sketch
from agentflow.flow.spelling import MODE_TABLES
from agentflow.settings import Settings

__all__ = ["TableMaker", "Tables"]


class TableMaker:
    """Makes the tables of flows. What a flow shares with the one before it is not made again."""

    def __init__(self, kinds: Kinds) -> None:
        """Make it.

        Args:
            kinds: which modes there are; it tells how each one's members are written.
        """
        self._kinds = kinds
        self._settings, self._steps = SettingTables(), SettingTables()
        self._agents: dict[int, tuple[AgentSpec, Tables]] = {}
        self._tree: _Tree | None = None
        self._nodes: tuple[dict[str, tuple[int, int]], Tables] | None = None

    def tables(
        self, flow: Flow, layout: Mapping[str, tuple[int, int]], sketch: Sketch, *, staged: bool
    ) -> Tables:
        """The tables of a flow. They share values with others; nobody may change those.

        Args:
            flow: what they are to say.
            layout: positions of nodes by path.
            sketch: what else is drawn.
            staged: whether a root of one orchestrator is written as a stage, and not in the table
                of its mode.
        """
        tree = self._tree_of(flow, staged=staged)
        parked = [[step.name for step in chain.steps] for chain in flow.parked]
        texts = {key: getattr(flow, key) for key in ("name", "version", "description")}
        settings = self._settings.table
        tables: Tables = {
            "agent_flow": {key: text or Default("") for key, text in texts.items()},
            "llm": settings(flow.llm),
            "orchestration": {"mode": Default(None), **settings(flow.settings), **tree.root},
            "orchestrators": tree.members,
            "agents": self._tables_of_agents(flow.agents),
            "pools": {name: self._saying(pool, "size") for name, pool in flow.pools.items()},
            **({} if flow.memory is None else {"memory": self._saying(flow.memory, "enabled")}),
            "editor": {
                "parked": parked or Default([]),
                "collapsed": sorted(sketch.collapsed) or Default([]),
                "nodes": self._nodes_of(layout),
                "notes": {name: _note(note) for name, note in sketch.notes.items()},
            },
        }
        self._settings.forget_unused()
        return tables

    def _nodes_of(self, layout: Mapping[str, tuple[int, int]]) -> Tables:
        positions = dict(layout)
        if self._nodes is None or self._nodes[0] != positions:
            nodes: Tables = {path: [int(x), int(y)] for path, (x, y) in sorted(layout.items())}
            self._nodes = (positions, nodes)
        return self._nodes[1]

    def _tree_of(self, flow: Flow, *, staged: bool) -> "_Tree":
        known = self._tree
        if known is None or not known.is_of(flow, staged=staged):
            writer = _Writer(self._kinds, self._steps)
            root = writer.root(flow.root, staged=staged)
            for chain in flow.parked:
                writer.owned(chain.steps)
            self._steps.forget_unused()
            known = self._tree = _Tree(flow.root, flow.parked, staged, root, writer.found)
        return known

    def _saying(self, settings: Settings, key: str) -> Tables:
        """What is something by being there: one key is written even by default."""
        table = self._settings.table(settings)
        value = table[key]
        return {**table, key: value.value if isinstance(value, Default) else value}

    def _tables_of_agents(self, agents: Mapping[str, AgentSpec]) -> Tables:
        known, self._agents = self._agents, {}
        for spec in agents.values():
            self._agents[id(spec)] = known.get(id(spec)) or (spec, self._agent(spec))
        return {name: self._agents[id(spec)][1] for name, spec in agents.items()}

    def _agent(self, spec: AgentSpec) -> Tables:
        table = dict(self._settings.table(spec))
        type_, _, _ = (table.pop(key) for key in ("type", "name", "settings"))
        own = self._settings.table(spec.settings)
        return {"type": type_.value if isinstance(type_, Default) else type_, **table, **own}


def _note(note: Note) -> Tables:
    return {"at": [note.x, note.y], "size": [note.width, note.height], "text": note.text}


@dataclass(frozen=True, slots=True)
class _Tree:
    """The tables of the steps of a flow."""

    chain: Chain
    parked: tuple[Chain, ...]
    staged: bool
    root: Tables
    members: Tables

    def is_of(self, flow: Flow, *, staged: bool) -> bool:
        """Whether they are of the very steps of a flow."""
        is_same = self.chain is flow.root and self.parked is flow.parked
        return is_same and self.staged == staged


class _Writer:
    """Collects the orchestrators that are members as it writes their owners."""

    def __init__(self, kinds: Kinds, settings: SettingTables) -> None:
        self._kinds = kinds
        self._settings = settings
        self.found: Tables = {}

    def root(self, chain: Chain, *, staged: bool) -> Tables:
        """The mode and the table that goes with it."""
        steps = chain.steps
        if not staged and len(steps) == 1 and isinstance(steps[0], Orchestrator):
            only = steps[0]
            own = self.orchestrator(only)
            del own["mode"]
            name = Default(only.name) if only.name == only.mode else only.name
            own = {"name": name, **own}
            return {"mode": only.mode, MODE_TABLES.get(only.mode, only.mode): own}
        return {"mode": "mixed", "mixed": {"stages": [self._stage(step) for step in steps]}}

    def owned(self, steps: Iterable[Step]) -> list[str]:
        """The names of members; those that are orchestrators get a table."""
        for step in steps:
            if isinstance(step, Orchestrator):
                self.found[step.name] = None  # Owners stand before their members.
                self.found[step.name] = self.orchestrator(step)
        return [step.name for step in steps]

    def orchestrator(self, step: Orchestrator) -> Tables:
        """An orchestrator's table, without its name."""
        kind = self._kinds.modes.get(step.mode)
        shape = "one" if kind is None else kind.chains
        table: Tables = {"mode": step.mode, **self._settings.table(step.settings)}
        if shape == "cases":
            return table | self._cases(step.chains)
        if shape == "branches":
            return table | {"agents": [self._branch(chain) for chain in step.chains]}
        steps = [member for chain in step.chains for member in chain.steps]
        return table | {"agents": self.owned(steps)}

    def _stage(self, step: Step) -> Tables:
        if isinstance(step, Orchestrator):
            return {"name": step.name, **self.orchestrator(step)}
        return {"name": step.name, "mode": Default("sequential"), "agents": [step.name]}

    def _branch(self, chain: Chain) -> str | list[str]:
        names = self.owned(chain.steps)
        return names[0] if len(names) == 1 else names

    def _cases(self, chains: Iterable[Chain]) -> Tables:
        cases: list[Tables] = []
        table: Tables = {"cases": cases}
        for chain in chains:
            names = self.owned(chain.steps)
            if chain.case is None:
                table["default"] = names
            else:
                cases.append({**self._settings.table(chain.case), "agents": names})
        return table

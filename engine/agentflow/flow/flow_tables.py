"""A flow as the tables of agentflow.toml: plain values, which a writer puts into a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from agentflow.flow.flow import AgentSpec, Chain, Flow, Orchestrator, Step
from agentflow.flow.kinds import Kinds
from agentflow.flow.read_settings import file_keys, nested_settings
from agentflow.flow.sketch import Note, Sketch
from agentflow.flow.spelling import MODE_TABLES
from agentflow.settings import Settings

__all__ = ["Default", "Tables", "tables_of"]

Tables = dict[str, Any]
"""Values by key; a Default stands for a key that need not be written."""


@dataclass(frozen=True, slots=True)
class Default:
    """A value that is meant when nothing is written. A file that says it goes on saying it."""

    value: Any


def tables_of(
    flow: Flow,
    layout: Mapping[str, tuple[int, int]],
    sketch: Sketch,
    kinds: Kinds,
    *,
    staged: bool,
) -> Tables:
    """The tables of a flow.

    Args:
        flow: what they are to say.
        layout: positions of nodes by path.
        sketch: what else is drawn.
        kinds: which modes there are; it tells how each one's members are written.
        staged: whether a root of one orchestrator is written as a stage, and not in the table of
            its mode.
    """
    writer = _Writer(kinds)
    root = writer.root(flow.root, staged=staged)
    parked = [[step.name for step in chain.steps] for chain in flow.parked]
    for chain in flow.parked:
        writer.owned(chain.steps)
    nodes = {path: [int(x), int(y)] for path, (x, y) in sorted(layout.items())}
    texts = {key: getattr(flow, key) for key in ("name", "version", "description")}
    tables: Tables = {
        "agent_flow": {key: text or Default("") for key, text in texts.items()},
        "llm": _settings(flow.llm),
        "orchestration": {"mode": Default(None), **_settings(flow.settings), **root},
        "orchestrators": writer.found,
        "agents": {name: _agent(spec) for name, spec in flow.agents.items()},
        "pools": {name: _settings(pool) for name, pool in flow.pools.items()},
        "editor": {
            "parked": parked or Default([]),
            "collapsed": sorted(sketch.collapsed) or Default([]),
            "nodes": nodes,
            "notes": {name: _note(note) for name, note in sketch.notes.items()},
        },
    }
    return tables


def _note(note: Note) -> Tables:
    return {"at": [note.x, note.y], "size": [note.width, note.height], "text": note.text}


class _Writer:
    """Collects the orchestrators that are members as it writes their owners."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
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
        table: Tables = {"mode": step.mode, **_settings(step.settings)}
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
                cases.append({**_settings(chain.case), "agents": names})
        return table


def _agent(spec: AgentSpec) -> Tables:
    table = _settings(spec, without=("name", "settings"))
    type_ = table.pop("type")
    return {"type": type_.value if isinstance(type_, Default) else type_, **table} | _settings(
        spec.settings
    )


def _settings(model: BaseModel, without: Iterable[str] = ()) -> Tables:
    """What a file says of a model: its placeholders as they were written, no defaults."""
    told: Mapping[str, Any] = model.model_dump(mode="json")
    placeholders = model.placeholders if isinstance(model, Settings) else {}
    table: Tables = {}
    for key, name in file_keys(type(model)).items():
        field = type(model).model_fields[name]
        value = getattr(model, name)
        if name in without:
            continue
        if name in placeholders:
            table[key] = placeholders[name]
        elif nested_settings(type(model), name) and isinstance(value, Settings):
            table[key] = _settings(value)
        elif not field.is_required() and value == field.get_default(call_default_factory=True):
            table[key] = Default(told[name])
        elif value is not None:
            table[key] = told[name]
    return table

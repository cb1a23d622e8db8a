"""Reads chains and orchestrators; members that are orchestrators are found by their name."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from agentflow.flow.flow import (
    AgentUse,
    Case,
    Chain,
    Orchestrator,
    OrchestratorSettings,
    Step,
)
from agentflow.flow.kinds import Kinds
from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import read_settings
from agentflow.flow.text_fixes import text_fix
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix

__all__ = ["MAX_NESTING", "StepReader"]

_PLAIN = ("sequential", "collaborative", "loop")
"""The modes whose members are just listed."""

MAX_NESTING = 80
"""How deep orchestrators are followed into one another; more than any run allows."""

_MEMBERS = ("agent", "agents", "cases", "default")
_STRUCTURE = ("name", "mode", *_MEMBERS)


class StepReader:
    """Reads steps. Each orchestrator is given to the first who names it."""

    def __init__(self, kinds: Kinds, tables: Mapping[str, Any], notes: Notes) -> None:
        self._kinds, self._notes = kinds, notes
        self._tables = {name: table_of(it) or {} for name, it in tables.items() if name.strip()}
        self._owners: dict[str, Keys] = {}
        self._open: list[str] = []

    def is_orchestrator(self, name: str) -> bool:
        """Whether `[orchestrators.<name>]` is there."""
        return name in self._tables

    def unowned(self) -> Iterator[str]:
        """The orchestrators that nobody has named so far; those that no other names come first."""
        for name in self._unnamed_first:
            if name not in self._owners:
                yield name

    @cached_property
    def _unnamed_first(self) -> list[str]:
        named = {name for table in self._tables.values() for name in _named(table)}
        return sorted(self._tables, key=lambda name: name in named)

    def member(self, name: Any, keys: Keys) -> Step | None:
        """The step of that name; None, and a problem, when it cannot stand there."""
        if not isinstance(name, str) or not name.strip():
            self._notes.wrong_kind(keys, "the name of an agent or orchestrator", name)
            return None
        if name not in self._tables:
            return AgentUse(agent=name)
        if not self._may_own(name, keys):
            return None
        self._owners[name] = keys
        table = self._tables[name]
        mode = table.get("mode")
        where: Keys = ("orchestrators", name)
        if not isinstance(mode, str):
            wanted = f"one of {', '.join(self._kinds.modes)}"
            if mode is None:
                fixes = (Fix(f"Write mode = {wanted}"), *(_mode_fix(where, it) for it in _PLAIN))
                self._notes.error("missing-mode", where, "has no mode", *fixes)
            else:
                self._notes.wrong_kind((*where, "mode"), wanted, mode)
            mode = "sequential"
        return self.orchestrator(name, mode, table, where)

    def orchestrator(self, name: str, mode: str, table: dict[str, Any], keys: Keys) -> Orchestrator:
        """The orchestrator that a table describes."""
        kind = self._kinds.modes.get(mode)
        model = OrchestratorSettings if kind is None else kind.settings
        settings = read_settings(model, table, keys, self._notes, beside=_STRUCTURE)
        self._open.append(name)
        read = {"branches": self._branches, "cases": self._cases}
        chains = read.get("one" if kind is None else kind.chains, self._one)(table, keys)
        self._open.pop()
        return Orchestrator(name=name, mode=mode, settings=settings, chains=chains)

    def chain(self, names: Any, keys: Keys, case: Case | None = None) -> Chain:
        """The chain of those names, in which nothing runs at the same time."""
        steps: list[Step] = []
        for name, where in self._flattened(names, keys):
            step = self.member(name, where)
            if step is not None:
                steps.append(step)
        return Chain(steps=tuple(steps), case=case)

    def members(self, table: Mapping[str, Any], keys: Keys) -> tuple[list[Any], Keys]:
        """What `agents`, or `agent` for a single one, names, and where it does."""
        if "agents" not in table:
            return self._single(table, keys)
        if "agent" in table:
            message = "has no meaning beside 'agents'"
            fix = text_fix("Remove it", {"do": "remove", "keys": (*keys, "agent")})
            self._notes.warning("unused-key", (*keys, "agent"), message, fix)
        return self._list(table["agents"], (*keys, "agents")), (*keys, "agents")

    def _single(self, table: Mapping[str, Any], keys: Keys) -> tuple[list[Any], Keys]:
        if "agent" not in table:
            return [], keys
        where: Keys = (*keys, "agent")
        several = list_of(table["agent"])
        if several is None:
            return [table["agent"]], where
        message = "names one agent; a list of them is written as 'agents'"
        fix = text_fix("Write 'agents'", {"do": "rename", "keys": where, "name": "agents"})
        self._notes.error("wrong-value", where, message, fix)
        return several, where

    def _one(self, table: dict[str, Any], keys: Keys) -> tuple[Chain, ...]:
        self._unused(table, keys, ("cases", "default"))
        names, where = self.members(table, keys)
        return (self.chain(names, where),)

    def _branches(self, table: dict[str, Any], keys: Keys) -> tuple[Chain, ...]:
        self._unused(table, keys, ("cases", "default"))
        names, where = self.members(table, keys)
        branches: list[Chain] = []
        for number, name in enumerate(names):
            place: Keys = (*where, number) if where[-1] == "agents" else where
            inner = list_of(name)
            if inner is not None:
                branches.append(self.chain(inner, place))
            elif (step := self.member(name, place)) is not None:
                branches.append(Chain(steps=(step,)))
        return tuple(branches)

    def _cases(self, table: dict[str, Any], keys: Keys) -> tuple[Chain, ...]:
        self._unused(table, keys, ("agent", "agents"))
        cases = self._list(table.get("cases", []), (*keys, "cases"))
        chains = [self._case(it, (*keys, "cases", n), n) for n, it in enumerate(cases)]
        if "default" in table:
            chains.append(self.chain(table["default"], (*keys, "default")))
        return tuple(chains)

    def _case(self, told: Any, keys: Keys, number: int) -> Chain:
        table = table_of(told)
        if table is None:
            self._notes.wrong_kind(keys, "a table", told)
            return Chain(case=Case(name=f"case {number + 1}"))
        names, where = self.members(table, keys)
        named = {"name": _case_name(table, names, number)}
        said = {**named, **table}
        case = read_settings(Case, said, keys, self._notes, beside=("agent", "agents"))
        return self.chain(names, where, case)

    def _may_own(self, name: str, keys: Keys) -> bool:
        if name in self._open:
            circle = " → ".join([*self._open[self._open.index(name) :], name])
            message = f"orchestrators contain each other: {circle}"
            self._notes.error("orchestrator-cycle", keys, message, *self._uncircled(name, keys))
        elif name in self._owners:
            message = (
                f"orchestrator {name!r} stands in two places; the other is "
                f"{dotted(self._owners[name])}"
            )
            title = f"Take {name!r} out of one of them, or make a copy under another name"
            fix = text_fix(title, {"do": "remove", "keys": keys})
            self._notes.error("two-owners", keys, message, fix)
        elif len(self._open) >= MAX_NESTING:
            message = f"orchestrators stand in one another more than {MAX_NESTING} deep"
            self._notes.error("too-deep", keys, message, Fix("Take it out of some of them"))
        else:
            return True
        return False

    def _uncircled(self, name: str, keys: Keys) -> Iterator[Fix]:
        """What was meant by naming an orchestrator in itself: mostly, to do it again."""
        gone = {"do": "remove", "keys": keys}
        yield text_fix(f"Take {name!r} out here", gone)
        if self._tables.get(name, {}).get("mode") == "sequential":
            loop = {"do": "set", "keys": ("orchestrators", name, "mode"), "value": "loop"}
            yield text_fix(f"Repeat {name!r} in a loop instead", gone, loop)

    def _flattened(self, names: Any, keys: Keys) -> Iterator[tuple[Any, Keys]]:
        """Each name with its place; an inner list is a problem, and its names stand in line."""
        if not isinstance(names, list):
            yield names, keys
            return
        for number, name in enumerate(self._list(names, keys)):
            where = keys if keys[-1] == "agent" else (*keys, number)
            inner = list_of(name)
            if inner is None:
                yield name, where
                continue
            message = "a list in a list is a branch, and only a collaborative step has branches"
            fix = Fix(
                "Make it an orchestrator of its own, [orchestrators.<name>], and name it here"
            )
            line = {"do": "set", "keys": keys, "value": _in_line(list_of(names) or [])}
            in_line = text_fix("Let its steps stand in line", line)
            self._notes.error("nested-list", where, message, fix, in_line)
            for place, it in enumerate(inner):
                yield it, (*where, place)

    def _list(self, value: Any, keys: Keys) -> list[Any]:
        found = list_of(value)
        if found is None:
            self._notes.wrong_kind(keys, "a list", value)
        return found or []

    def _unused(self, table: Mapping[str, Any], keys: Keys, structure: tuple[str, ...]) -> None:
        for key in structure:
            if key in table:
                message = "has no meaning in this mode and is kept as it is"
                self._notes.info("unused-key", (*keys, key), message)


def _mode_fix(where: Keys, mode: str) -> Fix:
    change = {"do": "set", "keys": (*where, "mode"), "value": mode}
    return text_fix(f"Write mode = {mode!r}", change)


def _in_line(names: list[Any]) -> list[Any]:
    """The names of a list in which lists stand, one after the other."""
    return [it for name in names for it in (list_of(name) or [name])]


def _case_name(table: Mapping[str, Any], names: list[Any], number: int) -> str:
    """What a case without a name is called: its route, or its only step, or its number."""
    if isinstance(table.get("route"), str) and table["route"]:
        return table["route"]
    if len(names) == 1 and isinstance(names[0], str):
        return names[0]
    return f"case {number + 1}"


def _named(table: Mapping[str, Any]) -> Iterator[str]:
    """Every name in an orchestrator's table that may be a member's."""
    pending = [value for key, value in table.items() if key in _MEMBERS]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        pending.extend(list_of(value) or ())
        pending.extend(it for key, it in (table_of(value) or {}).items() if key in _MEMBERS)

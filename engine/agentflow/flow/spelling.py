"""Spelling: reads the other ways of saying a thing as the one way that the reader knows.

The file itself is not changed. For each key that it says otherwise, `Spelled` tells where it
does, so that a problem names that line and a save changes that place.

* `[orchestration]`: `timeout_seconds`; `agents`, `sequential_agents`, `collaborative_agents`,
  `loop_agent` and `max_iterations` beside `mode` instead of in the mode's own table.
* any orchestrator: `pattern` for `mode`, a table `config` for its settings, `loop_condition`,
  and a loop's `condition` as a table.
  `agent` for a list of one; `agent_timeout` among its `weights`.
* a stage: `template`, the name of a table `[templates.<name>]` of what it does not say itself.
* a router: `agents`, or `[.rules]` and `[[.patterns]]`, for cases; `default_agent`, or one name,
  for a default. In `[orchestration]` a router that names nobody has a case for each agent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agentflow.flow.read_condition import condition_of_table
from agentflow.flow.read_notes import Notes
from agentflow.flow.spelled import Spelled
from agentflow.flow.text_fixes import text_fix
from agentflow.flow.toml_values import copied, list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["MODE_TABLES", "Canonical", "canonical", "only_mode"]

MODE_TABLES = {"route": "routing"}
"""The modes whose own table in `[orchestration]` is not called like the mode."""


_MODES_BY_TABLE = {
    "collaborative": "collaborative",
    "loop": "loop",
    "mixed": "mixed",
    "routing": "route",
    "sequential": "sequential",
}


def only_mode(orchestration: Mapping[str, Any]) -> str | None:
    """The mode that is meant when none is said: the one that has a table, if only one has."""
    given = [mode for table, mode in _MODES_BY_TABLE.items() if table in orchestration]
    return given[0] if len(given) == 1 else None


@dataclass(frozen=True, slots=True)
class Canonical:
    """A file's tables, said in the one way."""

    data: dict[str, Any]
    spelled: dict[Keys, Spelled] = field(default_factory=dict[Keys, Spelled])
    """By the keys at which `data` has it."""


def canonical(
    data: Mapping[str, Any], notes: Notes, spelled: Mapping[Keys, Spelled] | None = None
) -> Canonical:
    """Say a file's tables in the one way; notes get what cannot be said so.

    Args:
        data: the tables.
        notes: gets the problems.
        spelled: where the file has what is not at its place in `data`.
    """
    said = Canonical(copied(dict(data)), dict(spelled or {}))
    orchestration = table_of(said.data.get("orchestration"))
    if orchestration is not None:
        _Orchestration(said, orchestration, notes).read()
    for name, table in _tables(said.data, "orchestrators"):
        _orchestrator(said, ("orchestrators", name), table, notes)
    for name, table in _tables(said.data, "agents"):
        _seconds(said, ("agents", name), table)
    return said


def _tables(data: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    inner = (table_of(data.get(key)) or {}).items()
    return [(name, table) for name, it in inner if (table := table_of(it)) is not None]


class _Orchestration:
    """The table [orchestration] and those in it."""

    def __init__(self, said: Canonical, table: dict[str, Any], notes: Notes) -> None:
        self._said, self._table, self._notes = said, table, notes
        self._keys: Keys = ("orchestration",)

    def read(self) -> None:
        _seconds(self._said, self._keys, self._table)
        mode = self._table.get("mode", only_mode(self._table))
        if mode == "mixed":
            self._phases()
            self._stages()
        elif isinstance(mode, str):
            self._flat(mode)

    def _flat(self, mode: str) -> None:
        own = MODE_TABLES.get(mode, mode)
        told = table_of(self._table.get(own, {}))
        if told is None:
            return
        if not {"agent", "agents", "cases", "rules", "patterns"} & told.keys():
            self._hoist(f"{mode}_agents", own, told, "agents")
            self._hoist("agents", own, told, "agents")
            if mode == "loop" and "agents" not in told:
                self._hoist("loop_agent", own, told, "agent")
        if mode == "loop" and "max_iterations" not in told:
            self._hoist("max_iterations", own, told, "max_iterations")
        if mode == "route" and not {"agent", "agents", "cases", "rules", "patterns"} & told.keys():
            told["agents"] = list(table_of(self._said.data.get("agents")) or ())
            self._said.spelled[*self._keys, own, "agents"] = Spelled((), "other")
        if told:
            self._table[own] = told
        _orchestrator(self._said, (*self._keys, own), told, self._notes, mode=mode)

    def _hoist(self, key: str, own: str, table: dict[str, Any], as_key: str) -> None:
        if key in self._table and as_key not in table:
            table[as_key] = self._table.pop(key)
            place: Keys = (*self._keys, own, as_key)
            self._said.spelled[place] = Spelled(((*self._keys, key),), form="same")

    def _phases(self) -> None:
        """Two lists of agents for the two phases that a mixed flow has elsewhere."""
        lists = [
            key
            for key in ("collaborative_agents", "sequential_agents")
            if isinstance(self._table.get(key), list)
        ]
        mixed = table_of(self._table.get("mixed", {}))
        if not lists or mixed is None or "stages" in mixed:
            return
        stages = [
            {"name": mode, "mode": mode, "agents": self._table.pop(key)}
            for key in lists
            for mode in (key.removesuffix("_agents"),)
        ]
        self._table["mixed"] = {**mixed, "stages": stages}
        place: Keys = (*self._keys, "mixed", "stages")
        where = tuple((*self._keys, key) for key in lists)
        self._said.spelled[place] = Spelled(where, form="other")

    def _stages(self) -> None:
        mixed = table_of(self._table.get("mixed")) or {}
        for number, it in enumerate(list_of(mixed.get("stages")) or ()):
            stage = table_of(it)
            if stage is not None:
                place: Keys = (*self._keys, "mixed", "stages", number)
                _template(self._said, place, stage, self._notes)
                _orchestrator(self._said, place, stage, self._notes)


def _template(said: Canonical, keys: Keys, stage: dict[str, Any], notes: Notes) -> None:
    """`template` names a table of [templates], which says what the stage does not say itself."""
    name = stage.get("template")
    if not isinstance(name, str):
        return
    del stage["template"]
    found = table_of((table_of(said.data.get("templates")) or {}).get(name))
    if found is None:
        title = f"Write a table [templates.{name}], or take it out here"
        fix = text_fix(title, {"do": "remove", "keys": (*keys, "template")})
        notes.error("unknown-template", (*keys, "template"), f"no template named {name!r}", fix)
        return
    for key, value in copied(found).items():
        if key not in stage:
            # Other stages may use it, so nothing is edited there: an edit is written in the stage.
            stage[key] = value
            said.spelled[*keys, key] = Spelled((), "other")


def _orchestrator(
    said: Canonical, keys: Keys, table: dict[str, Any], notes: Notes, *, mode: str = ""
) -> None:
    if "mode" not in table and "pattern" in table:
        table["mode"] = table.pop("pattern")
        said.spelled[*keys, "mode"] = Spelled(((*keys, "pattern"),), form="same")
    config = table_of(table.get("config"))
    if config is not None:
        del table["config"]
        for key, value in config.items():
            as_key = "condition" if key == "loop_condition" else key
            if as_key not in table:
                table[as_key] = value
                said.spelled[*keys, as_key] = Spelled(((*keys, "config", key),), form="same")
    _condition(said, keys, table, notes)
    _timeout_among_weights(said, keys, table)
    _listed(said, keys, table, "agent", "agents")
    _listed(said, keys, table, "default_agent", "default")
    _listed(said, keys, table, "default", "default")
    _rules(said, keys, table)
    if (mode or table.get("mode")) == "route":
        _one_case_each(said, keys, table)
    for number, it in enumerate(list_of(table.get("cases")) or ()):
        case = table_of(it)
        if case is not None:
            _listed(said, (*keys, "cases", number), case, "agent", "agents")


def _timeout_among_weights(said: Canonical, keys: Keys, table: dict[str, Any]) -> None:
    """A key that was written after `[.weights]`, and so by TOML stands in it."""
    weights = table_of(table.get("weights")) or {}
    key = "agent_timeout"
    if isinstance(weights.get(key), str) and key not in table:
        table[key] = weights.pop(key)
        said.spelled[*keys, key] = Spelled(((*keys, "weights", key),), form="same")


def _listed(said: Canonical, keys: Keys, table: dict[str, Any], single: str, as_key: str) -> None:
    """One name for a list of one."""
    name = table.get(single)
    if isinstance(name, str) and (as_key == single or as_key not in table):
        del table[single]
        table[as_key] = [name]
        place: Keys = (*keys, as_key)
        before = said.spelled.get((*keys, single)) or said.spelled.get(place)
        where = before.keys if before else ((*keys, single),)
        said.spelled[place] = Spelled(where, "single")


def _one_case_each(said: Canonical, keys: Keys, table: dict[str, Any]) -> None:
    """Members without cases: each is the case of its name."""
    names = list_of(table.get("agents"))
    if names is None or "cases" in table:
        return
    del table["agents"]
    place: Keys = (*keys, "agents")
    before = said.spelled.pop(place, None)
    where = before.keys if before else (place,)
    table["cases"] = [
        {"name": name, "agents": [name]} if isinstance(name, str) else name for name in names
    ]
    said.spelled[*keys, "cases"] = Spelled(where, "other")
    for number in range(len(names)):
        inner = tuple((*it, number) if it[-1] == "agents" else it for it in where)
        said.spelled[*keys, "cases", number] = Spelled(inner, "other")


def _condition(said: Canonical, keys: Keys, table: dict[str, Any], notes: Notes) -> None:
    told = table_of(table.get("condition"))
    if told is not None:
        place: Keys = (*keys, "condition")
        before = said.spelled.get(place)
        where = before.keys if before else (place,)
        text = condition_of_table(told, where[0], notes)
        del table["condition"]
        if text:
            table["condition"] = text
        said.spelled[place] = Spelled(where, form="other")


def _rules(said: Canonical, keys: Keys, table: dict[str, Any]) -> None:
    rules, patterns = table_of(table.get("rules")), list_of(table.get("patterns"))
    if "cases" in table or (rules is None and patterns is None):
        return
    cases: list[Any] = []
    for name, agent in (rules or {}).items():
        place: Keys = (*keys, "rules", name)
        said.spelled[*keys, "cases", len(cases)] = Spelled((place,), form="other")
        cases.append({"name": name, "agent": agent})
    for number, pattern in enumerate(patterns or ()):
        if not _added_to_its_rule(cases, pattern):
            place = (*keys, "patterns", number)
            said.spelled[*keys, "cases", len(cases)] = Spelled((place,), form="other")
            cases.append(pattern)
    table["cases"] = cases
    where: list[Keys] = [(*keys, key) for key in ("rules", "patterns") if table.pop(key, None)]
    said.spelled[*keys, "cases"] = Spelled(tuple(where), form="other")


def _added_to_its_rule(cases: list[dict[str, Any]], pattern: Any) -> bool:
    """Whether a pattern could be written into the rule that names the same agent."""
    told = table_of(pattern) or {}
    agent = told.get("agent")
    rule = next((it for it in cases if table_of(it) and it.get("agent") == agent), None)
    if agent is None or rule is None or "keywords" in rule:
        return False
    rule.update({key: value for key, value in told.items() if key not in ("agent", "name")})
    return True


def _seconds(said: Canonical, keys: Keys, table: dict[str, Any]) -> None:
    """`timeout_seconds = 30` is a timeout of "30s"; 0 is none."""
    seconds = table.get("timeout_seconds")
    if "timeout" in table or isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return
    del table["timeout_seconds"]
    if seconds != 0:
        table["timeout"] = f"{seconds}s"
    said.spelled[*keys, "timeout"] = Spelled(((*keys, "timeout_seconds"),), form="other")

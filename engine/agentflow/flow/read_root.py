"""Reads [orchestration]: the root chain, from its mode's own table or from stages."""

from collections.abc import Collection
from typing import Any

from agentflow.flow.flow import Chain, FlowSettings, Orchestrator, OrchestratorSettings, Step
from agentflow.flow.kinds import Kinds
from agentflow.flow.read_notes import Notes
from agentflow.flow.read_settings import as_table, file_keys, read_settings
from agentflow.flow.read_steps import StepReader
from agentflow.flow.spelling import MODE_TABLES, only_mode
from agentflow.flow.text_fixes import text_fix
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys
from agentflow.problem import Fix

__all__ = ["RootReader"]

KEYS: Keys = ("orchestration",)

_FOREIGN = (
    "agents",
    "collaborative_agents",
    "loop_agent",
    "max_iterations",
    "sequential_agents",
    "timeout_seconds",
)
"""Keys that other dialects have here, and that the active mode does not use."""


class RootReader:
    """Reads the table [orchestration]."""

    def __init__(
        self, kinds: Kinds, steps: StepReader, agents: Collection[str], notes: Notes
    ) -> None:
        self._kinds, self._steps, self._notes = kinds, steps, notes
        self._agents = agents

    def read(self, table: dict[str, Any]) -> tuple[FlowSettings, Chain]:
        """The settings of the whole run, and the root chain."""
        tables = {MODE_TABLES.get(mode, mode) for mode in self._kinds.modes} | {"mixed"}
        beside = {"mode", *_FOREIGN, *tables}
        settings = read_settings(FlowSettings, table, KEYS, self._notes, beside=beside)
        mode = self._mode(table)
        if mode is None:
            return settings, Chain()
        if mode == "mixed":
            return settings, self._mixed(table)
        return settings, Chain(steps=(self._flat(mode, table),))

    def _mode(self, table: dict[str, Any]) -> str | None:
        mode = table.get("mode")
        if isinstance(mode, str) and mode.strip():
            return mode
        if mode is not None:
            self._notes.wrong_kind((*KEYS, "mode"), f"one of {', '.join(self._modes)}", mode)
            return None
        meant = only_mode(table)
        if meant is not None:
            message = f"has no mode; {meant!r} is taken, because only its table is there"
            change = {"do": "set", "keys": (*KEYS, "mode"), "value": meant}
            fix = text_fix(f'Write mode = "{meant}"', change)
            self._notes.warning("missing-mode", KEYS, message, fix)
            return meant
        if table:
            fix = Fix(f"Write mode = one of {', '.join(self._modes)}")
            self._notes.error("missing-mode", KEYS, "has no mode", fix)
        return None

    @property
    def _modes(self) -> list[str]:
        return [*self._kinds.modes, "mixed"]

    def _flat(self, mode: str, table: dict[str, Any]) -> Orchestrator:
        own = MODE_TABLES.get(mode, mode)
        keys: Keys = (*KEYS, own)
        told = as_table(table.get(own), keys, self._notes)
        name = told.get("name", mode)
        if not isinstance(name, str) or not name.strip():
            self._notes.wrong_kind((*keys, "name"), "a name", name)
            name = mode
        return self._steps.orchestrator(name, mode, told, keys)

    def _mixed(self, table: dict[str, Any]) -> Chain:
        keys: Keys = (*KEYS, "mixed")
        mixed = as_table(table.get("mixed"), keys, self._notes)
        for key in mixed:
            if key != "stages":
                self._notes.unknown_key((*keys, key), ("stages",))
        stages = mixed.get("stages", [])
        if list_of(stages) is None:
            self._notes.wrong_kind((*keys, "stages"), "a list of tables", stages)
        reader = _StageReader(self._steps, self._modes, self._agents, self._notes)
        steps = [
            reader.read(stage, (*keys, "stages", number))
            for number, stage in enumerate(list_of(stages) or ())
        ]
        return Chain(steps=tuple(step for step in steps if step is not None))


class _StageReader:
    """Reads the stages of a mixed flow."""

    def __init__(
        self, steps: StepReader, modes: list[str], agents: Collection[str], notes: Notes
    ) -> None:
        self._steps, self._modes, self._notes = steps, modes, notes
        self._taken = set(agents)

    def read(self, told: Any, keys: Keys) -> Step | None:
        """The step that a stage is."""
        stage = table_of(told)
        if stage is None:
            self._notes.wrong_kind(keys, "a table", told)
            return None
        alone = self._alone(stage)
        if alone is not None:
            self._without_effect(stage, keys)
            return self._steps.member(alone, keys)
        mode = stage.get("mode", "sequential")
        if not isinstance(mode, str) or not mode.strip():
            self._notes.wrong_kind((*keys, "mode"), f"one of {', '.join(self._modes)}", mode)
            mode = "sequential"
        return self._steps.orchestrator(self._name(stage, mode, keys), mode, stage, keys)

    def _alone(self, stage: dict[str, Any]) -> str | None:
        """The one step that a stage stands for, and whose name it has."""
        told = list_of(stage.get("agents", [stage["agent"]] if "agent" in stage else None))
        only = told[0] if told and len(told) == 1 else None
        named = stage.get("name", only)
        plain = stage.get("mode", "sequential") == "sequential"
        return only if isinstance(only, str) and plain and named == only else None

    def _without_effect(self, stage: dict[str, Any], keys: Keys) -> None:
        for key in stage:
            if key in file_keys(OrchestratorSettings):
                message = "has no effect on a stage that is a single step"
                by_hand = "Set it on the agent, or give the stage a name of its own"
                gone = text_fix("Remove it", {"do": "remove", "keys": (*keys, key)})
                self._notes.warning("unused-key", (*keys, key), message, Fix(by_hand), gone)
            elif key not in ("name", "mode", "agent", "agents"):
                self._notes.unknown_key((*keys, key), ("name", "mode", "agent", "agents"))

    def _name(self, stage: dict[str, Any], mode: str, keys: Keys) -> str:
        name = stage.get("name")
        if isinstance(name, str) and name.strip():
            self._taken.add(name)
            return name
        if name is not None:
            self._notes.wrong_kind((*keys, "name"), "a name", name)
        free = next(
            it
            for number in range(1, len(self._taken) + 2)
            if (it := mode if number == 1 else f"{mode} {number}") not in self._taken
            and not self._steps.is_orchestrator(it)
        )
        self._taken.add(free)
        return free

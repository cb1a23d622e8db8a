"""AgenticGoKit's v1beta dialect: a [workflow] of steps, or the settings of a single agent.

`[workflow] mode` is `sequential`, `parallel`, `dag` or `loop`. Its members are listed in `agents`,
or are `[[workflow.steps]]` with `name`, `agent` and `dependencies`, as the fields of its
WorkflowStep are called. A file without one is a single agent, whose keys stand outside all tables.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from agentflow.duration import format_duration
from agentflow.flow.dialects.base import Dialect, Said
from agentflow.flow.dialects.dag import tables_of_tree
from agentflow.flow.dialects.prompt import quote_prompt
from agentflow.flow.dialects.series_parallel import arranged
from agentflow.flow.dialects.workflow_steps import WorkflowStep, steps_of
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["DIALECT", "LOOP_PASSES"]

LOOP_PASSES = 10
"""How often a loop runs that says nothing of it."""

MOST_NANOSECONDS = 1 << 60
"""Longer than any timeout; such a number stays as it is, and is told to be none."""

_NATIVE = ("orchestration", "orchestrators", "agent_flow", "editor")
_MODES = {"sequential": "sequential", "parallel": "collaborative", "loop": "loop", "dag": "dag"}
_MOST_TOLD = 20
"""So many added waits are named."""


def is_spoken(data: Mapping[str, Any]) -> bool:
    """Whether there is a workflow, a project or a single agent, and nothing native."""
    if any(key in data for key in _NATIVE):
        return False
    workflow = table_of(data.get("workflow")) or {}
    is_agent = isinstance(data.get("name"), str) and ("system_prompt" in data or "llm" in data)
    return "project" in data or is_agent or bool({"mode", "agents", "steps"} & workflow.keys())


def translate(said: Said) -> None:
    """Say with native keys what the file says."""
    _heading(said)
    _single_agent(said)
    for name, it in said.table("agents").items():
        table = table_of(it)
        if table is not None:
            _nanoseconds(said, ("agents", name), ("agents", name), table)
            quote_prompt(said, ("agents", name), table)
    if table_of(said.data.get("workflow")) is not None:
        _workflow(said, said.table("workflow"))
    elif said.table("agents"):
        _members_in_line(said)


def _heading(said: Said) -> None:
    project = said.table("project")
    for key in ("name", "version", "description"):
        if key in project:
            said.own_table("agent_flow")[key] = project.pop(key)
            what = f"is agent_flow.{key} here"
            said.moved(("agent_flow", key), ("project", key), what)
    if "project" in said.data and not said.data["project"]:
        del said.data["project"]


def _single_agent(said: Said) -> None:
    name = said.data.get("name")
    if not isinstance(name, str) or not name.strip() or said.table("agents"):
        return
    del said.data["name"]
    said.own_table("agent_flow")["name"] = name
    said.moved(("agent_flow", "name"), ("name",), "is the flow's name and its agent's here")
    agent: dict[str, Any] = {}
    for key in ("description", "system_prompt", "timeout"):
        if key in said.data:
            agent[key] = said.data.pop(key)
            said.moved(("agents", name, key), (key,), f"is a key of agent {name!r} here")
    _nanoseconds(said, ("agents", name), (), agent)
    said.own_table("agents")[name] = agent


def _members_in_line(said: Said) -> None:
    agents = list(said.table("agents"))
    said.data["orchestration"] = {"mode": "sequential", "sequential": {"agents": agents}}
    if len(agents) > 1:
        said.lost(("agents",), "work together as code says there; here they work in turn")


def _nanoseconds(said: Said, keys: Keys, source: Keys, table: dict[str, Any]) -> None:
    value = table.get("timeout")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < MOST_NANOSECONDS:
        said_with_unit = format_duration(timedelta(microseconds=value / 1000))
        table["timeout"] = said_with_unit
        what = f"is a bare number, which means nanoseconds there; it is {said_with_unit} here"
        said.moved((*keys, "timeout"), (*source, "timeout"), what)


def _workflow(said: Said, workflow: dict[str, Any]) -> None:
    steps = steps_of(said, workflow)
    _nanoseconds(said, ("orchestration",), ("workflow",), workflow)
    root: dict[str, Any] = {}
    if "timeout" in workflow:
        root["timeout"] = workflow.pop("timeout")
        said.moved(("orchestration", "timeout"), ("workflow", "timeout"))
    mode = _mode(said, workflow.pop("mode", "sequential"))
    source: Keys = ("workflow", "steps" if "steps" in workflow else "agents")
    if mode == "dag":
        own, members = _dag(said, steps, source)
        said.moved(("orchestration", own["mode"]), source, "is the tree of [orchestration] here")
        if members:
            said.own_table("orchestrators").update(members)
            said.moved(("orchestrators",), source)
    else:
        own = {"mode": mode, mode: _flat(said, mode, steps, workflow)}
        said.moved(("orchestration", mode, "agents"), source)
    said.data["orchestration"] = {**root, **own}
    said.moved(("orchestration", "mode"), ("workflow", "mode"), f"is {own['mode']!r} here")
    for key in ("agents", "steps"):
        workflow.pop(key, None)
    if not workflow:
        del said.data["workflow"]


def _mode(said: Said, mode: Any) -> str:
    if mode in ("", None) or not isinstance(mode, str):
        return "sequential"
    if mode not in _MODES:
        said.lost(("workflow", "mode"), f"{mode!r} is no mode of a workflow; its steps run in turn")
    return _MODES.get(mode, "sequential")


def _flat(
    said: Said, mode: str, steps: list[WorkflowStep], workflow: dict[str, Any]
) -> dict[str, Any]:
    own: dict[str, Any] = {"agents": [step.agent for step in steps]}
    if mode == "loop":
        own["max_iterations"] = workflow.pop("max_iterations", 0) or LOOP_PASSES
        place: Keys = ("workflow", "max_iterations")
        said.moved(("orchestration", "loop", "max_iterations"), place)
        said.lost(("workflow",), "ends its loop when code says so there; here only at its limits")
    for step in steps:
        if step.needs:
            said.lost(
                step.keys, f"its dependencies mean nothing in a workflow of this mode ({mode})"
            )
    return own


def _dag(
    said: Said, steps: list[WorkflowStep], source: Keys
) -> tuple[dict[str, Any], dict[str, Any]]:
    agents = {step.name: step.agent for step in steps}
    found = arranged({step.name: step.needs for step in steps}) if steps else None
    if found is None:
        if steps:
            said.lost(source, "depend on each other in a circle; here they run in turn")
        return {"mode": "sequential", "sequential": {"agents": list(agents.values())}}, {}
    for first, then in found.added[:_MOST_TOLD]:
        said.lost(source, f"are no nesting of turns and branches: {then!r} waits for {first!r} too")
    if len(found.added) > _MOST_TOLD:
        said.lost(
            source, f"{len(found.added) - _MOST_TOLD} more steps wait longer than they have to"
        )
    what = "hand on the whole state here; there a step gets the texts of its dependencies"
    said.translated(source, what)
    taken = {*agents.values(), *said.table("agents"), *said.table("orchestrators")}
    return tables_of_tree(found.tree, agents, taken)


DIALECT = Dialect(
    name="v1beta",
    title="AgenticGoKit's v1beta dialect",
    is_spoken=is_spoken,
    translate=translate,
)

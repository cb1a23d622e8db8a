"""AgenticGoKit's core dialect: lists of agents in [orchestration], one mode for the whole flow."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from agentflow.exporters._core_agents import agent_tables, llm_table, whole_seconds
from agentflow.exporters._core_plan import Plan, plan_of
from agentflow.exporters._unsaid import Unsaid
from agentflow.exporters.base import Exported, Exporter
from agentflow.flow.canonical import canonical_text
from agentflow.flow.dialects.core_keys import CORE_KEYS
from agentflow.flow.flow import AgentUse, Flow, Orchestrator
from agentflow.flow.read_memory import their_memory
from agentflow.flow.read_tables import OUR_TABLES
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["EXPORTER"]

RUN_SECONDS = 3600
"""The timeout of a run that has none here: there one must be said."""


def write(flow: Flow, kept: Mapping[str, Any]) -> Exported:
    """The flow as AgenticGoKit's own loader and its check of [orchestration] accept it."""
    unsaid = Unsaid("AgenticGoKit's core dialect")
    plan = plan_of(flow, unsaid)
    tables: dict[str, Any] = {"agent_flow": _heading(flow, kept)}
    llm = llm_table(flow.llm, table_of(kept.get("llm")) or {}, ("llm",), unsaid)
    if llm:
        tables["llm"] = llm
    tables["orchestration"] = _orchestration(flow, plan, unsaid)
    agents = table_of(kept.get("agents")) or {}
    tables["agents"] = agent_tables(flow, _used(flow, plan, unsaid), agents, unsaid)
    unsaid.settings(("orchestration",), flow.settings, ("timeout", "failure_threshold"))
    unsaid.lent(flow)
    memory = their_memory(kept)
    unsaid.parked(flow)
    others = {key: it for key, it in kept.items() if key not in OUR_TABLES}
    for key, value in {**others, "memory": memory}.items():
        if value and (fits := unsaid.refused(value, CORE_KEYS.get(key), (key,))):
            tables[key] = fits
    return Exported(canonical_text(tables), unsaid.sentences)


def _heading(flow: Flow, kept: Mapping[str, Any]) -> dict[str, Any]:
    told = {"name": flow.name, "version": flow.version, "description": flow.description}
    provider = (table_of(kept.get("agent_flow")) or {}).get("provider")
    if isinstance(provider, str):
        told["provider"] = provider
    return {key: text for key, text in told.items() if text}


def _orchestration(flow: Flow, plan: Plan, unsaid: Unsaid) -> dict[str, Any]:
    table: dict[str, Any] = {"mode": plan.mode, "timeout_seconds": _seconds(flow, unsaid)}
    if plan.together and plan.mode != "route":
        table["collaborative_agents"] = list(plan.together)
    if plan.in_line:
        table["sequential_agents"] = list(plan.in_line)
    if plan.mode == "loop":
        table |= {"loop_agent": plan.loop, "max_iterations": plan.max_iterations}
    return table


def _seconds(flow: Flow, unsaid: Unsaid) -> int:
    keys: Keys = ("orchestration", "timeout")
    limits = [flow.settings.timeout]
    steps = flow.root.steps
    if len(steps) == 1 and isinstance(steps[0], Orchestrator):
        limits.append(steps[0].settings.timeout)
    told = [limit for limit in limits if limit is not None]
    if not told:
        unsaid.tell(keys, f"a run has no limit here; there it must, so {RUN_SECONDS} s are written")
    return whole_seconds(min(told, default=timedelta(seconds=RUN_SECONDS)), keys, unsaid)


def _used(flow: Flow, plan: Plan, unsaid: Unsaid) -> dict[str, bool]:
    """Every agent, and whether it may run there."""
    listed = {*plan.together, *plan.in_line, plan.loop} - {""}
    places = (place.step for place in flow.places())
    named = [step.agent for step in places if isinstance(step, AgentUse)]
    used: dict[str, bool] = {}
    for name in [*flow.agents, *named]:
        spec = flow.agents.get(name)
        used[name] = name in listed or (spec is not None and spec.enabled)
        if used[name] and name not in listed and plan.is_closed:
            used[name] = False
            what = "is disabled there, because every enabled agent takes part in this mode"
            unsaid.tell(("agents", name, "enabled"), what)
    return used


EXPORTER = Exporter(
    name="core", title="AgenticGoKit core configuration", suffix=".toml", write=write
)

"""AgenticGoKit's v1beta dialect: a project with a [workflow] of one mode."""

from collections.abc import Mapping
from typing import Any

from agentflow.duration import format_duration
from agentflow.exporters._unsaid import Unsaid
from agentflow.exporters._v1beta_agents import agent_tables, llm_table
from agentflow.exporters._v1beta_steps import Workflow, workflow_of
from agentflow.exporters.base import Exported, Exporter
from agentflow.flow.canonical import canonical_text
from agentflow.flow.flow import Flow, Orchestrator
from agentflow.flow.read_memory import their_memory
from agentflow.flow.read_tables import OUR_TABLES
from agentflow.flow.toml_values import table_of

__all__ = ["EXPORTER"]


def write(flow: Flow, kept: Mapping[str, Any]) -> Exported:
    """The flow as AgenticGoKit's LoadProjectConfigFromTOML accepts it."""
    unsaid = Unsaid("AgenticGoKit's v1beta dialect")
    told = {"name": flow.name, "version": flow.version, "description": flow.description}
    project = {**(table_of(kept.get("project")) or {}), **{k: it for k, it in told.items() if it}}
    if not project.get("name"):
        project["name"] = "flow"
        unsaid.tell(("agent_flow", "name"), "a project must have a name there, so it is 'flow'")
    llm = llm_table(flow.llm, flow.llm, ("llm",), unsaid)
    tables: dict[str, Any] = {
        "project": project,
        "llm": llm,
        "workflow": _workflow(flow, workflow_of(flow, unsaid), unsaid),
        "agents": agent_tables(flow, table_of(kept.get("agents")) or {}, unsaid),
    }
    unsaid.settings(("orchestration",), flow.settings, ("timeout",))
    unsaid.lent(flow)
    memory = their_memory(kept)
    unsaid.parked(flow)
    others = {key: it for key, it in kept.items() if key not in (*OUR_TABLES, *tables)}
    tables |= {"memory": memory} if memory else {}
    return Exported(canonical_text({**tables, **others}), unsaid.sentences)


def _workflow(flow: Flow, workflow: Workflow, unsaid: Unsaid) -> dict[str, Any]:
    table: dict[str, Any] = {"mode": workflow.mode, "agents": list(workflow.agents)}
    limits = [flow.settings.timeout]
    steps = flow.root.steps
    if len(steps) == 1 and isinstance(steps[0], Orchestrator):
        limits.append(steps[0].settings.timeout)
    told = [limit for limit in limits if limit is not None]
    if told:
        table["timeout"] = format_duration(min(told))
    if workflow.max_iterations:
        table["max_iterations"] = workflow.max_iterations
    if workflow.mode == "dag":
        table["steps"] = [
            {"name": step.name, "agent": step.agent, "dependencies": list(step.needs)}
            for step in workflow.steps
        ]
        what = "are written as [[workflow.steps]], which there only code reads"
        unsaid.tell(("orchestration",), f"the dependencies {what}")
    return table


EXPORTER = Exporter(
    name="v1beta", title="AgenticGoKit v1beta configuration", suffix=".toml", write=write
)

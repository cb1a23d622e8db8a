"""Flow agents: run another agentflow.toml as one step."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType
from agentflow.call_key import calls_inside
from agentflow.errors import SetupError, ToolError
from agentflow.event import ALONE, Event
from agentflow.flow.flow import AgentSpec
from agentflow.flow.inner import MOST_DEPTH, inner_file
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.templates import fill_all
from agentflow.trace import StepFailed, StepSucceeded, TraceEntry

__all__ = ["AGENT_TYPE", "FlowAgentSettings"]


class FlowAgentSettings(Settings):
    """Which flow runs, and what goes in and out."""

    file: str = ""
    """The flow's file, in the folder of this one: "parts/reader.toml"."""
    input: dict[str, Any] = Field(default_factory=dict)
    """The state that it begins with; texts are templates. Without any it is the whole state."""
    output_key: str = ""
    """Where its answer goes; "" merges all that it changed into the state."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run. Its flow is read when it is called.

    Raises:
        SetupError: the flow is in no file, or flows run one another too deep.
    """
    settings = spec.settings
    assert isinstance(settings, FlowAgentSettings)
    where = f"agents.{spec.name}"
    if setup.folder is None or setup.run_flow is None:
        raise SetupError(f"{where}.file: a flow that is in no file has no folder; save it first")
    if setup.depth >= MOST_DEPTH:
        what = f"flows run one another more than {MOST_DEPTH} deep"
        raise SetupError(f"{where}.file: {what}; end the circle")
    folder, run_flow = setup.folder, setup.run_flow

    async def run(state: State, call: AgentCall) -> Mapping[str, Any]:
        data = _input(settings, state, where, call.path)
        outer = call.event
        metadata = {
            key: text for key, text in outer.metadata.items() if key not in ("route", ALONE)
        }
        event = Event(data=data, metadata=metadata, session_id=outer.session_id)
        with calls_inside(call.key):
            file = inner_file(folder, settings.file)
            outcome = await run_flow(file, event, call, _teller(call))
        if outcome.status != "succeeded":
            raise ToolError(f"the flow {settings.file!r} {outcome.status}: {outcome.error}")
        changes, _ = outcome.state.changes_from(State(data))
        return _result(settings, changes)

    return run


def _input(settings: FlowAgentSettings, state: State, where: str, path: str) -> dict[str, Any]:
    if not settings.input:
        return state.to_dict()
    return fill_all(settings.input, state, f"{where}.input", path=path)


def _result(settings: FlowAgentSettings, changes: dict[str, Any]) -> dict[str, Any]:
    if not settings.output_key:
        return changes
    answer = State(changes).answer
    return {settings.output_key: changes if answer is None else answer}


def _teller(call: AgentCall) -> Any:
    """Says in the trace of this run which steps of the other one have ended."""

    def tell(entry: TraceEntry) -> None:
        if isinstance(entry, StepSucceeded):
            call.say(f"{entry.path} done\n")
        elif isinstance(entry, StepFailed):
            call.say(f"{entry.path} failed\n")

    return tell


def _flow_file(spec: AgentSpec) -> str:
    return spec.settings.file if isinstance(spec.settings, FlowAgentSettings) else ""


def _writes(spec: AgentSpec) -> frozenset[str] | None:
    settings = spec.settings
    if isinstance(settings, FlowAgentSettings) and settings.output_key:
        return frozenset({settings.output_key})
    return None


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, FlowAgentSettings):
        return ()
    templates = template_faults({"input": settings.input})
    if settings.file:
        return templates
    fix = Fix('Name a file, such as file = "parts/reader.toml"')
    message = "no flow is named that it could run"
    none = Problem(severity="error", code="no-flow", message=message, where="file", fixes=(fix,))
    return (none, *templates)


AGENT_TYPE = AgentType(
    name="flow",
    title="Flow",
    summary="Runs another flow file as one step.",
    icon="sitemap-outline",
    settings=FlowAgentSettings,
    build=build,
    writes=_writes,
    faults=_faults,
    flow_file=_flow_file,
)

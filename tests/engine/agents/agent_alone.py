"""One agent in a flow of its own, run for real."""

from pathlib import Path
from typing import Any

from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup
from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.flow import AgentSpec, AgentUse, Chain, Flow
from agentflow.runner import Runner
from agentflow.running.outcome import RunOutcome
from agentflow.settings import Settings
from engine.fakes import setup as plain_setup

CATALOGUE = Catalogue.installed()


def settings(kind: str, **fields: Any) -> Settings:
    """The settings of an agent type, validated as those of a file are."""
    return CATALOGUE.agent_types[kind].settings.model_validate(fields)


def spec(kind: str, settings: Settings, **fields: Any) -> AgentSpec:
    return AgentSpec(name="worker", type=kind, settings=settings, **fields)


def built(kind: str, setup: AgentSetup | None = None, **fields: Any) -> AgentHandler:
    """The agent made ready; `fields` are its settings."""
    made = spec(kind, settings(kind, **fields))
    return CATALOGUE.agent_types[kind].build(made, setup or plain_setup())


def call(number: int = 1, path: str = "worker", **fields: Any) -> AgentCall:
    """A call of it, outside of any run."""
    event = fields.pop("event", Event())
    return AgentCall(event=event, agent="worker", path=path, run_id="r", number=number, **fields)


def runner(kind: str, setup: AgentSetup | None = None, **fields: Any) -> Runner:
    """A runner of a flow that is just this agent; `on_spec` are fields of its spec."""
    on_spec = fields.pop("on_spec", {})
    made = spec(kind, settings(kind, **fields), **on_spec)
    flow = Flow(
        name="alone", agents={"worker": made}, root=Chain(steps=(AgentUse(agent="worker"),))
    )
    return Runner.from_flow(flow, setup=setup or plain_setup())


async def outcome(
    kind: str, data: dict[str, Any], setup: AgentSetup | None = None, **fields: Any
) -> RunOutcome:
    """What comes of one event."""
    return await runner(kind, setup, **fields).run(Event(data=data))


def write(folder: Path, **files: str) -> None:
    """Python files of these names."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")

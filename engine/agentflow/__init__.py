"""AgentFlow: agents and orchestrators, drawn as a tree, run as a tree.

from agentflow import Catalogue, Event, Runner, load

file = load("agentflow.toml", Catalogue.installed())
outcome = await Runner.from_flow(file.flow).run(Event(data={"message": "hello"}))
print(outcome.state.answer)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentflow.agents.base import AgentCall, AgentSetup, AgentType
    from agentflow.callbacks import CallbackArgs, HookPoint
    from agentflow.catalogue import Catalogue
    from agentflow.errors import (
        AgentFailedError,
        AgentFlowError,
        AgentNotFoundError,
        FlowCheckError,
        FlowFileError,
        RunError,
        SetupError,
    )
    from agentflow.event import Event
    from agentflow.flow.check import check
    from agentflow.flow.flow import Flow
    from agentflow.flow.load import load
    from agentflow.gate import Gate
    from agentflow.memory.current import current_memory
    from agentflow.memory.session import Memory
    from agentflow.pools import Resource, borrowed
    from agentflow.problem import Problem
    from agentflow.result import AgentResult
    from agentflow.runner import Runner
    from agentflow.running.handle import RunHandle
    from agentflow.running.outcome import RunOutcome
    from agentflow.state import State
    from agentflow.trace import TraceEntry

__all__ = [
    "AgentCall",
    "AgentFailedError",
    "AgentFlowError",
    "AgentNotFoundError",
    "AgentResult",
    "AgentSetup",
    "AgentType",
    "CallbackArgs",
    "Catalogue",
    "Event",
    "Flow",
    "FlowCheckError",
    "FlowFileError",
    "Gate",
    "HookPoint",
    "Memory",
    "Problem",
    "Resource",
    "RunError",
    "RunHandle",
    "RunOutcome",
    "Runner",
    "SetupError",
    "State",
    "TraceEntry",
    "borrowed",
    "check",
    "current_memory",
    "load",
]

_HOMES = {
    "agents.base": ("AgentCall", "AgentSetup", "AgentType"),
    "callbacks": ("CallbackArgs", "HookPoint"),
    "catalogue": ("Catalogue",),
    "errors": (
        "AgentFailedError",
        "AgentFlowError",
        "AgentNotFoundError",
        "FlowCheckError",
        "FlowFileError",
        "RunError",
        "SetupError",
    ),
    "event": ("Event",),
    "flow.check": ("check",),
    "flow.flow": ("Flow",),
    "flow.load": ("load",),
    "gate": ("Gate",),
    "memory.current": ("current_memory",),
    "memory.session": ("Memory",),
    "running.handle": ("RunHandle",),
    "running.outcome": ("RunOutcome",),
    "pools": ("Resource", "borrowed"),
    "problem": ("Problem",),
    "result": ("AgentResult",),
    "runner": ("Runner",),
    "state": ("State",),
    "trace": ("TraceEntry",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: a program pays for what it uses."""
    for home, names in _HOMES.items():
        if name in names:
            found = getattr(import_module(f"agentflow.{home}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'agentflow' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""Memory agents: remember something for the session's next runs, recall it, search, forget."""

from typing import Any, Literal

from pydantic import Field

from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType
from agentflow.concurrency.threads import in_thread
from agentflow.flow.flow import AgentSpec
from agentflow.memory.current import AgentMemory, current_memory
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.templates import fill, fill_all

__all__ = ["AGENT_TYPE", "MemoryAgentSettings"]


class MemoryAgentSettings(Settings):
    """What is done with the memory of the session."""

    task: Literal["remember", "recall", "search", "forget"] = "recall"
    """Which of these it does."""
    key: str = ""
    """Under which it is remembered, a template: "customer/{{ name }}"."""
    value: str = ""
    """What is remembered, a template; one that is just an expression its value. "" remembers the
    state's answer."""
    default: str = ""
    """What is recalled where nothing is remembered; a template."""
    query: str = ""
    """What is searched for, a template: words of it in any form; "" takes the state's answer."""
    limit: int = Field(default=5, ge=1, le=100)
    """How many things a search gives."""
    output_key: str = "response"
    """Where goes what was recalled, or what a search found: a list of {key, value}."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run."""
    del setup
    settings = spec.settings
    assert isinstance(settings, MemoryAgentSettings)
    where = f"agents.{spec.name}"

    async def use(state: State, call: AgentCall) -> dict[str, Any]:
        memory = current_memory()
        wanted = _Wanted(settings, state, where, call.path)
        result = await in_thread(_DO[settings.task], memory, wanted)
        return {} if settings.task in ("remember", "forget") else {settings.output_key: result}

    return use


class _Wanted:
    """What one call asks, filled in."""

    def __init__(self, settings: MemoryAgentSettings, state: State, where: str, path: str) -> None:
        self.key = fill(settings.key, state, f"{where}.key", path=path).strip()
        says = bool(settings.value)
        value = fill_all(settings.value, state, f"{where}.value", path=path)
        self.value = value if says else state.answer
        self.default = fill_all(settings.default, state, f"{where}.default", path=path)
        query = fill(settings.query, state, f"{where}.query", path=path)
        self.query, self.limit = query or str(state.answer or ""), settings.limit


def _remember(memory: AgentMemory, wanted: _Wanted) -> None:
    memory.remember(wanted.key, wanted.value)


def _recall(memory: AgentMemory, wanted: _Wanted) -> Any:
    return memory.recall(wanted.key, wanted.default)


def _search(memory: AgentMemory, wanted: _Wanted) -> Any:
    return memory.search(wanted.query, wanted.limit)


def _forget(memory: AgentMemory, wanted: _Wanted) -> None:
    memory.forget(wanted.key)


_DO = {"remember": _remember, "recall": _recall, "search": _search, "forget": _forget}


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, MemoryAgentSettings) or settings.task in ("remember", "forget"):
        return frozenset()
    return frozenset({settings.output_key})


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, MemoryAgentSettings):
        return ()
    names = ("key", "value", "default", "query")
    templates = template_faults({name: getattr(settings, name) for name in names})
    if settings.task == "search" or settings.key.strip():
        return templates
    message = f"no key is named that it could {settings.task}"
    fix = Fix('Name one, such as key = "customer/{{ name }}"')
    none = Problem(severity="error", code="no-key", message=message, where="key", fixes=(fix,))
    return (none, *templates)


AGENT_TYPE = AgentType(
    name="memory",
    title="Memory",
    summary="Remembers something for the session's next runs, recalls it, or searches for it.",
    icon="brain",
    settings=MemoryAgentSettings,
    build=build,
    writes=_writes,
    remembers=lambda _: "task",
    faults=_faults,
)

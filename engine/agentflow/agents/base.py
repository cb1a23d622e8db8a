"""AgentType: what a type of agent declares, and what an agent gets and gives."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from agentflow.asking import Ask
from agentflow.call_key import call_key
from agentflow.event import Event
from agentflow.flow.flow import AgentSpec, Flow
from agentflow.models.base import Models
from agentflow.pools import Resource
from agentflow.problem import Fix, Problem
from agentflow.result import AgentResult
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.trace import Listener

if TYPE_CHECKING:
    from agentflow.memory.session import Memory

__all__ = [
    "AgentCall",
    "AgentHandler",
    "AgentSetup",
    "AgentType",
    "FlowOutcome",
    "Returned",
    "StateFunction",
    "executed_by",
    "executed_by_spec",
    "set_to",
    "unset",
]

Returned = AgentResult | State | Mapping[str, Any] | None
"""What an agent may return: a mapping is merged into the state, a State replaces it, None changes
nothing, and an AgentResult says either of these, or an error."""


@dataclass(slots=True, kw_only=True)
class AgentCall:
    """What an agent may know about the call that it answers."""

    event: Event
    """The message that the run is for."""
    agent: str
    path: str
    run_id: str
    attempt: int = 1
    """1 for the first call, more for retries."""
    number: int = 1
    """How many calls of this agent the run has made, this one included."""
    step: int = 0
    """The `seq` of the StepStarted that the call is for; a step that is routed back to has more."""
    say: Callable[[str], None] = lambda _: None
    """Tells a piece of the answer as it comes."""
    note: Callable[..., None] = lambda *_: None
    """Puts something that happens in it into the trace: the entry's kind, and its facts."""

    @property
    def key(self) -> str:
        """The same for every attempt of this step of this run: makes a repeated call harmless."""
        return call_key(self.run_id, self.path, self.step)


class AgentHandler(Protocol):
    """An agent made ready for one run, or for many."""

    async def __call__(self, state: State, call: AgentCall) -> Returned:
        """Do the work. Whatever it raises fails its step and nothing else."""
        ...


class StateFunction:
    """The handler of a function that wants to know nothing but the state."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[[State], Coroutine[Any, Any, Any]]) -> None:
        self.function = function

    async def __call__(self, state: State, call: AgentCall) -> Returned:
        """Call it."""
        return await self.function(state)


class FlowOutcome(Protocol):
    """What came of another flow."""

    @property
    def status(self) -> str: ...

    @property
    def state(self) -> State: ...

    @property
    def error(self) -> str: ...


RunFlow = Callable[[Path, Event, AgentCall, Listener], Awaitable[FlowOutcome]]
"""Runs the flow of a file with an event for a call, and tells a listener what happens in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSetup:
    """What agents are built with: the surroundings of a run."""

    models: Models
    folder: Path | None = None
    """The flow file's folder; None for a flow that is in no file."""
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    may_execute: bool = True
    """Whether agents may run code of the flow's author."""
    ask: Ask | None = None
    """Asks the person who runs the flow; None where nobody is there."""
    run_flow: RunFlow | None = None
    """Runs another flow as a step; the runner provides it."""
    depth: int = 0
    """How many flows this one is run by, one by the other."""
    isolate: bool = False
    """Whether that code runs in a process of its own, which can be killed."""
    shared: dict[str, Any] = field(default_factory=dict[str, Any])
    """What agents of one type share in one runner, by a name of that type's choosing."""
    pools: Mapping[str, Resource | Sequence[Any]] = field(
        default_factory=dict[str, "Resource | Sequence[Any]"]
    )
    """What the flow's pools lend, by name: the things, or how they are made."""
    memory: "Memory | None" = None
    """What agents remember with; None leaves that to the flow's `[memory]`."""
    on_close: list[Callable[[], Any]] = field(default_factory=list[Callable[[], Any]])
    """What built agents want called (and awaited, if it is awaitable) when the runner stops."""


def _nothing(_: AgentSpec) -> tuple[str, ...]:
    return ()


def _faultless(_: AgentSpec) -> tuple[Problem, ...]:
    return ()


def _unknown(_: AgentSpec) -> frozenset[str] | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentType:
    """A type of agent. One file of this folder offers one, as AGENT_TYPE."""

    name: str
    """What `type = ...` says in the file."""
    title: str
    summary: str
    """What it does, in one sentence for the palette and the docs."""
    icon: str
    """The name of a Material Design icon: "robot-outline"."""
    settings: type[Settings]
    """What may be set on it, beside what may be set on every agent."""
    build: Callable[[AgentSpec, AgentSetup], AgentHandler]
    """Makes an agent from its (resolved) spec; raises a SetupError when it cannot."""
    asks_model: bool = False
    """Whether its `llm` is to be the flow's `[llm]` with its own laid over it, resolved."""
    may_be_repeated: bool = False
    """Whether nobody would notice if an agent were called twice: it asks and changes nothing
    outside. Only for such a one does a run that is kept not wait until its journal is written."""
    executes: Callable[[AgentSpec], tuple[str, ...]] = _nothing
    """What of its author's making it would execute, each as a person should read it. Where it
    asks a model, its `llm` is the flow's with its own laid over it. See `executed_by`."""
    writes: Callable[[AgentSpec], frozenset[str] | None] = _unknown
    """The state keys that it writes; None when nobody can know before it runs."""
    reads: Callable[[AgentSpec], frozenset[str]] = lambda _: frozenset()
    """The state keys that it cannot do without, as far as that is known."""
    faults: Callable[[AgentSpec], tuple[Problem, ...]] = _faultless
    """What is wrong with its settings that their declarations cannot say; `where` is a key of its
    table. Nothing is executed or opened for this."""
    remembers: Callable[[AgentSpec], str] = lambda _: ""
    """The setting for which it needs the flow's memory: "task"; "" where it needs none."""
    flow_file: Callable[[AgentSpec], str] = lambda _: ""
    """The file of the flow that it runs, in its own flow's folder; "" for none."""


def set_to(field: str, value: Any, title: str) -> Fix:
    """The fix that sets what a type declares, on the agent that is found to be wrong."""
    return Fix(title, "set_agent_setting", {"field": field, "value": value})


def unset(field: str, title: str) -> Fix:
    """The fix that takes a setting out."""
    return set_to(field, None, title)


def executed_by(flow: Flow, agent: str, kind: AgentType) -> tuple[str, ...]:
    """What of its author's making an agent of a flow would execute, or ask of others."""
    return executed_by_spec(flow, flow.agents[agent], kind)


def executed_by_spec(flow: Flow, spec: AgentSpec, kind: AgentType) -> tuple[str, ...]:
    """The same of an agent that stands in no table of the flow."""
    return kind.executes(spec.asking(flow.llm) if kind.asks_model else spec)

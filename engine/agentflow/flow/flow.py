"""Flow: everything that one agentflow.toml says, as frozen values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, Self, Union

from pydantic import Field, SerializeAsAny

from agentflow.duration import Duration
from agentflow.settings import Settings, Value

__all__ = [
    "AgentSpec",
    "AgentUse",
    "Case",
    "Chain",
    "CircuitBreaker",
    "Flow",
    "FlowSettings",
    "LlmSettings",
    "MemorySettings",
    "Orchestrator",
    "OrchestratorSettings",
    "Place",
    "PoolSettings",
    "RateLimit",
    "RetryPolicy",
    "Step",
    "name_fault",
    "segments",
]

FORBIDDEN_IN_NAMES = "/#~|"
MAX_NAME = 200


def name_fault(name: str) -> str | None:
    """Why a text cannot be the name of a step or case; None when it can."""
    if not name.strip():
        return "a name cannot be empty"
    if len(name) > MAX_NAME:
        return f"a name has at most {MAX_NAME} characters"
    found = next((sign for sign in FORBIDDEN_IN_NAMES if sign in name), None)
    if found:
        return f"{found!r} cannot stand in a name, because paths use it"
    return None if name.isprintable() else "a name cannot hold control characters"


class LlmSettings(Settings):
    """Which language model answers, and how: `[llm]` for all agents, `[agents.x.llm]` for one."""

    provider: str = Field(default="", json_schema_extra={"form": "provider"})
    """"local", "openai", "ollama", or what the extra `providers` knows; "" takes what is there."""
    model: str = Field(default="", json_schema_extra={"form": "model"})
    """The model's name as its provider knows it; "" takes the provider's default."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """How freely it chooses its words: 0 repeats itself exactly."""
    max_tokens: int | None = Field(default=None, ge=1)
    """The longest answer, in tokens."""
    top_p: float | None = Field(default=None, gt=0, le=1)
    """It chooses among the likeliest words whose shares add up to this: 1 leaves none out."""
    base_url: str = ""
    """Where an OpenAI-compatible endpoint listens: "http://localhost:11434/v1"."""
    api_key: str = Field(default="", json_schema_extra={"form": "secret"})
    """Only ever a placeholder such as "${OPENAI_API_KEY}"; a key itself has no place in a file."""

    price_per_million_input: float | None = Field(default=None, ge=0)
    """What a million tokens that it reads cost; with the other price, the trace tells costs."""
    price_per_million_output: float | None = Field(default=None, ge=0)
    """What a million tokens that it writes cost, in the same currency."""

    def over(self, others: "LlmSettings") -> "LlmSettings":
        """These, laid over what is said for all."""
        return LlmSettings.model_validate({**others.given(), **self.given()})


class RetryPolicy(Settings):
    """How often, and how long apart, a failed agent is called again."""

    max_retries: int = Field(default=0, ge=0, le=100)
    """Calls after the first one."""
    base_delay_ms: int = Field(default=100, ge=0)
    """The first wait, in milliseconds."""
    max_delay_ms: int = Field(default=10_000, ge=0)
    """The longest wait, in milliseconds, however often it has failed."""
    backoff_factor: float = Field(default=2.0, ge=1)
    """What each wait is longer by than the one before."""
    jitter: float = Field(default=0.0, ge=0, le=1)
    """The share of each wait that is left to chance: 0.5 waits between half of it and all of it."""


class RateLimit(Settings):
    """How often an agent may be called."""

    requests_per_second: float = Field(default=10.0, gt=0)
    """How many calls may begin in a second, all branches together; others wait for their turn."""
    burst_size: int = Field(default=1, ge=1)
    """How many may begin at once after a time without any."""


class CircuitBreaker(Settings):
    """When an agent that keeps failing is left alone for a while, in all runs of a runner."""

    failures: int = Field(default=5, ge=1)
    """After so many failed calls in a row it is not called any more."""
    reset: Duration = timedelta(seconds=30)
    """How long it is left alone; then one call tries whether it works again."""


class PoolSettings(Settings):
    """`[pools.<name>]`: expensive things of which there are few; agents borrow them for a call."""

    size: int = Field(default=1, ge=1, le=10_000)
    """How many there are."""
    timeout: Duration = timedelta(seconds=30)
    """How long an agent waits for one; then its call fails."""


class MemorySettings(Settings):
    """`[memory]`: what agents remember from one run of a session to the next."""

    enabled: bool = True
    """Without it agents that want to remember fail."""
    path: str = ""
    """The file, in the flow's folder: "memory.db"; "" for one among the user's state."""
    max_items: int = Field(default=10_000, ge=1, le=1_000_000)
    """How many values a session keeps; then the oldest go."""


class AgentSpec(Settings):
    """One `[agents.<name>]`: what an agent is, wherever it is used."""

    name: str
    """What steps call it by; unique among agents and orchestrators."""
    type: str = "llm"
    """What does its work: a name of an agent type."""
    description: str = ""
    """For people: what it is for."""
    role: str = ""
    """For people: the part that it plays, such as "editor"; no model is told of it."""
    system_prompt: str = Field(default="", json_schema_extra={"form": "template"})
    """What a language model is told about its task; a template over the state."""
    enabled: bool = True
    """A step of an agent that is not enabled is skipped: it hands its input on."""
    timeout: Duration | None = None
    """How long one call may take."""
    on_error: Literal["fail", "continue"] = "fail"
    """"continue" leaves `errors.<agent>` in the state and goes on."""
    when: str = ""
    """A condition over the state; where it does not hold, the step is skipped."""
    fallback: str = Field(default="", json_schema_extra={"form": "agent"})
    """The agent that is called in its place when it has failed for good."""
    metadata: dict[str, Any] = Field(default_factory=dict)
    """Notes of yours about it, which nothing here reads."""
    llm: LlmSettings | None = None
    """What differs from the flow's `[llm]`."""
    retry_policy: RetryPolicy | None = None
    rate_limit: RateLimit | None = None
    circuit_breaker: CircuitBreaker | None = None
    uses: tuple[str, ...] = ()
    """The pools that it borrows something from for each call."""
    settings: SerializeAsAny[Settings] = Settings()
    """What its type declares; in the file these keys stand beside the ones above."""

    def asking(self, for_all: LlmSettings) -> "AgentSpec":
        """The same, with what it says of its model laid over what the flow says for all."""
        return self.model_copy(update={"llm": (self.llm or LlmSettings()).over(for_all)})


class AgentUse(Value):
    """A step that is a use of an agent. Whether the agent is defined is for `check` to say."""

    agent: str
    """Which one."""

    @property
    def name(self) -> str:
        """What the step is called: its agent's name."""
        return self.agent


class Case(Value):
    """When a router takes a chain. The first of its conditions that is given decides."""

    name: str
    """What its port is called, and what an event names to take it; unique in its router."""
    description: str = ""
    """For people, and for a model that is to choose among the cases."""
    when: str = ""
    """A condition over the state."""
    keywords: tuple[str, ...] = ()
    """Taken when the event's message holds one of these words."""
    route: str = ""
    """Taken when the event's `route` metadata or target says this; "" is the case's name."""
    examples: tuple[str, ...] = ()
    """Texts that belong here, for a model to learn from."""


class Chain(Value):
    """An ordered list of steps, run one after another. It may be empty while a flow is drawn."""

    steps: tuple["Step", ...] = ()
    """In the order in which they run."""
    case: Case | None = None
    """In a router: when it is taken; None makes it the default. None in every other mode."""


class OrchestratorSettings(Settings):
    """What may be set on an orchestrator of any mode."""

    timeout: Duration | None = None
    """How long the whole step may take; None leaves that to the step around it."""
    max_concurrency: int | None = Field(default=None, ge=1)
    """How many agents in it may be at work at once; None leaves that to the run."""


class Orchestrator(Value):
    """A step that dispatches to its members. Its name stands once in a flow.

    A sequential or loop orchestrator has exactly one chain; a collaborative one has a chain a
    branch; a router has one a case, in the order in which they are tried, and the default last.
    """

    name: str
    """What its step is called; unique among agents and orchestrators."""
    mode: str
    """How it dispatches: a name of a mode."""
    settings: SerializeAsAny[OrchestratorSettings] = OrchestratorSettings()
    """What its mode declares."""
    chains: tuple[Chain, ...] = ()
    """Its members, in declared order."""


Step = Union[AgentUse, Orchestrator]  # noqa: UP007 - pydantic resolves the forward reference
Chain.model_rebuild()
Orchestrator.model_rebuild()


class FlowSettings(Settings):
    """What may be set on a whole run, in `[orchestration]`."""

    timeout: Duration | None = None
    """How long the whole run may take."""
    max_concurrency: int = Field(default=5, ge=1)
    """How many agents may be at work at once, in the whole run."""
    failure_threshold: float = 0.0
    """The share of a collaborative step's branches that may fail, unless the step says its own."""
    max_hops: int = Field(default=25, ge=0)
    """How often results may be routed on, in all branches of the run together, before it counts as
    going round in circles."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a flow."""

    path: str
    """"research/researcher1"; a parked step's begins with "|" and the number of its chain."""
    step: Step
    owner: str
    """The path of the orchestrator that it belongs to; "" in the root chain, "|2" if parked."""
    chain: int
    """Which of its owner's chains; for a parked step which parked chain."""
    index: int
    """Its place in that chain."""


_STEPS = ("root", "parked")
"""The fields of a flow in which its steps are."""


class Flow(Value):
    """Everything one agentflow.toml says. A tree: each orchestrator stands in exactly one place."""

    name: str = ""
    """What the flow is called."""
    version: str = ""
    """Which edition of it this is: "1.0.0"; nothing here compares it."""
    description: str = ""
    """For people: what the flow is for."""
    settings: FlowSettings = FlowSettings()
    llm: LlmSettings = LlmSettings()
    """The language model of every agent that does not say another."""
    agents: dict[str, AgentSpec] = Field(default_factory=dict)
    """By name, in the order of the file."""
    pools: dict[str, PoolSettings] = Field(default_factory=dict)
    """What agents borrow from for their calls, by name."""
    memory: MemorySettings | None = None
    """None for a flow whose agents remember nothing."""
    root: Chain = Chain()
    """What runs."""
    parked: tuple[Chain, ...] = ()
    """What hangs on nothing: kept and drawn, never run."""

    @property
    def mode(self) -> str:
        """The mode of the root: its one orchestrator's, else "mixed"."""
        steps = self.root.steps
        if len(steps) == 1 and isinstance(steps[0], Orchestrator):
            return steps[0].mode
        return "mixed"

    def places(self) -> tuple[Place, ...]:
        """Every step with its path: owners before members, in declared order, parked ones last."""
        return self._places

    def at(self, path: str) -> Step | None:
        """The step that stands at a path (without passes); None when there is none."""
        place = self._by_path.get(path)
        return place.step if place else None

    # Everybody asks for these, again and again: they are found out once, and handed on to flows
    # that differ in something else.
    @cached_property
    def _places(self) -> tuple[Place, ...]:
        places = list(_places((self.root,), "", ""))
        for number, chain in enumerate(self.parked):
            places += _parked(chain, number)
        return tuple(places)

    @cached_property
    def _by_path(self) -> Mapping[str, Place]:
        # Of two steps at one path, which only a name that is none can bring about, the first.
        return {place.path: place for place in reversed(self._places)}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same with other values in these fields."""
        copied = super().model_copy(update=update, deep=deep)
        if update and any(update.get(it, vars(self)[it]) is not vars(self)[it] for it in _STEPS):
            for found in ("_places", "_by_path"):
                vars(copied).pop(found, None)
        return copied

    def orchestrators(self) -> Iterator[Orchestrator]:
        """Every orchestrator, parked ones too."""
        for place in self.places():
            if isinstance(place.step, Orchestrator):
                yield place.step


def segments(chains: tuple[Chain, ...]) -> Iterator[tuple[int, int, Step, str]]:
    """The steps of one owner's chains with their path segments: a second use is "writer~2"."""
    seen: dict[str, int] = {}
    for number, chain in enumerate(chains):
        for index, step in enumerate(chain.steps):
            count = seen[step.name] = seen.get(step.name, 0) + 1
            yield number, index, step, step.name if count == 1 else f"{step.name}~{count}"


def _parked(chain: Chain, number: int) -> Iterator[Place]:
    home = f"|{number}"
    for place in _places((chain,), f"{home}/", home):
        yield replace(place, chain=number) if place.owner == home else place


def _places(chains: tuple[Chain, ...], prefix: str, owner: str) -> Iterator[Place]:
    # A stack of its own, so that no depth of nesting is too much for Python's.
    open_chains = [(segments(chains), prefix, owner)]
    while open_chains:
        steps, prefix, owner = open_chains[-1]
        found = next(steps, None)
        if found is None:
            open_chains.pop()
            continue
        number, index, step, segment = found
        path = prefix + segment
        yield Place(path, step, owner, number, index)
        if isinstance(step, Orchestrator):
            open_chains.append((segments(step.chains), f"{path}/", path))

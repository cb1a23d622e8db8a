"""Compile: makes a flow ready to run, once, as a tree of bound methods that await one another.

There is no scheduler and no queue between steps: a run is nested awaits in one task, and one more
task for each branch that runs at the same time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol, TypeVar

from aiolimiter import AsyncLimiter
from pydantic import ValidationError

from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, executed_by_spec
from agentflow.catalogue import Catalogue
from agentflow.conditions import compiled
from agentflow.errors import (
    AgentFailedError,
    AgentNotFoundError,
    NotAllowedError,
    SetupError,
    UnknownModeError,
)
from agentflow.flow.flow import (
    AgentSpec,
    AgentUse,
    Chain,
    Flow,
    Orchestrator,
    RateLimit,
    Step,
    segments,
)
from agentflow.orchestrators.base import ChainRunner, OwnAgent
from agentflow.pools import Pool
from agentflow.run import Run
from agentflow.running.agent_call import Caller, ReadyAgent
from agentflow.running.agent_step import AgentStep, SkippedStep
from agentflow.running.borrowing import BorrowingCaller
from agentflow.running.breaker import Breaker, BreakingCaller
from agentflow.running.chain import ChainStep, ChainSteps, Target, Targets
from agentflow.running.conditional_step import ConditionalStep
from agentflow.running.fallback_step import FallbackStep
from agentflow.running.orchestrator_step import OrchestratorStep
from agentflow.running.quick_step import quickest
from agentflow.running.remembering import RememberingCaller
from agentflow.settings import AskedEnvironment, Settings
from agentflow.state import State

__all__ = ["compile_flow"]

T = TypeVar("T", bound=Settings)


def compile_flow(
    flow: Flow,
    catalogue: Catalogue,
    setup: AgentSetup,
    handlers: Mapping[str, AgentHandler] | None = None,
    targets: Targets | None = None,
    breakers: dict[str, Breaker] | None = None,
) -> ChainRunner:
    """The flow's root chain, ready to run as often as one likes. Its prefix is "".

    Args:
        flow: what to run.
        catalogue: the modes and the types of agents that there are.
        setup: what agents are built with.
        handlers: agents by name; they go before what the flow defines.
        targets: gets everything in the flow that a result, or an event, may be sent to.
        breakers: gets the circuit breakers of agents, by their names.

    Raises:
        SetupError: an agent or a mode is not there, cannot be built, or lacks a secret.
    """
    found = {} if breakers is None else breakers
    made = _Compiler(flow, catalogue, setup, handlers or {}, targets or Targets(), found)
    return made.compiled()


class _Step(Protocol):
    """A use of an agent, ready to run."""

    async def run(self, run: Run, state: State, prefix: str, /) -> State: ...


class _Compiler:
    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        setup: AgentSetup,
        handlers: Mapping[str, AgentHandler],
        targets: Targets,
        breakers: dict[str, Breaker],
    ) -> None:
        self._flow, self._catalogue, self._setup = flow, catalogue, setup
        self._handlers = handlers
        self._environ = AskedEnvironment(setup.environ)
        self._agents: dict[str, ReadyAgent] = {}
        self._pools: dict[str, Pool] = {}
        self._targets, self._breakers = targets, breakers

    def compiled(self) -> ChainRunner:
        (root,) = self._chains((self._flow.root,), "")
        for name in {**self._flow.agents, **self._handlers}:
            self._targets.add(name, Target("", self._when_routed_to(name)))
        return root

    def _when_routed_to(self, name: str) -> ChainRunner:
        """An agent that stands nowhere in the flow: built when a result is first routed to it."""

        async def run(run: Run, state: State, prefix: str) -> State:
            try:
                agent = self._agent(name, name)
            except SetupError as error:
                raise AgentFailedError(name, name, f"cannot be built: {error}") from error
            return await self._ready_step(agent, name).run(run, state, prefix)

        return run

    def _chains(self, chains: tuple[Chain, ...], prefix: str) -> tuple[ChainRunner, ...]:
        steps: list[list[ChainStep]] = [[] for _ in chains]
        for number, _, step, segment in segments(chains):
            steps[number].append(self._step(step, segment, prefix))
        return tuple(ChainSteps(of_chain, self._targets).runner for of_chain in steps)

    def _step(self, step: Step, segment: str, prefix: str) -> ChainStep:
        if isinstance(step, Orchestrator):
            return self._orchestrator(step, prefix)
        return self._use(step, segment, prefix)

    def _use(self, use: AgentUse, segment: str, prefix: str) -> ChainStep:
        agent = self._agent(use.agent, prefix + segment)
        step = self._ready_step(agent, segment)
        self._targets.add(use.agent, Target(prefix, step.run))
        if isinstance(step, AgentStep):
            return quickest(step, agent, segment)
        return ChainStep(use.agent, step.run)

    def _ready_step(self, agent: ReadyAgent, segment: str) -> "_Step":
        spec = agent.spec
        if not spec.enabled:
            return SkippedStep(spec.name, segment)
        step = self._standing_by(agent, segment, ())
        condition = compiled(spec.when)
        if condition is None:
            return step
        return ConditionalStep(spec.name, segment, condition, step.run)

    def _standing_by(self, agent: ReadyAgent, segment: str, others: tuple[str, ...]) -> "_Step":
        """The step of an agent, with those that are called in its place.

        Args:
            agent: the one that is called first.
            segment: what the step's path ends with.
            others: for which this one stands by itself.
        """
        spec, names = agent.spec, (*others, agent.spec.name)
        if not spec.fallback or spec.fallback in names:
            return AgentStep(agent, segment, self._targets)
        instead = self._agent(spec.fallback, f"agents.{spec.name}.fallback")
        if not instead.spec.enabled:
            return AgentStep(agent, segment, self._targets)
        # Whether the flow goes on after a failure is judged when the last of them has failed.
        first = _with_on_error(agent, "fail")
        if spec.on_error == "continue":
            instead = _with_on_error(instead, "continue")
        step = AgentStep(first, segment, self._targets).run
        other = self._standing_by(instead, spec.fallback, names)
        return FallbackStep(segment, step, spec.fallback, other.run)

    def _orchestrator(self, step: Orchestrator, prefix: str) -> ChainStep:
        path = prefix + step.name
        mode = self._catalogue.modes.get(step.mode)
        if mode is None:
            raise UnknownModeError(path, step.mode, self._catalogue.modes)
        chains = self._chains(step.chains, f"{path}/")
        settings = _resolved(step.settings, self._environ, path)
        orchestrator = step.model_copy(update={"settings": settings})
        others = self._others(orchestrator, mode.calls(orchestrator), path)
        ready = OrchestratorStep(orchestrator, mode.build(orchestrator, (*chains, *others)))
        self._targets.add(step.name, Target(prefix, ready.run))
        cases = (
            self._cases(step, chains, f"{path}/") if mode.chains == "cases" else frozenset[str]()
        )
        return ChainStep(step.name, ready.run, cases)

    def _others(
        self, step: Orchestrator, called: Sequence[str | OwnAgent], path: str
    ) -> Iterator[ChainRunner]:
        """The agents that an orchestrator calls itself; their paths are no member's."""
        members = [segment for _, _, _, segment in segments(step.chains)]
        for it in called:
            if isinstance(it, str):
                agent, segment = self._agent(it, path), it
            else:
                agent, segment = self._of_type(self._catalogue.spec_of(it)), it.segment
            count = len(members) + 1
            segment = f"{segment}~{count}" if segment in members else segment
            yield self._ready_step(agent, segment).run

    def _cases(
        self, router: Orchestrator, chains: tuple[ChainRunner, ...], prefix: str
    ) -> frozenset[str]:
        names: set[str] = set()
        for chain, run in zip(router.chains, chains, strict=True):
            if chain.case is None:
                continue
            target = Target(prefix, run, chain.case.name)
            for name in {chain.case.name, chain.case.route or chain.case.name}:
                self._targets.add(name, target)
                names.add(name)
        return frozenset(names)

    def _agent(self, name: str, path: str) -> ReadyAgent:
        if name not in self._agents:
            self._agents[name] = self._built(name, path)
        return self._agents[name]

    def _built(self, name: str, path: str) -> ReadyAgent:
        spec, given = self._flow.agents.get(name), self._handlers.get(name)
        if spec is None and given is None:
            raise AgentNotFoundError(name, path=path)
        spec = _resolved(spec or AgentSpec(name=name), self._environ, f"agents.{name}")
        if given is not None or not spec.enabled:
            return self._ready(spec, given or _never)
        return self._of_type(spec)

    def _of_type(self, spec: AgentSpec) -> ReadyAgent:
        kind = self._catalogue.agent_types.get(spec.type)
        if kind is None:
            where = f"agents.{spec.name}.type"
            raise UnknownModeError(where, spec.type, self._catalogue.agent_types)
        self._check_allowed(self._flow.agents.get(spec.name, spec), kind)
        spec = self._with_model(spec, kind)
        return self._ready(spec, kind.build(spec, self._setup), kind.may_be_repeated)

    def _ready(
        self, spec: AgentSpec, handler: AgentHandler, may_be_repeated: bool = False
    ) -> ReadyAgent:
        limiter, around = _limiter(spec.rate_limit), tuple(self._around(spec))
        return ReadyAgent(spec, handler, limiter, self._environ.unsaid, may_be_repeated, around)

    def _around(self, spec: AgentSpec) -> Iterator[Callable[[Caller], Caller]]:
        """What an agent's calls go through, shared by all its uses."""
        if self._setup.memory is not None:
            is_retried = spec.retry_policy is not None
            given = self._setup.memory, self._environ.unsaid, is_retried
            yield partial(RememberingCaller, *given)
        if spec.uses:
            pools = [self._pool(name, spec.name) for name in dict.fromkeys(spec.uses)]
            yield partial(BorrowingCaller, spec.name, pools)
        if spec.circuit_breaker is not None:
            self._breakers[spec.name] = breaker = Breaker(spec.circuit_breaker)
            yield partial(BreakingCaller, spec.name, breaker)

    def _pool(self, name: str, agent: str) -> Pool:
        if name not in self._flow.pools:
            raise SetupError(f"agents.{agent}.uses: no pool named {name!r}; define [pools.{name}]")
        if name not in self._pools:
            settings = _resolved(self._flow.pools[name], self._environ, f"pools.{name}")
            seconds, given = settings.timeout.total_seconds(), self._setup.pools.get(name)
            self._pools[name] = pool = Pool(name, settings.size, seconds, given)
            self._setup.on_close.append(pool.aclose)
        return self._pools[name]

    def _with_model(self, spec: AgentSpec, kind: AgentType) -> AgentSpec:
        """The spec, with what it says of its model laid over what the flow says for all."""
        if not kind.asks_model:
            return spec
        where = "llm" if spec.llm is None else f"agents.{spec.name}.llm"
        llm = spec.asking(self._flow.llm).llm
        assert llm is not None
        return spec.model_copy(update={"llm": _resolved(llm, self._environ, where)})

    def _check_allowed(self, spec: AgentSpec, kind: AgentType) -> None:
        """Refuse what its type cannot refuse by itself: names of secrets are resolved by then."""
        if self._setup.may_execute or not kind.asks_model:
            return
        if told := executed_by_spec(self._flow, spec, kind):
            what = f"would execute or ask ({'; '.join(told)})"
            raise NotAllowedError(f"agents.{spec.name}", what, "allow it if you trust the flow")


def _with_on_error(agent: ReadyAgent, on_error: Literal["fail", "continue"]) -> ReadyAgent:
    return replace(agent, spec=agent.spec.model_copy(update={"on_error": on_error}))


async def _never(state: State, call: AgentCall) -> None:
    """Stands for an agent that is not enabled: it is never called."""


def _resolved(settings: T, environ: Mapping[str, str], where: str) -> T:
    try:
        return settings.resolved(environ, where=where)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        what = f"what the environment says does not fit: {first['msg']}"
        raise SetupError(f"{where}.{field}: {what}; set it to another value") from None


def _limiter(limit: RateLimit | None) -> AsyncLimiter | None:
    if limit is None:
        return None
    return AsyncLimiter(limit.burst_size, limit.burst_size / limit.requests_per_second)

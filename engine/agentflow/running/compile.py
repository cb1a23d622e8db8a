"""Compile: makes a flow ready to run, once, as a tree of bound methods that await one another.

There is no scheduler and no queue between steps: a run is nested awaits in one task, and one more
task for each branch that runs at the same time.
"""

from collections.abc import Mapping
from typing import TypeVar

from aiolimiter import AsyncLimiter
from pydantic import ValidationError

from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, executed_by
from agentflow.catalogue import Catalogue
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
from agentflow.orchestrators.base import ChainRunner
from agentflow.run import Run
from agentflow.running.agent_call import ReadyAgent
from agentflow.running.agent_step import AgentStep, SkippedStep
from agentflow.running.chain import ChainStep, ChainSteps, Target, Targets
from agentflow.running.orchestrator_step import OrchestratorStep
from agentflow.settings import AskedEnvironment, Settings
from agentflow.state import State

__all__ = ["compile_flow"]

T = TypeVar("T", bound=Settings)


def compile_flow(
    flow: Flow,
    catalogue: Catalogue,
    setup: AgentSetup,
    handlers: Mapping[str, AgentHandler] | None = None,
) -> ChainRunner:
    """The flow's root chain, ready to run as often as one likes. Its prefix is "".

    Args:
        flow: what to run.
        catalogue: the modes and the types of agents that there are.
        setup: what agents are built with.
        handlers: agents by name; they go before what the flow defines.

    Raises:
        SetupError: an agent or a mode is not there, cannot be built, or lacks a secret.
    """
    return _Compiler(flow, catalogue, setup, handlers or {}).compiled()


class _Compiler:
    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        setup: AgentSetup,
        handlers: Mapping[str, AgentHandler],
    ) -> None:
        self._flow, self._catalogue, self._setup = flow, catalogue, setup
        self._handlers = handlers
        self._environ = AskedEnvironment(setup.environ)
        self._agents: dict[str, ReadyAgent] = {}
        self._targets = Targets()

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
        return tuple(ChainSteps(of_chain, self._targets).run for of_chain in steps)

    def _step(self, step: Step, segment: str, prefix: str) -> ChainStep:
        if isinstance(step, Orchestrator):
            return self._orchestrator(step, prefix)
        return self._use(step, segment, prefix)

    def _use(self, use: AgentUse, segment: str, prefix: str) -> ChainStep:
        ready = self._ready_step(self._agent(use.agent, prefix + segment), segment)
        self._targets.add(use.agent, Target(prefix, ready.run))
        return ChainStep(use.agent, ready.run)

    def _ready_step(self, agent: ReadyAgent, segment: str) -> AgentStep | SkippedStep:
        if not agent.spec.enabled:
            return SkippedStep(agent.spec.name, segment)
        return AgentStep(agent, segment, self._targets)

    def _orchestrator(self, step: Orchestrator, prefix: str) -> ChainStep:
        path = prefix + step.name
        mode = self._catalogue.modes.get(step.mode)
        if mode is None:
            raise UnknownModeError(path, step.mode, self._catalogue.modes)
        chains = self._chains(step.chains, f"{path}/")
        settings = _resolved(step.settings, self._environ, path)
        orchestrator = step.model_copy(update={"settings": settings})
        ready = OrchestratorStep(orchestrator, mode.build(orchestrator, chains))
        self._targets.add(step.name, Target(prefix, ready.run))
        cases = (
            self._cases(step, chains, f"{path}/") if mode.chains == "cases" else frozenset[str]()
        )
        return ChainStep(step.name, ready.run, cases)

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
        kind = self._catalogue.agent_types.get(spec.type)
        if kind is None:
            raise UnknownModeError(f"agents.{name}.type", spec.type, self._catalogue.agent_types)
        self._check_allowed(name, kind)
        spec = self._with_model(spec, kind)
        return self._ready(spec, kind.build(spec, self._setup), kind.may_be_repeated)

    def _ready(
        self, spec: AgentSpec, handler: AgentHandler, may_be_repeated: bool = False
    ) -> ReadyAgent:
        limiter = _limiter(spec.rate_limit)
        return ReadyAgent(spec, handler, limiter, self._environ.unsaid, may_be_repeated)

    def _with_model(self, spec: AgentSpec, kind: AgentType) -> AgentSpec:
        """The spec, with what it says of its model laid over what the flow says for all."""
        if not kind.asks_model:
            return spec
        where = "llm" if spec.llm is None else f"agents.{spec.name}.llm"
        llm = spec.asking(self._flow.llm).llm
        assert llm is not None
        return spec.model_copy(update={"llm": _resolved(llm, self._environ, where)})

    def _check_allowed(self, name: str, kind: AgentType) -> None:
        """Refuse what its type cannot refuse by itself: names of secrets are resolved by then."""
        if self._setup.may_execute or not kind.asks_model:
            return
        if told := executed_by(self._flow, name, kind):
            what = f"would execute or ask ({'; '.join(told)})"
            raise NotAllowedError(f"agents.{name}", what, "allow it if you trust the flow")


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

"""The steps by which AgenticGoKit's v1beta dialect says what runs in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agentflow.exporters._unsaid import Unsaid
from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator, Step

__all__ = ["DagStep", "Workflow", "workflow_of"]


@dataclass(frozen=True, slots=True)
class DagStep:
    """A step of a dag. Names stand once; a second use of an agent is "writer~2"."""

    name: str
    agent: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """A mode and its steps."""

    mode: str
    steps: tuple[DagStep, ...]
    max_iterations: int = 0

    @property
    def agents(self) -> tuple[str, ...]:
        """The agents of the steps, each once."""
        return tuple(dict.fromkeys(step.agent for step in self.steps))


def workflow_of(flow: Flow, unsaid: Unsaid) -> Workflow:
    """The workflow nearest to a flow; tells what it does otherwise."""
    steps = flow.root.steps
    only = steps[0] if len(steps) == 1 and isinstance(steps[0], Orchestrator) else None
    if only is not None and only.mode == "loop":
        return _loop(only, unsaid)
    weaver = _Weaver(unsaid, only)
    weaver.chain(flow.root, ())
    return Workflow(_mode(weaver.steps), tuple(weaver.steps))


def _loop(loop: Orchestrator, unsaid: Unsaid) -> Workflow:
    unsaid.orchestrator(loop, ("timeout", "max_iterations"))
    weaver = _Weaver(unsaid, None)
    for chain in loop.chains:
        weaver.chain(chain, ())
    if _mode(weaver.steps) != "sequential":
        unsaid.tell(("orchestrators", loop.name), "its body runs in turn there")
    plain = tuple(DagStep(step.name, step.agent) for step in weaver.steps)
    return Workflow("loop", plain, getattr(loop.settings, "max_iterations", 0))


def _mode(steps: Sequence[DagStep]) -> str:
    """The simplest mode that says all dependencies."""
    if len(steps) > 1 and not any(step.needs for step in steps):
        return "parallel"
    before = ((), *((step.name,) for step in steps))
    in_turn = all(step.needs == first for step, first in zip(steps, before, strict=False))
    return "sequential" if in_turn else "dag"


class _Weaver:
    """Turns nested chains into steps that name what they wait for."""

    def __init__(self, unsaid: Unsaid, only: Orchestrator | None) -> None:
        self._unsaid, self._only = unsaid, only
        self._uses: dict[str, int] = {}
        self.steps: list[DagStep] = []

    def chain(self, chain: Chain, needs: tuple[str, ...]) -> tuple[str, ...]:
        """Add a chain's steps; gives what waits for its end."""
        for step in chain.steps:
            needs = self._step(step, needs)
        return needs

    def _step(self, step: Step, needs: tuple[str, ...]) -> tuple[str, ...]:
        if isinstance(step, AgentUse):
            count = self._uses[step.agent] = self._uses.get(step.agent, 0) + 1
            name = step.agent if count == 1 else f"{step.agent}~{count}"
            self.steps.append(DagStep(name, step.agent, needs))
            return (name,)
        # The run's own timeout stands for that of the only orchestrator.
        self._unsaid.orchestrator(step, ("timeout",) if step is self._only else ())
        if step.mode == "collaborative":
            return self._branches(step.chains, needs)
        if step.mode != "sequential":
            what = f"a {step.mode} step cannot stand there; its agents run once, in turn"
            self._unsaid.tell(("orchestrators", step.name), what)
        for chain in step.chains:
            needs = self.chain(chain, needs)
        return needs

    def _branches(self, chains: Iterable[Chain], needs: tuple[str, ...]) -> tuple[str, ...]:
        ends = [name for chain in chains for name in self.chain(chain, needs)]
        return tuple(dict.fromkeys(ends)) or needs

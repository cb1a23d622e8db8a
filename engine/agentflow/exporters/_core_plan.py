"""The lists of agents by which AgenticGoKit's core dialect says what runs in which order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agentflow.exporters._unsaid import Unsaid
from agentflow.flow.dialects.core import MOST_MAY_FAIL
from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator, Step

__all__ = ["Plan", "plan_of"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A mode and its members. Every list names enabled agents only."""

    mode: str
    together: tuple[str, ...] = ()
    in_line: tuple[str, ...] = ()
    loop: str = ""
    max_iterations: int = 0
    is_closed: bool = False
    """Whether every agent that is enabled takes part, listed or not."""


def plan_of(flow: Flow, unsaid: Unsaid) -> Plan:
    """The plan nearest to a flow; tells what it does otherwise."""
    plan = _Planner(flow, unsaid).plan()
    is_empty = not (plan.together or plan.in_line or plan.loop)
    if is_empty and plan.mode not in ("route", "collaborative"):
        unsaid.tell(("orchestration",), "no step is left to run, so it is written as a router")
        return replace(plan, mode="route")
    return plan


class _Planner:
    def __init__(self, flow: Flow, unsaid: Unsaid) -> None:
        self._flow, self._unsaid = flow, unsaid

    def plan(self) -> Plan:
        steps = self._flow.root.steps
        only = steps[0] if len(steps) == 1 and isinstance(steps[0], Orchestrator) else None
        if only is not None and only.mode == "route":
            return self._route(only)
        if only is not None and only.mode == "loop":
            return self._loop(only)
        if only is not None and only.mode == "collaborative":
            branches = self._branches(only)
            if branches is not None:
                self._unsaid.orchestrator(only, ("timeout",))
                self._all_must_succeed(only)
                return Plan("collaborative", together=branches, is_closed=True)
        return self._mixed(steps)

    def _route(self, router: Orchestrator) -> Plan:
        self._unsaid.orchestrator(router, ("timeout",))
        for chain in router.chains:
            self._case(router, chain)
        return Plan("route", together=self._enabled(self._agents(router.chains)), is_closed=True)

    def _case(self, router: Orchestrator, chain: Chain) -> None:
        """There a route is the name of the agent that is taken, and nothing else chooses."""
        names = [step.name for step in chain.steps]
        case = chain.case
        where = ("orchestrators", router.name, "cases", case.name if case else "default")
        taken = ", then ".join(map(repr, names)) or "nobody"
        if case is None:
            self._unsaid.tell(where, f"{taken} is no default there: an unknown route is an error")
            return
        wanted = case.route or case.name
        plain = [wanted] == names and isinstance(chain.steps[0], AgentUse)
        if case.when or case.keywords:
            self._unsaid.tell(where, f"only the route's name takes {taken} there, no condition")
        elif not plain:
            self._unsaid.tell(
                where, f"{wanted!r} does not take {taken} there: a route names its agent"
            )

    def _loop(self, loop: Orchestrator) -> Plan:
        body = self._line(chain.steps for chain in loop.chains)
        self._unsaid.orchestrator(loop, ("timeout", "max_iterations", "check"))
        if getattr(loop.settings, "check", "") == "before":
            what = "is asked before the first pass here, and only after it there"
            self._unsaid.tell(("orchestrators", loop.name, "check"), what)
        if len(body) != 1:
            what = (
                f"repeats {len(body)} steps; a loop there has one agent, so they run once, in turn"
            )
            self._unsaid.tell(("orchestrators", loop.name), what)
            return Plan("sequential", in_line=body)
        return Plan(
            "loop", loop=body[0], max_iterations=getattr(loop.settings, "max_iterations", 5)
        )

    def _mixed(self, steps: Sequence[Step]) -> Plan:
        together: tuple[str, ...] = ()
        first = steps[0] if steps else None
        if isinstance(first, Orchestrator) and first.mode == "collaborative":
            branches = self._branches(first)
            if branches:
                self._unsaid.orchestrator(first, ("failure_threshold",))
                self._one_may_succeed(first, len(branches))
                together, steps = branches, steps[1:]
        if len(steps) == 1 and isinstance(steps[0], Orchestrator) and not together:
            only = steps[0]
            if only.mode == "sequential":  # The run's own timeout stands for its.
                self._unsaid.orchestrator(only, ("timeout",))
                return Plan("sequential", in_line=self._line(it.steps for it in only.chains))
        in_line = self._line([steps])
        return Plan("mixed" if together else "sequential", together=together, in_line=in_line)

    def _branches(self, step: Orchestrator) -> tuple[str, ...] | None:
        """The agents of its branches; None when one of them is more than an agent."""
        chains = [chain.steps for chain in step.chains]
        if not all(len(it) == 1 and isinstance(it[0], AgentUse) for it in chains):
            return None
        return self._enabled(it[0].name for it in chains)

    def _line(self, chains: Iterable[Sequence[Step]]) -> tuple[str, ...]:
        return self._enabled(name for steps in chains for name in self._flattened(steps))

    def _flattened(self, steps: Sequence[Step]) -> list[str]:
        """Agents one after another, whatever stands around them."""
        names: list[str] = []
        for step in steps:
            if isinstance(step, AgentUse):
                names.append(step.agent)
                continue
            if step.mode != "sequential":
                what = f"a {step.mode} step cannot stand there; its agents run once, in turn"
                self._unsaid.tell(("orchestrators", step.name), what)
            self._unsaid.orchestrator(step)
            for chain in step.chains:
                names += self._flattened(chain.steps)
        return names

    def _agents(self, chains: Iterable[Chain]) -> list[str]:
        return [name for chain in chains for name in self._flattened(chain.steps)]

    def _enabled(self, names: Iterable[str]) -> tuple[str, ...]:
        kept: list[str] = []
        for name in names:
            spec = self._flow.agents.get(name)
            if spec is None or spec.enabled:
                kept.append(name)
            else:
                self._unsaid.tell(("agents", name), "is not enabled, so no list names it there")
        return tuple(kept)

    def _threshold(self, step: Orchestrator) -> float:
        own: float | None = getattr(step.settings, "failure_threshold", None)
        return self._flow.settings.failure_threshold if own is None else own

    def _all_must_succeed(self, step: Orchestrator) -> None:
        if self._threshold(step) > 0:
            what = "none may fail there"
            self._unsaid.tell(("orchestrators", step.name, "failure_threshold"), what)

    def _one_may_succeed(self, step: Orchestrator, branches: int) -> None:
        if min(self._threshold(step), MOST_MAY_FAIL) < (branches - 1) / branches:
            what = "there it goes on as long as one of them succeeds"
            self._unsaid.tell(("orchestrators", step.name, "failure_threshold"), what)

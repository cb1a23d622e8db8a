"""Flows to draw."""

from agentflow.flow.flow import AgentSpec, AgentUse, Case, Chain, Flow, Orchestrator, Step
from agentflow.orchestrators.collaborative import CollaborativeSettings
from agentflow.orchestrators.loop import LoopSettings
from agentflow.orchestrators.route import RouteSettings
from agentflow.orchestrators.sequential import SequentialSettings


def use(name: str) -> AgentUse:
    return AgentUse(agent=name)


def chain(*steps: Step | str, case: Case | None = None) -> Chain:
    found = tuple(use(step) if isinstance(step, str) else step for step in steps)
    return Chain(steps=found, case=case)


def parallel(name: str, *chains: Chain) -> Orchestrator:
    return Orchestrator(
        name=name, mode="collaborative", settings=CollaborativeSettings(), chains=chains
    )


def loop(name: str, *steps: Step | str) -> Orchestrator:
    settings = LoopSettings(max_iterations=5, condition="quality_score >= 0.9")
    return Orchestrator(name=name, mode="loop", settings=settings, chains=(chain(*steps),))


def sequence(name: str, *steps: Step | str) -> Orchestrator:
    settings = SequentialSettings()
    return Orchestrator(name=name, mode="sequential", settings=settings, chains=(chain(*steps),))


def router(name: str, *chains: Chain) -> Orchestrator:
    return Orchestrator(name=name, mode="route", settings=RouteSettings(), chains=chains)


def flow(*root: Step | str, parked: tuple[Chain, ...] = ()) -> Flow:
    """A flow whose agents are all defined."""
    made = Flow(name="drawn", root=chain(*root), parked=parked)
    names = {it.step.name for it in made.places() if isinstance(it.step, AgentUse)}
    agents = {name: AgentSpec(name=name, type="scripted") for name in sorted(names)}
    return made.model_copy(update={"agents": agents})


def nested_flow() -> Flow:
    """A parallel step, a loop in a loop, a router, and something that is parked."""
    question = Case(name="question", when="kind == 'question'")
    return flow(
        parallel("research", chain("web"), chain("papers", "summarizer"), chain("news")),
        loop("refine", "creator", loop("polish", "rewriter"), "critic"),
        router("deliver", chain("answer", "format", case=question), chain("archive")),
        parked=(chain("spare"),),
    )

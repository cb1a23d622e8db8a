"""Small sheets for tests, and what is asked of them."""

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentSpec, AgentUse, Case, Chain, Flow, Orchestrator, Step
from agentflow_editor.document.sheet import Layout, Position, Sheet

CATALOGUE = Catalogue.installed()

FLOW = """\
# kept as it is
[agent_flow]
name = "demo"

[orchestration]
mode = "sequential"

[orchestration.sequential]
agents = ["first", "second"]   # in this order

[agents.first]
type = "scripted"

[agents.second]
type = "scripted"
"""
"""The text of a flow, with remarks."""

Drawn = str | Step


def chain(*steps: Drawn, case: str | None = None) -> Chain:
    """A chain; a text is the use of an agent."""
    placed = tuple(AgentUse(agent=step) if isinstance(step, str) else step for step in steps)
    return Chain(steps=placed, case=None if case is None else Case(name=case))


def parallel(name: str, *branches: Chain) -> Orchestrator:
    return _orchestrator("collaborative", name, branches)


def sequence(name: str, *steps: Drawn) -> Orchestrator:
    return _orchestrator("sequential", name, (chain(*steps),))


def loop(name: str, *steps: Drawn) -> Orchestrator:
    return _orchestrator("loop", name, (chain(*steps),))


def router(name: str, *chains: Chain) -> Orchestrator:
    return _orchestrator("route", name, chains)


def _orchestrator(mode: str, name: str, chains: tuple[Chain, ...]) -> Orchestrator:
    settings = CATALOGUE.modes[mode].settings()
    return Orchestrator(name=name, mode=mode, settings=settings, chains=chains)


def sheet(*steps: Drawn, parked: tuple[Chain, ...] = ()) -> Sheet:
    """A sheet whose agents are all defined, and whose steps stand at (0, 0), (1, 0), (2, 0) ...."""
    flow = Flow(root=chain(*steps), parked=parked)
    used = dict.fromkeys(it.step.agent for it in flow.places() if isinstance(it.step, AgentUse))
    settings = CATALOGUE.agent_types["scripted"].settings()
    agents = {name: AgentSpec(name=name, type="scripted", settings=settings) for name in used}
    flow = flow.model_copy(update={"agents": agents})
    paths = ["", *(place.path for place in flow.places())]
    return Sheet(flow, Layout((path, (number, 0)) for number, path in enumerate(paths)))


def paths(drawn: Sheet) -> list[str]:
    """The paths of all steps."""
    return [place.path for place in drawn.flow.places()]


def by_name(drawn: Sheet) -> dict[str, list[Position]]:
    """The positions of each name's steps: what must not change while steps move about."""
    found: dict[str, list[Position]] = {}
    for place in drawn.flow.places():
        found.setdefault(place.step.name, []).append(drawn.layout[place.path])
    return {name: sorted(at) for name, at in found.items()}

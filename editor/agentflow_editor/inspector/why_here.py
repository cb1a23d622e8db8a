"""why_here: why a step stands where it stands, what it may read there and what it leaves."""

from collections.abc import Iterator

from agentflow.flow.flow import AgentUse, Flow, Orchestrator, Place
from agentflow_editor.inspector.knowledge import keys_at
from agentflow_editor.workbench import Workbench

__all__ = ["why_here"]


def why_here(bench: Workbench, path: str) -> tuple[str, ...]:
    """Sentences about the step at a path, for a person; none where there is none."""
    flow = bench.document.sheet.flow
    places = {place.path: place for place in flow.places()}
    place = places.get(path)
    if place is None:
        return ()
    owner = places.get(place.owner)
    if place.owner.startswith("|") and owner is None:
        return ("It hangs on nothing: it is kept, but it never runs.",)
    return (_standing(bench, flow, place, owner), *_keys(bench, place))


def _standing(bench: Workbench, flow: Flow, place: Place, owner: Place | None) -> str:
    if owner is None or not isinstance(owner.step, Orchestrator):
        steps = flow.root.steps
        return _in_line("the flow", place, [it.name for it in steps])
    chain = owner.step.chains[place.chain]
    mode = bench.catalogue.modes.get(owner.step.mode)
    kind = mode.title.lower() if mode else owner.step.mode
    where = f"the {kind} {owner.step.name!r}"
    if mode is not None and mode.chains == "cases":
        case = f"case {chain.case.name!r}" if chain.case else "the default"
        where = f"{case} of {where}"
    elif mode is not None and mode.chains != "one":
        where = f"branch {place.chain + 1} of {where}"
    return _in_line(where, place, [it.name for it in chain.steps])


def _in_line(where: str, place: Place, names: list[str]) -> str:
    count = len(names)
    if count == 1:
        return f"It is the only step of {where}."
    behind = f", behind {names[place.index - 1]!r}" if place.index else ", the first"
    return f"It is step {place.index + 1} of {count} of {where}{behind}."


def _keys(bench: Workbench, place: Place) -> Iterator[str]:
    here = keys_at(bench, place.path)
    names = ", ".join(here.written)
    others = "" if here.are_all else ", and others of which no step before it tells"
    if names:
        yield f"It may read what steps before it write: {names}{others}."
    elif others:
        yield "What the steps before it write is not known before they run."
    else:
        yield "No step before it writes anything; it reads what the event brings."
    if isinstance(place.step, AgentUse):
        yield from _written(bench, place.step.agent)


def _written(bench: Workbench, agent: str) -> Iterator[str]:
    spec = bench.document.sheet.flow.agents.get(agent)
    kind = bench.catalogue.agent_types.get(spec.type) if spec else None
    written = kind.writes(spec) if spec and kind else None
    if written:
        yield f"It writes: {', '.join(sorted(written))}."
    elif written is None:
        yield "What it writes is not known before it runs."

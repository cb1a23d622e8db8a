"""Rules about the tree: nothing empty that would run, nothing unknown, nothing too deep."""

from collections.abc import Iterator

from agentflow.flow.flow import Place
from agentflow.flow.near import near
from agentflow.flow.rules.alone import EachOrchestrator, OneOrchestrator
from agentflow.flow.rules.survey import OfTree, Rule, Survey
from agentflow.flow.rules.wheres import case_keys
from agentflow.problem import Fix, Problem

__all__ = ["MAX_DEPTH", "RULES"]

MAX_DEPTH = 64
"""How deep orchestrators may stand in one another."""

_ADD = "Add a step to it, a scripted stand-in"
_NOTHING_TO_RUN = {"loop": "its body is empty", "collaborative": "it has no branches"}


def empty_flow(survey: Survey) -> Iterator[Problem]:
    """A flow in which nothing would run."""
    if not survey.flow.root.steps:
        fix = _stand_in("Add a first step, a scripted stand-in", "", 0)
        message = "the flow has no steps"
        yield survey.of_flow("error", "empty-flow", message, fix, keys=("orchestration",))


def empty_chains(one: OneOrchestrator) -> Iterator[Problem]:
    """Orchestrators, branches and cases without steps."""
    step = one.step
    if step.mode == "route":
        yield from _empty_cases(one)
    elif not any(chain.steps for chain in step.chains):
        message = _NOTHING_TO_RUN.get(step.mode, "it has no steps")
        remove = Fix(f"Remove {step.name!r}", "remove", {"paths": (one.path,)})
        yield one.problem("error", "empty-chain", message, _stand_in(_ADD, one.path, 0), remove)
    else:
        yield from _empty_branches(one)


def unknown_modes(survey: Survey) -> Iterator[Problem]:
    """Orchestrators of a mode that is not installed."""
    modes = survey.vocabulary.modes
    for place, step in survey.orchestrators:
        if step.mode not in modes:
            message = f"no mode is called {step.mode!r}"
            meant = near(step.mode, modes)
            known = [meant] if meant else list(modes)
            fixes = [_other_mode(place, it) for it in known]
            yield survey.at(place, "error", "unknown-mode", message, *fixes, keys=("mode",))


def parked_steps(survey: Survey) -> Iterator[Problem]:
    """Steps that cannot be reached from the start: one problem for each tree of them."""
    if not survey.flow.parked:
        return
    # Loaded here because networkx costs 0.1 s, and few flows have something to ask it.
    from agentflow.flow.graph import adrift  # noqa: PLC0415

    trees = adrift(survey.flow)
    owned: dict[str, list[str]] = {}
    for place in survey.places:
        owned.setdefault(place.owner, []).append(place.path)
    for place in survey.places:
        if place.path in trees:
            message = _adrift(place.step.name, trees[place.path])
            at = {"path": place.path}
            run = Fix("Let it run at the end of the flow", "run_at_end", at)
            paths = {"paths": tuple(owned[place.owner])}
            gone = Fix(f"Remove {place.step.name!r}", "remove", paths)
            yield survey.at(place, "info", "parked", message, run, gone)


def too_deep(survey: Survey) -> Iterator[Problem]:
    """Orchestrators in orchestrators in orchestrators."""
    depths: dict[str, int] = {}
    for place, _ in survey.orchestrators:
        depth = depths[place.path] = depths.get(place.owner, 0) + 1
        if depth == MAX_DEPTH + 1:
            message = (
                f"it stands in {MAX_DEPTH} others, and more than {MAX_DEPTH} deep nothing runs"
            )
            fix = Fix("Take it out of some of them")
            yield survey.at(place, "error", "too-deep", message, fix)


def _empty_cases(one: OneOrchestrator) -> Iterator[Problem]:
    for number, chain in enumerate(one.step.chains):
        if not chain.steps and chain.case is not None:
            message = f"case {chain.case.name!r} has no steps, so it hands on what it gets"
            keys = case_keys(one.step, number)
            title = f"Remove case {chain.case.name!r}"
            gone = Fix(title, "remove_case", {"path": one.path, "chain": number})
            fixes = (_stand_in(_ADD, one.path, number), gone)
            yield one.problem("warning", "empty-case", message, *fixes, keys=keys)


def _empty_branches(one: OneOrchestrator) -> Iterator[Problem]:
    for number, chain in enumerate(one.step.chains):
        if not chain.steps:
            message = f"branch {number + 1} has no steps"
            title = f"Remove branch {number + 1}"
            gone = Fix(title, "remove_chain", {"path": one.path, "chain": number})
            fixes = (_stand_in(_ADD, one.path, number), gone)
            yield one.problem("error", "empty-chain", message, *fixes)


def _stand_in(title: str, path: str, chain: int) -> Fix:
    return Fix(title, "add_stand_in", {"path": path, "chain": chain})


def _other_mode(place: Place, mode: str) -> Fix:
    return Fix(f"Write {mode!r}", "change_mode", {"path": place.path, "mode": mode})


def _adrift(name: str, followers: int) -> str:
    if not followers:
        return f"{name!r} hangs on nothing, so it never runs"
    steps = "the step" if followers == 1 else f"the {followers} steps"
    return f"{name!r} and {steps} that it leads to hang on nothing, so they never run"


RULES: tuple[Rule, ...] = (
    empty_flow,
    EachOrchestrator(empty_chains),
    OfTree(unknown_modes),
    OfTree(parked_steps),
    OfTree(too_deep),
)

"""Rules about strategies: that what branches are to come to can be found out."""

from collections.abc import Iterable, Iterator, Mapping

from agentflow.flow.flow import Orchestrator, segments
from agentflow.flow.near import near
from agentflow.flow.rules.alone import EachOrchestrator, OneOrchestrator
from agentflow.flow.rules.survey import OfTree, Rule, Survey, setting, setting_fix
from agentflow.problem import Fix, Problem

__all__ = ["RULES", "decided_keys"]


def decided_keys(step: Orchestrator, found: Iterable[str]) -> frozenset[str]:
    """The keys that a strategy lifts out of what the branches found."""
    strategy = _said(step, "strategy")
    if strategy == "competitive":
        return frozenset({*found, "winner"})
    return frozenset({_said(step, "field")} if strategy in ("consensus", "weighted") else ())


def missing_synthesizers(survey: Survey) -> Iterator[Problem]:
    """Collaborations in which an agent is to combine what was found, and none can."""
    for place, step in survey.orchestrators:
        if _said(step, "strategy") == "synthesis" and not _said(step, "synthesizer"):
            message = "no agent is named that combines what its branches found"
            title = "Take all that they found instead"
            every = setting_fix(title, None, path=place.path, field="strategy")
            fixes = (Fix("Name one as its synthesizer"), every)
            keys = ("strategy",)
            yield survey.at(place, "error", "no-synthesizer", message, *fixes, keys=keys)
    for place, name in survey.synthesizers:
        if not survey.is_defined(name):
            meant = near(name, (*survey.flow.agents, *sorted(survey.registered)))
            best = [] if meant is None else [_set(place.path, f"Call {meant!r} instead", meant)]
            arguments = {"name": name, "type": "scripted"}
            fixes = (
                *best,
                Fix(f"Define {name!r} as a scripted stand-in", "define_agent", arguments),
            )
            message, keys = f"no agent named {name!r}", ("synthesizer",)
            yield survey.at(place, "error", "unknown-agent", message, *fixes, keys=keys)


def weights_of_nobody(one: OneOrchestrator) -> Iterator[Problem]:
    """Weights of branches that there are not."""
    weights: Mapping[str, float] = setting(one.step, "weights", {})
    branches = [segment for _, index, _, segment in segments(one.step.chains) if index == 0]
    for name in weights:
        if name not in branches:
            fix = _weighed(one.path, weights, name, near(name, branches))
            message, keys = f"{name!r} is none of its branches", ("weights", name)
            yield one.problem("warning", "unknown-branch", message, fix, keys=keys)


def _weighed(path: str, weights: Mapping[str, float], name: str, meant: str | None) -> Fix:
    """The fix that gives a weight to whom it was meant for, or takes it out."""
    kept = {it: weight for it, weight in weights.items() if it != name}
    if meant is None or meant in kept:
        title, told = f"Take {name!r} out", kept
    else:
        title, told = f"Weigh {meant!r}", {**kept, meant: weights[name]}
    return setting_fix(title, told or None, path=path, field="weights")


def _said(step: Orchestrator, field: str) -> str:
    value = setting(step, field, "")
    return value if isinstance(value, str) else ""


def _set(path: str, title: str, name: str) -> Fix:
    return setting_fix(title, name, path=path, field="synthesizer")


RULES: tuple[Rule, ...] = (OfTree(missing_synthesizers), EachOrchestrator(weights_of_nobody))

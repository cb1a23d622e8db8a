"""Rules about routers: that there is a case to take, and that each case can be taken."""

from collections.abc import Hashable, Iterator

from agentflow.flow.flow import Case
from agentflow.flow.rules.alone import EachOrchestrator, OneOrchestrator
from agentflow.flow.rules.survey import Rule, setting, setting_fix
from agentflow.flow.rules.wheres import case_keys
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]


def missing_cases(one: OneOrchestrator) -> Iterator[Problem]:
    """Routers with nothing to choose from, or without a way out when no case holds."""
    if one.step.mode != "route":
        return
    chains = one.step.chains
    cases = [chain.case for chain in chains if chain.case]
    add = Fix("Add a case", "add_case", {"path": one.path})
    if not chains:
        message = "it has no cases, so whatever comes in fails"
        yield one.problem("error", "no-cases", message, add)
    elif not cases:
        message = "it has no cases, so it always takes its default"
        yield one.problem("warning", "no-cases", message, add)
    elif setting(one.step, "choose", "") == "model":
        yield from _choices(one)
    elif len(cases) == len(chains) and not any(_always_holds(it) for it in cases):
        fix = Fix("Let it go on then", "add_default", {"path": one.path})
        message = "without a default the run fails when no case holds"
        yield one.problem("warning", "no-default", message, fix)


def _choices(one: OneOrchestrator) -> Iterator[Problem]:
    """What is wrong with the cases that a model chooses among."""
    open_to_choice = [
        (number, chain.case)
        for number, chain in enumerate(one.step.chains)
        if chain.case and not chain.case.when and not chain.case.keywords
    ]
    if not open_to_choice:
        message = "every case has a condition of its own, so the model is never asked"
        title = "Let the conditions choose, and no model"
        fix = setting_fix(title, None, path=one.path, field="choose")
        yield one.problem("warning", "no-choice", message, fix, keys=("choose",))
    for number, case in open_to_choice:
        if not case.description and not case.examples:
            message = f"case {case.name!r} has no description for the model to choose it by"
            fix = Fix("Describe it, or give examples")
            keys = case_keys(one.step, number)
            yield one.problem("info", "undescribed-case", message, fix, keys=keys)


def unreachable_cases(one: OneOrchestrator) -> Iterator[Problem]:
    """Cases that stand after one that holds whenever they do."""
    by_criterion: dict[Hashable, str] = {}
    always = ""
    for number, chain in enumerate(one.step.chains):
        if chain.case is None:
            continue
        criterion = _criterion(chain.case)
        before = always or by_criterion.get(criterion, "")
        if before and before != chain.case.name:  # Equal names are a problem of their own.
            yield _unreachable(one, number, before)
        by_criterion.setdefault(criterion, chain.case.name)
        if not always and _always_holds(chain.case):
            always = chain.case.name


def _criterion(case: Case) -> Hashable:
    """What decides whether a case holds; equal for two cases that hold at the same time."""
    if case.when.strip():
        return "when", case.when.strip()
    if case.keywords:
        return "keywords", frozenset(word.casefold() for word in case.keywords)
    return "route", case.route or case.name


def _always_holds(case: Case) -> bool:
    return case.when.strip() == "true"


def _unreachable(one: OneOrchestrator, number: int, before: str) -> Problem:
    case = one.step.chains[number].case
    name = case.name if case else "default"
    message = f"case {name!r} is never tried, because {before!r} before it holds whenever it does"
    fix = Fix(f"Remove case {name!r}", "remove_case", {"path": one.path, "chain": number})
    keys = case_keys(one.step, number)
    return one.problem("warning", "unreachable-case", message, fix, keys=keys)


RULES: tuple[Rule, ...] = (
    EachOrchestrator(missing_cases),
    EachOrchestrator(unreachable_cases),
)

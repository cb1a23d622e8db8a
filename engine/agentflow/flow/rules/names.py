"""Rules about names: that they can be names, and that each means one thing."""

from collections.abc import Collection, Iterator

from agentflow.flow.flow import (
    FORBIDDEN_IN_NAMES,
    MAX_NAME,
    Orchestrator,
    name_fault,
)
from agentflow.flow.rules.alone import EachOrchestrator, OneOrchestrator
from agentflow.flow.rules.survey import OfTree, Rule, Survey
from agentflow.flow.rules.wheres import case_keys
from agentflow.problem import Fix, Problem

__all__ = ["RULES"]


def faulty_names(survey: Survey) -> Iterator[Problem]:
    """Names that a path could not hold."""
    for name in survey.flow.agents:
        if fault := name_fault(name):
            free = _free_of(name, survey)
            fix = Fix(f"Call it {free!r}", "rename_agent", {"old": name, "new": free})
            yield survey.of_agent(name, "error", "bad-name", fault, fix)
    for place, step in survey.orchestrators:
        if fault := name_fault(step.name):
            free = _free_of(step.name, survey)
            fix = Fix(f"Call it {free!r}", "rename", {"path": place.path, "new": free})
            yield survey.at(place, "error", "bad-name", fault, fix, keys=("name",))


def faulty_case_names(one: OneOrchestrator) -> Iterator[Problem]:
    """Cases whose name cannot be one, or that share theirs."""
    seen: set[str] = set()
    for number, chain in enumerate(one.step.chains):
        if chain.case is None:
            continue
        name = chain.case.name
        if fault := name_fault(name):
            yield _faulty_case(one, number, name, fault)
        elif name in seen:
            yield _duplicate_case(one, number, name)
        seen.add(name)


def shared_names(survey: Survey) -> Iterator[Problem]:
    """Orchestrators that are called like an agent, or like another orchestrator."""
    seen: set[str] = set()
    taken = {*survey.flow.agents, *survey.registered, *(it.step.name for it in survey.places)}
    for place, step in survey.orchestrators:
        if survey.is_defined(step.name):
            what, code = f"an agent is called {step.name!r} too", "name-taken"
        elif step.name in seen:
            what, code = f"another orchestrator is called {step.name!r} too", "duplicate-name"
        else:
            seen.add(step.name)
            continue
        free = _free(step.name, taken)
        fix = Fix(f"Call this orchestrator {free!r}", "rename", {"path": place.path, "new": free})
        yield survey.at(place, "error", code, what, fix, keys=("name",))


def _faulty_case(one: OneOrchestrator, number: int, name: str, fault: str) -> Problem:
    free = possible_name(name, _names_of_cases(one.step))
    fix = _renamed_case(f"Call it {free!r}", one, number, free)
    keys = (*case_keys(one.step, number), "name")
    return one.problem("error", "bad-name", fault, fix, keys=keys)


def _duplicate_case(one: OneOrchestrator, number: int, name: str) -> Problem:
    free = _free(name, _names_of_cases(one.step))
    fix = _renamed_case(f"Call this case {free!r}", one, number, free)
    message = f"two of its cases are called {name!r}"
    keys = (*case_keys(one.step, number), "name")
    return one.problem("error", "duplicate-case", message, fix, keys=keys)


def _renamed_case(title: str, one: OneOrchestrator, number: int, name: str) -> Fix:
    at = {"path": one.path, "chain": number, "field": "name", "value": name}
    return Fix(title, "set_case", at)


def _names_of_cases(router: Orchestrator) -> Collection[str]:
    return {chain.case.name for chain in router.chains if chain.case}


def possible_name(name: str, taken: Collection[str]) -> str:
    """A name that can be one, and is like this one, and is free."""
    plain = "".join(it if it.isprintable() else " " for it in name)
    for sign in FORBIDDEN_IN_NAMES:
        plain = plain.replace(sign, "-")
    plain = plain.strip("- ")[: MAX_NAME - 10] or "unnamed"
    return plain if plain not in taken else _free(plain, taken)


def _free_of(name: str, survey: Survey) -> str:
    taken = {*survey.flow.agents, *survey.registered, *(it.step.name for it in survey.places)}
    return possible_name(name, taken)


def _free(name: str, taken: Collection[str]) -> str:
    return next(free for n in range(2, len(taken) + 3) if (free := f"{name}_{n}") not in taken)


RULES: tuple[Rule, ...] = (
    OfTree(faulty_names),
    EachOrchestrator(faulty_case_names),
    OfTree(shared_names),
)

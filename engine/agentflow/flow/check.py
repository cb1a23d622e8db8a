"""check: all that is wrong, doubtful or worth knowing in a flow, found without running it."""

import math
from collections.abc import Collection, Generator, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.rules import (
    agents,
    conditions,
    fallbacks,
    inner_flows,
    keys,
    limits,
    memory,
    names,
    pools,
    routes,
    secrets,
    strategies,
    structure,
    timeouts,
)
from agentflow.flow.rules.alone import EachAgent, EachOrchestrator, OneAgent, OneOrchestrator
from agentflow.flow.rules.answers import Answers
from agentflow.flow.rules.survey import OfTree, Rule, Survey
from agentflow.flow.rules.vocabulary import Vocabulary
from agentflow.flow.spelled import as_written
from agentflow.flow.where import dotted, keys_of
from agentflow.problem import Problem

if TYPE_CHECKING:
    from agentflow.flow.rereading import Reread

__all__ = [
    "RULES",
    "Checking",
    "check",
    "check_by_rule",
    "check_edited_by_rule",
    "check_file",
    "check_file_by_rule",
]

Checking = Generator[None, None, tuple[Problem, ...]]
"""A check that can be interrupted after each rule; it returns the problems."""

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *names.RULES,
    *agents.RULES,
    *fallbacks.RULES,
    *secrets.RULES,
    *inner_flows.RULES,
    *routes.RULES,
    *conditions.RULES,
    *keys.RULES,
    *limits.RULES,
    *memory.RULES,
    *pools.RULES,
    *strategies.RULES,
    *timeouts.RULES,
)
"""A rule gets a Survey, or what it looks at alone, and yields the problems that it finds."""

_EACH_AGENT = tuple(it for it in RULES if isinstance(it, EachAgent))
_EACH_ORCHESTRATOR = tuple(it for it in RULES if isinstance(it, EachOrchestrator))

Each = EachAgent | EachOrchestrator

AT_ONCE = 200
"""So many agents or orchestrators are looked at before whoever is waiting has a turn."""

_SEVERITIES = ("error", "warning", "info")


def check(
    flow: Flow,
    catalogue: Vocabulary,
    *,
    registered: Collection[str] = (),
    source: Path | None = None,
) -> tuple[Problem, ...]:
    """What there is to say about a flow; errors first. Nothing is executed or imported.

    Args:
        flow: the flow; it may be unfinished in any way.
        catalogue: the modes and agent types that exist.
        registered: the agents that code hands in; they count as defined.
        source: its file; the flows in that folder that it would run are read.
    """
    return _at_once(check_by_rule(flow, catalogue, registered=registered, source=source))


def check_by_rule(
    flow: Flow,
    catalogue: Vocabulary,
    *,
    registered: Collection[str] = (),
    source: Path | None = None,
    answers: Answers | None = None,
) -> Checking:
    """The same, in steps of some milliseconds for a thousand steps of a flow.

    Args:
        flow: the flow; it may be unfinished in any way.
        catalogue: the modes and agent types that exist.
        registered: the agents that code hands in.
        source: its file.
        answers: what was found out by the same catalogue before the flow was edited; only what
            was edited is looked at again.
    """
    survey = Survey.of(flow, catalogue, registered=registered, source=source, answers=answers)
    return _sorted((yield from _found(survey)))


def check_file(
    file: FlowFile, catalogue: Vocabulary, *, registered: Collection[str] = ()
) -> tuple[Problem, ...]:
    """The same for a file: what reading found too, all with lines; errors first, in file order."""
    return _at_once(check_file_by_rule(file, catalogue, registered=registered))


def check_file_by_rule(
    file: FlowFile,
    catalogue: Vocabulary,
    *,
    registered: Collection[str] = (),
    answers: Answers | None = None,
) -> Checking:
    """The same for a file, in steps; `answers` are those of `check_by_rule`."""
    survey = Survey.of(
        file.flow,
        catalogue,
        registered=registered,
        data=file.native,
        source=file.source,
        answers=answers,
    )
    told = {(problem.code, problem.where) for problem in file.problems}
    found = [_written(problem, file) for problem in (yield from _found(survey))]
    new = (problem for problem in found if (problem.code, problem.where) not in told)
    return _sorted((*file.problems, *new))


def check_edited_by_rule(
    file: FlowFile, flow: Flow, read: "Reread", catalogue: Vocabulary, *, answers: Answers
) -> Checking:
    """The same for what is drawn and not in its file yet, with what reading would tell again.

    Args:
        file: what the flow was made of by edits.
        flow: what is drawn.
        read: the file as it would be read.
        catalogue: the modes and agent types that exist.
        answers: those of `check_by_rule`.
    """
    survey = Survey.of(flow, catalogue, data=read.native, source=file.source, answers=answers)
    told = {(problem.code, problem.where) for problem in read.problems}
    found = [
        replace(it, where=dotted(as_written(keys_of(it.where), read.spelled)))
        for it in (yield from _found(survey))
    ]
    new = (problem for problem in found if (problem.code, problem.where) not in told)
    return _sorted((*read.problems, *new))


def _written(problem: Problem, file: FlowFile) -> Problem:
    """The problem with its place as the file says it."""
    native = keys_of(problem.where)
    keys = as_written(native, file.spelled)
    while keys != native[: len(keys)] and len(keys) > 1 and keys not in file.lines:
        keys = keys[:-1]  # What is said otherwise need not have the same parts.
    return file.lines.placed(problem, keys)


def _found(survey: Survey) -> Generator[None, None, list[Problem]]:
    alone = yield from _found_alone(survey)
    found: list[Problem] = []
    for rule in RULES:
        if isinstance(rule, Each):
            found += alone.get(rule, ())
        else:
            yield
            found += rule.answer(survey) if isinstance(rule, OfTree) else rule(survey)
    survey.answers.end()
    return found


def _found_alone(survey: Survey) -> Generator[None, None, dict[Each, list[Problem]]]:
    """What the rules say that look at one agent or one orchestrator at a time."""
    told: list[tuple[Each, Problem]] = []
    of_agent = partial(_of_agent, survey.answers)
    for number, one in enumerate(survey.agents_alone()):
        if number % AT_ONCE == 0:
            yield
        told += one.answer(survey.answers, of_agent)
    for number, one in enumerate(survey.orchestrators_alone()):
        if number % AT_ONCE == 0:
            yield
        told += one.answer(survey.answers, _of_orchestrator)
    by_rule: dict[Each, list[Problem]] = {}
    for rule, problem in told:
        by_rule.setdefault(rule, []).append(problem)
    return by_rule


def _of_agent(answers: Answers, one: OneAgent) -> tuple[tuple[Each, Problem], ...]:
    # Asked while there are turns: the rules about keys want to know it of all agents at once.
    keys.keys_of_agent(answers, one.name, one.spec, one.kind)
    return tuple((rule, problem) for rule in _EACH_AGENT for problem in rule.look(one))


def _of_orchestrator(one: OneOrchestrator) -> tuple[tuple[Each, Problem], ...]:
    return tuple((rule, problem) for rule in _EACH_ORCHESTRATOR for problem in rule.look(one))


def _at_once(checking: Checking) -> tuple[Problem, ...]:
    while True:
        try:
            next(checking)
        except StopIteration as end:
            return end.value


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    def rank(problem: Problem) -> tuple[int, float]:
        return _SEVERITIES.index(problem.severity), problem.line or math.inf

    return tuple(sorted(problems, key=rank))

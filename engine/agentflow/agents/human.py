"""Human agents: ask the person who runs the flow, and put the answer into the state."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from agentflow.agents._template_faults import template_faults
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, set_to
from agentflow.asking import Ask, Question, QuestionField, answer_fault
from agentflow.duration import Duration
from agentflow.errors import ToolError, one_of
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings, Value
from agentflow.state import State
from agentflow.templates import fill, fill_all

__all__ = ["AGENT_TYPE", "HumanField", "HumanSettings"]


class HumanField(Value):
    """One thing that the person is asked."""

    name: str
    """The key of the state that the answer goes to."""
    label: str = ""
    """What the person reads beside it; "" shows the name."""
    kind: Literal["text", "lines", "number", "choice", "yes/no"] = "text"
    """What it looks like: a line, several lines, a number, one out of `choices`, or a box."""
    choices: tuple[str, ...] = ()
    """For a choice: what there is to choose from."""
    default: Any = None
    """What counts when nothing is said; a text is a template: "{{ draft }}"."""


class HumanSettings(Settings):
    """What the person is asked."""

    question: str = Field(default="", json_schema_extra={"form": "template"})
    """What it is about, a template over the state."""
    fields: tuple[HumanField, ...] = (HumanField(name="response", label="Answer", kind="lines"),)
    """What is asked; without any, one text that goes to `response`."""
    wait: Duration | None = None
    """How long the person has; after that the defaults are the answer."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run; without anybody to ask, it answers with the defaults."""
    settings = spec.settings
    assert isinstance(settings, HumanSettings)

    async def ask(state: State, call: AgentCall) -> Mapping[str, Any]:
        question = _question(settings, state, call)
        if setup.ask is None:
            return _unsaid(question, "there is nobody to ask")
        return _checked(question, await _answered(setup.ask, question))

    return ask


def _question(settings: HumanSettings, state: State, call: AgentCall) -> Question:
    where = f"agents.{call.agent}"
    fields = tuple(
        QuestionField(
            name=it.name,
            label=it.label or it.name,
            kind=it.kind,
            choices=it.choices,
            default=fill_all(it.default, state, f"{where}.fields[{n}].default", path=call.path),
        )
        for n, it in enumerate(settings.fields)
    )
    return Question(
        agent=call.agent,
        path=call.path,
        text=fill(settings.question, state, f"{where}.question", path=call.path),
        fields=fields,
        seconds=None if settings.wait is None else settings.wait.total_seconds(),
    )


async def _answered(ask: Ask, question: Question) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(question.seconds):
            answer = await ask(question)
    except TimeoutError:
        return _unsaid(question, f"nobody answered within {question.seconds:g}s")
    if answer is None:
        raise ToolError("the person declined to answer")
    return answer


def _unsaid(question: Question, why: str) -> Mapping[str, Any]:
    missing = question.unanswered
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        what = f"{why}, and {one_of(missing)} {verb} no default"
        raise ToolError(what, fix="give one, or run the flow where somebody can answer")
    return question.defaults


def _checked(question: Question, answer: Mapping[str, Any]) -> dict[str, Any]:
    told = {**question.defaults, **answer}
    for field in question.fields:
        if fault := answer_fault(field, told.get(field.name)):
            raise ToolError(
                f"{field.name!r} was answered with {told.get(field.name)!r:.80}: {fault}"
            )
    return {field.name: told[field.name] for field in question.fields}


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, HumanSettings):
        return frozenset()
    return frozenset(field.name for field in settings.fields)


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, HumanSettings):
        return ()
    found = [it for n in range(len(settings.fields)) for it in _field_faults(settings, n)]
    defaults = [field.default for field in settings.fields]
    templates = template_faults({"question": settings.question, "fields": defaults})
    return (*_unasked(settings), *_repeated(settings), *found, *templates)


def _unasked(settings: HumanSettings) -> tuple[Problem, ...]:
    if settings.question.strip():
        return ()
    fix = Fix("Write its question")
    message = "the person is not told what this is about"
    return (Problem(severity="warning", code="no-question", message=message, fixes=(fix,)),)


def _repeated(settings: HumanSettings) -> tuple[Problem, ...]:
    names = [field.name for field in settings.fields]
    return tuple(
        _fault(
            n,
            "repeated-field",
            f"the field {name!r} is there already",
            _with_field(settings, n, f"Call it {free!r}", name=free),
        )
        for n, name in enumerate(names)
        if name in names[:n]
        for free in (_free(name, names),)
    )


def _field_faults(settings: HumanSettings, number: int) -> tuple[Problem, ...]:
    field = settings.fields[number]
    if field.kind == "choice" and not field.choices:
        message = f"there is nothing to choose from for {field.name!r}"
        text = _with_field(settings, number, "Ask for a text instead", kind="text")
        fixes = (Fix('Write its choices = ["a", "b"]'), text)
        return (_fault(number, "no-choices", message, *fixes),)
    default = field.default
    if default is None or (isinstance(default, str) and "{{" in default):
        return ()
    asked = QuestionField(name=field.name, label="", kind=field.kind, choices=field.choices)
    if (fault := answer_fault(asked, default)) and default != "":
        message = f"the default of {field.name!r} is none ({fault})"
        gone = _with_field(settings, number, "Take the default out", default=None)
        return (_fault(number, "bad-default", message, gone),)
    return ()


def _with_field(settings: HumanSettings, number: int, title: str, **changed: Any) -> Fix:
    """The fix that changes one of the fields."""
    fields = list(settings.fields)
    fields[number] = fields[number].model_copy(update=changed)
    return set_to("fields", tuple(fields), title)


def _free(name: str, taken: Sequence[str]) -> str:
    numbers = range(2, len(taken) + 2)
    return next(free for n in numbers if (free := f"{name}_{n}") not in taken)


def _fault(number: int, code: str, message: str, *fixes: Fix) -> Problem:
    where = f"fields[{number}]"
    return Problem(severity="error", code=code, message=message, where=where, fixes=fixes)


AGENT_TYPE = AgentType(
    name="human",
    title="Person",
    summary="Asks whoever runs the flow: a form in the editor, a prompt in the terminal.",
    icon="account-question-outline",
    settings=HumanSettings,
    build=build,
    writes=_writes,
    faults=_faults,
)

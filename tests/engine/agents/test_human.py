"""Human agents: what they ask, and what becomes of an answer, of silence and of a no."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from agentflow.asking import Question, QuestionField, answer_fault, answer_from_text
from engine.agents.agent_alone import CATALOGUE, outcome, settings, spec
from engine.checked import found
from engine.fakes import setup

FIELDS = [
    {"name": "amount", "kind": "number"},
    {"name": "sure", "kind": "yes/no", "default": False},
    {"name": "colour", "kind": "choice", "choices": ["red", "blue"], "default": "blue"},
]
FLOW = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\ntype = "human"\n'


class Person:
    """Answers with what it was told to, and remembers what it was asked."""

    def __init__(self, *answers: Mapping[str, Any] | None) -> None:
        self._answers = list(answers)
        self.asked: list[Question] = []

    async def __call__(self, question: Question) -> Mapping[str, Any] | None:
        self.asked.append(question)
        return self._answers.pop(0)


async def never(question: Question) -> Mapping[str, Any]:
    await asyncio.sleep(3600)
    return {}


async def test_the_answer_goes_into_the_state_and_the_trace():
    person = Person({"amount": 3, "sure": True})
    result = await outcome(
        "human", {"who": "Ana"}, setup(ask=person), question="How much, {{ who }}?", fields=FIELDS
    )

    assert result.error == ""
    assert result.state == {"who": "Ana", "amount": 3, "sure": True, "colour": "blue"}
    assert person.asked[0].text == "How much, Ana?"
    assert result.path_results["worker"]["changes"]["amount"] == 3


async def test_without_fields_it_asks_for_one_text():
    result = await outcome("human", {}, setup(ask=Person({"response": "well"})), question="How?")

    assert result.state.answer == "well"


async def test_a_default_may_be_what_the_state_says():
    person = Person({})
    fields = [{"name": "draft", "kind": "lines", "default": "{{ draft }}!"}]
    result = await outcome("human", {"draft": "hello"}, setup(ask=person), fields=fields)

    assert person.asked[0].defaults == {"draft": "hello!"}
    assert result.state["draft"] == "hello!"


async def test_who_declines_fails_the_step():
    result = await outcome("human", {}, setup(ask=Person(None)), question="Well?")

    assert result.status == "failed"
    assert "the person declined to answer" in result.error


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"amount": "many"}, "'amount' was answered with 'many': a number is wanted"),
        ({"amount": float("nan")}, "a number is wanted"),
        ({"amount": True}, "a number is wanted"),
        ({}, "'amount' was answered with None"),
        ({"amount": 1, "colour": "green"}, "choose one of red, blue"),
        ({"amount": 1, "sure": "yes"}, "say yes or no"),
    ],
)
async def test_an_answer_that_is_none_fails_the_step_and_says_why(answer, fault):
    result = await outcome("human", {}, setup(ask=Person(answer)), question="?", fields=FIELDS)

    assert fault in result.error


async def test_where_nobody_is_the_defaults_answer():
    result = await outcome("human", {}, question="?", fields=FIELDS[1:])

    assert result.state == {"sure": False, "colour": "blue"}


async def test_where_nobody_is_and_a_default_is_missing_the_step_says_which():
    result = await outcome("human", {}, question="?", fields=FIELDS)

    assert "there is nobody to ask, and 'amount' has no default" in result.error


async def test_silence_is_the_defaults_after_a_while():
    result = await outcome(
        "human", {}, setup(ask=never), question="?", fields=FIELDS[1:], wait="50ms"
    )

    assert result.state == {"sure": False, "colour": "blue"}


async def test_silence_without_a_default_fails_after_a_while():
    result = await outcome("human", {}, setup(ask=never), question="?", fields=FIELDS, wait="50ms")

    assert "nobody answered within 0.05s" in result.error


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "3", 3),
        ("number", "2,5", 2.5),
        ("number", "many", "many"),
        ("yes/no", "Y", True),
        ("yes/no", "no", False),
        ("yes/no", "perhaps", "perhaps"),
        ("choice", "2", "blue"),
        ("choice", "red", "red"),
        ("choice", "7", "7"),
        ("text", " hello ", "hello"),
    ],
)
def test_what_is_typed_is_read_as_what_is_asked(kind, text, value):
    field = QuestionField(name="x", label="x", kind=kind, choices=("red", "blue"))

    read = answer_from_text(field, text)

    assert read == value
    assert type(read) is type(value)
    assert bool(answer_fault(field, read)) is (value in ("many", "perhaps", "7"))


def test_what_is_asked_badly_is_a_problem_before_the_run():
    field = FLOW + 'question = "?"\n[[agents.a.fields]]\nname = "x"\n'

    assert found("no-question", FLOW)
    assert found("no-choices", field + 'kind = "choice"')
    assert found("bad-default", field + 'kind = "number"\ndefault = "x"')
    assert found("repeated-field", field + '[[agents.a.fields]]\nname = "x"')
    assert found("bad-template", field + 'default = "{{ x"')
    assert not found("bad-default", field + 'kind = "number"\ndefault = "{{ x }}"')


def test_it_executes_nothing_and_writes_its_fields():
    kind = CATALOGUE.agent_types["human"]
    made = spec("human", settings("human", fields=FIELDS))

    assert kind.executes(made) == ()
    assert kind.writes(made) == {"amount", "sure", "colour"}

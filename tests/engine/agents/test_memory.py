"""Memory agents: one task each, with what templates say."""

from pathlib import Path
from typing import Any

import pytest

from agentflow import Memory
from engine.agents import agent_alone
from engine.checked import found
from engine.fakes import setup


@pytest.fixture
def memory(tmp_path: Path):
    made = Memory(tmp_path / "memory.db")
    yield made
    made.close()


async def left(memory: Memory, data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    outcome = await agent_alone.outcome("memory", data, setup(memory=memory), **fields)
    assert outcome.error == ""
    return outcome.state.to_dict()


async def test_it_remembers_a_value_or_the_answer_of_the_state(memory: Memory):
    state = {"name": "Ann", "score": 3, "response": "hello"}

    assert await left(memory, state, task="remember", key="s/{{ name }}", value="{{ score + 1 }}")
    await left(memory, state, task="remember", key="last")

    assert memory.session().recall("s/Ann") == 4
    assert memory.session().recall("last") == "hello"


async def test_it_recalls_a_value_or_the_default(memory: Memory):
    memory.session().remember("s/Ann", {"to": "Oslo"})

    assert (await left(memory, {"name": "Ann"}, key="s/{{ name }}", output_key="trip"))["trip"] == {
        "to": "Oslo"
    }
    assert (await left(memory, {}, key="x", default="{{ 1 + 1 }}"))["response"] == 2


async def test_it_searches_for_a_query_or_for_the_answer(memory: Memory):
    memory.session().remember("trip", "to Oslo")
    memory.session().remember("food", "no fish in Oslo")

    by_query = await left(memory, {}, task="search", query="fish", output_key="found")
    by_answer = await left(memory, {"message": "Oslo?"}, task="search", limit=1, output_key="found")

    assert by_query["found"] == [{"key": "food", "value": "no fish in Oslo"}]
    assert len(by_answer["found"]) == 1


async def test_it_forgets(memory: Memory):
    memory.session().remember("trip", "to Oslo")

    await left(memory, {}, task="forget", key="trip")

    assert memory.session().recall("trip") is None


async def test_a_key_that_comes_to_nothing_fails_its_step(memory: Memory):
    failed = await agent_alone.outcome("memory", {"a": " "}, setup(memory=memory), key="{{ a }}")

    assert "a key is a text and never empty" in failed.error


FLOW = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a"]
[agents.a]
type = "memory"
"""


def test_without_a_key_it_has_nothing_to_do():
    assert found("no-key", FLOW + "[memory]\n")[0].where == "agents.a.key"
    assert not found("no-key", FLOW + 'task = "search"\n[memory]\n')


def test_without_a_memory_its_flow_is_told_to_have_one():
    (problem,) = found("no-memory", FLOW + 'key = "k"\n')

    assert (problem.severity, problem.where) == ("warning", "agents.a.task")
    assert problem.fixes[0].edit == "set_flow"
    assert not found("no-memory", FLOW + 'key = "k"\n[memory]\n')


def test_a_file_elsewhere_is_an_error_before_anything_runs():
    (problem,) = found("memory-path", FLOW + 'key = "k"\n[memory]\npath = "../m.db"\n')

    assert (problem.severity, problem.where) == ("error", "memory.path")

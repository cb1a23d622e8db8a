"""Scripted agents: they stand in for any agent, the same way in every run."""

import asyncio
from typing import Any

import pytest

from agentflow.agents.scripted import ScriptedError
from agentflow.errors import TemplateError
from agentflow.event import Event
from agentflow.flow.flow import RetryPolicy
from agentflow.state import State
from engine.agents.agent_alone import CATALOGUE, built, call, outcome, runner, settings, spec


async def test_its_output_is_filled_in_from_the_state():
    answer = built("scripted", output={"score": "{{ score + 0.25 }}", "said": "so {{ score }}"})

    assert await answer(State({"score": 0.5}), call()) == {"score": 0.75, "said": "so 0.5"}


async def test_values_that_are_no_texts_are_given_as_they_are():
    answer = built("scripted", output={"n": 3, "list": [1, {"x": None}], "yes": True})

    assert await answer(State(), call()) == {"n": 3, "list": [1, {"x": None}], "yes": True}


async def test_with_nothing_set_it_answers_with_its_name():
    assert await built("scripted")(State(), call()) == {"response": "worker"}


async def test_outputs_are_given_call_by_call_and_the_last_one_repeats():
    answer = built("scripted", outputs=[{"n": 1}, {"n": 2}])

    assert [await answer(State(), call(number)) for number in (1, 2, 3, 9)] == [
        {"n": 1},
        {"n": 2},
        {"n": 2},
        {"n": 2},
    ]


async def test_each_run_counts_its_calls_from_the_first():
    async with runner("scripted", outputs=[{"n": 1}, {"n": 2}]) as started:
        results = [await started.run(Event()) for _ in range(2)]

    assert [it.state["n"] for it in results] == [1, 1]


async def test_the_calls_that_are_to_fail_do():
    result = await outcome("scripted", {}, fail_on=[1], error="no paper in the printer")

    assert result.status == "failed"
    assert "no paper in the printer" in result.error


async def test_a_retried_call_is_the_next_call():
    again = {"retry_policy": RetryPolicy(max_retries=2, base_delay_ms=0)}

    result = await outcome("scripted", {}, fail_on=[1, 2], output={"n": 1}, on_spec=again)

    assert result.status == "succeeded"
    assert result.state == {"n": 1}


async def test_chance_is_the_same_in_every_run_with_the_same_seed():
    runs = [await _failures(seed=seed) for seed in (1, 1, 2)]

    assert runs[0] == runs[1] != runs[2]
    assert 20 < len(runs[0]) < 80


async def test_a_rate_of_one_always_fails_and_of_zero_never():
    assert len(await _failures(fail_rate=1.0)) == 100
    assert await _failures(fail_rate=0.0) == []


async def _failures(**fields: Any) -> list[int]:
    answer = built("scripted", **{"fail_rate": 0.5, **fields})
    failed: list[int] = []
    for number in range(100):
        try:
            await answer(State(), call(number))
        except ScriptedError:
            failed.append(number)
    return failed


async def test_its_delay_ends_when_it_is_cancelled():
    async with runner("scripted", delay="1h") as started:
        handle = await started.emit(Event())
        await asyncio.sleep(0)
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"


async def test_a_template_that_reads_what_is_not_there_says_where():
    answer = built("scripted", output={"deep": [{"x": "{{ scoer }}"}]})

    with pytest.raises(TemplateError) as caught:
        await answer(State({"score": 1}), call(path="refine#2/worker"))

    assert str(caught.value).startswith("refine#2/worker: agents.worker.output.deep[0].x: ")
    assert "'score'" in str(caught.value)


def test_it_tells_which_keys_it_writes():
    writes = CATALOGUE.agent_types["scripted"].writes

    assert writes(spec("scripted", settings("scripted", output={"a": 1}))) == {"a"}
    assert writes(spec("scripted", settings("scripted", outputs=[{"a": 1}, {"b": 1}]))) == {
        "a",
        "b",
    }
    assert writes(spec("scripted", settings("scripted"))) == {"response"}


def test_an_output_that_is_no_template_is_told_before_it_runs():
    made = spec("scripted", settings("scripted", output={"a": ["fine", {"b": "{{ open"}]}))

    (fault,) = CATALOGUE.agent_types["scripted"].faults(made)

    assert (fault.code, fault.where, fault.severity) == ("bad-template", "output", "error")

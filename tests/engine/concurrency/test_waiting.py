import asyncio
from functools import partial

import pytest

from agentflow.concurrency.waiting import can_wait


async def answers(state):
    return {"n": [it for it in range(300) if it % 2] and state.get("n", 0) + 1}


async def awaits(state):
    return await answers(state)


async def awaits_at_times(state):
    if state.get("n"):
        await asyncio.sleep(0)
    return {}


async def goes_through(state):
    return {"all": [it async for it in state["source"]]}


async def enters(state):
    async with state["lock"]:
        return {"n": 1}


class Agent:
    async def answers(self, state):
        return {"n": 1}

    async def awaits(self, state):
        await asyncio.sleep(0)


def sync(state):
    return {}


@pytest.mark.parametrize("function", [answers, Agent().answers])
def test_a_function_without_an_await_cannot_wait(function):
    assert not can_wait(function)


@pytest.mark.parametrize(
    "function",
    [awaits, awaits_at_times, goes_through, enters, Agent().awaits, sync, partial(answers), print],
)
def test_any_other_can(function):
    assert can_wait(function)

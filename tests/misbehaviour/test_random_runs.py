"""Whatever a flow is made of, its runs end, leave nothing behind, and end alike in any order.

`make test-long` tries more orders of more flows.
"""

import asyncio
import os

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from agentflow.event import Event
from agentflow.orchestrators import collaborative
from agentflow.orchestrators._join import run_branches
from agentflow.orchestrators.base import arrived
from engine.fakes import runner
from misbehaviour.random_runs import START, Cast, Shuffle, assert_orderly, dawdling, plans, told

ORDERS = int(os.environ.get("ORDERS", "40"))
FLOWS = 15 if ORDERS <= 40 else 100
WILD_RUNS = 3 * ORDERS
LONGEST = 30
"""Seconds after which a run hangs; its flow allows it a twentieth of one."""

checked = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
moments = st.none() | st.integers(0, 80) | st.floats(0, 0.006)
"""When to stop a run: never, after so many rounds of the loop, or after so many seconds."""


async def _until(moment):
    if isinstance(moment, float):
        await asyncio.sleep(moment)
        return
    for _ in range(moment):
        await asyncio.sleep(0)


async def _stopped(plan, seed, moment):
    """Run it and stop it at that moment; the outcome, and whether it was still under way."""
    cast = Cast(plan, dawdling(seed))
    async with runner(plan.flow, cast.agents()) as it:
        handle = await it.emit(Event(data=START))
        under_way = False
        if moment is not None:
            await _until(moment)
            under_way = not handle.has_ended
            handle.cancel()
        async with asyncio.timeout(LONGEST):
            result = await handle.outcome()
        assert cast.at_work == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return result, under_way


@settings(checked, max_examples=WILD_RUNS)
@given(plan=plans(wild=True), seed=st.integers(), moment=moments)
def test_a_run_ends_in_order_whatever_happens_in_it(run_async, plan, seed, moment):
    result, was_under_way = run_async(_stopped(plan, seed, moment))

    assert_orderly(result, plan)
    assert (result.status == "cancelled") == was_under_way, result.error


async def _in_order(plan, order):
    return told(
        await runner(plan.flow, Cast(plan, Shuffle(order).turn).agents()).run(Event(data=START)),
        plan,
    )


async def _outcomes(plan):
    """What came of a run in one order, and what came of one in another that was not the same."""
    first = await _in_order(plan, 0)
    for order in range(1, ORDERS):
        other = await _in_order(plan, order)
        if other != first:
            return first, other
    return first, first


@settings(checked, max_examples=FLOWS)
@given(plan=plans())
def test_runs_come_to_the_same_in_whatever_order_their_agents_end(run_async, plan):
    one, other = run_async(_outcomes(plan))

    assert one == other


async def _in_order_of_their_ends(run, count, work, decided):
    """The broken build: what a branch left counts as that of the one whose turn it is to end."""
    ended = []

    async def noted(branch, number):
        try:
            return await arrived(work(branch, number))
        finally:
            ended.append(number)

    branches = await run_branches(run, count, noted, decided)
    branches.states[:] = [branches.states[number] for number in ended]
    branches.errors = {
        place: branches.errors[number]
        for place, number in enumerate(ended)
        if number in branches.errors
    }
    return branches


def test_a_build_that_merges_branches_as_they_end_is_noticed(monkeypatch):
    monkeypatch.setattr(collaborative, "run_branches", _in_order_of_their_ends)

    def differs(plan):
        one, other = asyncio.run(_outcomes(plan))
        return one != other

    once = settings(checked, max_examples=FLOWS, phases=[Phase.generate])
    assert find(plans(), differs, settings=once)

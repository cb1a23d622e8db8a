"""Permits and deadlines: what holds steps back, and what ends them."""

import asyncio
from math import inf
from time import monotonic

import pytest

from agentflow.concurrency.deadlines import Deadlines
from agentflow.concurrency.permits import Permits
from agentflow.concurrency.strand import Strand
from engine.fakes import flow, outcome, waits


async def took(permits, order, name):
    await permits.taken()
    order.append(name)


async def test_permits_are_given_in_the_order_in_which_they_were_asked_for():
    permits, order = Permits(1), []
    assert permits.take()
    tasks = [asyncio.create_task(took(permits, order, name)) for name in "abc"]
    await asyncio.sleep(0)
    assert not permits.take()
    for _ in range(3):
        permits.give_back()
        await asyncio.sleep(0)
    await asyncio.wait(tasks)

    assert order == ["a", "b", "c"]


async def test_nobody_gets_ahead_of_those_who_wait():
    permits, order = Permits(1), []
    permits.take()
    task = asyncio.create_task(took(permits, order, "first"))
    await asyncio.sleep(0)
    permits.give_back()

    assert not permits.take()
    await task


async def test_a_permit_is_not_lost_with_one_who_no_longer_wants_it():
    permits, order = Permits(1), []
    permits.take()
    tasks = [asyncio.create_task(took(permits, order, name)) for name in "ab"]
    await asyncio.sleep(0)
    permits.give_back()
    tasks[0].cancel()
    await asyncio.wait(tasks)

    assert order == ["b"]
    assert not permits.take()
    permits.give_back()
    assert permits.take()


async def test_one_who_stops_waiting_is_forgotten():
    permits, order = Permits(1), []
    permits.take()
    tasks = [asyncio.create_task(took(permits, order, name)) for name in "ab"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.sleep(0)
    permits.give_back()
    await asyncio.wait(tasks)

    assert order == ["b"]


def test_permits_are_free_only_where_those_around_them_are():
    around = Permits(1)
    inner = Permits(2, around)
    assert inner.are_free()

    around.take()

    assert not inner.are_free()


async def test_permits_taken_anyway_are_made_up_for():
    permits = Permits(1)
    permits.take()
    permits.take_anyway()
    permits.give_back()
    assert not permits.take()
    permits.give_back()

    assert permits.take()


def strand_here():
    strand = Strand()
    strand.task = asyncio.current_task()
    return strand


async def test_a_deadline_interrupts_its_strand_and_says_so():
    deadlines, strand = Deadlines(), strand_here()
    deadline = deadlines.start(strand, 0.01, "step", monotonic())
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(3600)

    assert strand.why == "step: its timeout of 0.01s was over"
    assert deadline.was_the_reason()
    assert (strand.interrupts, strand.task.cancelling()) == (0, 0)


async def test_a_deadline_that_has_ended_interrupts_nobody():
    deadlines, strand = Deadlines(), strand_here()
    deadlines.start(strand, 0.01, "step", monotonic()).end()
    await asyncio.sleep(0.03)

    assert strand.interrupts == 0
    deadlines.close()


async def test_deadlines_of_one_length_end_in_the_order_in_which_they_began():
    deadlines, ended = Deadlines(), []

    async def waits(name):
        strand = strand_here()
        deadline = deadlines.start(strand, 0.02, name, monotonic())
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            assert deadline.was_the_reason()
            ended.append(name)

    tasks = []
    for name in "abc":
        tasks.append(asyncio.create_task(waits(name)))
        await asyncio.sleep(0.004)
    await asyncio.wait(tasks)

    assert ended == ["a", "b", "c"]


async def test_a_deadline_inside_another_that_fires_with_it_is_not_the_reason():
    deadlines, strand = Deadlines(), strand_here()
    outer, inner = (deadlines.start(strand, 0.01, name, monotonic()) for name in ("outer", "inner"))
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(3600)

    assert outer.fired
    assert inner.fired
    assert not inner.was_the_reason()
    assert outer.was_the_reason()


async def test_time_in_which_a_run_is_held_moves_its_deadlines():
    held = 0.0
    deadlines, strand = Deadlines(lambda: held), strand_here()
    deadline = deadlines.start(strand, 0.01, "step", monotonic())
    held = 0.03
    await asyncio.sleep(0.02)
    assert not deadline.fired
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(3600)

    assert deadline.was_the_reason()


async def test_closed_deadlines_leave_no_timer():
    deadlines, strand = Deadlines(), strand_here()
    deadlines.start(strand, 0.01, "step", monotonic())
    deadlines.close()
    await asyncio.sleep(0.02)

    assert strand.interrupts == 0


async def test_a_deadline_that_is_armed_late_is_over_before_those_that_began_later():
    deadlines, strand = Deadlines(), strand_here()
    began = monotonic()
    await asyncio.sleep(0.03)
    inner = deadlines.start(strand, 0.05, "inner", monotonic())
    outer = deadlines.start(strand, 0.05, "outer", began)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(3600)

    assert outer.fired
    assert not inner.fired
    assert outer.was_the_reason()
    inner.end()
    deadlines.close()


async def test_a_kept_deadline_interrupts_its_strand_for_the_agent_that_it_was_set_for_last():
    deadlines, strand = Deadlines(), strand_here()
    kept = deadlines.start(strand, 0.05, "first", monotonic())
    strand.deadline = kept
    await asyncio.sleep(0.03)
    began = monotonic()
    kept.owner, kept.at = "second", began + 0.05
    with pytest.raises(asyncio.CancelledError):
        await asyncio.sleep(3600)

    assert monotonic() - began >= 0.05
    assert strand.why == "second: its timeout of 0.05s was over"
    assert kept.was_the_reason()


async def test_a_kept_deadline_of_nobody_interrupts_nobody_and_is_gone_after_a_while():
    deadlines, strand = Deadlines(), strand_here()
    kept = deadlines.start(strand, 0.01, "step", monotonic())
    strand.deadline = kept
    kept.at = inf
    await asyncio.sleep(0.03)

    assert (strand.interrupts, strand.deadline) == (0, None)
    assert not kept.row.live


async def test_the_timeout_of_an_agent_that_has_ended_is_no_limit_of_the_next():
    of = flow("short", "long", agents={"short": {"timeout": "30ms"}, "long": {"timeout": "1h"}})
    result = await outcome(of, {"short": waits(0.0), "long": waits(0.06)})

    assert result.status == "succeeded"


async def test_an_agent_that_follows_one_with_another_timeout_has_its_own():
    of = flow("short", "long", agents={"short": {"timeout": "20ms"}, "long": {"timeout": "60ms"}})
    async with asyncio.timeout(5):
        result = await outcome(of, {"short": waits(0.0), "long": waits()})

    assert result.error.startswith("long: stopped by its own timeout"), result.error

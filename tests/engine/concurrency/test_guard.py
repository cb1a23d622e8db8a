import asyncio
import contextvars
import time

import anyio
import pytest

from agentflow.agents.base import AgentCall
from agentflow.event import Event
from agentflow.state import State
from engine.fakes import flow, outcome, parallel, runner, says, waits

TEAM = parallel("team", "bad", "good", failure_threshold=0.5)
BRIEF = {"bad": {"timeout": "20ms"}}


async def test_what_an_agent_left_behind_says_later_is_not_recorded():
    release = asyncio.Event()

    async def stubborn(state: State, call: AgentCall):
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                call.say("still here")
        call.say("late")

    heard = []
    it = runner(flow("bad", agents=BRIEF), {"bad": stubborn})
    it.subscribe(heard.append)
    result = await it.run(Event())
    count = len(heard)
    release.set()
    await asyncio.sleep(0.01)

    assert len(heard) == count == len(result.entries)


async def test_a_result_that_comes_after_the_timeout_does_not_count():
    async def late(state):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            return {"x": 1}

    result = await outcome(flow("bad", agents=BRIEF), {"bad": late})

    assert result.status == "failed"
    assert "stopped by its own timeout" in result.error
    assert "x" not in result.state


async def test_an_agent_may_take_a_while_to_clean_up():
    cleaned = []

    async def careful(state):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.05)
            cleaned.append(True)

    result = await outcome(flow("a", agents={"a": {"timeout": "20ms"}}), {"a": careful})

    assert cleaned == [True]
    assert "ignored" not in result.error


async def test_an_agents_own_timeouts_and_groups_work_as_they_do_elsewhere():
    async def agent(state):
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(3600)
        except TimeoutError:
            pass
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(3600))
                group.create_task(waits(0.01)(state))
                group.create_task(fails_soon())
        except* ValueError:
            pass
        return {"x": 1}

    async def fails_soon():
        await asyncio.sleep(0)
        raise ValueError

    result = await outcome(flow("a", "b"), {"a": agent, "b": says(y=1)})

    assert result.state == {"x": 1, "y": 1}, result.error


async def test_the_cancel_scopes_that_http_clients_use_work_as_they_do_elsewhere():
    async def agent(state):
        with anyio.move_on_after(0.01) as scope:
            await anyio.sleep(3600)
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 3600)
            await anyio.sleep(0.001)
            group.cancel_scope.cancel()
        await anyio.sleep(0.001)
        return {"moved_on": scope.cancelled_caught}

    async def fails_in_time(state):
        with anyio.fail_after(0.01):
            await anyio.sleep(3600)

    of = flow("a", "b", "c", agents={"b": {"on_error": "continue"}})
    result = await outcome(of, {"a": agent, "b": fails_in_time, "c": waits(0.001, y=1)})

    assert result.state["moved_on"] is True
    assert result.state["y"] == 1
    assert "raised TimeoutError" in result.state["errors"]["b"]


async def test_an_agent_in_a_cancel_scope_is_stopped_by_the_runs_timeout():
    async def agent(state):
        with anyio.fail_after(3600):
            await anyio.sleep(3600)

    result = await outcome(flow("a", timeout="20ms"), {"a": agent})

    assert result.error.startswith("run: stopped by the run's own timeout")
    assert "ignored" not in result.path_results["a"]["error"]


async def test_the_agents_own_timeout_is_its_failure_and_not_a_cancelled_run():
    async def agent(state):
        async with asyncio.timeout(0.01):
            await asyncio.sleep(3600)

    result = await outcome(flow("a"), {"a": agent})

    assert result.status == "failed"
    assert "raised TimeoutError" in result.error


async def test_tasks_that_an_agent_leaves_behind_are_stopped():
    left = []

    async def leaks(state):
        async def child():
            left.append(asyncio.create_task(asyncio.sleep(3600)))
            await asyncio.sleep(3600)

        left.append(asyncio.create_task(child()))
        await asyncio.sleep(0)
        return {"x": 1}

    result = await outcome(flow("a"), {"a": leaks})

    assert result.state == {"x": 1}
    assert [task.cancelled() for task in left] == [True, True]


async def test_a_task_in_a_context_of_its_own_may_outlive_the_call():
    kept = []

    async def agent(state):
        kept.append(asyncio.create_task(asyncio.sleep(0.02), context=contextvars.Context()))

    await outcome(flow("a"), {"a": agent})
    await kept[0]

    assert not kept[0].cancelled()


async def test_what_an_agent_sets_in_its_context_is_not_seen_by_the_next():
    variable = contextvars.ContextVar("variable", default="clean")

    async def sets(state):
        variable.set("dirty")
        await asyncio.sleep(0)

    async def reads(state):
        return {"seen": variable.get()}

    result = await outcome(flow("a", "b"), {"a": sets, "b": reads})

    assert result.state == {"seen": "clean"}


async def test_half_a_surrogate_pair_becomes_a_replacement_character():
    result = await outcome(flow("a"), {"a": says(**{"k\ud800": "\udfff!"})})

    assert result.state == {"k\ufffd": "\ufffd!"}


async def test_an_agent_may_scribble_on_its_state_without_harm_to_others():
    async def scribbles(state):
        state["list"].append("mine")
        state["map"]["deep"]["er"] = "mine"
        raise ValueError

    async def reads(state):
        await asyncio.sleep(0.01)
        return {"seen": [state["list"], state["map"]]}

    of = flow(TEAM)
    result = await outcome(of, {"bad": scribbles, "good": reads}, list=["a"], map={"deep": {}})

    assert result.state["team"]["good"]["seen"] == [["a"], {"deep": {}}]
    assert result.state["list"] == ["a"]


async def test_what_an_agent_returned_is_not_changed_by_what_it_does_later():
    kept = {"list": [1]}

    async def agent(state):
        return kept

    async def later(state):
        kept["list"].append(2)

    result = await outcome(flow("a", "b"), {"a": agent, "b": later})

    assert result.state == {"list": [1]}


async def test_an_agent_that_holds_the_loop_past_its_timeout_has_failed():
    async def computes(state):
        time.sleep(0.05)  # noqa: ASYNC251 - that is what it does wrong
        return {"x": 1}

    async def waits_and_computes(state):
        await asyncio.sleep(0)
        time.sleep(0.05)  # noqa: ASYNC251 - that is what it does wrong
        return {"x": 1}

    for agent in (computes, waits_and_computes):
        result = await outcome(flow("a", agents={"a": {"timeout": "20ms"}}), {"a": agent})

        assert result.status == "failed"
        assert "stopped by its own timeout of 0.02s (it held the event loop" in result.error


async def _turns_after(act):
    """How often the loop had its turn between an agent that does that and the one behind it."""
    turns = []

    async def agent(state):
        await act()
        asyncio.get_running_loop().call_soon(turns.append, "a turn")

    async def behind(state):
        return {"turns": len(turns)}

    result = await outcome(flow("agent", "behind"), {"agent": agent, "behind": behind})
    return result.state["turns"]


async def test_the_loop_has_its_turn_after_agents_that_hold_it_and_not_after_those_that_wait():
    async def holds():
        time.sleep(0.02)  # noqa: ASYNC251 - that is what it does wrong

    async def waits_and_holds():
        await asyncio.sleep(0)
        await holds()

    assert await _turns_after(holds) == 1
    assert await _turns_after(waits_and_holds) == 1
    assert await _turns_after(lambda: asyncio.sleep(0.02)) == 0


@pytest.mark.parametrize("turns", range(8))
async def test_a_run_that_is_cancelled_while_an_agent_cancels_its_own_task_is_cancelled(turns):
    async def cancels_itself(state):
        asyncio.current_task().cancel()
        return {}

    goes_on = {"a": {"on_error": "continue"}}
    of = flow("a", parallel("team", "a", "a", "a", failure_threshold=1.0), agents=goes_on)
    async with runner(of, {"a": cancels_itself}) as it:
        handle = await it.emit(Event())
        for _ in range(turns):
            await asyncio.sleep(0)
        was_under_way = not handle.has_ended
        handle.cancel()

        assert ((await handle.outcome()).status == "cancelled") == was_under_way

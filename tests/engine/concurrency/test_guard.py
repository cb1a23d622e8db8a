import asyncio
import contextvars
import time
from collections.abc import Mapping

import anyio
import pytest

from agentflow.agents.base import AgentCall
from agentflow.event import Event
from agentflow.result import AgentResult
from agentflow.state import State
from engine.fakes import flow, outcome, parallel, runner, says, waits


class Odd(BaseException):
    pass


class UnreadableError(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")


class Trap(Mapping):
    def __getitem__(self, key):
        raise OSError("the mapping bites")

    def __iter__(self):
        yield "key"

    def __len__(self):
        return 1


def raising(error):
    async def agent(state):
        raise error

    return agent


def returning(make):
    async def agent(state):
        return make()

    return agent


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return {"deep": value}


def cyclic():
    value = []
    value.append(value)
    return {"ring": value}


def wide():
    value = ["x"]
    for _ in range(40):
        value = [value, value]
    return {"wide": value}


async def cancels_itself_and_returns(state):
    asyncio.current_task().cancel()
    return {"x": 1}


async def cancels_itself_and_waits(state):
    asyncio.current_task().cancel()
    await asyncio.sleep(3600)


async def recurses(state):
    return await recurses(state)


async def generates():
    yield 1


async def soon():
    return {"x": 1}


async def cancels_its_children(state):
    child = asyncio.create_task(asyncio.sleep(3600))
    child.cancel()
    await child


async def yields_nonsense(state):
    class Nonsense:
        def __await__(self):
            yield 42

    await Nonsense()


async def awaits_what_fails(state):
    future = asyncio.get_running_loop().create_future()
    future.set_exception(KeyError("gone"))
    await future


def blocks_and_exits(state):
    raise SystemExit(3)


def stops_iteration(state):
    raise StopIteration


TEAM = parallel("team", "bad", "good", failure_threshold=0.5)
BRIEF = {"bad": {"timeout": "20ms"}}

ZOO = {
    "raises": (raising(ValueError("broken")), "raised ValueError: broken"),
    "raises without a text": (raising(ValueError()), "raised ValueError"),
    "raises an error without a text": (raising(UnreadableError()), "cannot be read"),
    "exits": (raising(SystemExit(3)), "raised SystemExit: 3"),
    "is interrupted": (raising(KeyboardInterrupt()), "raised KeyboardInterrupt"),
    "raises GeneratorExit": (raising(GeneratorExit()), "raised GeneratorExit"),
    "raises its own BaseException": (raising(Odd("odd")), "raised Odd: odd"),
    "raises CancelledError": (raising(asyncio.CancelledError()), "CancelledError by itself"),
    "raises StopIteration": (raising(StopIteration()), "raised RuntimeError"),
    "raises a group": (
        raising(ExceptionGroup("two", [ValueError(), KeyError()])),
        "ExceptionGroup",
    ),
    "cancels itself": (cancels_itself_and_waits, "CancelledError by itself"),
    "cancels itself and returns": (cancels_itself_and_returns, "cancelled the task"),
    "awaits what it cancelled": (cancels_its_children, "CancelledError by itself"),
    "awaits a failure": (awaits_what_fails, "raised KeyError"),
    "awaits nonsense": (yields_nonsense, "raised RuntimeError: Task got bad yield: 42"),
    "recurses for ever": (recurses, "raised RecursionError"),
    "returns a coroutine": (returning(soon), "returned a coroutine; await it"),
    "returns an async generator": (returning(generates), "returned an async_generator"),
    "returns a generator": (returning(lambda: (i for i in [1])), "returned a generator"),
    "returns a text": (returning(lambda: "hello"), "returned a str ('hello')"),
    "returns a number": (returning(lambda: 3), "returned an int (3)"),
    "returns an object": (returning(object), "returned an object"),
    "returns an object inside": (returning(lambda: {"a": [1, {"b": object()}]}), "at 'a[1].b'"),
    "returns bytes": (returning(lambda: {"a": b"x"}), "a bytes at 'a'"),
    "returns a set": (returning(lambda: {"a": {1}}), "a set at 'a'"),
    "returns NaN": (returning(lambda: {"a": float("nan")}), "nan at 'a'"),
    "returns infinity": (returning(lambda: {"a": [float("inf")]}), "inf at 'a[0]'"),
    "returns keys that are numbers": (
        returning(lambda: {"a": {1: 2}}),
        "the key 1 of type int",
    ),
    "returns a huge number": (returning(lambda: {"a": 10**5000}), "more than 1024 bits"),
    "returns a huge text": (returning(lambda: {"a": "x" * 5_000_000}), "characters of text"),
    "returns too many values": (returning(lambda: {"a": [0] * 300_000}), "200,000 values"),
    "returns something very deep": (returning(lambda: nested(100_000)), "nested more than 64"),
    "returns itself": (returning(cyclic), "hold themselves"),
    "returns exponentially much": (returning(wide), "200,000 values"),
    "returns a mapping that raises": (returning(Trap), "raises OSError: the mapping bites"),
    "answers with an error": (returning(lambda: AgentResult(error="no")), "an error: no"),
    "exits in a thread": (blocks_and_exits, "raised SystemExit: 3"),
    "stops iteration in a thread": (stops_iteration, "raised RuntimeError"),
    "returns a coroutine from a thread": (lambda state: soon(), "returned a coroutine"),
}


@pytest.mark.parametrize("name", ZOO)
async def test_an_agent_that_misbehaves_fails_its_step_and_nothing_else(name):
    agent, told = ZOO[name]
    of = flow(parallel("team", "bad", "good", failure_threshold=0.5), "after")

    result = await outcome(of, {"bad": agent, "good": says(x=1), "after": says(done=True)})

    failed = result.path_results["team/bad"]
    assert failed["status"] == "failed"
    assert failed["error"].startswith("team/bad: agent 'bad' ")
    assert told in failed["error"]
    assert result.status == "succeeded", result.error
    assert result.state == {"team": {"good": {"x": 1}}, "done": True}


@pytest.mark.parametrize("name", ZOO)
async def test_an_agent_that_misbehaves_in_the_runs_own_task_fails_the_run(name):
    agent, told = ZOO[name]
    async with runner(flow("bad", "after"), {"bad": agent}) as it:
        result = await it.run(Event())
        again = await it.run(Event())

    assert result.status == again.status == "failed"
    assert told in result.error
    assert asyncio.current_task().cancelling() == 0


async def test_an_agent_that_swallows_its_cancellation_is_left_behind_and_that_is_said():
    release = asyncio.Event()

    async def stubborn(state):
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    of = flow(
        parallel("team", "bad", "good", failure_threshold=0.5), agents={"bad": {"timeout": "20ms"}}
    )
    result = await outcome(of, {"bad": stubborn, "good": says(x=1)})
    release.set()
    await asyncio.sleep(0.01)

    assert result.status == "succeeded"
    error = result.path_results["team/bad"]["error"]
    assert "stopped by its own timeout of 0.02s (it ignored its cancellation" in error


async def test_an_agent_that_spins_through_its_cancellation_is_left_behind():
    release = False

    async def spins(state):
        while not release:
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    result = await outcome(flow("bad", agents=BRIEF), {"bad": spins})
    release = True
    await asyncio.sleep(0.01)

    assert "ignored its cancellation" in result.error


async def test_an_agent_whose_inner_task_ignores_cancellation_is_left_behind():
    release = asyncio.Event()

    async def inner():
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    async def agent(state):
        await asyncio.create_task(inner())

    result = await outcome(flow("bad", agents=BRIEF), {"bad": agent})
    release.set()
    await asyncio.sleep(0.01)

    assert "ignored its cancellation" in result.error


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


async def test_a_sync_agent_that_hangs_holds_nobody_up():
    of = flow(
        parallel("team", "bad", "good", failure_threshold=0.5), agents={"bad": {"timeout": "20ms"}}
    )

    result = await outcome(of, {"bad": lambda state: time.sleep(0.3), "good": says(x=1)})

    assert result.status == "succeeded"
    assert "its thread cannot be stopped" in result.path_results["team/bad"]["error"]


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

"""Pools: expensive things that agents borrow for a call."""

import asyncio

import pytest

from agentflow import Resource, borrowed
from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.flow.flow import PoolSettings
from agentflow.runner import Runner
from agentflow.trace import StepNoted
from engine.fakes import flow, parallel, setup


def pooled(*steps, agents, **pools):
    settings = {name: PoolSettings.model_validate(it) for name, it in pools.items()}
    return flow(*steps, agents=agents).model_copy(update={"pools": settings})


async def outcome(of, agents, **options):
    return await Runner.from_flow(of, agents=agents, setup=setup(), **options).run(Event())


def notes(result):
    return [it for it in result.entries if isinstance(it, StepNoted) and it.about == "pool"]


async def uses_browser(state):
    await asyncio.sleep(0.01)
    return {"used": borrowed("browser")}


ONE_BROWSER = pooled(
    parallel("p", "a", "b", "c"),
    agents={name: {"uses": ["browser"]} for name in "abc"},
    browser={"size": 1},
)


async def test_a_thing_is_lent_to_one_agent_at_a_time_and_waits_are_told():
    at_work, most = set(), []

    async def works(state):
        at_work.add(borrowed("browser"))
        most.append(len(at_work))
        await asyncio.sleep(0.005)
        at_work.remove("firefox")
        return {"used": borrowed("browser")}

    agents = dict.fromkeys("abc", works)
    result = await outcome(ONE_BROWSER, agents, pools={"browser": ["firefox"]})

    assert result.status == "succeeded"
    assert most == [1, 1, 1]
    assert [it.path for it in notes(result)] == ["p/b", "p/c"]
    assert notes(result)[0].facts["seconds"] >= 0.004


async def test_things_that_nobody_gave_are_numbers():
    of = pooled(parallel("p", "a", "b"), agents={n: {"uses": ["x"]} for n in "ab"}, x={"size": 2})

    async def works(state):
        return {"used": borrowed("x")}

    result = await outcome(of, {"a": works, "b": works})

    assert result.state["p"] == {"a": {"used": 1}, "b": {"used": 1}}


async def test_sync_agents_find_what_they_borrowed_too():
    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={})
    result = await outcome(of, {"a": lambda state: {"used": borrowed("browser")}})

    assert result.state == {"used": 1}


async def test_who_waits_too_long_fails_and_says_what_to_raise():
    of = pooled(
        parallel("p", "a", "b", failure_threshold=0.5),
        agents={"a": {"uses": ["db"]}, "b": {"uses": ["db"]}},
        db={"timeout": "10ms"},
    )

    async def slow(state):
        await asyncio.sleep(0.2)
        return {"x": 1}

    result = await outcome(of, {"a": slow, "b": slow})

    assert result.path_results["p/b"]["error"] == (
        "p/b: agent 'b' waited 0.01s for the one thing in pool 'db'; raise pools.db.size or its "
        "timeout"
    )


async def test_waiting_for_a_thing_is_no_part_of_the_agents_own_timeout():
    of = pooled(
        parallel("p", "a", "b"),
        agents={n: {"uses": ["db"], "timeout": "300ms"} for n in "ab"},
        db={},
    )

    async def takes_a_while(state):
        await asyncio.sleep(0.2)
        return {"x": 1}

    result = await outcome(of, {"a": takes_a_while, "b": takes_a_while})

    assert result.error == ""


async def test_two_agents_that_use_the_same_two_pools_never_wait_for_each_other():
    of = pooled(
        parallel("p", "a", "b"),
        agents={"a": {"uses": ["x", "y"]}, "b": {"uses": ["y", "x"]}},
        x={"timeout": "2s"},
        y={"timeout": "2s"},
    )

    async def works(state):
        await asyncio.sleep(0.001)
        return {"n": borrowed("x") + borrowed("y")}

    async with Runner.from_flow(of, agents={"a": works, "b": works}, setup=setup()) as it:
        results = [await it.run(Event()) for _ in range(20)]

    assert {result.status for result in results} == {"succeeded"}


class Browsers:
    """Makes browsers, and can break them."""

    def __init__(self):
        self.made, self.closed, self.broken = 0, [], set()

    async def make(self):
        self.made += 1
        return self.made

    def check(self, browser):
        return browser not in self.broken

    async def close(self, browser):
        self.closed.append(browser)

    @property
    def resource(self):
        return Resource(make=self.make, check=self.check, close=self.close)


async def test_things_are_made_when_wanted_used_again_and_closed_with_the_runner():
    browsers = Browsers()
    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={"size": 3})
    runner = Runner.from_flow(
        of, agents={"a": uses_browser}, setup=setup(), pools={"browser": browsers.resource}
    )
    async with runner:
        used = [(await runner.run(Event())).state["used"] for _ in range(3)]

    assert used == [1, 1, 1]
    assert (browsers.made, browsers.closed) == (1, [1])


async def test_a_thing_that_no_longer_works_is_closed_and_another_one_made():
    browsers = Browsers()
    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={})
    runner = Runner.from_flow(
        of, agents={"a": uses_browser}, setup=setup(), pools={"browser": browsers.resource}
    )
    async with runner:
        await runner.run(Event())
        browsers.broken.add(1)
        assert (await runner.run(Event())).state == {"used": 2}

    assert browsers.closed == [1, 2]


async def test_a_thing_that_cannot_be_made_fails_the_step_and_leaves_the_place_free():
    tries = []

    def make():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("no display")
        return "firefox"

    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={})
    runner = Runner.from_flow(
        of, agents={"a": uses_browser}, setup=setup(), pools={"browser": Resource(make=make)}
    )
    async with runner:
        first, second = [await runner.run(Event()) for _ in range(2)]

    assert "could get nothing from pool 'browser' (OSError: no display)" in first.error
    assert second.state == {"used": "firefox"}


async def test_a_run_that_is_stopped_gives_back_what_it_borrowed():
    async def hangs(state):
        if state.get("hang"):
            await asyncio.sleep(3600)
        return {"used": borrowed("browser")}

    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={"timeout": "1s"})
    async with Runner.from_flow(of, agents={"a": hangs}, setup=setup()) as runner:
        handle = await runner.emit(Event(data={"hang": True}))
        await asyncio.sleep(0.01)
        handle.cancel()
        await handle.outcome()
        assert (await runner.run(Event())).state == {"used": 1}


async def test_fewer_things_than_the_size_says_are_refused():
    of = pooled("a", agents={"a": {"uses": ["browser"]}}, browser={"size": 2})
    runner = Runner.from_flow(
        of, agents={"a": uses_browser}, setup=setup(), pools={"browser": ["firefox"]}
    )

    with pytest.raises(SetupError, match=r"pools\.browser: 1 things are given for size 2"):
        await runner.start()


def test_what_is_not_borrowed_is_not_there():
    with pytest.raises(SetupError, match="name it in the agent's uses"):
        borrowed("browser")

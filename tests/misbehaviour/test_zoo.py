"""Whatever an agent does fails its own step; the rest of the run, and the process, go on."""

import asyncio
import threading

import pytest

from agentflow.event import Event
from agentflow.running import agent_call, quick_step
from engine.fakes import flow, parallel, runner, says
from misbehaviour.zoo import ZOO

pytestmark = pytest.mark.usefixtures("run_async", "nothing_left")


@pytest.fixture
def release():
    """Ends, after the test, what would not end by itself."""
    event = threading.Event()
    yield event
    event.set()


async def _harms_its_step_alone(beast, release):
    """Run it twice beside an agent that works, and before one; what it does stays its own."""
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    team = parallel("team", "bad", "good", failure_threshold=0.5)
    agents = {"bad": beast.made(release), "good": says(x=1), "after": says(done=True)}

    async with runner(flow(team, "after", agents=_brief(beast)), agents) as it:
        results = [await it.run(Event()), await it.run(Event())]
        await _let_go(release)

    for result in results:
        assert result.status == "succeeded", result.error
        assert result.state == {"team": {"good": {"x": 1}}, "done": True}
        _told_clearly("team/bad", beast, result)
    assert complaints == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


def _brief(beast):
    return {"bad": {"timeout": beast.timeout}} if beast.timeout else {}


async def _let_go(release):
    """What an agent has left behind ends before the loop does."""
    release.set()
    await asyncio.sleep(0.02)


def _told_clearly(path, beast, result):
    failed = result.path_results[path]
    assert failed["status"] == "failed"
    assert failed["error"].startswith(f"{path}: ")
    assert beast.told in failed["error"]
    assert len(failed["error"]) < 1000
    assert failed["error"].encode()


@pytest.mark.parametrize("name", ZOO)
async def test_an_agent_that_misbehaves_fails_its_step_and_nothing_else(name, release):
    await _harms_its_step_alone(ZOO[name], release)


@pytest.mark.parametrize("name", ZOO)
async def test_an_agent_that_misbehaves_in_the_runs_own_task_fails_the_run(name, release):
    beast = ZOO[name]
    agents = {"bad": beast.made(release)}
    async with runner(flow("bad", "after", agents=_brief(beast)), agents) as it:
        result = await it.run(Event())
        again = await it.run(Event())
        await _let_go(release)

    assert result.status == again.status == "failed"
    assert result.error == result.path_results["bad"]["error"]
    _told_clearly("bad", beast, result)
    assert "after" not in result.path_results
    assert asyncio.current_task().cancelling() == 0


@pytest.mark.parametrize(
    "name", ["raises", "raises CancelledError", "hangs with tasks of its own", "cancels itself"]
)
async def test_a_guard_that_merely_awaits_the_agent_is_noticed(name, release, monkeypatch):
    class Bare:
        def __init__(self):
            self.ended, self.send = [None], lambda coro: coro

    async def merely_awaited(stage, coro, strand, *_):
        strand.resumed = float("inf")
        stage.ended[0] = await coro

    async def as_it_ended(ended, *_, **__):
        return ended

    for caller in (agent_call, quick_step):
        monkeypatch.setattr(caller, "Stage", Bare)
        monkeypatch.setattr(caller, "driven", merely_awaited)
    monkeypatch.setattr(agent_call, "settled", as_it_ended)

    with pytest.raises((AssertionError, ValueError, asyncio.CancelledError)):
        await _harms_its_step_alone(ZOO[name], release)
    await _stop_what_is_left()


async def _stop_what_is_left():
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left)

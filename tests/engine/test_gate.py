import asyncio

from agentflow.event import Event
from agentflow.gate import Gate
from engine.fakes import flow, kinds, loop, parallel, runner, says, sequence

PAUSES = ("RunPaused", "RunResumed", "BreakpointHit")


class Controlled:
    """A run, and the gate that holds it."""

    def __init__(self, of, agents=None):
        self.gate = Gate()
        self.began = []
        self._runner = runner(of, agents or {}, gate=self.gate)
        self._runner.subscribe(self._heard)

    def _heard(self, entry):
        if type(entry).__name__ == "StepStarted":
            self.began.append(entry.path)

    async def __aenter__(self):
        await self._runner.start()
        self.handle = await self._runner.emit(Event())
        return self

    async def __aexit__(self, *_):
        await self._runner.stop()

    async def settled(self):
        for _ in range(20):
            await asyncio.sleep(0)
        return list(self.began)


async def test_an_open_gate_holds_nothing():
    async with Controlled(flow("a", "b")) as it:
        result = await it.handle.outcome()

    assert result.status == "succeeded"
    assert kinds(result, *PAUSES) == []


async def test_a_closed_gate_lets_one_step_begin_at_a_time():
    it = Controlled(flow(sequence("s", "a", "b")))
    it.gate.pause()
    async with it:
        seen = [await it.settled()]
        for _ in range(3):
            it.gate.step()
            seen.append(await it.settled())
        result = await it.handle.outcome()

    assert seen == [[], ["s"], ["s", "s/a"], ["s", "s/a", "s/b"]]
    assert kinds(result, *PAUSES) == [
        (kind, path) for path in ("s", "s/a", "s/b") for kind in ("RunPaused", "RunResumed")
    ]


async def test_a_run_that_is_resumed_goes_to_its_end():
    it = Controlled(flow("a", "b"))
    it.gate.pause()
    async with it:
        await it.settled()
        assert it.gate.is_holding
        it.gate.resume()
        result = await it.handle.outcome()

    assert result.status == "succeeded"
    assert kinds(result, *PAUSES) == [("RunPaused", "a"), ("RunResumed", "a")]


async def test_a_breakpoint_holds_its_step_in_every_pass():
    it = Controlled(flow(loop("l", "a", "b", max_iterations=2)))
    it.gate.breakpoints.add("l/b")
    async with it:
        first = await it.settled()
        it.gate.resume()
        second = await it.settled()
        it.gate.resume()
        result = await it.handle.outcome()

    assert first == ["l", "l#1/a"]
    assert second == ["l", "l#1/a", "l#1/b", "l#2/a"]
    assert kinds(result, "BreakpointHit") == [
        ("BreakpointHit", "l#1/b"),
        ("BreakpointHit", "l#2/b"),
    ]


async def test_every_branch_is_held_and_one_step_lets_exactly_one_go():
    it = Controlled(flow(parallel("p", "a", "b", "c")))
    it.gate.breakpoints.add("p/a")
    async with it:
        seen = [await it.settled()]
        for _ in range(3):
            it.gate.step()
            seen.append(await it.settled())
        await it.handle.outcome()

    assert seen == [["p"], ["p", "p/a"], ["p", "p/a", "p/b"], ["p", "p/a", "p/b", "p/c"]]


async def test_a_held_run_can_be_stopped():
    it = Controlled(flow(parallel("p", "a", "b")))
    it.gate.pause()
    async with it:
        await it.settled()
        it.gate.step()
        await it.settled()
        it.handle.cancel()
        result = await it.handle.outcome()

    assert result.status == "cancelled"
    assert not it.gate.is_holding


async def test_time_in_which_a_run_is_held_counts_for_no_timeout():
    of = flow(sequence("s", "a", "b", timeout="50ms"), timeout="60ms")
    it = Controlled(of, {"b": says(x=1)})
    it.gate.breakpoints.add("s/b")
    async with it:
        await asyncio.sleep(0.15)
        it.gate.resume()
        result = await it.handle.outcome()

    assert result.status == "succeeded", result.error


async def test_time_in_which_a_run_is_held_counts_for_no_loop():
    of = flow(loop("l", "a", max_duration="50ms", max_iterations=2))
    it = Controlled(of, {"a": says(x=1)})
    it.gate.breakpoints.add("l/a")
    async with it:
        await asyncio.sleep(0.1)
        it.gate.breakpoints.clear()
        it.gate.resume()
        result = await it.handle.outcome()

    assert "l#2/a" in result.path_results


async def test_to_step_a_run_that_is_not_held_pauses_it():
    it = Controlled(flow("a", "b"))
    it.gate.step()
    async with it:
        assert await it.settled() == []
        it.gate.resume()
        await it.handle.outcome()

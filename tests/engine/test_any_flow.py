"""What holds for every flow, whatever it is made of and however its branches race."""

import asyncio
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.event import Event
from agentflow.flow.flow import AgentUse
from agentflow.trace import (
    LoopChecked,
    RouteChosen,
    RunFinished,
    StepCancelled,
    StepFailed,
    StepSkipped,
    StepStarted,
    StepSucceeded,
)
from engine.fakes import case, chain, flow, loop, parallel, router, runner, sequence

ENDS = (StepSucceeded, StepFailed, StepCancelled)


@st.composite
def trees(draw, *, failing=("f",)):
    """A flow of every mode, over agents that write a trail and one that always fails."""
    count = 0

    def step(depth):
        nonlocal count
        kind = draw(st.sampled_from(["agent"] * 3 + ["s", "p", "l", "r"] * (depth < 3)))
        if kind == "agent":
            return AgentUse(agent=draw(st.sampled_from(["a", "b", "c", "d", *failing])))
        count += 1
        return made(kind, f"{kind}{count}", depth + 1)

    def made(kind, name, depth):
        if kind == "s":
            return sequence(name, *steps(depth))
        if kind == "l":
            passes = draw(st.integers(1, 3))
            return loop(name, *steps(depth), condition="size(trail) > 8", max_iterations=passes)
        if kind == "r":
            limit = draw(st.integers(0, 6))
            fitting = case("long", *steps(depth), when=f"size(trail) > {limit}")
            return router(name, fitting, chain(*steps(depth)))
        branches = [chain(*steps(depth)) for _ in range(draw(st.integers(1, 3)))]
        threshold = draw(st.sampled_from([0.0, 0.34, 1.0]))
        return parallel(name, *branches, failure_threshold=threshold, merge={"trail": "append"})

    def steps(depth):
        return [step(depth) for _ in range(draw(st.integers(1, 3)))]

    return flow(*steps(0), max_concurrency=draw(st.integers(1, 4)))


def agents(delays, of):
    """Agents that wait for as long as the random numbers say."""

    def agent(name):
        async def call(state):
            for _ in range(delays.randrange(4)):
                await asyncio.sleep(0)
            if delays.random() < 0.1:
                await asyncio.sleep(0.0005)
            if name == "f":
                raise ValueError("it always does")
            return {"trail": [*state["trail"], name][-12:], name: len(state["trail"])}

        return call

    return {place.step.name: agent(place.step.name) for place in of.places() if _is_use(place.step)}


def _is_use(step):
    return isinstance(step, AgentUse)


async def run(of, seed):
    result = await runner(of, agents(random.Random(seed), of)).run(Event(data={"trail": []}))
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return result


def decided(result):
    """What routers and loops decided, by path and in order; branches' entries may interleave."""
    found = {}
    for entry in result.entries:
        if isinstance(entry, (RouteChosen, LoopChecked)):
            found.setdefault(entry.path, []).append(entry[4:])
    return found


@settings(deadline=None, max_examples=60)
@given(trees(failing=()), st.integers(), st.integers())
def test_two_runs_have_the_same_paths_states_and_cases_however_branches_race(of, one, other):
    first, second = asyncio.run(run(of, one)), asyncio.run(run(of, other))

    assert first.status == second.status == "succeeded", (first.error, second.error)
    assert first.state == second.state
    assert list(first.state) == list(second.state)
    assert set(first.path_results) == set(second.path_results)
    for path, result in first.path_results.items():
        assert result["changes"] == second.path_results[path]["changes"]
    assert decided(first) == decided(second)


@settings(deadline=None, max_examples=60)
@given(trees(), st.integers(), st.integers())
def test_two_runs_end_alike_even_when_agents_fail(of, one, other):
    first, second = asyncio.run(run(of, one)), asyncio.run(run(of, other))

    assert first.status == second.status
    assert first.state == second.state


@settings(deadline=None, max_examples=60)
@given(trees(), st.integers(), st.integers(0, 60))
def test_a_run_that_is_cancelled_anywhere_leaves_no_task_and_an_orderly_trace(of, seed, after):
    async def cancelled():
        async with runner(of, agents(random.Random(seed), of)) as it:
            handle = await it.emit(Event(data={"trail": []}))
            for _ in range(after):
                await asyncio.sleep(0)
            handle.cancel()
            result = await handle.outcome()
            assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    orderly(asyncio.run(cancelled()))


@settings(deadline=None, max_examples=40)
@given(trees(), st.integers())
def test_every_trace_is_orderly(of, seed):
    result = asyncio.run(run(of, seed))

    orderly(result)
    assert {_plain(path) for path in result.path_results} <= {it.path for it in of.places()}


def orderly(result):
    """Each step ends once, after it began, and inside the step around it."""
    entries, open_steps = result.entries, set()
    assert [it.seq for it in entries] == list(range(len(entries)))
    for entry in entries:
        if isinstance(entry, StepStarted):
            around = entry.path.rpartition("/")[0]
            assert not around or _loops(around) in {_loops(it) for it in open_steps}, entry.path
            assert entry.path not in open_steps
            open_steps.add(entry.path)
        elif isinstance(entry, ENDS):
            open_steps.remove(entry.path)
        assert not isinstance(entry, StepSkipped)
    assert open_steps == set()
    assert isinstance(entries[-1], RunFinished)
    assert entries[-1].status == result.status


def _loops(path):
    """A loop itself has no passes at its end: "a/l#2" is inside "a/l"."""
    head, _, last = path.rpartition("/")
    return f"{head}/{last.partition('#')[0]}"


def _plain(path):
    return "/".join(part.partition("#")[0] for part in path.split("/"))

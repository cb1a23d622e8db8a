"""Timeline: what a trace says of when its steps ran, and what the end waited for."""

from typing import Any

from agentflow.state import State
from agentflow.timeline import Stretch, critical_path, timeline
from agentflow.trace import (
    RunFinished,
    RunRecovered,
    RunStarted,
    StepCancelled,
    StepStarted,
    StepSucceeded,
)
from engine.fakes import case, chain, fails, flow, loop, outcome, parallel, router, says, waits


def shape(stretch: Stretch) -> Any:
    """The names, nested."""
    inner = [shape(it) for it in stretch.inner]
    return (stretch.name, inner) if inner else stretch.name


async def drawn(of: Any, agents: dict[str, Any], **data: Any) -> Stretch:
    result = await outcome(of, agents, **data)
    whole = timeline(result.entries)
    assert whole is not None
    return whole


def way(whole: Stretch) -> list[str]:
    return [it.path for it in critical_path(whole)]


async def test_steps_lie_in_their_orchestrators_and_in_the_passes_of_loops():
    whole = await drawn(
        flow(parallel("both", chain("a", "b"), "c"), loop("again", "d", max_iterations=2)), {}
    )

    assert shape(whole) == (
        "test",
        [("both", ["a", "b", "c"]), ("again", [("pass 1", ["d"]), ("pass 2", ["d"])])],
    )
    assert {it.status for it in whole.all()} == {"succeeded"}


async def test_a_stretch_begins_and_ends_with_its_steps_entries():
    result = await outcome(flow("a"), {"a": waits(0.02)})
    whole = timeline(result.entries)

    assert whole is not None
    (a,) = whole.inner
    began, ended = (it for it in result.entries if it.path == "a")
    assert (a.began, a.ended) == (began.time, ended.time)
    assert a.took >= 0.02


async def test_the_critical_path_goes_through_the_branch_that_ended_last():
    both = parallel("both", chain("quick", "slow"), "short")
    whole = await drawn(flow("first", both, "last"), {"slow": waits(0.05), "short": waits(0.02)})

    assert way(whole) == ["first", "both/quick", "both/slow", "last"]


async def test_the_critical_path_goes_through_every_pass_and_the_case_that_was_taken():
    switch = router("switch", case("x", "a", when="n == 1"), case("y", "b", when="n == 2"))
    whole = await drawn(flow(loop("again", switch, max_iterations=2)), {}, n=2)

    assert way(whole) == ["again#1/switch/b", "again#2/switch/b"]


async def test_what_was_stopped_because_of_a_failure_held_nobody_up():
    whole = await drawn(flow(parallel("both", "slow", "bad")), {"slow": waits(), "bad": fails()})

    assert [it.status for it in whole.all()] == ["failed", "failed", "cancelled", "failed"]
    assert way(whole) == ["both/bad"]


async def test_a_retry_is_a_wait_in_its_step():
    calls: list[int] = []

    async def works_at_last(state: Any) -> dict[str, Any]:
        calls.append(1)
        if len(calls) < 3:
            raise ValueError("not yet")
        return {}

    policy = {"max_retries": 2, "base_delay_ms": 10}
    whole = await drawn(flow("a", agents={"a": {"retry_policy": policy}}), {"a": works_at_last})

    (a,) = whole.inner
    first, second = a.waits
    assert (a.status, a.began <= first[0] < first[1] <= second[0]) == ("succeeded", True)
    assert second[1] <= a.ended


async def test_a_run_that_was_broken_off_is_drawn_as_far_as_it_came():
    result = await outcome(flow(loop("again", "a", "b", max_iterations=1)), {})
    so_far = [it for it in result.entries if it.seq < 7]

    whole = timeline(so_far)

    assert whole is not None
    assert [(it.name, it.status) for it in whole.all()] == [
        ("test", "running"),
        ("again", "running"),
        ("pass 1", "running"),
        ("a", "succeeded"),
        ("b", "running"),
    ]
    assert whole.ended == so_far[-1].time


async def test_a_pass_in_which_a_step_failed_failed():
    whole = await drawn(flow(loop("again", "a", "b")), {"b": fails("no")})

    (again,) = whole.inner
    assert [(it.name, it.status) for it in again.inner] == [("pass 1", "failed")]


def test_a_run_that_never_began_has_no_timeline():
    assert timeline([]) is None


async def test_what_is_decided_stands_with_whoever_decided_it():
    whole = await drawn(flow(parallel("both", "a", "b"), "c"), {"a": says(x=1)})

    both, c = whole.inner
    assert [type(it).__name__ for it in both.remarks] == ["BranchesMerged"]
    assert c.remarks == []


def test_what_was_stopped_and_resumed_is_one_stretch_until_its_real_end():
    why = "the run was stopped"
    whole = timeline([
        RunStarted(0, 0.0, "r", "", "again", State()),
        StepStarted(1, 0.0, "r", "line", "sequential", "line", 0),
        StepStarted(2, 0.0, "r", "line/a", "agent", "a", 0),
        StepCancelled(3, 1.0, "r", "line/a", why, 1.0, 2),
        StepCancelled(4, 1.0, "r", "line", why, 1.0, 1),
        RunFinished(5, 1.0, "r", "", "cancelled", State(), "", 1.0),
        RunRecovered(6, 9.0, "r", "", ("line/a",)),
        StepSucceeded(7, 10.0, "r", "line/a", {}, (), 1.0, 2),
        StepStarted(8, 10.0, "r", "line/b", "agent", "b", 7),
        StepSucceeded(9, 12.0, "r", "line/b", {}, (), 2.0, 8),
        StepSucceeded(10, 12.0, "r", "line", {}, (), 3.0, 1),
        RunFinished(11, 12.0, "r", "", "succeeded", State(), "", 3.0),
    ])  # fmt: skip

    assert whole is not None
    assert shape(whole) == ("again", [("line", ["a", "b"])])
    assert [(it.status, it.ended) for it in whole.all()] == [
        ("succeeded", 12.0),
        ("succeeded", 12.0),
        ("succeeded", 10.0),
        ("succeeded", 12.0),
    ]

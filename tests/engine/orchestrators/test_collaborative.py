import asyncio

import pytest

from agentflow.event import Event
from agentflow.trace import BranchesMerged
from engine.fakes import (
    chain,
    fails,
    flow,
    kinds,
    loop,
    outcome,
    parallel,
    runner,
    says,
    sequence,
    waits,
)


async def test_branches_run_at_the_same_time():
    both = asyncio.Barrier(2)

    async def meets(state):
        await both.wait()

    result = await outcome(flow(parallel("p", "a", "b")), {"a": meets, "b": meets})

    assert result.status == "succeeded"


async def test_every_branch_works_on_the_same_state_and_sees_nothing_of_the_others():
    result = await outcome(flow(parallel("p", chain("a", "b"), "c")), {}, trail=["start"])

    assert result.state["p"] == {
        "a": {"trail": ["start", "a", "b"]},
        "c": {"trail": ["start", "c"]},
    }


async def test_what_branches_change_does_not_leak_to_the_top():
    agents = {"a": says(x=1, y=1), "b": says(x=2)}
    result = await outcome(flow(parallel("p", "a", "b")), agents, x=0)

    assert result.state == {"x": 0, "p": {"a": {"x": 1, "y": 1}, "b": {"x": 2}}}


async def test_results_stand_in_declared_order_whoever_is_first():
    agents = {
        "a": waits(0.02, response="from a"),
        "b": says(response="from b"),
        "c": waits(0.01, n=1),
    }
    result = await outcome(flow(parallel("p", "a", "b", "c")), agents)

    assert list(result.state["p"]) == ["a", "b", "c"]
    assert result.state["response"] == "a:\nfrom a\n\nb:\nfrom b"


async def test_a_branch_is_called_by_the_path_segment_of_its_first_step():
    branches = parallel("p", chain("a", "b"), chain("b"), chain("a"), sequence("s", "a"))
    result = await outcome(flow(branches))

    assert list(result.state["p"]) == ["a", "b~2", "a~2", "s"]


async def test_no_branch_may_fail_unless_something_says_so():
    agents = {"a": fails("oh"), "b": waits()}
    result = await outcome(flow(parallel("p", "a", "b")), agents)

    assert result.error.startswith("p: 1 of 2 branches failed ('a') and failure_threshold allows 0")
    assert result.path_results["p/b"]["status"] == "cancelled"
    assert result.path_results["p/b"]["error"] == "p: too many of its branches had failed"


async def test_all_branches_begin_whichever_of_them_fails_at_once():
    agents = {"a": fails("oh"), "b": waits(), "c": says(n=1), "d": waits()}
    result = await outcome(flow(parallel("p", "a", "b", "c", "d")), agents)

    told = {path: it["status"] for path, it in result.path_results.items()}
    assert told == {
        "p": "failed",
        "p/a": "failed",
        "p/b": "cancelled",
        "p/c": "succeeded",
        "p/d": "cancelled",
    }


async def test_each_branch_that_waits_does_so_in_a_task_of_its_own_from_its_begin_on():
    tasks = []

    async def notes_its_task(state):
        began_in = asyncio.current_task()
        await asyncio.sleep(0)
        tasks.append((began_in, asyncio.current_task()))

    waiting = dict.fromkeys(("b", "c", "e"), notes_its_task)
    agents = {"a": says(n=1), "d": says(n=2), **waiting}
    await outcome(flow(parallel("p", "a", "b", "c", "d", "e")), agents)

    assert all(before is after for before, after in tasks)
    assert len(set(tasks)) == 3


async def test_branches_that_cannot_wait_need_no_task():
    tasks = []

    async def notes_its_task(state):
        tasks.append(asyncio.current_task())
        return {}

    agents = dict.fromkeys("abc", notes_its_task)
    result = await outcome(flow(parallel("p", "a", loop("l", "b", max_iterations=2), "c")), agents)

    assert result.status == "succeeded"
    assert tasks == [asyncio.current_task()] * 4


async def test_an_agent_that_cannot_wait_and_cancels_its_task_fails_alone():
    async def cancels(state):
        asyncio.current_task().cancel()

    agents = {"a": says(n=1), "b": cancels, "c": waits(0.01, n=3), "d": cancels}
    result = await outcome(flow(parallel("p", "a", "b", "c", "d", failure_threshold=0.5)), agents)

    assert result.status == "succeeded"
    assert result.state["p"] == {"a": {"n": 1}, "c": {"n": 3}}
    assert "cancelled the task that it ran in" in result.path_results["p/b"]["error"]
    assert "cancelled the task that it ran in" in result.path_results["p/d"]["error"]


async def test_a_run_that_an_agent_of_a_branch_stops_is_stopped_in_all_of_them():
    stopped = []

    async def stops(state):
        stopped[0].cancel()

    agents = {"a": stops, "b": waits(3600), "c": waits(3600)}
    async with runner(flow(parallel("p", "a", "b", "c")), agents) as under_way:
        stopped.append(await under_way.emit(Event()))
        result = await stopped[0].outcome()

    assert result.status == "cancelled"
    assert [result.path_results[f"p/{it}"]["status"] for it in "abc"] == [
        "succeeded",
        "cancelled",
        "cancelled",
    ]


async def test_tasks_that_an_agent_of_a_branch_leaves_behind_are_stopped():
    left = []

    async def leaves_a_task(state):
        left.append(asyncio.create_task(asyncio.sleep(3600)))

    agents = {"a": leaves_a_task, "b": says(n=2), "c": leaves_a_task}
    result = await outcome(flow(parallel("p", "a", "b", "c")), agents)

    assert result.state["p"] == {"a": {}, "b": {"n": 2}, "c": {}}
    assert all(task.cancelled() for task in left)


async def test_a_step_whose_branches_failed_says_why_the_first_of_them_did():
    agents = {"a": fails("no paper"), "b": fails("no ink")}
    inner = parallel("inner", "a", "b", failure_threshold=0.5)
    result = await outcome(flow(parallel("outer", inner)), agents)

    assert result.error == (
        "outer: 1 of 1 branches failed ('inner') and failure_threshold allows 0 (the first: "
        "outer/inner/a: agent 'a' raised ValueError: no paper); mend them, or raise "
        "failure_threshold"
    )


async def test_the_threshold_is_the_share_that_may_fail():
    agents = {"a": fails(), "b": says(x=1), "c": says(x=2)}
    of = flow(parallel("p", "a", "b", "c", failure_threshold=0.34))
    result = await outcome(of, agents)

    merged = next(entry for entry in result.entries if isinstance(entry, BranchesMerged))
    assert result.status == "succeeded"
    assert result.state == {"p": {"b": {"x": 1}, "c": {"x": 2}}}
    assert (merged.branches, merged.failed, merged.threshold) == (("a", "b", "c"), ("a",), 0.34)


async def test_exactly_the_share_that_may_fail_may_fail():
    names = [f"a{number}" for number in range(10)]
    of = flow(parallel("p", *names, failure_threshold=0.3))

    three = await outcome(of, {name: fails() for name in names[:3]})
    four = await outcome(of, {name: fails() for name in names[:4]})

    assert (three.status, four.status) == ("succeeded", "failed")


async def test_the_flows_threshold_counts_where_the_step_says_nothing():
    of = flow(parallel("p", "a", "b"), failure_threshold=0.5)
    result = await outcome(of, {"a": fails()})

    assert result.status == "succeeded"


async def test_the_outcome_is_decided_as_soon_as_too_many_have_failed():
    agents = {"a": fails(), "b": fails(), "c": waits(), "d": waits()}
    of = flow(parallel("p", "a", "b", "c", "d", failure_threshold=0.25))
    result = await outcome(of, agents)

    assert result.status == "failed"
    assert kinds(result, "StepCancelled") == [("StepCancelled", "p/c"), ("StepCancelled", "p/d")]


async def test_a_branch_that_takes_too_long_has_failed():
    of = flow(parallel("p", chain("a", "b"), "c", agent_timeout="30ms", failure_threshold=0.5))
    result = await outcome(of, {"b": waits(), "c": says(x=1)})

    assert result.status == "succeeded"
    assert result.state == {"p": {"c": {"x": 1}}}
    assert result.path_results["p/b"]["status"] == "cancelled"


async def test_a_branch_may_hold_any_orchestrator():
    inner = parallel("inner", "a", loop("l", "b", max_iterations=2))
    result = await outcome(flow(parallel("p", inner, "c")))

    assert result.state["p"]["inner"]["inner"] == {
        "a": {"trail": ["a"]},
        "l": {"trail": ["b", "b"]},
    }


async def test_a_failure_deep_in_a_branch_fails_the_branch():
    of = flow(parallel("p", sequence("s", "a", sequence("t", "b")), "c", failure_threshold=0.5))
    result = await outcome(of, {"b": fails("deep")})

    assert list(result.state["p"]) == ["c"]
    assert result.path_results["p/s"]["error"] == "p/s/t/b: agent 'b' raised ValueError: deep"


@pytest.mark.parametrize(
    ("reducer", "values", "merged"),
    [
        ("last", [1, 2, 3], 3),
        ("first", [1, 2, 3], 1),
        ("append", [[1], 2, [3, 4]], [1, 2, 3, 4]),
        ("sum", [1, 2, 3.5], 6.5),
        ("min", [2, 1, 3], 1),
        ("max", ["a", "c", "b"], "c"),
        ("mean", [1, 2, 6], 3.0),
        ("any", [False, True, False], True),
        ("all", [1, "", 1], False),
        ("vote", ["b", "a", "a"], "a"),
        ("vote", ["b", "a", "c"], "b"),
        ("vote", [1, True, True], True),
        ("best", [{"score": 1}, {"score": 3, "x": 1}, {"score": 2}], {"score": 3, "x": 1}),
    ],
)
async def test_a_key_is_merged_by_its_reducer_in_declared_order(reducer, values, merged):
    names = [f"a{number}" for number in range(len(values))]
    delays = [0.006, 0.0, 0.003]
    agents = {
        name: waits(delay, found=value)
        for name, delay, value in zip(names, delays, values, strict=True)
    }
    result = await outcome(flow(parallel("p", *names, merge={"found": reducer})), agents)

    assert result.state["found"] == merged
    assert type(result.state["found"]) is type(merged)


async def test_best_takes_the_value_of_the_branch_with_the_highest_score():
    agents = {
        "a": says(text="one", score=0.2),
        "b": says(text="two", score=0.9),
        "c": says(text="x"),
    }
    result = await outcome(flow(parallel("p", "a", "b", "c", merge={"text": "best"})), agents)

    assert result.state["text"] == "two"


async def test_a_key_that_no_branch_wrote_stays_as_it_was():
    of = flow(parallel("p", "a", merge={"n": "sum"}))
    result = await outcome(of, {"a": says(x=1)}, n=7)

    assert result.state["n"] == 7


async def test_what_a_reducer_cannot_take_fails_the_step_and_says_why():
    of = flow(parallel("p", "a", "b", merge={"n": "sum"}))
    result = await outcome(of, {"a": says(n=1), "b": says(n="two")})

    assert result.error.startswith("p: merge.n = 'sum': 'two' is no number; ")


async def test_branches_that_are_stopped_are_waited_for():
    cleaned = []

    async def careful(state):
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.02)
            cleaned.append(True)

    of = flow(parallel("p", "a", "b", "c"))
    await outcome(of, {"a": fails(), "b": careful, "c": careful})

    assert cleaned == [True, True]


async def test_agents_of_branches_keep_to_the_order_in_which_they_came():
    began = []

    def notes(name):
        async def agent(state):
            began.append(name)
            await asyncio.sleep(0.001)

        return agent

    names = [f"a{number}" for number in range(6)]
    await outcome(flow(parallel("p", *names), max_concurrency=2), {n: notes(n) for n in names})

    assert began == names

import asyncio

from agentflow.event import Event
from agentflow.state import State
from agentflow.trace import LoopChecked
from engine.fakes import flow, kinds, loop, outcome, parallel, runner, says, sequence, waits


async def counts(state: State):
    return {"n": state.get("n", 0) + 1}


def checks(result):
    return [entry for entry in result.entries if isinstance(entry, LoopChecked)]


async def test_a_loop_ends_as_soon_as_its_condition_holds():
    result = await outcome(flow(loop("l", "a", condition="n >= 3")), {"a": counts}, n=0)

    assert result.state == {"n": 3}
    assert [(it.passes, it.verdict, it.why, it.values) for it in checks(result)] == [
        (0, False, "", {"n": 0}),
        (1, False, "", {"n": 1}),
        (2, False, "", {"n": 2}),
        (3, True, "condition", {"n": 3}),
    ]


async def test_each_pass_has_a_path_of_its_own():
    result = await outcome(flow(loop("l", sequence("s", "a"), max_iterations=2)))

    assert list(result.path_results) == ["l", "l#1/s", "l#1/s/a", "l#2/s", "l#2/s/a"]


async def test_a_loop_whose_condition_holds_before_the_first_pass_hands_its_input_on():
    result = await outcome(flow(loop("l", "a", condition="n >= 3")), {"a": counts}, n=5)

    assert result.state == {"n": 5}
    assert [it.passes for it in checks(result)] == [0]


async def test_a_loop_that_checks_after_has_at_least_one_pass():
    of = flow(loop("l", "a", condition="n >= 3", check="after"))
    result = await outcome(of, {"a": counts}, n=5)

    assert result.state == {"n": 6}
    assert [it.passes for it in checks(result)] == [1]


async def test_a_condition_may_read_what_only_the_body_writes_when_it_is_checked_after():
    of = flow(loop("l", "a", condition="n >= 2", check="after"))
    result = await outcome(of, {"a": counts})

    assert result.state == {"n": 2}


async def test_a_loop_asked_too_soon_says_that_it_can_be_asked_after_each_pass():
    of = flow(loop("l", "a", condition="n >= 2"))
    result = await outcome(of, {"a": counts})

    assert "have an earlier step write it, or ask after each pass" in result.error


async def test_a_loop_ends_when_the_state_says_that_it_is_completed():
    async def agent(state):
        return {"n": state["n"] + 1, "loop_completed": state["n"] == 1}

    result = await outcome(flow(loop("l", "a")), {"a": agent}, n=0)

    assert result.state == {"n": 2}
    assert checks(result)[-1].why == "loop_completed"


async def test_a_loop_that_is_completed_completes_neither_the_one_around_it_nor_the_next():
    inner, after = loop("inner", "a"), loop("after", "b", max_iterations=4)
    of = flow(loop("outer", inner, max_iterations=2), after)
    result = await outcome(of, {"a": says(loop_completed=True), "b": counts})

    ends = [(it.path, it.passes, it.why) for it in checks(result) if it.why]
    assert ends == [
        ("outer#1/inner", 1, "loop_completed"),
        ("outer#2/inner", 1, "loop_completed"),
        ("outer", 2, "max_iterations"),
        ("after", 4, "max_iterations"),
    ]
    assert "loop_completed" not in result.state


async def test_a_loop_in_the_body_leaves_the_word_that_the_outer_loop_is_completed():
    inner = loop("inner", "a", check="after")
    of = flow(loop("outer", "done", inner))
    result = await outcome(of, {"done": says(loop_completed=True), "a": counts})

    outer = [it for it in checks(result) if it.path == "outer"]
    assert (outer[-1].passes, outer[-1].why) == (1, "loop_completed")


async def test_a_loop_ends_at_its_limit_and_goes_on_with_the_last_state():
    result = await outcome(flow(loop("l", "a"), "b"), {"a": counts, "b": says(done=True)})

    assert result.state == {"n": 5, "done": True}
    assert (checks(result)[-1].why, checks(result)[-1].limit) == ("max_iterations", 5)


async def test_a_loop_that_is_out_of_time_says_what_it_ran():
    result = await outcome(flow(loop("l", "a", timeout="20ms")), {"a": waits()})

    assert "its own timeout of 0.02s while 'l#1/a' ran" in result.error


async def test_a_loop_that_must_reach_its_condition_fails_at_its_limit():
    of = flow(loop("l", "a", condition="n >= 9", max_iterations=2, on_exhausted="fail"))
    result = await outcome(of, {"a": counts}, n=0)

    assert result.error.startswith("l: max_iterations after 2 passes and 'n >= 9' does not hold")


async def test_a_condition_that_holds_after_the_last_pass_is_reached():
    of = flow(loop("l", "a", condition="n >= 2", max_iterations=2, on_exhausted="fail"))
    result = await outcome(of, {"a": counts}, n=0)

    assert result.status == "succeeded"


async def test_a_loop_ends_when_its_time_is_over_but_no_pass_is_cut_off():
    of = flow(loop("l", "a", max_duration="10ms", max_iterations=1000))
    result = await outcome(of, {"a": waits(0.02, x=1)})

    assert result.state == {"x": 1}
    assert [(it.passes, it.why) for it in checks(result)] == [(0, ""), (1, "max_duration")]


async def test_loops_in_loops_and_branches_count_their_own_passes():
    inner = loop("inner", "a", max_iterations=2)
    result = await outcome(flow(loop("outer", parallel("p", inner), max_iterations=2)))

    assert "outer#2/p/inner#2/a" in result.path_results
    assert sum(path.endswith("/a") for path in result.path_results) == 4


async def test_a_loop_can_be_stopped_between_passes_that_never_wait():
    async with runner(flow(loop("l", "a", max_iterations=1_000_000)), {"a": counts}) as it:
        handle = await it.emit(Event())
        await asyncio.sleep(0.01)
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"
    assert result.state["n"] > 1


async def test_a_condition_may_read_the_number_of_passes_that_have_ended():
    condition = "score >= (iteration > 2 ? 0.9 - 0.1 * double(iteration - 2) : 0.9)"
    result = await outcome(
        flow(loop("l", "a", condition=condition)), {"a": says(score=0.7)}, score=0.0
    )

    checks = [it for it in result.entries if isinstance(it, LoopChecked)]
    assert [(it.values["iteration"], it.why) for it in checks] == [
        (0, ""),
        (1, ""),
        (2, ""),
        (3, ""),
        (4, "condition"),
    ]


async def test_a_key_of_the_state_goes_before_the_number_of_passes():
    result = await outcome(flow(loop("l", "a", condition="iteration == 7")), {}, iteration=7)

    assert kinds(result, "StepStarted") == [("StepStarted", "l")]

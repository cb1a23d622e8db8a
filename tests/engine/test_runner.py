import asyncio

import pytest

from agentflow.agents.base import AgentCall
from agentflow.errors import (
    DuplicateAgentError,
    FlowCheckError,
    MissingSecretError,
    SetupError,
)
from agentflow.event import Event
from agentflow.result import AgentResult
from agentflow.runner import EVENTS_AT_ONCE, Runner
from agentflow.state import State
from agentflow.trace import RunFinished, RunStarted, StepRetried
from engine.fakes import (
    NoModels,
    case,
    fails,
    flow,
    kinds,
    loop,
    outcome,
    parallel,
    router,
    runner,
    says,
    sequence,
    setup,
    waits,
)


async def test_the_events_data_is_the_first_steps_state():
    result = await outcome(flow("a"), {"a": says(x=1)}, message="hi")

    assert result.status == "succeeded"
    assert result.state == {"message": "hi", "x": 1}
    assert result.entries[0].state == {"message": "hi"}


async def test_the_entries_of_a_run_are_numbered_without_gaps_and_end_with_its_end():
    result = await outcome(flow("a", parallel("p", "b", "c")), {})

    assert [entry.seq for entry in result.entries] == list(range(len(result.entries)))
    assert {entry.run_id for entry in result.entries} == {result.run_id}
    assert isinstance(result.entries[0], RunStarted)
    assert isinstance(result.entries[-1], RunFinished)


async def test_listeners_hear_every_entry_as_it_happens():
    heard = []
    it = runner(flow("a"), {})
    it.subscribe(heard.append)
    result = await it.run(Event())

    assert tuple(heard) == result.entries


async def test_a_listener_that_was_unsubscribed_hears_nothing_more():
    heard = []
    async with runner(flow("a"), {}) as it:
        unsubscribe = it.subscribe(heard.append)
        unsubscribe()
        await it.run(Event())

    assert heard == []


async def test_a_listener_that_raises_is_told_to_the_loop_and_harms_no_run():
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    def broken(entry):
        raise ValueError("broken listener")

    it = runner(flow("a"), {})
    it.subscribe(broken)
    result = await it.run(Event())

    assert result.status == "succeeded"
    assert str(told[0]["exception"]) == "broken listener"


async def test_events_are_dispatched_at_the_same_time():
    both = asyncio.Barrier(2)

    async def meets(state):
        await both.wait()

    async with runner(flow("a"), {"a": meets}) as it:
        handles = [await it.emit(Event()) for _ in range(2)]
        outcomes = [await handle.outcome() for handle in handles]

    assert [result.status for result in outcomes] == ["succeeded", "succeeded"]
    assert outcomes[0].run_id != outcomes[1].run_id


async def test_only_so_many_events_are_dispatched_at_once():
    at_work = most = 0

    async def counts(state):
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.001)
        at_work -= 1

    async with runner(flow("a"), {"a": counts}) as it:
        handles = [await it.emit(Event()) for _ in range(EVENTS_AT_ONCE * 3)]
        for handle in handles:
            await handle.outcome()

    assert most == EVENTS_AT_ONCE


async def test_emit_waits_while_the_queue_is_full():
    release = asyncio.Event()

    async def holds(state):
        await release.wait()

    async with runner(flow("a"), {"a": holds}, queue_size=1) as it:
        handles = [await it.emit(Event()) for _ in range(EVENTS_AT_ONCE + 1)]
        waiting = asyncio.create_task(it.emit(Event()))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        release.set()
        handles.append(await waiting)
        outcomes = [await handle.outcome() for handle in handles]

    assert {result.status for result in outcomes} == {"succeeded"}


async def test_agents_that_emit_and_wait_never_wait_for_one_another():
    async def asks(state):
        if state["depth"] == 0:
            return {"answer": 0}
        handle = await it.emit(Event(data={"depth": state["depth"] - 1}))
        answer = (await handle.outcome()).state["answer"]
        return {"answer": answer + 1}

    async with runner(flow("a"), {"a": asks}, queue_size=1) as it:
        handles = [await it.emit(Event(data={"depth": 5})) for _ in range(EVENTS_AT_ONCE * 2)]
        answers = [(await handle.outcome()).state["answer"] for handle in handles]

    assert set(answers) == {5}


async def test_an_emitted_event_outlives_the_agent_that_emitted_it():
    handles = []

    async def emits(state):
        if "second" not in state:
            handles.append(await it.emit(Event(data={"second": True})))
        await asyncio.sleep(0)

    async with runner(flow("a"), {"a": emits}) as it:
        await it.run(Event())
        result = await handles[0].outcome()

    assert result.status == "succeeded"


async def test_a_cancelled_run_is_cancelled_and_not_failed():
    async with runner(flow("a", "b"), {"a": waits()}) as it:
        handle = await it.emit(Event(data={"x": 1}))
        await asyncio.sleep(0)
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"
    assert result.error == ""
    assert result.state == {"x": 1}
    assert kinds(result, "StepCancelled", "RunFinished") == [
        ("StepCancelled", "a"),
        ("RunFinished", ""),
    ]
    assert result.path_results["a"]["error"] == "the run was stopped"


async def test_an_event_that_is_cancelled_in_the_queue_never_reaches_an_agent():
    async with runner(flow("a"), {}) as it:
        handle = await it.emit(Event())
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"
    assert kinds(result) == [("RunStarted", ""), ("EventReceived", ""), ("RunFinished", "")]


async def test_an_agent_may_stop_its_own_run():
    async def stops(state):
        handle.cancel()
        return {"x": 1}

    async with runner(flow("a", "b"), {"a": stops}) as it:
        handle = await it.emit(Event())
        result = await handle.outcome()
        after = await it.run(Event())

    assert result.status == "cancelled"
    assert after.status == "succeeded"


async def test_to_cancel_run_is_to_cancel_the_run():
    ended = []
    it = runner(flow("a"), {"a": waits()})
    it.subscribe(ended.append)
    task = asyncio.create_task(it.run(Event()))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended[-1].status == "cancelled"


async def test_to_cancel_the_waiting_for_an_outcome_does_not_cancel_the_run():
    async with runner(flow("a"), {"a": waits(0.02, x=1)}) as it:
        handle = await it.emit(Event())
        waiting = asyncio.create_task(handle.outcome())
        await asyncio.sleep(0)
        waiting.cancel()
        result = await handle.outcome()

    assert result.status == "succeeded"


async def test_stop_cancels_what_runs_and_what_waits_and_may_be_repeated():
    it = runner(flow("a"), {"a": waits()})
    await it.start()
    handles = [await it.emit(Event()) for _ in range(EVENTS_AT_ONCE + 3)]
    await it.stop()
    await it.stop()
    outcomes = [await handle.outcome() for handle in handles]

    assert {result.status for result in outcomes} == {"cancelled"}


async def test_stop_closes_what_agents_have_opened_the_last_one_first():
    closed = []

    async def closes_later():
        closed.append("second")

    models = NoModels()
    around = setup(models=models)
    around.on_close.extend([lambda: closed.append("first"), closes_later])
    async with runner(flow("a"), {}, setup=around):
        assert closed == []

    assert closed == ["second", "first"]
    assert models.is_closed
    assert around.on_close == []


async def test_a_stopped_runner_may_be_started_again():
    it = runner(flow("a"), {"a": says(x=1)})
    for _ in range(2):
        async with it:
            assert (await it.run(Event())).state == {"x": 1}


async def test_the_loops_task_factory_is_as_it_was_afterwards():
    loop_ = asyncio.get_running_loop()
    before = loop_.get_task_factory()
    async with runner(flow("a"), {}), runner(flow("a"), {}) as it:
        await it.run(Event())

    assert loop_.get_task_factory() is before


async def test_emit_to_a_runner_that_is_not_started_is_refused():
    with pytest.raises(SetupError, match="not started"):
        await runner(flow("a"), {}).emit(Event())


async def test_an_event_whose_data_is_not_json_is_refused():
    async with runner(flow("a"), {}) as it:
        with pytest.raises(SetupError, match=r"event.data: it holds an object at 'x'"):
            await it.emit(Event(data={"x": object()}))


async def test_a_flow_with_errors_is_refused_before_anything_is_built():
    with pytest.raises(FlowCheckError, match="nobody"):
        Runner.from_flow(flow("nobody"), setup=setup())


async def test_missing_agents_can_be_stood_in_for():
    it = Runner.from_flow(flow("a", "b"), agents={"a": says(x=1)}, setup=setup(), stub_missing=True)
    result = await it.run(Event())

    assert result.state == {"x": 1, "response": "b"}


async def test_a_secret_that_is_not_set_is_told_when_the_runner_starts():
    of = flow("a", agents={"a": {"description": "${NOT_SET_HERE}"}})

    with pytest.raises(MissingSecretError, match=r"agents\.a\.description: .*NOT_SET_HERE"):
        await runner(of, {}).start()


async def test_an_agent_can_be_registered_once_and_before_the_start():
    it = runner(flow("a"), {"a": says(x=1)})
    it.register_agent("extra", says(y=1))
    with pytest.raises(DuplicateAgentError):
        it.register_agent("a", says())
    async with it:
        with pytest.raises(SetupError, match="has been started"):
            it.register_agent("late", says())


class Told:
    """An object with a method `run`, as the origin of this format has them."""

    def run(self, event, state):
        return AgentResult(output_state=State({**state, "told": event.data["x"]}))


@pytest.mark.parametrize(
    "agent",
    [
        lambda state: {"told": state["x"]},
        lambda state, event: {"told": event.data["x"]},
        lambda event, state: {"told": event.data["x"] and state["x"]},
        lambda state, extra=None: State({**state, "told": 7}),
        Told(),
    ],
)
async def test_agents_come_as_functions_of_the_state_and_the_event_or_as_objects(agent):
    result = await outcome(flow("a"), {"a": agent}, x=7)

    assert result.state == {"x": 7, "told": 7}


@pytest.mark.parametrize("given", [3, "text", lambda a, b, c: None])
async def test_what_is_no_agent_is_refused(given):
    with pytest.raises(SetupError, match="is no agent"):
        runner(flow("a"), {"a": given})


async def test_none_leaves_the_state_a_mapping_is_merged_and_a_state_replaces_it():
    async def replaces(state):
        return State({"only": 1})

    async def nothing(state):
        return None

    result = await outcome(flow("a", "b", "c"), {"a": says(y=2), "b": nothing, "c": replaces}, x=1)

    assert result.state == {"only": 1}
    succeeded = {
        entry.path: entry for entry in result.entries if type(entry).__name__ == "StepSucceeded"
    }
    assert succeeded["a"].changes == {"y": 2}
    assert succeeded["b"].changes == {}
    assert succeeded["c"].changes == {"only": 1}
    assert succeeded["c"].removed == ("x", "y")


async def test_an_agent_that_is_not_enabled_is_skipped_and_its_input_handed_on():
    of = flow("a", "b", agents={"a": {"enabled": False}})
    result = await outcome(of, {"b": says(y=1)}, x=1)

    assert kinds(result, "StepSkipped", "StepStarted") == [
        ("StepSkipped", "a"),
        ("StepStarted", "b"),
    ]
    assert result.state == {"x": 1, "y": 1}


async def test_a_failed_run_keeps_the_last_state_that_was_whole():
    result = await outcome(flow("a", "b", "c"), {"a": says(x=1), "b": fails("oh")})

    assert result.status == "failed"
    assert result.state == {"x": 1}
    assert result.error == "b: agent 'b' raised ValueError: oh"
    assert "c" not in result.path_results


async def test_an_error_that_is_to_be_passed_over_stands_in_the_state():
    of = flow("a", "b", "c", agents={n: {"on_error": "continue"} for n in "ab"})
    result = await outcome(of, {"a": fails("one"), "b": fails("two"), "c": says(x=1)})

    assert result.status == "succeeded"
    assert result.state == {
        "errors": {
            "a": "a: agent 'a' raised ValueError: one",
            "b": "b: agent 'b' raised ValueError: two",
        },
        "x": 1,
    }
    assert result.path_results["a"]["status"] == "failed"
    assert result.path_results["a"]["changes"] == {"errors": {"a": result.state["errors"]["a"]}}


async def test_a_failed_agent_is_called_again_as_its_retry_policy_says():
    calls = []

    async def third_time(state, event):
        calls.append(len(calls) + 1)
        if len(calls) < 3:
            raise ValueError("not yet")
        return {"x": 1}

    policy = {"max_retries": 5, "base_delay_ms": 1, "backoff_factor": 3, "max_delay_ms": 2}
    of = flow("a", agents={"a": {"retry_policy": policy}})
    result = await outcome(of, {"a": third_time})

    retried = [entry for entry in result.entries if isinstance(entry, StepRetried)]
    assert calls == [1, 2, 3]
    assert [(entry.attempt, entry.delay) for entry in retried] == [(1, 0.001), (2, 0.002)]
    assert result.state == {"x": 1}


async def test_an_agent_that_never_works_fails_after_its_last_retry():
    of = flow("a", agents={"a": {"retry_policy": {"max_retries": 2, "base_delay_ms": 0}}})
    result = await outcome(of, {"a": fails("never")})

    assert kinds(result, "StepRetried", "StepFailed") == [
        ("StepRetried", "a"),
        ("StepRetried", "a"),
        ("StepFailed", "a"),
    ]


async def test_waits_between_calls_may_grow_beyond_all_numbers():
    policy = {"max_retries": 100, "base_delay_ms": 1, "max_delay_ms": 0, "backoff_factor": 1e9}
    result = await outcome(flow("a", agents={"a": {"retry_policy": policy}}), {"a": fails("no")})

    assert result.metrics.agents["a"].retries == 100
    assert "no" in result.error


async def test_no_more_agents_are_at_work_at_once_than_the_run_allows():
    at_work = most = 0

    async def counts(state):
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.002)
        at_work -= 1

    names = [f"a{number}" for number in range(12)]
    of = flow(parallel("p", *names), max_concurrency=3)
    result = await outcome(of, dict.fromkeys(names, counts))

    assert result.status == "succeeded"
    assert most == 3


async def test_an_orchestrator_may_have_a_smaller_limit_of_its_own():
    at_work = {"in": 0, "out": 0}
    most = dict(at_work)

    def counts(where):
        async def agent(state):
            at_work[where] += 1
            most[where] = max(most[where], at_work[where])
            await asyncio.sleep(0.002)
            at_work[where] -= 1

        return agent

    inner = parallel("inner", *[f"i{n}" for n in range(6)], max_concurrency=1)
    outer = parallel("outer", inner, *[f"o{n}" for n in range(6)])
    agents = {f"{w[0]}{n}": counts(w) for w in ("in", "out") for n in range(6)}
    result = await outcome(flow(outer, max_concurrency=4), agents)

    assert result.status == "succeeded", result.error
    assert most["in"] == 1
    assert most["out"] >= 2


async def test_nested_branches_do_not_block_one_another_at_a_limit_of_one():
    inner = [parallel(f"p{n}", f"a{n}", f"b{n}") for n in range(3)]
    result = await outcome(flow(parallel("outer", *inner), max_concurrency=1))

    assert result.status == "succeeded"


async def test_an_agent_is_called_no_oftener_than_its_rate_limit_allows():
    loop_ = asyncio.get_running_loop()
    called = []

    async def notes(state):
        called.append(loop_.time())

    limit = {"requests_per_second": 100, "burst_size": 1}
    of = flow(loop("l", "a", max_iterations=4), agents={"a": {"rate_limit": limit}})
    await outcome(of, {"a": notes})

    assert called[-1] - called[0] >= 0.025


async def test_the_nearest_timeout_that_ends_first_wins_and_is_named():
    of = flow(
        sequence("outer", sequence("inner", "a", timeout="50ms"), timeout="30s"), timeout="60s"
    )
    result = await outcome(of, {"a": waits()})

    assert result.error == (
        "outer/inner: stopped by its own timeout of 0.05s while 'outer/inner/a' ran; "
        "raise that timeout, or make the step faster"
    )
    assert result.path_results["outer/inner/a"]["status"] == "cancelled"
    assert (
        result.path_results["outer/inner/a"]["error"]
        == "outer/inner: its timeout of 0.05s was over"
    )


async def test_an_outer_timeout_ends_an_inner_step_whose_own_is_longer():
    of = flow(
        sequence("outer", sequence("inner", "a", timeout="30s"), timeout="50ms"), timeout="60s"
    )
    result = await outcome(of, {"a": waits()})

    assert result.error.startswith("outer: stopped by its own timeout of 0.05s")
    assert result.path_results["outer/inner"]["status"] == "cancelled"


async def test_the_runs_timeout_fails_the_run():
    result = await outcome(flow("a", parallel("p", "b", "c"), timeout="50ms"), {"b": waits()})

    assert result.status == "failed"
    assert result.error.startswith("run: stopped by the run's own timeout of 0.05s while 'p/b' ran")


async def test_timeouts_of_the_same_length_that_end_together_leave_the_outer_one_the_word():
    of = flow(sequence("outer", sequence("inner", "a", timeout="30ms"), timeout="30ms"))
    result = await outcome(of, {"a": waits()})

    assert result.status == "failed"
    assert "timeout of 0.03s" in result.error


async def test_each_agent_of_a_chain_has_the_whole_of_its_timeout_for_itself():
    fields = {name: {"timeout": "80ms"} for name in "abc"} | {"d": {"timeout": "40ms"}}
    agents = {"a": waits(0.05, a=1), "b": waits(0.05, b=1), "c": waits(0.01, c=1), "d": waits()}
    result = await outcome(flow("a", "b", "c", "d", agents=fields), agents)

    assert result.state == {"a": 1, "b": 1, "c": 1}
    assert result.error.startswith("d: stopped by its own timeout of 0.04s")
    assert result.path_results["d"]["duration"] >= 0.04


async def test_an_agents_timeout_is_for_each_call_and_retried():
    calls = []

    async def second_time(state):
        calls.append(1)
        await asyncio.sleep(3600 if len(calls) == 1 else 0)
        return {"x": 1}

    fields = {"timeout": "20ms", "retry_policy": {"max_retries": 1, "base_delay_ms": 0}}
    result = await outcome(flow("a", agents={"a": fields}), {"a": second_time})

    assert result.state == {"x": 1}


async def test_a_run_that_only_computes_still_hears_that_it_is_stopped():
    of = flow(loop("l", "a", max_iterations=1_000_000))
    async with runner(of, {"a": says(x=1)}) as it:
        handle = await it.emit(Event())
        await asyncio.sleep(0.02)
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"


async def test_a_flow_of_nothing_succeeds_with_its_input():
    result = await outcome(flow("a", agents={"a": {"enabled": False}}), {}, x=1)

    assert result.state == {"x": 1}


async def test_the_outcome_is_told_as_json():
    result = await outcome(flow("a", "b"), {"a": says(x=1), "b": fails("oh")}, message="hi")
    told = result.to_json()

    assert set(told) == {"status", "state", "path_results", "metrics", "run_id", "error"}
    assert told["status"] == "failed"
    assert told["state"] == {"message": "hi", "x": 1}
    assert told["path_results"]["a"]["changes"] == {"x": 1}
    assert set(told["path_results"]["b"]) == {"status", "changes", "duration", "error"}
    assert told["metrics"]["agents"]["b"]["success_rate"] == 0.0


async def test_fifty_orchestrators_inside_one_another_run():
    inner = "a"
    for number in range(50):
        inner = sequence(f"s{number}", inner)
    result = await outcome(flow(inner), {"a": says(x=1)})

    assert result.state == {"x": 1}


async def test_a_second_use_of_an_agent_has_a_path_of_its_own():
    result = await outcome(flow("a", "b", "a", sequence("s", "a", "a")))

    assert list(result.path_results) == ["a", "b", "a~2", "s", "s/a", "s/a~2"]


async def test_each_branch_counts_an_agents_calls_for_itself():
    numbers = {}

    async def notes(state: State, call: AgentCall):
        await asyncio.sleep(0.003 if call.path.startswith("p/b") else 0)
        numbers[call.path] = call.number

    result = await outcome(
        flow("x", parallel("p", sequence("b", "x"), sequence("c", "x", "x")), "x"), {"x": notes}
    )

    assert result.status == "succeeded", result.error
    assert numbers == {"x": 1, "p/b/x": 2, "p/c/x": 2, "p/c/x~2": 3, "x~2": 5}


async def test_hundreds_of_runs_leave_nothing_behind():
    of = flow(
        "a", parallel("p", "b", loop("l", "c", max_iterations=2)), router("r", case("x", "d"))
    )
    async with runner(of, {"a": waits(0.001)}) as it:
        handles = [await it.emit(Event(metadata={"route": "x"})) for _ in range(200)]
        outcomes = [await handle.outcome() for handle in handles]

    assert {result.status for result in outcomes} == {"succeeded"}

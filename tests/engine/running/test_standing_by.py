"""What keeps a flow going when an agent does not: fallbacks, conditions, breakers, jitter."""

import asyncio

from agentflow.agents.scripted import ScriptedSettings
from agentflow.callbacks import HookPoint
from agentflow.event import Event
from agentflow.flow.flow import CircuitBreaker
from agentflow.runner import Runner
from agentflow.running.breaker import Breaker
from agentflow.trace import StepFailed, StepNoted, StepRetried, StepSkipped
from engine.fakes import fails, flow, kinds, marks, outcome, parallel, runner, says, waits


def notes(result, about):
    return [it for it in result.entries if isinstance(it, StepNoted) and it.about == about]


async def test_a_fallback_is_called_on_the_same_state_when_an_agent_has_failed_for_good():
    policy = {"max_retries": 1, "base_delay_ms": 0}
    of = flow("a", "c", agents={"a": {"fallback": "b", "retry_policy": policy}, "b": {}})
    result = await outcome(of, {"a": fails("no net"), "b": marks("b")}, trail=["start"])

    assert result.status == "succeeded"
    assert result.state["trail"] == ["start", "b", "c"]
    assert kinds(result, "StepRetried", "StepFailed", "StepNoted", "StepSucceeded") == [
        ("StepRetried", "a"),
        ("StepFailed", "a"),
        ("StepNoted", "a"),
        ("StepSucceeded", "a/b"),
        ("StepSucceeded", "c"),
    ]
    (note,) = notes(result, "fallback")
    assert note.text == "b is called in its place"
    assert "no net" in note.facts["error"]


async def test_a_fallback_is_not_called_for_an_agent_that_works():
    result = await outcome(flow("a", agents={"a": {"fallback": "b"}, "b": {}}), {"b": fails()})

    assert result.status == "succeeded"
    assert kinds(result, "StepNoted") == []


async def test_fallbacks_have_fallbacks_and_the_last_failure_is_the_steps():
    agents = {"a": {"fallback": "b"}, "b": {"fallback": "c"}, "c": {}}
    given = {"a": fails("one"), "b": fails("two"), "c": fails("three")}
    result = await outcome(flow("a", agents=agents), given)

    assert kinds(result, "StepFailed") == [
        ("StepFailed", "a"),
        ("StepFailed", "a/b"),
        ("StepFailed", "a/b/c"),
    ]
    assert "three" in result.error


async def test_an_agent_that_may_fail_calls_its_fallback_first():
    agents = {"a": {"fallback": "b", "on_error": "continue"}, "b": {}}
    works = await outcome(flow("a", agents=agents), {"a": fails(), "b": says(x=1)})
    fails_too = await outcome(flow("a", agents=agents), {"a": fails(), "b": fails("both")})

    assert works.state == {"x": 1}
    assert fails_too.status == "succeeded"
    assert "both" in fails_too.state["errors"]["b"]


async def test_a_fallback_is_called_for_an_agent_that_is_too_slow():
    agents = {"a": {"fallback": "b", "timeout": "10ms"}, "b": {}}
    result = await outcome(flow("a", agents=agents), {"a": waits(), "b": says(x=1)})

    assert result.state == {"x": 1}


async def test_a_branch_that_was_stopped_calls_no_fallback():
    agents = {"a": {"fallback": "b"}, "b": {}}
    of = flow(parallel("p", "a", "c"), agents=agents)
    result = await outcome(of, {"a": waits(), "c": fails(), "b": says(x=1)})

    assert result.status == "failed"
    assert kinds(result, "StepNoted") == []


async def test_a_step_is_skipped_where_its_condition_does_not_hold():
    of = flow("a", "b", agents={"a": {"when": "score < 5"}, "b": {}})
    skipped = await outcome(of, {"a": says(x=1), "b": says(y=1)}, score=7)
    called = await outcome(of, {"a": says(x=1), "b": says(y=1)}, score=2)

    (entry,) = [it for it in skipped.entries if isinstance(it, StepSkipped)]
    assert (entry.path, entry.why) == ("a", "score < 5 does not hold (score = 7)")
    assert skipped.state == {"score": 7, "y": 1}
    assert called.state == {"score": 2, "x": 1, "y": 1}


async def test_a_condition_that_reads_what_is_not_there_fails_its_step():
    result = await outcome(flow("a", agents={"a": {"when": "scor < 5"}}), {}, score=7)

    assert kinds(result, "StepStarted", "StepFailed") == [("StepStarted", "a"), ("StepFailed", "a")]
    assert "did you mean 'score'?" in result.error


async def test_an_agent_that_keeps_failing_is_left_alone_in_all_runs():
    calls = []

    async def broken(state):
        calls.append(1)
        raise ValueError("down")

    breaker = {"failures": 2, "reset": "1h"}
    of = flow("a", agents={"a": {"circuit_breaker": breaker, "fallback": "b"}, "b": {}})
    async with runner(of, {"a": broken, "b": says(x=1)}) as it:
        results = [await it.run(Event()) for _ in range(4)]

    assert len(calls) == 2
    assert [len(notes(result, "circuit_breaker")) for result in results] == [0, 1, 0, 0]
    assert all(result.state == {"x": 1} for result in results)
    (failed,) = [it for it in results[3].entries if isinstance(it, StepFailed)]
    assert "is left alone for" in failed.error


async def test_an_open_breaker_is_not_knocked_at_again_and_again():
    agents = {
        "a": {
            "circuit_breaker": {"failures": 1, "reset": "1h"},
            "retry_policy": {"max_retries": 3, "base_delay_ms": 0},
        }
    }
    result = await outcome(flow("a", agents=agents), {"a": fails()})

    assert len([it for it in result.entries if isinstance(it, StepRetried)]) == 1
    assert "is left alone" in result.error


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_breaker_lets_one_call_try_after_a_while_and_closes_when_it_works():
    clock = Clock()
    breaker = Breaker(CircuitBreaker(failures=2), clock)

    assert [breaker.failed(), breaker.failed()] == [False, True]
    assert breaker.wait() == 30
    clock.now = 31
    assert breaker.wait() is None
    assert breaker.wait() == 0  # while the first one tries
    breaker.works()
    assert breaker.wait() is None


def test_a_breaker_opens_again_when_the_call_that_tries_fails():
    clock = Clock()
    breaker = Breaker(CircuitBreaker(failures=3), clock)
    for _ in range(3):
        breaker.failed()
    clock.now = 31
    assert breaker.wait() is None
    assert breaker.failed()
    assert breaker.wait() == 30


def test_a_call_that_tries_and_is_stopped_leaves_the_way_free_for_another_one():
    clock = Clock()
    breaker = Breaker(CircuitBreaker(failures=1), clock)
    breaker.failed()
    clock.now = 31
    assert breaker.wait() is None
    breaker.not_said()
    assert breaker.wait() is None


async def test_calls_that_succeed_between_failures_keep_a_breaker_closed():
    states = iter([False, True, False, True, False, True])

    async def now_and_then(state):
        if not next(states):
            raise ValueError("not now")
        return {"x": 1}

    agents = {"a": {"circuit_breaker": {"failures": 2}, "on_error": "continue"}}
    async with runner(flow("a", agents=agents), {"a": now_and_then}) as it:
        results = [await it.run(Event()) for _ in range(6)]

    assert [notes(result, "circuit_breaker") for result in results] == [[]] * 6


def delays(result):
    return [it.delay for it in result.entries if isinstance(it, StepRetried)]


async def test_waits_with_jitter_are_shorter_by_chance_and_the_same_again_for_scripted_agents():
    policy = {"max_retries": 3, "base_delay_ms": 4, "backoff_factor": 1, "jitter": 0.5}
    agents = {"a": {"retry_policy": policy}}
    of = flow("a", agents=agents)
    scripted = of.model_copy(update={"agents": {"a": _scripted(of.agents["a"], fail_on=(1, 2, 3))}})
    first, second = [delays(await Runner.from_flow(scripted).run(Event())) for _ in range(2)]

    assert first == second
    assert len(set(first)) == 3
    assert all(0.002 <= delay <= 0.004 for delay in first)


async def test_waits_with_jitter_are_others_in_every_run():
    policy = {"max_retries": 1, "base_delay_ms": 4, "jitter": 1.0}
    of = flow("a", agents={"a": {"retry_policy": policy}})
    results = [await outcome(of, {"a": fails()}) for _ in range(3)]

    assert len({tuple(delays(result)) for result in results}) == 3


def _scripted(spec, **settings):
    return spec.model_copy(update={"settings": ScriptedSettings(**settings)})


async def test_a_breaker_survives_a_cancelled_call():
    agents = {"a": {"circuit_breaker": {"failures": 1}}}
    async with runner(flow("a", agents=agents), {"a": waits()}) as it:
        handle = await it.emit(Event())
        await asyncio.sleep(0.01)
        handle.cancel()
        result = await handle.outcome()

    assert result.status == "cancelled"


async def test_a_callback_that_fails_is_not_made_up_for_by_a_fallback():
    def bad(args):
        raise ValueError("callback")

    it = runner(flow("a", agents={"a": {"fallback": "b"}, "b": {}}), {"b": says(x=1)})
    it.register_callback(HookPoint.BEFORE_AGENT_RUN, "bad", bad)
    result = await it.run(Event())

    assert result.status == "failed"
    assert kinds(result, "StepNoted") == []

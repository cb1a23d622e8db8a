from agentflow.running.metrics import measured
from agentflow.state import State
from agentflow.trace import RunFinished, StepFailed, StepRetried, StepStarted, StepSucceeded
from engine.fakes import fails, flow, outcome, parallel, says

EMPTY = State()


def trace(durations, failures=0):
    entries = []
    for index, duration in enumerate(durations):
        at = (len(entries), 0.0, "run", f"step{index}")
        entries.append(StepStarted(*at, "agent", "a", 0))
        if index < failures:
            entries.append(StepFailed(*at, "it broke", duration))
        else:
            entries.append(StepSucceeded(*at, {}, (), duration))
    entries.append(RunFinished(len(entries), 0.0, "run", "", "succeeded", EMPTY, "", 9.0))
    return entries


def test_durations_are_summed_up_by_agent():
    agent = measured(trace([number / 100 for number in range(100, 0, -1)], failures=25)).agents["a"]

    assert (agent.count, agent.succeeded, agent.failed) == (100, 75, 25)
    assert agent.success_rate == 0.75
    assert (agent.min, agent.median, agent.p95, agent.max) == (0.01, 0.505, 0.95, 1.0)


def test_one_duration_is_all_of_them():
    agent = measured(trace([0.5])).agents["a"]

    assert (agent.min, agent.median, agent.p95, agent.max) == (0.5, 0.5, 0.5, 0.5)


def test_a_run_of_no_agents_has_only_a_duration():
    metrics = measured(trace([]))

    assert metrics.to_json() == {"duration": 9.0, "agents": {}}


def test_retries_are_counted_and_a_step_that_goes_on_has_no_duration_yet():
    at = (0, 0.0, "run", "a")
    entries = [StepStarted(*at, "agent", "a", 0), StepRetried(*at, 1, "oh", 0.1)]
    agent = measured(entries).agents["a"]

    assert (agent.count, agent.retries, agent.success_rate) == (0, 1, 0.0)


async def test_the_metrics_of_a_run_are_those_of_its_agents_only():
    of = flow(parallel("p", "a", "b", failure_threshold=0.5), "a")
    result = await outcome(of, {"a": says(x=1), "b": fails()})

    assert list(result.metrics.agents) == ["a", "b"]
    assert result.metrics.agents["a"].count == 2
    assert result.metrics.agents["b"].success_rate == 0.0
    assert result.metrics.duration == result.duration > 0

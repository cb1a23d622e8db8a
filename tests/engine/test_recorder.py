from agentflow.event import Event
from agentflow.recorder import Recorder
from agentflow.state import State
from agentflow.trace import RouteChosen, RunStarted, StepOutput, StepStarted, to_json
from engine.fakes import case, flow, loop, router, runner, says


async def test_a_long_trace_is_the_same_as_what_its_listeners_heard():
    heard = []
    turns = router("turn", case("odd", "a", when="n % 2 == 1"), case("even", "b", when="true"))
    of = flow(loop("l", "count", turns, max_iterations=3000))

    async def counts(state):
        return {"n": state.get("n", 0) + 1}

    it = runner(of, {"count": counts, "a": says(odd=True), "b": says(odd=False)})
    it.subscribe(heard.append)
    result = await it.run(Event())

    assert len(heard) > 20_000
    assert list(result.entries) == heard
    assert result.entries[5] == heard[5]
    assert result.entries[-3:] == tuple(heard[-3:])
    assert result.entries[4090:4100] == tuple(heard[4090:4100])


async def test_a_long_trace_says_the_same_where_nobody_listened():
    heard = []
    turns = router("turn", case("odd", "a", when="n % 2 == 1"), case("even", "b", when="true"))
    of = flow("first", loop("l", "count", turns, max_iterations=1001))

    async def counts(state):
        return {"n": state.get("n", 0) + 1}

    it = runner(of, {"first": says(), "count": counts, "a": says(odd=True), "b": says(odd=False)})
    unheard = await it.run(Event())
    it.subscribe(heard.append)
    await it.run(Event())

    assert len(heard) > 7000
    assert len(unheard.entries) == len(heard)
    assert [without_clock(entry) for entry in unheard.entries] == list(map(without_clock, heard))
    times = [entry.time for entry in unheard.entries]
    assert times == sorted(times)


def without_clock(entry):
    """What an entry says, but for what differs from run to run."""
    told = to_json(entry)
    return {k: it for k, it in told.items() if k not in ("time", "run_id", "duration", "event_id")}


def test_the_entries_of_a_recorder_do_not_grow():
    recorder = Recorder("r")
    recorder.record(RunStarted, "", "flow", State({"x": [1]}))
    before = recorder.entries
    for number in range(20_000):
        recorder.record(StepOutput, "a", str(number))

    assert len(before) == 1
    assert recorder.count == len(recorder.entries) == 20_001
    assert recorder.entries[0].state == {"x": [1]}
    assert [it.seq for it in recorder.entries[9000:9003]] == [9000, 9001, 9002]
    assert recorder.entries[12_001].delta == "12000"


def test_a_line_of_a_trace_file_says_what_it_is_and_keeps_what_the_entry_says():
    recorder = Recorder("r")
    recorder.record(StepStarted, "a", "agent", "a", 0)

    line = to_json(recorder.entries[0])

    assert (line["entry"], line["kind"], line["after"]) == ("StepStarted", "agent", 0)


def test_a_routers_comparisons_come_back_as_they_were():
    recorder = Recorder("r")
    comparison = ("left", "x == 1", "x = 2", False)
    for _ in range(10_000):
        recorder.record(RouteChosen, "r", "right", "when", (comparison,))

    assert recorder.entries[0].comparisons[0].holds is False
    assert recorder.entries[0].comparisons[0].case == "left"

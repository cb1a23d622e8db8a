"""RunController: runs on the editor's loop, steered from outside, with code in a process apart."""

import asyncio

import pytest

from agentflow.event import Event
from agentflow.state import State
from agentflow.trace import StepStarted
from agentflow_editor.document import edits
from editor.benches import STAGES, bench_in, open_text, run_to_the_end

PYTHON = """\
[agent_flow]
name = "own-code"
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["worker"]
[agents.worker]
type = "python"
call = "own:work"
"""


def own_code(bench, folder, body):
    (folder / "own.py").write_text(f"import os, sys, time\ndef work(state):\n    {body}\n")
    open_text(bench, folder, PYTHON)


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - many signals may make it true
            await asyncio.sleep(0.005)


class Ends:
    """What a controller has told about the ends of its runs."""

    def __init__(self, controller):
        self.outcomes, self.faults, self.started = [], [], 0
        controller.ended.connect(self.outcomes.append)
        controller.failed_to_start.connect(self.faults.append)
        controller.started.connect(self._count)

    def _count(self):
        self.started += 1


async def test_a_run_feeds_the_trace_and_ends_once(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)

    outcome = await run_to_the_end(bench)
    await asyncio.sleep(0.05)

    assert outcome.status == "succeeded"
    assert outcome.state["response"] == "All <b>good</b>."
    assert (len(ends.outcomes), ends.faults, ends.started) == (1, [], 1)
    assert tuple(bench.trace.entries) == outcome.entries
    assert [it.path for it in bench.trace.step("refine/critic").passes] == [
        "refine#1/critic",
        "refine#2/critic",
        "refine#3/critic",
    ]
    assert bench.trace.status("deliver/writer") == "done"
    assert not bench.run.is_running
    await bench.run.close()


async def test_another_run_can_begin_from_within_the_end_of_one(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)
    bench.run.ended.connect(
        lambda _: len(ends.outcomes) < 3 and bench.run.run(Event.from_input("again"))
    )

    bench.run.run(Event.from_input("once"))
    await until(lambda: len(ends.outcomes) == 3)

    assert [it.status for it in ends.outcomes] == ["succeeded"] * 3
    await bench.run.close()


async def test_a_flow_with_errors_does_not_start_says_why_and_leaves_what_ran_before(
    bench, tmp_path
):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)
    bench.run.run(Event.from_input("hello"))
    await until(lambda: ends.outcomes)
    open_text(bench, tmp_path, STAGES.replace('agents = ["critic"]', 'agents = ["ghost"]'))

    bench.run.run(Event.from_input("hello"))
    await until(lambda: ends.faults)

    assert (len(ends.outcomes), ends.started) == (1, 1)
    assert "ghost" in ends.faults[0]
    assert not bench.run.is_running
    assert tuple(bench.trace.entries) == tuple(ends.outcomes[0].entries)
    await bench.run.close()


async def test_stepping_holds_before_each_step(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    bench.run.run_stepping(Event.from_input("hello"))
    await until(lambda: bench.run.is_paused)
    assert bench.trace.status("first") == "paused"

    bench.run.step()
    await until(lambda: bench.trace.status("refine") == "paused")
    assert bench.trace.status("first") == "done"
    assert bench.trace.status("deliver") == "waiting"

    ends = Ends(bench.run)
    bench.run.resume()
    await until(lambda: ends.outcomes)
    assert ends.outcomes[0].status == "succeeded"
    await bench.run.close()


async def test_breakpoints_hold_a_run_and_can_be_set_while_it_is_held(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    bench.breakpoints.toggle("refine/critic")
    bench.run.run(Event.from_input("hello"))
    await until(lambda: bench.run.is_paused)
    assert bench.trace.status("refine/critic") == "paused"

    bench.breakpoints.toggle("refine/critic")
    bench.breakpoints.toggle("deliver/writer")
    bench.run.resume()
    await until(lambda: bench.trace.status("deliver/writer") == "paused")

    assert bench.trace.step("refine/critic").latest.path == "refine#3/critic"
    await bench.run.close()


async def test_a_held_run_can_be_stopped(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)
    bench.run.run_stepping(Event.from_input("hello"))
    await until(lambda: bench.run.is_paused)

    bench.run.stop()
    await until(lambda: ends.outcomes)

    assert ends.outcomes[0].status == "cancelled"
    assert bench.trace.status("first") == "cancelled"
    assert not bench.run.is_paused
    await bench.run.close()


async def test_a_run_that_is_stopped_at_once_ends(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)

    bench.run.run(Event.from_input("hello"))
    bench.run.stop()
    await until(lambda: ends.faults)

    assert ends.faults == ["run: it was stopped before its first step"]
    assert not bench.run.is_running
    await bench.run.close()


async def test_closing_ends_what_runs_and_waits_for_it(bench, tmp_path):
    text = STAGES.replace("output = { score = 0 }", 'delay = "10m"\noutput = { score = 0 }')
    open_text(bench, tmp_path, text)
    ends = Ends(bench.run)
    bench.run.run(Event.from_input("hello"))
    await until(lambda: bench.trace.status("first") == "running")

    await bench.run.close()

    assert [it.status for it in ends.outcomes] == ["cancelled"]


async def test_what_is_drawn_is_run_saved_or_not(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    sheet = edits.set_agent_setting(
        bench.document.sheet, "writer", "output", {"response": "unsaved"}
    )
    bench.document.edit("Change", sheet)

    outcome = await run_to_the_end(bench)

    assert outcome.state["response"] == "unsaved"
    await bench.run.close()


async def test_a_breakpoint_follows_a_step_that_is_renamed(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    bench.breakpoints.toggle("refine/critic")

    bench.document.edit("Rename", edits.rename(bench.document.sheet, "refine", "polish"))

    assert bench.breakpoints.paths == {"polish/critic"}


async def test_breakpoints_stay_with_a_flow_that_is_saved_elsewhere_and_not_with_another(
    bench, tmp_path
):
    open_text(bench, tmp_path, STAGES)
    bench.breakpoints.toggle("first")
    bench.document.save_as(tmp_path / "copy.toml")
    assert bench.breakpoints.paths == {"first"}

    bench.document.edit("Rename", edits.rename(bench.document.sheet, "first", "begin"))
    bench.document.save_as(tmp_path / "third.toml")
    assert bench.breakpoints.paths == {"begin"}

    bench.document.open(tmp_path / "agentflow.toml")
    assert bench.breakpoints.paths == frozenset()


async def test_own_code_is_asked_about_once_with_exactly_what_it_would_execute(bench, tmp_path):
    own_code(bench, tmp_path, 'return {"response": "mine"}')
    asked = []
    bench.run.trust_needed.connect(lambda request: (asked.append(request), request.grant()))

    first = await run_to_the_end(bench)
    second = await run_to_the_end(bench)

    assert [request.surface for request in asked] == [
        bench.catalogue.agent_types["python"].executes(bench.document.sheet.flow.agents["worker"])
    ]
    assert (first.state["response"], second.status) == ("mine", "succeeded")
    await bench.run.close()


async def test_trust_is_asked_for_again_when_the_list_changes(bench, tmp_path):
    own_code(bench, tmp_path, "return {}")
    asked = []
    bench.run.trust_needed.connect(lambda request: (asked.append(request), request.grant()))
    await run_to_the_end(bench)

    sheet = edits.set_agent_setting(bench.document.sheet, "worker", "call", "own:other")
    bench.document.edit("Change", sheet)
    await run_to_the_end(bench)

    assert len(asked) == 2
    assert asked[0].surface != asked[1].surface
    await bench.run.close()


async def test_trust_outlives_the_window_but_not_a_refusal(bench, tmp_path):
    own_code(bench, tmp_path, "return {}")
    refused, ends = [], Ends(bench.run)
    bench.run.trust_needed.connect(lambda request: (refused.append(1), request.refuse()))
    bench.run.run(Event())
    bench.run.run(Event())
    await asyncio.sleep(0.02)
    assert (len(refused), ends.started, ends.outcomes, ends.faults) == (2, 0, [], [])
    assert not bench.run.is_running

    asked = []
    for _ in range(2):
        window = bench_in(tmp_path / "settings")
        window.document.open(tmp_path / "agentflow.toml")
        window.run.trust_needed.connect(lambda request: (asked.append(1), request.grant()))
        await run_to_the_end(window)
        await window.run.close()
    assert len(asked) == 1


async def test_a_flow_that_was_changed_while_the_question_stood_is_asked_about_anew(
    bench, tmp_path
):
    own_code(bench, tmp_path, "return {}")
    asked = []
    bench.run.trust_needed.connect(asked.append)
    bench.run.run(Event())
    sheet = edits.set_agent_setting(bench.document.sheet, "worker", "call", "own:steal")
    bench.document.edit("Change", sheet)

    asked[0].grant()
    await asyncio.sleep(0.02)

    assert len(asked) == 2
    assert "steal" in asked[1].surface[0]
    assert not bench.run.is_running


async def test_scripted_flows_never_ask(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    asked = []
    bench.run.trust_needed.connect(asked.append)

    await run_to_the_end(bench)

    assert asked == []
    await bench.run.close()


@pytest.mark.parametrize("body", ["os._exit(3)", "sys.exit(1)", "raise KeyboardInterrupt"])
async def test_code_that_takes_its_process_down_takes_down_its_step_only(bench, tmp_path, body):
    own_code(bench, tmp_path, body)
    bench.run.trust_needed.connect(lambda request: request.grant())

    outcome = await run_to_the_end(bench)

    assert outcome.status == "failed"
    assert "worker" in outcome.error
    await bench.run.close()


async def test_the_loop_goes_on_while_own_code_hangs_and_stop_ends_it(bench, tmp_path):
    own_code(bench, tmp_path, "time.sleep(600)")
    bench.run.trust_needed.connect(lambda request: request.grant())
    ends = Ends(bench.run)
    bench.run.run(Event())
    await until(lambda: bench.trace.status("sequential/worker") == "running")

    ticks = 0
    for _ in range(20):
        await asyncio.sleep(0.005)
        ticks += 1
    bench.run.stop()
    await until(lambda: ends.outcomes)

    assert ticks == 20
    assert ends.outcomes[0].status == "cancelled"
    await bench.run.close()


async def test_data_that_is_no_json_is_refused_before_the_run(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    ends = Ends(bench.run)

    bench.run.run(Event(data={"bad": object()}))
    await until(lambda: ends.faults)

    assert "event.data" in ends.faults[0]
    assert (ends.started, bench.run.is_running) == (0, False)


async def test_a_bug_ends_the_run_and_is_told_to_the_loop(bench, tmp_path):
    open_text(bench, tmp_path, STAGES)
    told, ends = [], Ends(bench.run)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context.get("exception")))
    feed = bench.trace.feed

    def stop_feeding(entry):
        feed(entry)
        if isinstance(entry, StepStarted):
            raise ZeroDivisionError("a faulty view")

    bench.trace.feed = stop_feeding
    bench.run.run(Event.from_input("hello"))
    await until(lambda: ends.outcomes)

    assert told
    assert all(isinstance(it, ZeroDivisionError) for it in told)
    assert ends.outcomes[0].status == "succeeded"
    assert isinstance(ends.outcomes[0].state, State)
    await bench.run.close()

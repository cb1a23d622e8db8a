"""Running one orchestrator or agent of a flow, chosen by the program."""

import pytest

from agentflow.callbacks import HookPoint
from agentflow.errors import SetupError
from agentflow.event import Event
from engine.fakes import flow, kinds, loop, routes, runner, says, sequence

FLOW = flow("intake", sequence("work", loop("refine", "a", max_iterations=2), "b"), "archive")


async def test_one_orchestrator_is_run_where_it_stands():
    result = await runner(FLOW, {}).run(Event(data={"n": 1}), at="refine")

    assert kinds(result, "StepSucceeded") == [
        ("StepSucceeded", "work/refine#1/a"),
        ("StepSucceeded", "work/refine#2/a"),
        ("StepSucceeded", "work/refine"),
    ]
    assert result.state == {"n": 1, "trail": ["a", "a"]}


async def test_one_agent_is_run_even_one_that_stands_nowhere():
    of = flow("a", agents={"a": {}, "spare": {}})
    async with runner(of, {"spare": says(x=1)}) as it:
        assert (await it.run(Event(), at="spare")).state == {"x": 1}
        handle = await it.emit(Event(), at="a")
        assert (await handle.outcome()).state == {"trail": ["a"]}


async def test_the_program_chooses_at_run_time():
    async with runner(FLOW, {}) as it:
        results = [await it.run(Event(), at=name) for name in ("intake", "work")]

    assert [result.state["trail"] for result in results] == [["intake"], ["a", "a", "b"]]


async def test_a_result_that_is_routed_on_is_followed():
    result = await runner(FLOW, {"intake": routes("archive")}).run(Event(), at="intake")

    assert kinds(result, "StepSucceeded") == [
        ("StepSucceeded", "intake"),
        ("StepSucceeded", "archive"),
    ]


async def test_a_step_that_there_is_not_is_refused_with_the_name_that_was_meant():
    with pytest.raises(
        SetupError, match="no step of the flow is called 'refin'; did you mean 'ref"
    ):
        await runner(FLOW, {}).run(Event(), at="refin")


async def test_a_callback_may_run_another_part_of_the_flow_and_go_on_with_what_comes_of_it():
    it = runner(FLOW, {"intake": says(score=0.2)})

    async def refine_what_is_bad(args):
        if args.agent == "intake" and args.state["score"] < 0.5:
            return (await it.run(Event(data=args.state.to_dict()), at="refine")).state
        return None

    it.register_callback(HookPoint.AFTER_AGENT_RUN, "refine", refine_what_is_bad)
    result = await it.run(Event(), at="intake")

    assert result.state == {"score": 0.2, "trail": ["a", "a"]}

import asyncio
from functools import partial

import pytest

from agentflow.agents.base import AgentCall
from agentflow.event import Event
from agentflow.state import State
from engine import fakes
from engine.fakes import (
    case,
    chain,
    flow,
    kinds,
    loop,
    marks,
    outcome,
    parallel,
    router,
    runner,
    says,
    sequence,
)


@pytest.fixture(params=[0, 1, 2], ids=["at once", "after a turn", "after two turns"])
def routes(request):
    """Makes an agent that has its result dispatched to a name next."""
    return partial(fakes.routes, turns=request.param)


async def test_a_result_is_routed_on_to_a_later_step_of_its_chain(routes):
    result = await outcome(flow("a", "b", "c", "d"), {"a": routes("c", x=1)})

    assert result.state == {"x": 1, "trail": ["c", "d"]}
    assert list(result.path_results) == ["a", "c", "d"]


async def test_a_result_is_routed_back_until_its_route_is_another():
    async def again(state):
        trail = [*state.get("trail", []), "b"]
        return State({"trail": trail}, {"route": "a"} if len(trail) < 4 else {})

    result = await outcome(flow("a", "b", "c"), {"b": again})

    assert result.state == {"trail": ["a", "b", "a", "b", "c"]}


async def test_a_result_that_is_routed_elsewhere_comes_back_to_its_chain(routes):
    of = flow(sequence("s", "a", "b"), sequence("t", "c"))
    result = await outcome(of, {"a": routes("t")})

    assert result.state == {"trail": ["c", "b", "c"]}
    assert kinds(result, "StepStarted")[:4] == [
        ("StepStarted", "s"),
        ("StepStarted", "s/a"),
        ("StepStarted", "t"),
        ("StepStarted", "t/c"),
    ]


async def test_a_result_can_be_routed_to_an_agent_that_stands_nowhere(routes):
    it = runner(flow("a", "b"), {"a": routes("extra"), "extra": marks("extra")})
    result = await it.run(Event())

    assert result.state == {"trail": ["extra", "b"]}
    assert "extra" in result.path_results


async def test_a_route_to_a_case_is_left_for_the_router_that_comes_next(routes):
    of = flow("a", router("r", case("x", "b"), case("y", "c")), "d")
    result = await outcome(of, {"a": routes("y")})

    assert result.state == {"trail": ["c", "d"]}
    assert kinds(result, "RouteChosen") == [("RouteChosen", "r")]


async def test_a_route_to_another_case_of_the_router_around_is_taken_there(routes):
    of = flow(loop("l", router("r", case("x", "a"), case("y", "b", "c")), max_iterations=2))
    result = await runner(of, {"a": routes("y")}).run(Event(target="x"))

    assert result.state == {"trail": ["b", "c", "b", "c"]}
    assert kinds(result, "RouteChosen") == [
        ("RouteChosen", path) for path in ("l#1/r", "l#1/r", "l#2/r", "l#2/r")
    ]
    assert "l#2/r/c" in result.path_results


async def test_a_route_is_consumed_at_its_hop(routes):
    seen = {}

    def notes(name):
        async def agent(state):
            seen[name] = dict(state.metadata)

        return agent

    agents = {"a": routes("b"), "b": notes("b"), "c": notes("c")}
    it = runner(flow("a", "b", "c"), agents)
    result = await it.run(Event(metadata={"language": "de", "route": "nowhere"}))

    assert seen == {"b": {"language": "de"}, "c": {"language": "de"}}
    assert result.state.metadata == {"language": "de"}


async def test_agents_that_route_to_one_another_for_ever_end_at_the_limit(routes):
    of = flow("a", "b", max_hops=5)
    result = await outcome(of, {"a": routes("b"), "b": routes("a")})

    assert result.error == (
        "b: routed on (b -> a -> b -> a -> b -> a) although all branches of the run together had "
        "been 5 times, as often as max_hops allows; end the circle, or raise max_hops"
    )


async def test_the_limit_counts_over_the_whole_run(routes):
    of = flow(loop("l", "a", max_iterations=10), "x", max_hops=5)
    result = await outcome(of, {"a": routes("x")})

    assert "had been 5 times" in result.error


@pytest.mark.parametrize("threshold", [0.0, 1.0])
async def test_branches_that_route_back_to_their_own_parallel_share_the_limit(threshold, routes):
    team = parallel("team", "a", "b", failure_threshold=threshold)
    of = flow("first", team, max_hops=20, max_concurrency=64)
    it = runner(of, {"a": routes("team"), "b": routes("team")})

    result = await it.run(Event())

    assert result.status == "failed"
    assert "had been 20 times" in result.error
    assert result.state == {"trail": ["first"]}
    assert sum(kind == "StepStarted" for kind, _ in kinds(result)) < 100
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_hops_in_branches_that_have_ended_count_on(routes):
    team = parallel("team", chain("a", "x"), chain("b", "x"))
    of = flow(loop("l", team, max_iterations=9), max_hops=5)

    result = await outcome(of, {"a": routes("x"), "b": routes("x")})

    assert "had been 5 times" in result.error


async def test_a_route_to_nothing_fails_its_step(routes):
    result = await outcome(flow("a"), {"a": routes("nowhere")})

    assert result.error.startswith("a: agent 'a' routed to 'nowhere', which is no agent, case or")
    assert kinds(result, "StepFailed") == [("StepFailed", "a")]


async def test_a_route_in_a_branch_is_followed_in_the_branch(routes):
    result = await outcome(flow(parallel("p", chain("a", "b", "c"), "d")), {"a": routes("c")})

    assert result.state["p"] == {"a": {"trail": ["c"]}, "d": {"trail": ["d"]}}


async def test_an_orchestrator_that_is_routed_to_runs_in_the_passes_around_it(routes):
    of = flow(loop("l", sequence("s", "a"), sequence("t", "b"), max_iterations=2))
    result = await outcome(of, {"a": routes("t"), "b": says(x=1)})

    assert list(result.path_results) == [
        "l", "l#1/s", "l#1/s/a", "l#1/t", "l#1/t/b", "l#2/s", "l#2/s/a", "l#2/t", "l#2/t/b",
    ]  # fmt: skip


async def test_an_empty_chain_hands_its_input_on():
    of = flow(router("r", case("x", "a"), chain("b")), "c")
    result = await outcome(of, {"a": says(), "b": says()}, x=1)
    await asyncio.sleep(0)

    assert result.state == {"x": 1, "trail": ["c"]}


async def test_a_step_that_is_routed_back_to_has_another_key_and_its_retries_have_the_same():
    keys = []

    async def again(state: State, call: AgentCall):
        keys.append((call.attempt, call.key))
        if len(keys) == 1:
            raise ValueError("the first attempt fails")
        return state.with_changes({}, metadata={"route": "a"} if len(keys) == 2 else {})

    of = flow("a", agents={"a": {"retry_policy": {"max_retries": 1, "base_delay_ms": 0}}})
    result = await outcome(of, {"a": again})

    assert result.status == "succeeded"
    (first, one), (second, same), (third, other) = keys
    assert (first, second, third) == (1, 2, 1)
    assert one == same != other

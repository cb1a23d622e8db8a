import pytest

from agentflow.event import Event
from agentflow.trace import Comparison, RouteChosen
from engine.fakes import case, chain, flow, kinds, outcome, router, runner, says, sequence


async def chosen(of, **event):
    result = await runner(of, {}).run(Event(**event))
    taken = next((it for it in result.entries if isinstance(it, RouteChosen)), None)
    return result, taken


ROUTER = router(
    "r",
    case("question", "qa", when="kind == 'question'"),
    case("billing", "bills", keywords=("invoice", "refund")),
    case("vip", "boss", route="gold"),
    chain("archive"),
)


@pytest.mark.parametrize(
    ("event", "taken", "why"),
    [
        ({"metadata": {"route": "billing"}, "target": "question"}, "billing", "route"),
        ({"metadata": {"route": "gold"}}, "vip", "route"),
        ({"metadata": {"route": "vip"}}, "vip", "route"),
        ({"target": "question"}, "question", "target"),
        ({"metadata": {"route": "unknown"}, "target": "vip"}, "vip", "target"),
        ({"data": {"kind": "question", "message": "a refund?"}}, "question", "when"),
        ({"data": {"kind": "x", "message": "Where is my REFUND?"}}, "billing", "keywords"),
        ({"data": {"kind": "x", "message": "refunding is hard"}}, "default", "default"),
        ({"data": {"kind": "x"}}, "default", "default"),
    ],
)
async def test_a_case_is_chosen_by_route_then_target_then_condition_then_default(event, taken, why):
    event = {"data": {"kind": "none"}, **event}
    result, entry = await chosen(flow(ROUTER), **event)

    agents = {"question": "qa", "billing": "bills", "vip": "boss", "default": "archive"}
    assert result.state["trail"] == [agents[taken]]
    assert (entry.path, entry.case, entry.why) == ("r", taken, why)


async def test_each_comparison_that_was_made_is_recorded_in_order():
    _, entry = await chosen(flow(ROUTER), data={"kind": "x", "message": "my invoice"})

    assert entry.comparisons == (
        Comparison("question", "kind == 'question'", "kind = 'x'", False),
        Comparison("billing", "message holds 'invoice' or 'refund'", "'invoice'", True),
    )


async def test_a_router_without_a_default_fails_and_lists_every_case():
    of = flow(router("r", case("a", "qa", when="kind == 'a'"), case("b", "bills", keywords=("b",))))
    result, entry = await chosen(of, data={"kind": "x", "message": "hi"}, target="c")

    assert entry is None
    assert result.error == (
        "r: no case holds (a: target = 'a', but target = 'c'; b: target = 'b', but target = 'c'; "
        "a: kind == 'a', but kind = 'x'; b: message holds 'b', but message = 'hi'); "
        "add a default case"
    )


async def test_the_events_metadata_can_be_read_in_a_condition():
    of = flow(router("r", case("de", "qa", when="metadata['language'] == 'de'"), chain("archive")))
    result, _ = await chosen(of, metadata={"language": "de"})

    assert result.state["trail"] == ["qa"]


async def test_the_state_after_is_the_chosen_chains():
    of = flow(router("r", case("x", "a", sequence("s", "b", "c"))))
    result, _ = await chosen(of, metadata={"route": "x"})

    assert result.state == {"trail": ["a", "b", "c"]}
    assert list(result.path_results) == ["r", "r/a", "r/s", "r/s/b", "r/s/c"]


async def test_the_next_case_is_not_looked_at_once_one_holds():
    of = flow(router("r", case("a", "qa", when="x == 1"), case("b", "bills", when="missing == 1")))
    result = await outcome(of, {}, x=1)

    assert result.status == "succeeded"


async def test_a_condition_on_what_the_state_does_not_have_fails_the_step():
    of = flow(router("r", case("a", "qa", when="missing == 1"), chain("archive")))
    result = await outcome(of, {"qa": says()}, x=1)

    assert result.status == "failed"
    assert "missing" in result.error
    assert kinds(result, "StepFailed") == [("StepFailed", "r")]

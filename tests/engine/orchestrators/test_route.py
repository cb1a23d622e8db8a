import pytest

from agentflow.errors import ModelError
from agentflow.event import Event
from agentflow.models.base import Choice
from agentflow.states import States
from agentflow.trace import Comparison, RouteChosen, StepStarted
from engine.fakes import (
    case,
    chain,
    flow,
    kinds,
    orchestrator,
    outcome,
    router,
    runner,
    says,
    sequence,
    setup,
)


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


class Chooses:
    """A model that chooses what the test says, and remembers what it was asked."""

    def __init__(self, label, **scores):
        self.label, self.scores, self.asked = label, scores, []

    def client(self, settings):
        return self

    async def choose(self, request, labels, examples=()):
        self.asked.append((request, tuple(labels), tuple(examples)))
        if self.label is None:
            raise ModelError("the model is out")
        return Choice(self.label, self.scores)

    async def aclose(self):
        pass


def choosing(*cases):
    return orchestrator("route", "desk", *cases, choose="model")


async def chosen_by(model, *cases, data=None):
    agents = {"a": says(x="a"), "b": says(x="b"), "c": says(x="c")}
    it = runner(flow(choosing(*cases)), agents, setup=setup(models=model))
    return await it.run(Event(data=data or {"message": "my card {{ was }} charged"}))


async def test_a_model_chooses_among_the_cases_by_their_descriptions_and_examples():
    model = Chooses("bills", bills=0.9, faults=0.1)
    bills = case(
        "bills", "a", description="invoices {{ and }} {% cards", examples=("I paid twice",)
    )
    result = await chosen_by(model, bills, case("faults", "b"))

    assert result.state["x"] == "a"
    assert "choice" not in result.state
    (request, labels, examples) = model.asked[0]
    assert labels == ("bills", "faults")
    assert examples == (("I paid twice", "bills"),)
    assert request.messages[0].text == (
        "Each text belongs to one of these:\n- bills: invoices {{ and }} { % cards\n- faults"
    )
    assert request.messages[1].text == "my card {{ was }} charged"
    (entry,) = [it for it in result.entries if isinstance(it, RouteChosen)]
    assert (entry.case, entry.why) == ("bills", "model")
    assert [(it.case, it.found, it.holds) for it in entry.comparisons[-2:]] == [
        ("bills", "share = 0.9", True),
        ("faults", "share = 0.1", False),
    ]


async def test_what_the_model_said_is_no_part_of_the_state_that_a_trace_tells():
    result = await chosen_by(Chooses("b"), case("a", "a"), case("b", "b"))

    states = States()
    for entry in result.entries:
        states.feed(entry)
    began = {it.path: it.seq for it in result.entries if isinstance(it, StepStarted)}
    assert "desk/model" in began
    assert states.got(began["desk/b"]) == {"message": "my card {{ was }} charged"}


async def test_conditions_go_before_the_model():
    model = Chooses("b")
    result = await chosen_by(model, case("a", "a", when="true"), case("b", "b"))

    assert result.state["x"] == "a"
    assert model.asked == []


async def test_a_case_that_is_named_goes_before_the_model():
    model = Chooses("b")
    it = runner(flow(choosing(case("a", "a"), case("b", "b"))), {}, setup=setup(models=model))
    result = await it.run(Event(data={"message": "x"}, metadata={"route": "a"}))

    assert model.asked == []
    assert result.status == "succeeded"


async def test_the_default_is_taken_when_the_model_cannot_answer():
    result = await chosen_by(Chooses(None), case("a", "a"), chain("c"))

    assert result.state["x"] == "c"
    (entry,) = [it for it in result.entries if isinstance(it, RouteChosen)]
    assert (entry.case, entry.why) == ("default", "the model could not choose")


async def test_without_a_default_a_model_that_cannot_answer_fails_the_step():
    result = await chosen_by(Chooses(None), case("a", "a"), case("b", "b"))

    assert result.status == "failed"
    assert "the model is out" in result.error

import networkx as nx
from hypothesis import given

from agentflow.flow import graph
from agentflow.flow.flow import AgentUse, Case, Chain, Flow, Orchestrator
from engine.flows import flows


def chain(*steps: str | Orchestrator, case: str = "") -> Chain:
    made = tuple(AgentUse(agent=it) if isinstance(it, str) else it for it in steps)
    return Chain(steps=made, case=Case(name=case) if case else None)


def desk() -> Flow:
    research = Orchestrator(
        name="research", mode="collaborative", chains=(chain("news"), chain("searcher", "reader"))
    )
    deliver = Orchestrator(
        name="deliver", mode="route", chains=(chain("qa", case="question"), chain("file"))
    )
    return Flow(root=chain("intake", research, deliver), parked=(chain("spare", "part"),))


def links(flow: Flow) -> list[tuple[str, str, str, int, str]]:
    edges = graph.draw(flow).edges(data=True)
    return [(a, b, it["port"], it["order"], it["label"]) for a, b, it in edges]


def test_links_lead_from_ports_to_what_they_begin():
    assert links(desk()) == [
        ("", "intake", "next", 0, ""),
        ("intake", "research", "next", 0, ""),
        ("research", "deliver", "next", 2, ""),
        ("research", "research/news", "branches", 0, "1"),
        ("research", "research/searcher", "branches", 1, "2"),
        ("research/searcher", "research/reader", "next", 0, ""),
        ("deliver", "deliver/qa", "question", 0, "question"),
        ("deliver", "deliver/file", "default", 1, "default"),
        ("|0/spare", "|0/part", "next", 0, ""),
    ]


def test_a_node_knows_its_step():
    assert graph.draw(desk()).nodes["research/news"]["step"] == AgentUse(agent="news")


def test_what_is_adrift_is_counted_by_its_first_step():
    assert graph.adrift(desk()) == {"|0/spare": 1}


@given(flows())
def test_every_drawing_is_a_forest_with_all_steps(flow: Flow):
    drawn = graph.draw(flow)
    paths = [place.path for place in flow.places()]

    assert sorted(drawn) == sorted(["", *paths])
    assert nx.is_forest(drawn)
    assert max(degree for _, degree in drawn.in_degree()) == 1

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from agentflow.exporters.mermaid import EXPORTER
from agentflow.flow.flow import (
    AgentSpec,
    AgentUse,
    Case,
    Chain,
    Flow,
    Orchestrator,
    segments,
)
from agentflow.orchestrators.loop import LoopSettings
from engine.flows import flows
from engine.mermaid_reader import Mermaid

NODE = re.compile(r'^ +(n\d+)(?:\["[^"]*"\]|\{"[^"]*"\})$')
FRAME = re.compile(r'^ +subgraph (n\d+)\["[^"]*"\]$')
EDGE = re.compile(r'^ +(n\d+) (?:-->|-\.->)(?:\|"[^"]*"\|)? (n\d+)$')


def chain(*names: str, case: str = "") -> Chain:
    steps = tuple(AgentUse(agent=name) for name in names)
    return Chain(steps=steps, case=Case(name=case) if case else None)


def flat(mode: str, *chains: Chain, **settings: object) -> Flow:
    chosen = LoopSettings(**settings) if mode == "loop" else None
    only = Orchestrator(name=mode, mode=mode, chains=chains)
    only = only.model_copy(update={"settings": chosen}) if chosen else only
    return Flow(root=Chain(steps=(only,)))


def write(flow: Flow) -> str:
    return EXPORTER.write(flow, {}).text


def drawn(flow: Flow) -> list[str]:
    return write(flow).splitlines()


def test_a_sequence_goes_from_the_input_through_its_agents_to_the_output():
    assert (
        write(flat("sequential", chain("collector", "analyzer")))
        == """\
---
title: "Sequential Pipeline"
---
flowchart TD
    n1["📨 Input Event"]
    n2["collector"]
    n3["analyzer"]
    n4["📤 Final Result"]

    n1 --> n2
    n2 --> n3
    n3 --> n4
"""
    )


def test_a_parallel_step_fans_out_to_its_branches_and_gathers_them():
    flow = flat("collaborative", chain("news"), chain("searcher", "reader"))

    assert drawn(flow)[4:] == [
        '    n1["📨 Input Event"]',
        '    n2["Collaborative Orchestrator"]',
        '    n3["news"]',
        '    n4["searcher"]',
        '    n5["reader"]',
        '    n6["Result Aggregator"]',
        '    n7["📤 Final Result"]',
        "",
        "    n1 --> n2",
        "    n2 --> n3",
        "    n2 --> n4",
        "    n4 --> n5",
        "    n3 --> n6",
        "    n5 --> n6",
        "    n6 --> n7",
    ]


def test_a_loop_asks_after_its_body_whether_to_go_on():
    flow = flat("loop", chain("writer"), condition="quality >= 0.9", max_iterations=3)

    assert drawn(flow)[4:] == [
        '    n1["📨 Input Event"]',
        '    n3["writer"]',
        '    n2{"Continue Loop? (until quality #gt;= 0.9)"}',
        '    n4["📤 Final Result"]',
        "",
        "    n1 --> n3",
        '    n2 -->|"Yes"| n3',
        "    n3 --> n2",
        '    n2 -->|"No"| n4',
        '    n2 -.->|"Max 3 iterations"| n4',
    ]


def test_a_router_labels_its_arrows_with_the_cases_and_the_default_comes_last():
    flow = flat("route", chain("qa", case="question"), chain("desk", case="order"), chain("file"))

    assert drawn(flow)[4:] == [
        '    n1["📨 Input Event"]',
        '    n2["Event Router"]',
        '    n3["qa"]',
        '    n4["desk"]',
        '    n5["file"]',
        '    n6["📤 Final Result"]',
        "",
        "    n1 --> n2",
        '    n2 -.->|"question"| n3',
        '    n2 -.->|"order"| n4',
        '    n2 -.->|"default"| n5',
        "    n3 --> n6",
        "    n4 --> n6",
        "    n5 --> n6",
    ]


def test_stages_and_what_is_nested_stand_in_frames_with_their_names():
    inner = Orchestrator(name="polish", mode="sequential", chains=(chain("speller"),))
    stage = Orchestrator(
        name="research", mode="collaborative", chains=(Chain(steps=(inner,)), chain("news"))
    )
    flow = Flow(name="desk", root=Chain(steps=(AgentUse(agent="intake"), stage)))

    assert drawn(flow)[:15] == [
        "---",
        'title: "desk"',
        "---",
        "flowchart TD",
        '    n1["📨 Input Event"]',
        '    n2["intake"]',
        '    subgraph n3["research (collaborative)"]',
        '        n4["Collaborative Orchestrator"]',
        '        subgraph n5["polish (sequential)"]',
        '            n6["speller"]',
        "        end",
        '        n7["news"]',
        '        n8["Result Aggregator"]',
        "    end",
        '    n9["📤 Final Result"]',
    ]


def test_a_root_orchestrator_with_a_name_of_its_own_shows_it():
    only = Orchestrator(name="tidy", mode="sequential", chains=(chain("a"),))

    assert '    subgraph n2["tidy (sequential)"]' in drawn(Flow(root=Chain(steps=(only,))))


def test_what_never_runs_is_drawn_as_such():
    off = AgentSpec(name="off", enabled=False)
    flow = Flow(agents={"off": off}, root=chain("off"), parked=(chain("spare", "part"),))

    assert drawn(flow)[5:12] == [
        '    n2["off (disabled)"]',
        '    n3["📤 Final Result"]',
        '    subgraph n4["Parked: never runs"]',
        '        n5["spare"]',
        '        n6["part"]',
        "    end",
        "",
    ]


def test_an_empty_flow_hands_its_input_on():
    assert drawn(Flow())[4:] == [
        '    n1["📨 Input Event"]',
        '    n2["📤 Final Result"]',
        "",
        "    n1 --> n2",
    ]


HOSTILE = [
    'x"] --> n1',
    "end",
    'a"\n    click n1 href "javascript:alert(1)"',
    "%%{init: {'securityLevel': 'loose'}}%%",
    "<img src=x onerror=alert(1)>",
    "`**bold**`",
    "#quot;#35;",
    "a\u202eb\u2028c\u0085d\te",
    "$$\\frac{1}{2}$$",
    "a&b;c|d{e}[f](g)",
    "",
    "n" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_gets_out_of_its_quotes(name: str):
    case = Case(name=name)
    router = Orchestrator(
        name=name, mode="route", chains=(Chain(steps=chain(name).steps, case=case),)
    )
    text = write(Flow(name=name, root=Chain(steps=(router,))))

    front, _, body = text.partition("flowchart TD\n")
    assert front.count("\n") == 3
    assert "%%{" not in text
    assert not re.search(r"[<`]|--> n1$", body, re.MULTILINE)
    assert max(map(len, body.splitlines())) < 1500
    assert_well_formed(text)


@given(flows())
def test_every_step_is_a_node_and_every_way_an_arrow(flow: Flow):
    text = write(flow)

    nodes, edges = assert_well_formed(text)
    assert len(nodes) == 2 + sum(node_count(flow))
    assert len(edges) == expected_edges(flow)
    assert text == write(flow)


def assert_well_formed(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The ids of the nodes and the arrows; every line is one that this exporter may write."""
    lines = text.split("flowchart TD\n")[1].splitlines()
    nodes = [match[1] for line in lines if (match := NODE.match(line))]
    frames = [match[1] for line in lines if (match := FRAME.match(line))]
    edges = [(match[1], match[2]) for line in lines if (match := EDGE.match(line))]
    others = [
        line.strip() for line in lines if not any(it.match(line) for it in (NODE, FRAME, EDGE))
    ]

    assert others == ["end"] * others.count("end") + [""]
    assert others.count("end") == len(frames)
    assert len({*nodes, *frames}) == len(nodes) + len(frames)
    assert {end for edge in edges for end in edge} <= set(nodes)
    return nodes, edges


OWN_NODES = {"collaborative": 2, "loop": 1, "route": 1}


def node_count(flow: Flow) -> Iterator[int]:
    """How many nodes each step has: an agent one, an orchestrator those that are its own."""
    for place in flow.places():
        if isinstance(place.step, Orchestrator):
            yield OWN_NODES.get(place.step.mode, 0)
        else:
            yield 1


def expected_edges(flow: Flow) -> int:
    """Counted apart from the exporter: the arrows that end in steps, and those to the output."""
    inner, left = chain_edges(flow.root, 1)
    return inner + left + sum(chain_edges(it, 0)[0] for it in flow.parked)


def chain_edges(chain: Chain, waiting: int) -> tuple[int, int]:
    """The arrows that end in a chain that so many wait for, and how many wait at its end."""
    total = 0
    for _, _, step, _ in segments((chain,)):
        added, waiting = step_edges(step, waiting)
        total += added
    return total, waiting


def step_edges(step: AgentUse | Orchestrator, waiting: int) -> tuple[int, int]:
    if isinstance(step, AgentUse):
        return waiting, 1
    if step.mode == "sequential":
        return chain_edges(step.chains[0], waiting)
    if step.mode == "loop":
        inner, left = chain_edges(step.chains[0], waiting + 1)
        return inner + left, 2
    branches = [chain_edges(it, 1) for it in step.chains]
    inner, left = sum(it[0] for it in branches), sum(it[1] for it in branches)
    if step.mode == "route":
        return waiting + inner, left
    return waiting + inner + left, 1


def test_the_real_parser_reads_every_mode_as_it_is_meant(mermaid: Mermaid):
    loop = Orchestrator(
        name="refine",
        mode="loop",
        settings=LoopSettings(max_iterations=5),
        chains=(chain("critic"),),
    )
    case = Case(name="is it?")
    routed = (Chain(steps=(loop,), case=case), chain("archive"))
    router = Orchestrator(name="deliver", mode="route", chains=routed)

    told = mermaid.read(write(Flow(name="desk", root=Chain(steps=(router,)))))

    assert told.type == "flowchart-v2"
    assert [it.text for it in told.nodes] == [
        "📨 Input Event",
        "Event Router",
        "critic",
        "Continue Loop?",
        "archive",
        "📤 Final Result",
    ]
    named = {it.id: it.text for it in told.nodes}
    edges = [(named[it.start], named[it.end], it.text, it.stroke) for it in told.edges]
    assert ("Event Router", "critic", "is it?", "dotted") in edges
    assert ("Continue Loop?", "critic", "Yes", "normal") in edges
    assert ("Continue Loop?", "📤 Final Result", "Max 5 iterations", "dotted") in edges
    assert [it[2] for it in edges if it[0] == "Event Router"] == ["is it?", "default"]
    assert {it.text for it in told.frames} == {"deliver (route)", "refine (loop)"}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_real_parser_reads_a_hostile_name_back(mermaid: Mermaid, name: str):
    case = Case(name=name)
    chains = (Chain(steps=chain(name).steps, case=case),)
    router = Orchestrator(name=name, mode="route", chains=chains)

    told = mermaid.read(write(Flow(name=name, root=Chain(steps=(router,)))))

    shown = shown_as(name)
    assert [it.text for it in told.nodes][2] == shown
    assert [it.text for it in told.edges][1] == shown


@given(flows())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_nodes_and_arrows_that_the_real_parser_reads_are_the_flows(mermaid: Mermaid, flow: Flow):
    text = write(flow)

    told = mermaid.read(text)

    nodes, edges = assert_well_formed(text)
    used = [place.step.agent for place in flow.places() if isinstance(place.step, AgentUse)]
    off = {name for name, spec in flow.agents.items() if not spec.enabled}
    names = [shown_as(name + (" (disabled)" if name in off else "")) for name in used]
    named = [it.text for it in told.nodes]
    assert {it.id for it in told.nodes} == set(nodes)
    assert Counter(names) <= Counter(named)
    assert len(named) == 2 + sum(node_count(flow))
    assert [(it.start, it.end) for it in told.edges] == edges
    frames = Counter(f"{it.name} ({it.mode})" for it in flow.orchestrators())
    assert not Counter(it.text for it in told.frames) - frames - Counter(["Parked: never runs"])


def shown_as(name: str) -> str:
    """A name as a picture shows it: cut, on one line, without blanks around it."""
    cut = name if len(name) <= 200 else name[:199] + "…"
    return "".join(sign if sign.isprintable() else " " for sign in cut).strip()

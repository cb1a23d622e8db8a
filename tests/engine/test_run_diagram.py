import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentflow.event import Event
from agentflow.flow.flow import AgentUse, Case, Chain, Flow, Orchestrator
from agentflow.orchestrators.loop import LoopSettings
from agentflow.run_diagram import MAX_TEXT, run_diagram
from agentflow.runner import Runner
from agentflow.trace import StepFailed, StepSucceeded, TraceEntry
from engine.mermaid_reader import Diagram, Mermaid

HOSTILE = [
    "end",
    "a; b: c ->> d",
    "x\n    p0->>p1: forged",
    '"quoted" <b>&quot;',
    "%%{init: {}}%%",
    "Note over p0: no",
    "par",
    "\u202e+-x)",
]


def trace_of(flow: Flow, **agents: object) -> list[TraceEntry]:
    async def run() -> list[TraceEntry]:
        runner = Runner.from_flow(flow, agents=agents)
        entries: list[TraceEntry] = []
        runner.subscribe(entries.append)
        await runner.run(Event(data={}))
        return entries

    return asyncio.run(run())


def calls(diagram: Diagram) -> list[tuple[str, str]]:
    """Who called whom, by what is written on the participants."""
    named = {it.id: it.text for it in diagram.actors}
    return [(named[it.start], named[it.end]) for it in diagram.messages if it.kind == 0]


def step(name: str, mode: str, *names: str, **given: object) -> Orchestrator:
    chains = (Chain(steps=tuple(AgentUse(agent=it) for it in names)),)
    made = Orchestrator(name=name, mode=mode, chains=chains)
    return made.model_copy(update={"settings": LoopSettings(**given)}) if mode == "loop" else made


def test_steps_call_their_members_and_are_answered(mermaid: Mermaid):
    loop = step("refine", "loop", "writer", "critic", max_iterations=2)
    flow = Flow(name="desk", root=Chain(steps=(AgentUse(agent="intake"), loop)))
    give = {name: lambda state: {"text": "x"} for name in ("intake", "writer", "critic")}

    told = mermaid.read(run_diagram(trace_of(flow, **give)))

    assert told.type == "sequence"
    assert [it.text for it in told.actors] == ["Run", "intake", "refine", "writer", "critic"]
    assert calls(told) == [
        ("Run", "intake"),
        ("Run", "refine"),
        *[("refine", "writer"), ("refine", "critic")] * 2,
    ]
    texts = [it.text for it in told.messages]
    assert "pass 2" in texts
    assert "ends after 2 of at most 2 passes: there may be no more" in texts
    assert any(it.startswith("The run succeeded") for it in texts)


def test_a_failure_and_the_case_that_was_taken_are_told(mermaid: Mermaid):
    router = Orchestrator(
        name="deliver",
        mode="route",
        chains=(
            Chain(steps=(AgentUse(agent="qa"),), case=Case(name="question", when="true")),
            Chain(steps=(AgentUse(agent="desk"),)),
        ),
    )

    def broken(state: object) -> None:
        raise ValueError("no; answer: #1")

    told = mermaid.read(
        run_diagram(trace_of(Flow(root=Chain(steps=(router,))), qa=broken, desk=broken))
    )

    texts = [it.text for it in told.messages]
    assert any(it.startswith("took “question”") for it in texts)
    assert any("no; answer: #1" in it for it in texts)
    assert any(it.startswith("failed") for it in texts)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_participant(mermaid: Mermaid, name: str):
    entries = trace_of(Flow(name=name, root=Chain(steps=(AgentUse(agent="a"),))), a=lambda _: {})
    renamed = [
        it._replace(path=it.path.replace("a", name.replace("/", " "))) if it.path else it
        for it in entries
    ]

    told = mermaid.read(run_diagram(renamed))

    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    assert [it.text for it in told.actors] == ["Run", shown.strip()]
    assert len(calls(told)) == 1


@given(st.lists(st.integers(0, 40), max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_trace_with_holes_is_still_a_diagram(mermaid: Mermaid, missing: list[int]):
    loop = step("refine", "loop", "writer", "critic", max_iterations=3)
    flow = Flow(root=Chain(steps=(AgentUse(agent="writer"), loop)))
    entries = trace_of(flow, writer=lambda _: {"a": 1}, critic=lambda _: {"b": 2})

    kept = [it for number, it in enumerate(entries) if number not in missing]

    ends = [it for it in kept if isinstance(it, (StepSucceeded, StepFailed))]
    answers = [it for it in mermaid.read(run_diagram(kept)).messages if it.kind in (1, 4)]
    assert len(answers) == len(ends)


def test_a_long_run_is_cut_where_mermaid_would_draw_nothing(mermaid: Mermaid):
    flow = Flow(root=Chain(steps=(step("again", "loop", "a", max_iterations=900),)))

    text = run_diagram(trace_of(flow, a=lambda _: {"n": 1}))

    assert len(text) < MAX_TEXT + 1000
    assert any("more happened" in it.text for it in mermaid.read(text).messages)


def test_the_same_trace_gives_the_same_diagram():
    entries = trace_of(Flow(root=Chain(steps=(AgentUse(agent="a"),))), a=lambda _: {})

    assert run_diagram(entries) == run_diagram(entries)

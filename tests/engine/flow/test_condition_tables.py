"""Conditions of loops that are written as tables: kept as they stand, and meant as expressions."""

import pytest

from agentflow import Event, Runner
from agentflow.flow.flow import Flow, Orchestrator
from agentflow.flow.load import parse
from agentflow.flow.save import render
from agentflow.trace import LoopChecked
from engine.checked import CATALOGUE
from engine.fakes import setup

TABLES = {
    "quality_threshold": """\
type = "quality_threshold"   # good enough
field = "quality"
threshold = 0.7
""",
    "multi_criteria": """\
type = "multi_criteria"
criteria = [                 # all of them
  { field = "quality", operator = ">=", value = 0.7 },
  { field = "kind", operator = "=", value = "text" },
]
""",
    "adaptive": """\
type = "adaptive"
field = "quality"            # asks less and less
base_threshold = 0.9
decay_rate = 0.1
decay_after_iteration = 2
""",
}
PASSES = {"quality_threshold": 3, "multi_criteria": 3, "adaptive": 4}

FLOW = """\
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["writer"]
check = "after"
max_iterations = 10
[orchestration.mixed.stages.condition]
{table}
[agents.writer]
type = "scripted"
outputs = [{{ quality = 0.3, kind = "text" }}, {{ quality = 0.5 }}, {{ quality = 0.7 }}]
"""


@pytest.fixture(params=TABLES)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def refine(flow: Flow) -> Orchestrator:
    (step,) = flow.root.steps
    assert isinstance(step, Orchestrator)
    return step


def with_settings(flow: Flow, **changes: object) -> Flow:
    step = refine(flow)
    settings = step.settings.model_copy(update=changes)
    return flow.model_copy(
        update={
            "root": flow.root.model_copy(
                update={"steps": (step.model_copy(update={"settings": settings}),)}
            )
        }
    )


def test_a_table_stands_as_it_was_written_when_something_else_is_edited(kind: str):
    file = parse(FLOW.format(table=TABLES[kind]), CATALOGUE)
    edited = with_settings(file.flow, max_iterations=7)

    text = render(file, edited, file.layout, CATALOGUE).text

    assert TABLES[kind] in text
    assert "max_iterations = 7" in text
    assert parse(text, CATALOGUE).flow == edited


def test_a_flow_that_is_written_anew_says_the_same_as_an_expression(kind: str):
    flow = parse(FLOW.format(table=TABLES[kind]), CATALOGUE).flow

    anew = parse(render(None, flow, {}, CATALOGUE).text, CATALOGUE).flow

    assert anew == flow
    assert getattr(refine(anew).settings, "condition", "")


def test_a_condition_that_is_edited_takes_the_tables_place(kind: str):
    file = parse(FLOW.format(table=TABLES[kind]), CATALOGUE)
    edited = with_settings(file.flow, condition="quality > 0.1")

    text = render(file, edited, file.layout, CATALOGUE).text

    assert 'condition = "quality > 0.1"' in text
    assert 'type = "' + kind not in text
    assert parse(text, CATALOGUE).flow == edited


async def test_a_loop_ends_when_its_table_says_so(kind: str):
    flow = parse(FLOW.format(table=TABLES[kind]), CATALOGUE).flow

    outcome = await Runner.from_flow(flow, setup=setup()).run(Event())

    (last,) = [it for it in outcome.entries if isinstance(it, LoopChecked) and it.verdict]
    assert (last.why, last.passes) == ("condition", PASSES[kind])

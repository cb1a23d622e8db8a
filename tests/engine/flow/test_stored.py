"""Storing: whatever a flow says is had back, and what is no flow is refused."""

from pathlib import Path

import pytest
from hypothesis import given

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentSpec, AgentUse, Flow
from agentflow.flow.load import load, parse
from agentflow.flow.stored import StoredFlowError, flow_of, flow_since, stored, stored_since
from engine.flows import flows

CATALOGUE = Catalogue.installed()
EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*/agentflow.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_is_had_back_as_it_was(path):
    flow = load(path, CATALOGUE).flow

    assert flow_of(stored(flow), CATALOGUE) == flow


@given(flows())
def test_every_flow_is_had_back_as_it_was(flow: Flow):
    again = flow_of(stored(flow), CATALOGUE)

    assert again == flow
    assert again.model_dump(exclude_unset=True) == flow.model_dump(exclude_unset=True)


def test_a_placeholder_where_a_number_is_declared_stays_one():
    text = (
        '[llm]\ntemperature = "${HEAT:0.2}"\n'
        '[agents.a]\ntype = "scripted"\ndelay = "${WAIT}"\n[agents.a.llm]\nmax_tokens = "${N}"\n'
        '[agents.a.retry_policy]\nmax_retries = "${N}"\n'
        '[orchestration]\nmode = "loop"\n[orchestration.loop]\nagent = "a"\n'
        'max_iterations = "${N:3}"\n'
    )
    flow = parse(text, CATALOGUE).flow
    again = flow_of(stored(flow), CATALOGUE)

    assert again == flow
    assert again.agents["a"].settings.placeholders == {"delay": "${WAIT}"}


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"placeholders": [], "flow": 3}'])
def test_what_is_no_flow_is_refused(text):
    with pytest.raises(StoredFlowError):
        flow_of(text, CATALOGUE)


@given(flows(), flows())
def test_what_is_other_gives_the_whole_flow_together_with_the_one_before(before, after):
    again = flow_since(stored_since(after, before), before, CATALOGUE)

    assert again == after
    assert again.model_dump(exclude_unset=True) == after.model_dump(exclude_unset=True)
    assert list(again.agents) == list(after.agents)


@given(flows())
def test_of_a_flow_that_an_edit_made_only_what_the_edit_changed_is_stored(flow: Flow):
    name = "somebody new"
    agents = {**flow.agents, name: AgentSpec(name=name, type="scripted")}
    steps = (*flow.root.steps[:1], AgentUse(agent=name), *flow.root.steps[1:])
    root = flow.root.model_copy(update={"steps": steps})
    edited = flow.model_copy(update={"agents": agents, "root": root})

    text = stored_since(edited, flow)

    assert len(text) < 600
    assert flow_since(text, flow, CATALOGUE) == edited


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"part": 3, "rest": 4}'])
def test_what_is_no_difference_is_refused(text):
    with pytest.raises(StoredFlowError):
        flow_since(text, Flow(), CATALOGUE)

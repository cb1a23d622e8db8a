"""keys_here: what the keys analysis knows at each place of a flow."""

import pytest

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import Flow
from agentflow.flow.keys_here import keys_here
from agentflow.flow.load import parse

CATALOGUE = Catalogue.installed()

TEXT = """\
[orchestration]
mode = "mixed"

[[orchestration.mixed.stages]]
name = "first"
agents = ["first"]

[[orchestration.mixed.stages]]
name = "team"
mode = "collaborative"
agents = ["left", "right"]
merge = { b = "sum" }

[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["critic", "stranger"]
condition = "score > 1.0"

[[orchestration.mixed.stages]]
name = "last"
agents = ["last"]

[agents.first]
type = "scripted"
output = { a = 1 }
[agents.left]
type = "scripted"
output = { b = 1 }
[agents.right]
type = "scripted"
output = { c = 1 }
[agents.critic]
type = "scripted"
output = { score = 1.0 }
[agents.stranger]
type = "python"
call = "agents:f"
[agents.last]
type = "scripted"
output = { z = 1 }
"""


@pytest.fixture
def flow() -> Flow:
    return parse(TEXT, CATALOGUE).flow


@pytest.mark.parametrize(
    ("path", "is_asking", "written"),
    [
        ("first", False, ()),
        ("team", False, ("a",)),
        ("team/left", False, ("a",)),
        ("team", True, ("b", "c")),
        ("refine", False, ("a", "b", "response", "team")),
        ("refine", True, ("a", "b", "response", "team", "score")),
        ("refine/critic", False, ("a", "b", "response", "team", "score")),
        ("nowhere", False, ()),
    ],
)
def test_what_is_written_before_a_step_can_be_there(flow, path, is_asking, written):
    assert keys_here(flow, CATALOGUE, path, is_asking=is_asking).written == written


def test_after_an_agent_that_tells_nothing_there_may_be_other_keys(flow):
    assert keys_here(flow, CATALOGUE, "team").are_all
    assert not keys_here(flow, CATALOGUE, "last").are_all


def test_only_the_condition_of_a_loop_counts_its_passes(flow):
    assert "iteration" in keys_here(flow, CATALOGUE, "refine", is_asking=True).names
    assert "iteration" not in keys_here(flow, CATALOGUE, "refine/critic").names
    assert "message" in keys_here(flow, CATALOGUE, "first").names

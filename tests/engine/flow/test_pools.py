from datetime import timedelta

from agentflow.flow.load import parse
from engine.checked import CATALOGUE, checked, found

TEXT = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a"]
[agents.a]
type = "scripted"
uses = ["browser"]
[pools.browser]
size = 2
timeout = "5s"
"""


def test_pools_are_read():
    flow = parse(TEXT, CATALOGUE).flow

    assert flow.agents["a"].uses == ("browser",)
    assert flow.pools["browser"].size == 2
    assert flow.pools["browser"].timeout == timedelta(seconds=5)
    assert checked(TEXT) == ()


def test_a_pool_that_is_not_there_is_an_error_with_the_one_that_was_meant():
    problem = found("unknown-pool", TEXT.replace('uses = ["browser"]', 'uses = ["brwser"]'))[0]

    assert (problem.severity, problem.where) == ("error", "agents.a.uses[0]")
    assert problem.fixes[0].title == "Use 'browser' instead"


def test_a_pool_that_nobody_uses_is_told():
    problem = found("unused-pool", TEXT + "[pools.db]\n")[0]

    assert (problem.severity, problem.where) == ("info", "pools.db")


def test_a_size_that_is_none_is_told_at_its_place():
    (problem,) = checked(TEXT.replace("size = 2", "size = 0"))

    assert (problem.code, problem.where) == ("wrong-value", "pools.browser.size")

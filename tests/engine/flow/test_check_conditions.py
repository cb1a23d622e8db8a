import pytest

from engine.checked import found

LOOP = """\
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
agent = "scout"
[[orchestration.mixed.stages]]
name = "refine"
mode = "loop"
agents = ["writer"]
condition = "{condition}"
[agents.scout]
type = "scripted"
output = {{ topic = "tides" }}
[agents.writer]
type = "{type}"
output = {{ quality_score = 1 }}
call = "agents:write"
"""

ROUTER = """\
[orchestration]
mode = "mixed"
{before}
[[orchestration.mixed.stages]]
name = "deliver"
mode = "route"
default = ["last"]
[[orchestration.mixed.stages.cases]]
name = "good"
when = "{when}"
agents = ["last"]
[agents.last]
type = "scripted"
[agents.one]
type = "scripted"
output = {{ found = 1 }}
[agents.two]
type = "scripted"
output = {{ drawn = 1 }}
"""

PARALLEL = """\
[[orchestration.mixed.stages]]
name = "both"
mode = "collaborative"
agents = ["one", "two"]
"""


def loop(condition: str, agent_type: str = "scripted") -> str:
    return LOOP.format(condition=condition, type=agent_type)


def test_a_condition_that_is_none_is_an_error_with_its_column():
    problem = found("bad-condition", loop("quality_score >= = 1"))[0]

    assert (problem.severity, problem.path) == ("error", "refine")
    assert (problem.where, problem.line) == ("orchestration.mixed.stages[1].condition", 9)
    assert "'quality_score >= = 1'" in problem.message
    assert "(column 18)" in problem.message


def test_a_cases_condition_that_is_none_is_an_error():
    problem = found("bad-condition", ROUTER.format(before="", when="found and drawn"))[0]

    assert problem.where == "orchestration.mixed.stages[0].cases[0].when"
    assert problem.fixes[0].title == "Write '&&' instead of 'and'"


def test_a_key_that_no_agent_writes_is_doubtful_and_may_be_misspelt():
    problem = found("unwritten-key", loop("quality_scor >= 0.9"))[0]

    assert (problem.severity, problem.path, problem.line) == ("warning", "refine", 9)
    assert problem.message == "it reads 'quality_scor', which no agent before it writes"
    assert (problem.fixes[0].title, problem.fixes[0].edit) == (
        "Read 'quality_score' instead",
        "set_orchestrator",
    )
    assert problem.fixes[0].arguments["value"] == "quality_score >= 0.9"


@pytest.mark.parametrize(
    "condition", ["quality_score > 1", "topic == 'x'", "has(metadata.x)", "message == ''"]
)
def test_keys_of_an_earlier_pass_an_earlier_step_or_the_event_are_there(condition: str):
    assert not found("unwritten-key", loop(condition))


def test_a_loop_that_asks_before_its_first_pass_needs_what_it_reads_by_then():
    problem = found("asked-too-soon", loop("quality_score > 1"))[0]

    assert (problem.severity, problem.path, problem.line) == ("warning", "refine", 9)
    assert problem.message == (
        "it is asked before the first pass, and only its body writes 'quality_score'"
    )
    assert problem.fixes[0].edit == "set_orchestrator"
    assert problem.fixes[0].arguments == {"path": "refine", "field": "check", "value": "after"}


def test_a_loop_that_asks_after_a_pass_or_reads_what_is_there_asks_in_time():
    later = loop("quality_score > 1").replace("condition =", 'check = "after"\ncondition =')

    assert not found("asked-too-soon", later)
    assert not found("asked-too-soon", loop("topic == 'x'"))


def test_what_an_agent_of_code_writes_nobody_knows():
    assert not found("unwritten-key", loop("anything > 1", "python"))
    assert not found("unwritten-key", loop("anything > 1").replace('"scout"', '"mine"', 1))


def test_before_the_first_agent_there_is_what_the_event_brings():
    assert not found("unwritten-key", ROUTER.format(before="", when="anything > 1"))


@pytest.mark.parametrize(
    ("key", "is_there"), [("found", False), ("both", True), ("response", True), ("best", True)]
)
def test_what_branches_write_stands_under_their_name_unless_it_is_merged(key: str, is_there: bool):
    before = PARALLEL + 'merge = { best = "max" }\n'
    problems = found("unwritten-key", ROUTER.format(before=before, when=f"has({key}.x)"))

    assert bool(problems) != is_there


def test_a_key_of_any_case_may_be_there():
    cases = """\
[[orchestration.mixed.stages]]
name = "choose"
mode = "route"
default = ["one"]
[[orchestration.mixed.stages.cases]]
agents = ["two"]
"""
    problems = found("unwritten-key", ROUTER.format(before=cases, when="found + drawn + lost > 1"))

    assert [it.message for it in problems] == ["it reads 'lost', which no agent before it writes"]


def test_merging_what_no_branch_writes_is_worth_knowing():
    before = PARALLEL + 'merge = { foud = "max", drawn = "max" }\n'
    problem = found("unmerged-key", ROUTER.format(before=before, when="true"))[0]

    assert (problem.severity, problem.path) == ("info", "both")
    assert problem.message == "it merges 'foud', which none of its branches writes"
    assert problem.fixes[0].title == "Merge 'found' instead"

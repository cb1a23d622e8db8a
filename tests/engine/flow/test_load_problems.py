import sys

import pytest

from agentflow.errors import FlowSyntaxError
from agentflow.flow.flow import Flow
from agentflow.flow.load import parse


def errors(file):
    return [it for it in file.problems if it.severity == "error"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[orchestration]\nmode='mixed'\ntimeout = 30",
            'orchestration.timeout: 30 has no unit; write "30s" or "30ms"',
        ),
        (
            "[orchestration]\nmode='mixed'\ntimeout = 'soon'",
            "orchestration.timeout: 'soon' is no duration",
        ),
        (
            "[orchestration]\nmode='mixed'\nmax_concurrency = 0",
            "orchestration.max_concurrency: must be greater than or equal to 1, not 0",
        ),
        (
            "[orchestration]\nmode='mixed'\nfailure_threshold = nan",
            "orchestration.failure_threshold: nan is no number that a state can hold; write",
        ),
        (
            "[orchestration]\nmode='mixed'\nmax_hops = 9223372036854775808",
            "orchestration.max_hops: is larger than 64 bits hold; write a smaller number",
        ),
        (
            "[orchestration]\nmode = 3",
            "orchestration.mode: must be one of collaborative, loop, route, sequential, mixed",
        ),
        (
            "[orchestration]\nmode='mixed'\n[agents.a]\ntype='scripted'\noutputs={x=1}",
            "agents.a.outputs: must be a list, not {'x': 1}",
        ),
        ("[agent_flow]\nversion = 1.0", "agent_flow.version: must be a valid string, not 1.0"),
        ("[agents]\na = 3", "agents.a: must be a table, not 3"),
        ("[agents.a]\ntype='scripted'\nllm = 'gpt'", "agents.a.llm: must be a table, not 'gpt'"),
        (
            "[agents.a]\ntype='scripted'\non_error = 'contnue'",
            "agents.a.on_error: must be 'fail' or 'continue', not 'contnue'; did",
        ),
        (
            "[agents.a]\ntype='scripted'\nretry_policy.max_retries = -1",
            "agents.a.retry_policy.max_retries: must be greater than or equal to 0, not -1",
        ),
        (
            "[agents.a]\ntype='scripted'\noutput = { day = 2026-01-01 }",
            "agents.a.output.day: is a date or time, which a state cannot hold",
        ),
        (
            "[orchestration]\nmode='sequential'\nsequential.agents = 'a'",
            "orchestration.sequential.agents: must be a list, not 'a'",
        ),
        (
            "[orchestration]\nmode='sequential'\nsequential.agents = ['a', 3]",
            "orchestration.sequential.agents[1]: must be the name of an agent or orch",
        ),
        (
            "[orchestrators.a]\nagents = ['x']",
            "orchestrators.a: has no mode; write mode = one of collaborative,",
        ),
        ("orchestration = 3", "orchestration: must be a table, not 3"),
        (
            "[orchestration]\nmode='mixed'\nmixed.stages = [3]",
            "orchestration.mixed.stages[0]: must be a table, not 3",
        ),
        (
            "[orchestration]\ntimeout='3s'",
            "orchestration: has no mode; write mode = one of collaborative,",
        ),
    ],
)
def test_a_wrong_value_is_told_and_its_default_taken(read, text, told):
    file = read(text)

    assert [str(it)[: len(told)] for it in errors(file)] == [told]
    assert isinstance(file.flow, Flow)


def test_a_wrong_value_leaves_the_values_beside_it(read):
    file = read("[orchestration]\nmode='mixed'\ntimeout = 30\nmax_hops = 3")

    assert (file.flow.settings.timeout, file.flow.settings.max_hops) == (None, 3)


def test_a_list_in_a_list_is_a_branch_only_where_there_are_branches(read):
    file = read("""
        [orchestration]
        mode = "sequential"
        [orchestration.sequential]
        agents = ["a", ["b", "c"]]
        """)

    (problem,) = file.problems
    assert (problem.code, problem.line) == ("nested-list", 4)
    assert "orchestrators" in problem.fixes[0].title
    assert [it.name for it in file.flow.root.steps[0].chains[0].steps] == ["a", "b", "c"]


@pytest.mark.parametrize("mode", ["sequential", "loop", "collaborative"])
def test_a_list_where_one_agent_is_named_is_read_as_the_list_that_was_meant(read, mode):
    file = read(f"""
        [orchestration]
        mode = "{mode}"
        [orchestration.{mode}]
        agent = ["a", "b"]
        """)

    problem = next(it for it in file.problems if it.where.endswith(".agent"))
    assert (problem.code, problem.line) == ("wrong-value", 4)
    assert problem.fixes[0].title == "Write 'agents'"
    chains = file.flow.root.steps[0].chains
    assert [step.name for chain in chains for step in chain.steps] == ["a", "b"]


def test_an_orchestrator_in_two_places_stays_in_the_first(read):
    file = read("""
        [orchestration]
        mode = "sequential"
        [orchestration.sequential]
        agents = ["polish", "a", "polish"]
        [orchestrators.polish]
        mode = "sequential"
        agents = ["b"]
        """)

    (problem,) = file.problems
    assert (problem.code, problem.where) == ("two-owners", "orchestration.sequential.agents[2]")
    assert "orchestration.sequential.agents[0]" in problem.message
    assert [it.name for it in file.flow.root.steps[0].chains[0].steps] == ["polish", "a"]


def test_orchestrators_that_contain_each_other_are_told(read):
    file = read("""
        [orchestration]
        mode = "sequential"
        [orchestration.sequential]
        agents = ["one"]
        [orchestrators.one]
        mode = "sequential"
        agents = ["two"]
        [orchestrators.two]
        mode = "loop"
        agent = "one"
        [orchestrators.three]
        mode = "loop"
        agent = "three"
        """)

    assert [(it.code, it.message.split(": ")[1]) for it in errors(file)] == [
        ("orchestrator-cycle", "one → two → one"),
        ("orchestrator-cycle", "three → three"),
    ]


def test_thousands_of_orchestrators_in_one_another_are_no_recursion(read):
    count = sys.getrecursionlimit() + 1000
    tables = "\n".join(
        f'[orchestrators.o{n}]\nmode = "sequential"\nagents = ["o{n + 1}"]' for n in range(count)
    )

    file = read(f'[orchestration]\nmode = "sequential"\nsequential.agents = ["o0"]\n{tables}')

    assert {it.code for it in errors(file)} == {"too-deep"}
    assert len(list(file.flow.orchestrators())) == count + 1


def test_unknown_keys_are_told_with_what_was_most_likely_meant(read):
    file = read("""
        [orchestration]
        mode = "loop"
        [orchestration.loop]
        agent = "a"
        max_iteration = 3
        [agents.a]
        type = "scripted"
        descripton = "x"
        [orchestratoin]
        """)

    assert [(it.severity, it.line, str(it).split("; ")[1]) for it in file.problems] == [
        ("info", 8, "did you mean 'description'?"),
        ("info", 5, "did you mean 'max_iterations'?"),
        ("info", 9, "did you mean 'orchestration'?"),
    ]


def test_tables_of_the_framework_that_the_format_comes_from_are_nobodys_mistake(read):
    file = read("""
        [logging]
        level = "debug"
        [[mcp.servers]]
        name = "x"
        [error_routing.retry]
        max_retries = 3
        [providers.mock]
        """)

    assert file.problems == ()


def test_a_foreign_table_is_told_once(read):
    file = read("[phases.one]\nprompt = 'x'\n[phases.two]\nprompt = 'y'")

    assert [(it.severity, it.where) for it in file.problems] == [("info", "phases")]


def test_keys_of_an_unknown_agent_type_are_not_judged(read):
    assert read("[agents.a]\ntype = 'telepathy'\nreach = 3").problems == ()


def test_a_position_that_is_none_is_left_out(read):
    file = read("""
        [editor.nodes]
        a = [1, 2]
        b = [1]
        c = ["x", 1]
        d = [inf, 1]
        e = [1e300, 1]
        f = [true, 1]
        """)

    assert file.layout == {"a": (1, 2)}
    assert [it.where for it in file.problems] == [f"editor.nodes.{key}" for key in "bcdef"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "[llm]\n" + "\n".join(f"k{n} = 1" for n in range(6000)),
            "5,000 faults; the first: llm.k0",
        ),
        ("\n".join(f"[agents.k{n}]" for n in range(10_001)), "10,000 agents"),
    ],
)
def test_a_text_with_too_much_of_anything_is_one_error(text, what, catalogue):
    with pytest.raises(FlowSyntaxError, match=f"has more than {what}"):
        parse(text, catalogue)

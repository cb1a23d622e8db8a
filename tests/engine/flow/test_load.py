from datetime import timedelta

import pytest

from agentflow.errors import FlowSyntaxError
from agentflow.flow.check import check_file
from agentflow.flow.flow import AgentUse, Chain, LlmSettings, Orchestrator
from agentflow.flow.load import load, parse


def paths(file):
    return [place.path for place in file.flow.places()]


def problems(file):
    return [(it.severity, it.code, it.where) for it in file.problems]


def test_the_tutorials_file_is_one_collaborative_orchestrator(seed, catalogue):
    file = load(seed, catalogue)

    (root,) = file.flow.root.steps
    assert isinstance(root, Orchestrator)
    assert (root.name, root.mode) == ("collaborative", "collaborative")
    assert [chain.steps[0].name for chain in root.chains] == [
        "researcher1",
        "researcher2",
        "fact_checker",
    ]
    assert root.settings.timeout == timedelta(seconds=60)
    assert file.flow.settings.failure_threshold == 0.3
    assert file.problems == ()


def test_the_tutorials_file_lacks_its_agents_and_has_a_timeout_that_never_fires(seed, catalogue):
    found = check_file(load(seed, catalogue), catalogue)

    assert [(it.severity, it.code) for it in found] == [
        ("error", "unknown-agent"),
        ("error", "unknown-agent"),
        ("error", "unknown-agent"),
        ("warning", "timeout-never-fires"),
    ]


@pytest.mark.parametrize(
    ("mode", "table", "expected"),
    [
        ("sequential", 'agents = ["a", "b"]', ["sequential", "sequential/a", "sequential/b"]),
        ("loop", 'agent = "a"', ["loop", "loop/a"]),
        ("loop", 'name = "refine"\nagents = ["a", "b"]', ["refine", "refine/a", "refine/b"]),
        (
            "collaborative",
            'agents = ["a", ["b", "a"]]',
            ["collaborative", "collaborative/a", "collaborative/b", "collaborative/a~2"],
        ),
    ],
)
def test_a_flat_mode_has_a_table_of_its_own(read, mode, table, expected):
    file = read(f'[orchestration]\nmode = "{mode}"\n[orchestration.{mode}]\n{table}\n')

    assert paths(file) == expected
    assert file.problems == ()


def test_an_empty_file_is_an_empty_flow(catalogue):
    assert parse("", catalogue).flow.root == Chain()


def test_stages_run_one_after_another_each_with_its_settings(read):
    file = read("""
        [orchestration]
        mode = "mixed"

        [[orchestration.mixed.stages]]
        name = "research"
        mode = "collaborative"
        agents = ["one", ["two", "three"]]
        timeout = "60s"
        failure_threshold = 0.5

        [[orchestration.mixed.stages]]
        name = "refine"
        mode = "loop"
        agent = "critic"
        max_iterations = 3
        condition = "score >= 0.9"
        """)

    research, refine = file.flow.root.steps
    assert [len(chain.steps) for chain in research.chains] == [1, 2]
    assert research.settings.failure_threshold == 0.5
    assert (refine.settings.max_iterations, refine.settings.condition) == (3, "score >= 0.9")
    assert file.problems == ()


@pytest.mark.parametrize(
    "stage",
    [
        'name = "writer"\nagent = "writer"',
        'agent = "writer"',
        'agents = ["writer"]',
        'name = "writer"\nmode = "sequential"\nagents = ["writer"]',
    ],
)
def test_a_stage_of_one_agent_and_its_name_is_that_agent(read, stage):
    file = read(f'[orchestration]\nmode = "mixed"\n[[orchestration.mixed.stages]]\n{stage}\n')

    assert file.flow.root.steps == (AgentUse(agent="writer"),)


def test_a_timeout_on_a_stage_that_is_one_agent_is_told_to_have_no_effect(read):
    file = read("""
        [orchestration]
        mode = "mixed"
        [[orchestration.mixed.stages]]
        agent = "writer"
        timeout = "1s"
        """)

    assert problems(file) == [("warning", "unused-key", "orchestration.mixed.stages[0].timeout")]


def test_stages_without_a_name_are_called_by_their_mode(read):
    stage = '[[orchestration.mixed.stages]]\nagents = ["a", "b"]\n'

    file = read(f'[orchestration]\nmode = "mixed"\n{stage}{stage}')

    assert [step.name for step in file.flow.root.steps] == ["sequential", "sequential 2"]


def test_a_mode_that_is_not_said_is_the_one_whose_table_is_there(read):
    file = read("""
        [[orchestration.mixed.stages]]
        pattern = "loop"
        name = "refine"
        agent = "critic"
        [[orchestration.mixed.stages]]
        agent = "writer"
        """)

    assert paths(file) == ["refine", "refine/critic", "writer"]
    assert problems(file) == [("warning", "missing-mode", "orchestration")]


def test_a_router_has_cases_in_order_and_its_default_last(read):
    file = read("""
        [orchestration]
        mode = "route"
        [orchestration.routing]
        default = ["archive", "tell"]
        [[orchestration.routing.cases]]
        name = "question"
        when = "kind == 'question'"
        agents = ["answer", "polish"]
        [[orchestration.routing.cases]]
        name = "bill"
        keywords = ["invoice", "paid"]
        agent = "billing"
        """)

    (router,) = file.flow.root.steps
    told = [
        (chain.case and chain.case.name, [it.name for it in chain.steps]) for chain in router.chains
    ]
    assert told == [
        ("question", ["answer", "polish"]),
        ("bill", ["billing"]),
        (None, ["archive", "tell"]),
    ]
    assert router.chains[1].case.keywords == ("invoice", "paid")


def test_members_that_are_orchestrators_are_found_by_their_name(read):
    file = read("""
        [orchestration]
        mode = "sequential"
        [orchestration.sequential]
        agents = ["draft", "polish"]
        [orchestrators.polish]
        mode = "collaborative"
        agents = ["spelling", "style"]
        [orchestrators.style]
        mode = "loop"
        agent = "stylist"
        """)

    assert paths(file) == [
        "sequential",
        "sequential/draft",
        "sequential/polish",
        "sequential/polish/spelling",
        "sequential/polish/style",
        "sequential/polish/style/stylist",
    ]
    assert file.problems == ()


def test_an_agent_has_its_tables_and_the_settings_of_its_type(read):
    file = read("""
        [llm]
        provider = "ollama"
        [agents.critic]
        type = "scripted"
        timeout = "1m30s"
        on_error = "continue"
        output = { score = 0.9 }
        [agents.critic.llm]
        model = "small"
        [agents.critic.retry_policy]
        max_retries = 3
        [agents.critic.rate_limit]
        requests_per_second = 2
        """)

    critic = file.flow.agents["critic"]
    assert critic.timeout == timedelta(seconds=90)
    assert critic.llm == LlmSettings(model="small")
    assert critic.retry_policy.max_retries == 3
    assert critic.rate_limit.requests_per_second == 2
    assert critic.settings.output == {"score": 0.9}
    assert file.flow.llm.provider == "ollama"
    assert file.problems == ()


def test_positions_and_parked_chains_are_read(read):
    file = read("""
        [orchestration]
        mode = "sequential"
        [orchestration.sequential]
        agents = ["a"]
        [orchestrators.later]
        mode = "loop"
        agent = "a"
        [orchestrators.forgotten]
        mode = "sequential"
        agents = ["b"]
        [editor]
        parked = [["a", "later"]]
        [editor.nodes]
        "sequential/a" = [320, 120.4]
        "|0/later" = [0, -10]
        """)

    assert [[it.name for it in chain.steps] for chain in file.flow.parked] == [
        ["a", "later"],
        ["forgotten"],
    ]
    assert file.layout == {"sequential/a": (320, 120), "|0/later": (0, -10)}
    assert file.problems == ()


def test_placeholders_are_kept_and_nothing_is_read_from_the_environment(read, monkeypatch):
    monkeypatch.setenv("WAIT", "9s")

    file = read("""
        [orchestration]
        timeout = "${WAIT:3s}"
        max_concurrency = "${MANY}"
        mode = "mixed"
        [llm]
        api_key = "${KEY}"
        """)

    assert file.flow.settings.timeout is None
    assert file.flow.settings.placeholders == {
        "timeout": "${WAIT:3s}",
        "max_concurrency": "${MANY}",
    }
    assert file.flow.llm.api_key == "${KEY}"
    assert file.problems == ()


def test_every_file_of_the_wild_that_is_toml_is_read_without_an_error(wild_file, catalogue):
    file = load(wild_file, catalogue)

    assert [it for it in file.problems if it.severity == "error"] == []
    assert all(it.line for it in file.problems)


def test_a_key_that_stands_twice_is_told_with_its_line(repeated_key, catalogue):
    with pytest.raises(FlowSyntaxError, match=r":15:46: says a key or a table twice; keep one"):
        load(repeated_key, catalogue)

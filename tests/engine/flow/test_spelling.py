from datetime import timedelta

import pytest

from agentflow.flow.flow import Chain
from agentflow.flow.load import load
from agentflow.flow.save import render


def root(file):
    return file.flow.root.steps


def test_a_stages_pattern_and_config_are_its_mode_and_settings(read):
    file = read("""
        [orchestration]
        mode = "mixed"
        [[orchestration.mixed.stages]]
        name = "refine"
        pattern = "loop"
        agents = ["critic"]
        [orchestration.mixed.stages.config]
        max_iterations = 3
        loop_condition = "score >= 0.85"
        """)

    (refine,) = root(file)
    assert refine.mode == "loop"
    assert (refine.settings.max_iterations, refine.settings.condition) == (3, "score >= 0.85")
    assert file.problems == ()


TEMPLATES = """
    [orchestration]
    mode = "mixed"
    [templates.careful]
    pattern = "collaborative"
    timeout = "120s"
    [templates.careful.config]
    failure_threshold = 0.6
    [[orchestration.mixed.stages]]
    name = "news"
    template = "careful"
    agents = ["a", "b"]
    [[orchestration.mixed.stages]]
    name = "papers"
    template = "careful"
    timeout = "5s"
    agents = ["c"]
    """


def test_a_stages_template_says_what_it_does_not_say_itself(read):
    file = read(TEMPLATES)

    news, papers = root(file)
    assert (news.mode, papers.mode) == ("collaborative", "collaborative")
    assert (news.settings.failure_threshold, papers.settings.failure_threshold) == (0.6, 0.6)
    assert (news.settings.timeout, papers.settings.timeout) == (
        timedelta(seconds=120),
        timedelta(seconds=5),
    )
    assert file.problems == ()


def test_editing_a_stage_leaves_its_template_to_the_others(read, catalogue):
    file = read(TEMPLATES)
    news, papers = root(file)
    slow = news.settings.model_copy(update={"timeout": timedelta(seconds=9)})
    changed = Chain(steps=(news.model_copy(update={"settings": slow}), papers))

    rendered = render(file, file.flow.model_copy(update={"root": changed}), {}, catalogue)

    assert not rendered.rewritten
    assert rendered.text == file.text.replace(
        'template = "careful"\nagents = ["a", "b"]\n',
        'template = "careful"\nagents = ["a", "b"]\ntimeout = "9s"\n',
    )


def test_a_template_that_is_not_there_is_a_problem(read):
    file = read(TEMPLATES.replace("templates.careful", "templates.careless"))

    assert [(it.code, it.where, it.line) for it in file.problems if it.severity == "error"] == [
        ("unknown-template", "orchestration.mixed.stages[0].template", 10),
        ("unknown-template", "orchestration.mixed.stages[1].template", 14),
    ]


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ('type = "quality_threshold"\nfield = "score"\nthreshold = 0.85', "score >= 0.85"),
        (
            (
                'type = "multi_criteria"\n'
                "criteria = [{ field = 'score', operator = '>=', value = 0.8 }, "
                "{ field = 'kind', operator = '=', value = 'x' }]"
            ),
            'score >= 0.8 && kind == "x"',
        ),
        (
            (
                'type = "adaptive"\nbase_threshold = 0.9\ndecay_rate = 0.1\n'
                "decay_after_iteration = 3"
            ),
            "quality_score >= (iteration > 3 ? 0.9 - 0.1 * double(iteration - 3) : 0.9)",
        ),
        (
            'type = "adaptive"\nbase_threshold = 1\nfield = "ease"',
            "ease >= (iteration > 0 ? 1.0 - 0.0 * double(iteration - 0) : 1.0)",
        ),
    ],
)
def test_a_condition_that_is_a_table_is_read_as_an_expression(read, table, condition):
    file = read(f'[orchestration]\nmode = "loop"\n[orchestration.loop.condition]\n{table}\n')

    assert root(file)[0].settings.condition == condition
    assert file.problems == ()


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ('type = "adaptive"', "orchestration.loop.condition.base_threshold"),
        (
            'type = "adaptive"\nbase_threshold = 1\ndecay_rate = "x"',
            "orchestration.loop.condition.decay_rate",
        ),
        (
            'type = "adaptive"\nbase_threshold = 1\ndecay_after_iteration = 1.5',
            "orchestration.loop.condition.decay_after_iteration",
        ),
        ('type = "mood"', "orchestration.loop.condition.type"),
        ('type = "quality_threshold"\nfield = "a b"', "orchestration.loop.condition.field"),
        ('type = "multi_criteria"', "orchestration.loop.condition.criteria"),
    ],
)
def test_a_condition_that_no_expression_says_is_a_problem(read, table, where):
    file = read(f'[orchestration]\nmode = "loop"\n[orchestration.loop.condition]\n{table}\n')

    assert [(it.severity, it.where) for it in file.problems] == [("error", where)]
    assert root(file)[0].settings.condition == ""


def test_a_routers_rules_and_patterns_are_its_cases(read):
    file = read("""
        [orchestration]
        mode = "route"
        [orchestration.routing]
        default_agent = "general"
        [orchestration.routing.rules]
        weather = "meteorologist"
        [[orchestration.routing.patterns]]
        keywords = ["rain", "sun"]
        agent = "meteorologist"
        [[orchestration.routing.patterns]]
        keywords = ["headline"]
        agent = "reporter"
        """)

    cases = [
        (it.case and it.case.name, it.case and it.case.keywords, it.steps[0].name)
        for it in root(file)[0].chains
    ]
    assert cases == [
        ("weather", ("rain", "sun"), "meteorologist"),
        ("reporter", ("headline",), "reporter"),
        (None, None, "general"),
    ]
    assert file.problems == ()


def test_a_router_without_cases_has_one_for_each_member(read):
    file = read("""
        [orchestration]
        mode = "mixed"
        [[orchestration.mixed.stages]]
        name = "deliver"
        mode = "route"
        agents = ["mail", "print"]
        """)

    assert [(it.case.name, it.steps[0].name) for it in root(file)[0].chains] == [
        ("mail", "mail"),
        ("print", "print"),
    ]


def test_a_router_that_names_nobody_has_a_case_for_each_agent(read):
    file = read(
        "[orchestration]\nmode = 'route'\n[agents.a]\ntype = 'llm'\n[agents.b]\ntype = 'llm'"
    )

    assert [it.case.name for it in root(file)[0].chains] == ["a", "b"]


@pytest.mark.parametrize(
    ("keys", "modes"),
    [
        ('mode = "sequential"\nsequential_agents = ["a", "b"]', ["sequential"]),
        ('mode = "sequential"\nagents = ["a", "b"]', ["sequential"]),
        ('mode = "collaborative"\ncollaborative_agents = ["a", "b"]', ["collaborative"]),
        ('mode = "loop"\nloop_agent = "a"\nmax_iterations = 9', ["loop"]),
        (
            'mode = "mixed"\ncollaborative_agents = ["a"]\nsequential_agents = ["b"]',
            ["collaborative", "sequential"],
        ),
    ],
)
def test_lists_beside_the_mode_are_its_members(read, keys, modes):
    file = read(f"[orchestration]\n{keys}\ntimeout_seconds = 45\n")

    assert [step.mode for step in root(file)] == modes
    assert [it.agent for step in root(file) for it in step.chains[0].steps]
    assert file.flow.settings.timeout == timedelta(seconds=45)
    assert {it.severity for it in file.problems} <= {"info"}


def test_a_loops_limit_beside_the_mode_is_read(read):
    file = read('[orchestration]\nmode = "loop"\nloop_agent = "a"\nmax_iterations = 9')

    assert root(file)[0].settings.max_iterations == 9


def test_a_problem_of_what_is_said_otherwise_names_the_place_that_says_it(read):
    file = read("""
        [orchestration]
        mode = "loop"
        timeout = "1m"
        loop_agent = "a"
        max_iterations = "many"
        """)

    assert [(it.where, it.line) for it in file.problems] == [("orchestration.max_iterations", 5)]
    assert file.line_of("orchestration.loop.max_iterations") == 5


def test_tables_of_modes_that_are_not_active_are_not_read(seed, catalogue):
    file = load(seed, catalogue)

    assert {place.step.name for place in file.flow.places()}.isdisjoint({"refiner", "collector"})


def test_a_timeout_that_is_written_after_the_weights_is_the_branches(read):
    file = read("""
        [orchestration]
        mode = "collaborative"
        [orchestration.collaborative]
        agents = ["a", "b"]
        strategy = "weighted"
        [orchestration.collaborative.weights]
        a = 2.0
        agent_timeout = "30s"
    """)

    settings = root(file)[0].settings
    assert settings.agent_timeout == timedelta(seconds=30)
    assert settings.weights == {"a": 2.0}
    assert file.problems == ()

from datetime import timedelta

import pytest

from engine.checked import checked, found, scripted

FLOW = """\
[orchestration]
mode = "mixed"
{run}
[[orchestration.mixed.stages]]
name = "research"
mode = "collaborative"
agents = ["news", ["searcher", "reader"]]
{stage}
"""


def flow(run: str = "", stage: str = "", agent: str = "") -> str:
    return FLOW.format(run=run, stage=stage) + scripted("news", "searcher", "reader") + agent


@pytest.mark.parametrize(
    ("value", "title", "meant"),
    [
        ("30.0", "Write 0.3 for 30 percent", 0.3),
        ("-0.1", "Set it to 0", 0.0),
        ("900.0", "Set it to 1", 1.0),
    ],
)
def test_a_threshold_is_a_share(value: str, title: str, meant: float):
    run, stage = found(
        "bad-threshold", flow(f"failure_threshold = {value}", f"failure_threshold = {value}")
    )

    assert (run.severity, run.where) == ("error", "orchestration.failure_threshold")
    assert stage.where == "orchestration.mixed.stages[0].failure_threshold"
    assert (run.fixes[0].edit, stage.fixes[0].edit) == ("set_flow", "set_orchestrator")
    assert run.fixes[0].title == title
    assert run.fixes[0].arguments["value"] == pytest.approx(meant)


@pytest.mark.parametrize("value", ["0.0", "0.3", "1.0", "1"])
def test_every_share_may_be_a_threshold(value: str):
    assert not found("bad-threshold", flow(f"failure_threshold = {value}"))


def test_more_agents_at_once_than_the_run_allows_can_never_be_reached():
    problem = found("concurrency-above-run", flow("max_concurrency = 2", "max_concurrency = 3"))[0]

    assert (problem.severity, problem.path) == ("info", "research")
    assert [dict(it.arguments) for it in problem.fixes] == [
        {"field": "max_concurrency", "value": 3},
        {"path": "research", "field": "max_concurrency", "value": 2},
    ]


def test_a_loop_without_a_condition_says_how_often_it_runs():
    text = flow(stage="max_iterations = 7").replace("collaborative", "loop")
    text = text.replace('["news", ["searcher", "reader"]]', '["news"]')
    problem = found("no-condition", text)[0]

    assert problem.severity == "info"
    assert "runs 7 times" in problem.message


def test_waits_between_retries_must_not_shrink():
    policy = (
        "[agents.reader.retry_policy]\nmax_retries = {}\nbase_delay_ms = 500\nmax_delay_ms = 50"
    )
    problem = found("retry-delays", flow(agent=policy.format(2)))[0]

    assert problem.severity == "warning"
    assert problem.where == "agents.reader.retry_policy.max_delay_ms"
    assert problem.fixes[0].arguments["value"] == 500
    assert not found("retry-delays", flow(agent=policy.format(0)))


def test_a_timeout_of_zero_leaves_no_time():
    text = flow('timeout = "0s"', 'agent_timeout = "0s"', 'timeout = "0s"')

    assert [(it.severity, it.where) for it in found("zero-timeout", text)] == [
        ("error", "orchestration.timeout"),
        ("error", "orchestration.mixed.stages[0].agent_timeout"),
        ("error", "agents.reader.timeout"),
    ]


def test_a_timeout_longer_than_the_one_around_it_can_never_fire():
    problem = found("timeout-never-fires", flow('timeout = "30s"', 'timeout = "60s"'))[0]

    assert (problem.severity, problem.path) == ("warning", "research")
    assert problem.message == (
        "a timeout of 1m can never fire, because the run's timeout ends first, after 30s"
    )
    assert [(it.title, dict(it.arguments)) for it in problem.fixes] == [
        (
            "Lower it to 30s",
            {"path": "research", "field": "timeout", "value": timedelta(seconds=30)},
        ),
        (
            "Raise the run's timeout to 1m",
            {"field": "timeout", "value": timedelta(seconds=60)},
        ),
    ]


def test_a_branchs_and_an_agents_timeout_are_inside_too():
    text = flow('timeout = "30s"', 'timeout = "20s"\nagent_timeout = "25s"', 'timeout = "25s"')

    assert [(it.path, it.where) for it in found("timeout-never-fires", text)] == [
        ("research", "orchestration.mixed.stages[0].agent_timeout"),
        ("research/reader", "agents.reader.timeout"),
    ]


def test_an_agents_timeout_may_fire_where_it_has_the_most_time():
    again = '[[orchestration.mixed.stages]]\nagent = "reader"\n'
    text = flow('timeout = "30s"', f'timeout = "20s"\n{again}', 'timeout = "25s"')

    assert not found("timeout-never-fires", text)


@pytest.mark.parametrize("run", ["", 'timeout = "60s"', 'timeout = "${LIMIT}"'])
def test_a_timeout_that_may_fire_is_fine(run: str):
    assert checked(flow(run, 'timeout = "60s"')) == ()

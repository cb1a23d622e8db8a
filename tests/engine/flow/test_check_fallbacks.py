from engine.checked import checked, found

USING = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a"]
"""


def flow_of(**agents: str) -> str:
    """A flow that calls a; of each agent is given what its table says besides."""
    return USING + "".join(
        f'[agents.{name}]\ntype = "scripted"\n{lines}\n' for name, lines in agents.items()
    )


def test_a_fallback_that_nobody_defined_is_an_error_with_the_name_that_was_meant():
    problem = found("unknown-agent", flow_of(a='fallback = "bakup"', backup=""))[0]

    assert (problem.severity, problem.where) == ("error", "agents.a.fallback")
    assert [(it.edit, dict(it.arguments)) for it in problem.fixes] == [
        ("set_agent", {"name": "a", "field": "fallback", "value": "backup"}),
        ("define_agent", {"name": "bakup", "type": "scripted"}),
    ]


def test_fallbacks_that_stand_by_for_each_other_are_an_error():
    text = flow_of(a='fallback = "b"', b='fallback = "a"')
    messages = {it.where: it.message for it in found("fallback-circle", text)}

    assert messages["agents.a.fallback"] == "fallbacks stand by for each other: a → b → a"
    assert set(messages) == {"agents.a.fallback", "agents.b.fallback"}


ROUND = 'fallback = "a0"'


def in_line(count: int, last: str = "") -> str:
    """As many agents, each of which stands by for the one before."""
    told = {f"a{it}": f'fallback = "a{it + 1}"' for it in range(count - 1)}
    return flow_of(a='fallback = "a0"', **told, **{f"a{count - 1}": last})


def test_of_a_large_circle_the_first_few_are_told_and_each_is_found():
    messages = {
        it.where: it.message for it in found("fallback-circle", in_line(9, 'fallback="a0"'))
    }

    assert len(messages) == 9
    assert messages["agents.a2.fallback"].endswith(": a2 → a3 → a4 → a5 → a6 → a7 → … → a2")


def test_more_agents_than_can_be_called_inside_each_other_are_an_error_where_they_are_too_many():
    (problem,) = found("too-deep", in_line(60))

    assert (problem.severity, problem.where) == ("error", "agents.a8.fallback")
    assert problem.message == "more than 50 agents stand by, one for the other"
    assert found("too-deep", in_line(50)) == ()


def test_an_agent_that_only_stands_by_is_of_use():
    assert checked(flow_of(a='fallback = "b"', b="")) == ()


def test_a_fallback_that_is_not_enabled_is_never_called():
    problem = found("disabled-fallback", flow_of(a='fallback = "b"', b="enabled = false"))[0]

    assert (problem.severity, problem.fixes[0].edit) == ("warning", "set_agent")


def test_a_condition_of_an_agent_that_is_none_is_an_error_at_its_place():
    problem = found("bad-condition", flow_of(a='when = "score <"'))[0]

    assert (problem.severity, problem.where) == ("error", "agents.a.when")

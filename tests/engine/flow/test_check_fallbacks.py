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


def test_an_agent_that_only_stands_by_is_of_use():
    assert checked(flow_of(a='fallback = "b"', b="")) == ()


def test_a_fallback_that_is_not_enabled_is_never_called():
    problem = found("disabled-fallback", flow_of(a='fallback = "b"', b="enabled = false"))[0]

    assert (problem.severity, problem.fixes[0].edit) == ("warning", "set_agent")


def test_a_condition_of_an_agent_that_is_none_is_an_error_at_its_place():
    problem = found("bad-condition", flow_of(a='when = "score <"'))[0]

    assert (problem.severity, problem.where) == ("error", "agents.a.when")

from engine.checked import checked, found, scripted


def text(lines):
    return f"""\
[orchestration]
mode = "collaborative"
[orchestration.collaborative]
agents = ["a", "b"]
{lines}
""" + scripted("a", "b", "editor")


def test_a_synthesis_needs_an_agent():
    problem = found("no-synthesizer", text('strategy = "synthesis"'))[0]

    assert (problem.severity, problem.where) == ("error", "orchestration.collaborative.strategy")


def test_an_agent_that_combines_must_be_there_and_is_of_use():
    wrong = found("unknown-agent", text('strategy = "synthesis"\nsynthesizer = "edtor"'))[0]

    assert wrong.where == "orchestration.collaborative.synthesizer"
    assert wrong.fixes[0].arguments["value"] == "editor"
    assert checked(text('strategy = "synthesis"\nsynthesizer = "editor"')) == ()


def test_weights_of_branches_that_there_are_not_are_told():
    problem = found("unknown-branch", text('strategy = "weighted"\nweights = { aa = 2 }'))[0]

    assert (problem.severity, problem.message) == ("warning", "'aa' is none of its branches")

"""What the branches of a collaborative step come to together."""

import pytest

from agentflow.trace import StepNoted
from engine.fakes import fails, flow, kinds, outcome, parallel, says


def note(result):
    return next(it for it in result.entries if isinstance(it, StepNoted))


async def decided(strategy, agents, **settings):
    of = flow(parallel("p", *agents, strategy=strategy, **settings))
    return await outcome(of, agents)


async def test_a_consensus_is_what_enough_branches_say():
    agents = {"a": says(answer="Yes"), "b": says(answer="no"), "c": says(answer=" yes")}
    result = await decided("consensus", agents, field="answer")

    assert result.state["answer"] == "Yes"
    assert list(result.state["p"]) == ["a", "b", "c"]
    assert note(result).text == "agrees about answer: 'Yes' from a, c; 'no' from b"
    assert note(result).facts["share"] == pytest.approx(2 / 3)


async def test_without_a_consensus_the_step_fails_and_says_who_said_what():
    agents = {"a": says(answer="yes"), "b": says(answer="no")}
    result = await decided("consensus", agents, field="answer")

    assert result.error == (
        "p: strategy = 'consensus': 0.6 of the branches do not agree about 'answer' ('yes' from a; "
        "'no' from b); lower consensus_threshold, or set on_dissent = \"continue\", or mend the "
        "agents"
    )


async def test_dissent_may_be_put_up_with():
    agents = {"a": says(answer="yes"), "b": says(answer="no")}
    of = flow(parallel("p", "a", "b", strategy="consensus", field="answer", on_dissent="continue"))
    result = await outcome(of, agents, answer="unknown")

    assert result.state["answer"] == "unknown"
    assert note(result).text.startswith("comes to nothing:")


async def test_who_says_nothing_does_not_agree():
    agents = {"a": says(answer=1), "b": says(other=1), "c": says(other=1)}
    result = await decided("consensus", agents, field="answer")

    assert "do not agree" in result.error


async def test_true_and_one_are_not_the_same_answer():
    agents = {"a": says(answer=True), "b": says(answer=1)}
    result = await decided("consensus", agents, field="answer", consensus_threshold=1)

    assert result.status == "failed"


async def test_branches_that_may_fail_do_not_vote():
    agents = {"a": says(answer=1), "b": fails(), "c": says(answer=1)}
    result = await decided(
        "consensus", agents, field="answer", consensus_threshold=1, failure_threshold=0.5
    )

    assert result.state["answer"] == 1


async def test_numbers_are_weighed_as_a_mean():
    agents = {"a": says(rating=10), "b": says(rating=4)}
    result = await decided("weighted", agents, field="rating", weights={"a": 2})

    assert result.state["rating"] == 8
    assert note(result).facts == {"weights": {"a": 2.0, "b": 1.0}}


async def test_other_values_are_weighed_as_votes():
    agents = {"a": says(label="x"), "b": says(label="y"), "c": says(label="y")}
    result = await decided("weighted", agents, field="label", weights={"a": 5})

    assert result.state["label"] == "x"
    assert note(result).text == "weighs label: 'x' has 5 of 7"


async def test_a_weighted_step_without_any_vote_fails():
    result = await decided("weighted", {"a": says(x=1)}, field="label")

    assert "no branch of any weight gives a 'label'" in result.error


async def test_the_branch_with_the_best_score_wins_and_of_equal_ones_the_first():
    agents = {
        "a": says(response="A", score=0.4),
        "b": says(response="B", score=0.9),
        "c": says(response="C", score=0.9),
    }
    result = await decided("competitive", agents)

    assert (result.state["winner"], result.state["response"]) == ("b", "B")
    assert note(result).facts == {"scores": {"a": 0.4, "b": 0.9, "c": 0.9}}


async def test_a_competition_without_scores_fails():
    result = await decided("competitive", {"a": says(score="high"), "b": says(x=1)})

    assert "no branch gives a number as 'score'" in result.error


async def test_an_agent_combines_what_the_branches_found():
    async def editor(state):
        return {"response": " + ".join(it["response"] for it in state["p"].values())}

    of = flow(
        parallel("p", "a", "b", strategy="synthesis", synthesizer="editor"), agents={"editor": {}}
    )
    agents = {"a": says(response="A"), "b": says(response="B"), "editor": editor}
    result = await outcome(of, agents)

    assert result.state["response"] == "A + B"
    assert kinds(result, "BranchesMerged", "StepSucceeded")[2:] == [
        ("BranchesMerged", "p"),
        ("StepSucceeded", "p/editor"),
        ("StepSucceeded", "p"),
    ]


async def test_an_agent_that_combines_may_be_one_of_the_branches():
    of = flow(parallel("p", "a", "b", strategy="synthesis", synthesizer="a"))
    result = await outcome(of)

    assert kinds(result, "StepSucceeded")[2] == ("StepSucceeded", "p/a~3")


async def test_a_synthesis_that_fails_fails_the_step():
    of = flow(parallel("p", "a", strategy="synthesis", synthesizer="e"), agents={"e": {}})
    result = await outcome(of, {"a": says(x=1), "e": fails("no words")})

    assert "no words" in result.error
    assert kinds(result, "StepFailed") == [("StepFailed", "p/e"), ("StepFailed", "p")]

"""Every example is free of problems, runs offline, and does what it says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentflow import trace
from agentflow.catalogue import Catalogue
from agentflow.cli.console.given import SAMPLES
from agentflow.flow.check import check_file
from agentflow.flow.load import load
from agentflow.models.local import local_model_file
from agentflow.runner import RunOutcome

EXAMPLES = Path(__file__).parents[2] / "examples"
RunExample = Callable[..., RunOutcome]

with_model = [
    pytest.mark.local_model,
    pytest.mark.skipif(local_model_file() is None, reason="the local model is not installed"),
]
WITHOUT_MODEL = (
    "collaborative",
    "command",
    "flow",
    "http",
    "human",
    "loop",
    "mcp",
    "mixed",
    "pipeline",
    "sequential",
)
WITH_MODEL = ("creator-critic", "debate", "model-route", "research-assistant", "route")
WITH_MEMORY = ("memory",)
"""Says something else each time, because it remembers: see `test_memory`, too."""
WITH_SERVER = ("tools",)
"""Asks a model that is no part of this: run in `test_tools` with a server of the test's own."""
EVERY = [*WITHOUT_MODEL, *WITH_MEMORY, *WITH_MODEL, *WITH_SERVER]
ALL = [*WITHOUT_MODEL, *WITH_MEMORY, *(pytest.param(name, marks=with_model) for name in WITH_MODEL)]


def _entries(outcome: RunOutcome, kind: type[trace.TraceEntry]) -> list[trace.TraceEntry]:
    return [entry for entry in outcome.entries if isinstance(entry, kind)]


def test_every_folder_of_the_examples_is_tested_here():
    assert sorted(EVERY) == sorted(path.parent.name for path in EXAMPLES.glob("*/agentflow.toml"))


@pytest.mark.parametrize("name", EVERY)
def test_an_example_has_no_problem_at_all(name: str):
    catalogue = Catalogue.installed()

    assert check_file(load(EXAMPLES / name / "agentflow.toml", catalogue), catalogue) == ()


@pytest.mark.parametrize("name", EVERY)
def test_an_example_has_a_readme_that_opens_with_a_sentence_and_a_sample(name: str):
    title, blank, sentence, *_ = (EXAMPLES / name / "README.md").read_text("utf-8").splitlines()

    assert title.startswith("# ")
    assert blank == ""
    assert sentence.endswith(".")
    assert len(sentence.split()) > 5
    assert any((EXAMPLES / name / sample).is_file() for sample in SAMPLES)


@pytest.mark.parametrize("name", ALL)
def test_an_example_runs_with_its_sample(name: str, run_example: RunExample):
    outcome = run_example(name)

    assert outcome.error == ""
    assert outcome.status == "succeeded"
    assert isinstance(outcome.state.answer, str)
    assert len(outcome.state.answer) > 80


@pytest.mark.parametrize("name", WITHOUT_MODEL)
def test_an_example_without_a_model_says_the_same_every_time(name: str, run_example: RunExample):
    again = run_example(name, f"@{_sample(name)}")

    # Where a server of an example's own listens is another port each time.
    told = [{**it.state.to_dict(), "station": ""} for it in (again, run_example(name))]
    assert told[0] == told[1]
    assert set(again.path_results) == set(run_example(name).path_results)


def _sample(name: str) -> Path:
    return next(it for sample in SAMPLES if (it := EXAMPLES / name / sample).is_file())


def test_collaborative_joins_what_four_readers_found(run_example: RunExample):
    state = run_example("collaborative").state

    assert list(state["review"]) == ["keywords", "sentiment", "readability", "summary"]
    assert "night" in state["review"]["keywords"]["keywords"]
    assert state["review"]["readability"]["readability"] > 50


@pytest.mark.parametrize(
    ("message", "case", "why"),
    [
        ("There is a deep hole in the road at the church.", "roads", "model"),
        ("The novel that I want is always lent out.", "library", "model"),
        ("I smell gas in our kitchen.", "emergency", "keywords"),
    ],
)
@pytest.mark.local_model
@pytest.mark.skipif(local_model_file() is None, reason="the local model is not installed")
def test_model_route_finds_the_office(message: str, case: str, why: str, run_example: RunExample):
    (entry,) = _entries(run_example("model-route", message), trace.RouteChosen)

    assert (entry.case, entry.why) == (case, why)


def test_sequential_finds_the_topic_and_the_requests_of_the_letters(run_example: RunExample):
    state = run_example("sequential").state

    assert len(state["letters"]) == 5
    assert state["topics"][:2] == ["water", "pipe"]
    assert any("vote on it" in ask["what"] for ask in state["asks"])


def test_loop_ends_because_the_text_is_easy_to_read(run_example: RunExample):
    outcome = run_example("loop")

    checks = _entries(outcome, trace.LoopChecked)
    eases = [check.values["reading_ease"] for check in checks]
    assert checks[-1].why == "condition"
    assert len(checks) > 3
    assert eases == sorted(eases)
    assert "twenty-four hours" in outcome.state["draft"]


def test_command_finds_a_way_through_the_maze_that_it_has_dug(run_example: RunExample):
    state = run_example("command").state

    ways = {frozenset(map(tuple, it)) for it in state["passages"]}
    steps = zip(state["way"], state["way"][1:], strict=False)
    assert all(frozenset(map(tuple, step)) in ways for step in steps)
    assert state["way"][0] == [0, 0]
    assert state["way"][-1] == [8, 8]
    assert f"The way has {len(state['way'])} cells" in state.answer


def test_flow_has_the_same_reader_judge_both_texts(run_example: RunExample):
    answer = run_example("flow").state.answer

    assert "Before: hard to read" in answer
    assert "After: easy to read" in answer


def test_http_asks_the_station_and_finds_the_driest_hour(run_example: RunExample):
    state = run_example("http").state

    assert state["best"] == {"hour": 15, "humidity": 52, "wind": 6}
    assert state["ask"]["forecast"]["forecast_status"] == 200
    assert "Showers after dark" in state.answer


def test_mcp_works_a_recipe_out_for_seven(run_example: RunExample):
    state = run_example("mcp").state

    assert state["amounts"] == {"flour": "438 g", "milk": "875 ml", "eggs": "6", "butter": "70 g"}
    assert "- 6 of eggs" in state.answer


def test_human_goes_on_with_its_defaults_where_nobody_is(run_example: RunExample):
    state = run_example("human").state

    assert state["approved"] is True
    assert "at the old boathouse" in state.answer
    assert state.answer.endswith("We look forward to seeing you.")


def test_mixed_tries_dates_until_one_fits_and_apologises_to_an_upset_customer(
    run_example: RunExample,
):
    outcome = run_example("mixed")

    (chosen,) = _entries(outcome, trace.RouteChosen)
    assert chosen.case == "upset"
    assert outcome.state["date"] == "Wednesday at 14 o'clock"
    assert len(outcome.state["tried"]) == 6
    assert "Dear Ana Lindqvist" in outcome.state.answer


def test_mixed_thanks_a_friendly_customer(run_example: RunExample):
    outcome = run_example("mixed", "My Alba 700 is lovely! Please oil it. Thanks, Ben Okafor")

    (chosen,) = _entries(outcome, trace.RouteChosen)
    assert chosen.case == "default"
    assert "thank you for writing" in outcome.state.answer


def test_pipeline_drops_what_is_wrong_and_finds_the_odd_order(run_example: RunExample):
    outcome = run_example("pipeline")

    (chosen,) = _entries(outcome, trace.RouteChosen)
    assert chosen.case == "good enough"
    assert [row["order"] for row in outcome.state["rejected"]] == ["1008", "1012", "1016", "1017"]
    assert "order 1010" in outcome.state["measure"]["odd_ones"]["odd"][0]


class TestWithTheLocalModel:
    """The model's words may differ between machines; what is done with them may not."""

    pytestmark = with_model

    def test_route_sends_a_double_charge_to_the_payment_desk(self, run_example: RunExample):
        outcome = run_example("route")

        (chosen,) = _entries(outcome, trace.RouteChosen)
        assert chosen.case == "payment"
        assert outcome.state["passages"][0]["title"] == "Charged twice"

    def test_research_assistant_finds_the_article_and_names_its_sources(
        self, run_example: RunExample
    ):
        state = run_example("research-assistant").state

        assert {passage["file"] for passage in state["passages"]} == {"honeybees.txt"}
        assert list(state["analysis"]) == ["key_points", "keywords", "titler"]
        assert "dancing" in state["analysis"]["key_points"]["summary"]
        assert "## Sources" in state.answer

    def test_research_assistant_says_so_where_its_library_has_nothing(
        self, run_example: RunExample
    ):
        outcome = run_example("research-assistant", "quantum computing")

        assert outcome.status == "succeeded"
        assert "## Key points\nThe library has nothing about this." in outcome.state.answer

    def test_debate_deals_with_every_point_of_its_agenda(self, run_example: RunExample):
        outcome = run_example("debate")

        assert [point["about"] for point in outcome.state["minutes"]] == ["teenagers", "families"]
        assert all(point["for"] and point["against"] for point in outcome.state["minutes"])
        assert _entries(outcome, trace.LoopChecked)[-1].why == "condition"

    def test_creator_and_critic_end_with_a_draft_that_tells_the_facts(
        self, run_example: RunExample
    ):
        outcome = run_example("creator-critic")

        checks = _entries(outcome, trace.LoopChecked)
        assert checks[-1].why == "condition"
        assert len(checks) > 1
        assert "sailcloth" in outcome.state.answer

"""Text agents: each task on real sentences, offline, with the same result every time."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentflow.agents._text_simplify import simplified
from agentflow.agents._text_tasks import keywords, readability, sentiment, summary
from agentflow.agents._text_words import sentences, words
from agentflow.errors import SetupError
from agentflow.running.outcome import RunOutcome
from engine.agents.agent_alone import CATALOGUE, built, outcome, settings, spec
from engine.fakes import setup

TIDES = """Tides

On most coasts the sea rises and falls twice a day. The cause is gravity, and above all the gravity
of the moon. The moon pulls most strongly on the side of the earth that faces it.

The sun raises tides too. At new moon and at full moon the sun and the moon act along the same line.
Their tides add up, and the result is a spring tide. Dr. Kelvin built a machine, e.g. for harbours.
"""

OFFICIAL = (
    "In the event that a resident is desirous of utilising the laundry, it is required that a "
    "reservation be made prior to the commencement of the period of utilisation; the resident is "
    "obliged to leave the machines in a state of cleanliness without delay."
)


async def worked(task: str, text: object = TIDES, **fields: object) -> RunOutcome:
    result = await outcome(
        "text", {"message": text}, fields.pop("setup", None), task=task, **fields
    )
    assert result.status == "succeeded", result.error
    return result


def test_sentences_end_where_a_reader_says_they_do():
    assert sentences(
        'He said "Stop!" She did. Dr. No paid 3.50, i.e. little. Why? J. S. Bach.'
    ) == [
        'He said "Stop!"',
        "She did.",
        "Dr. No paid 3.50, i.e. little.",
        "Why?",
        "J. S. Bach.",
    ]


def test_words_keep_their_apostrophes_and_hyphens():
    assert words("Don't re-use O'Brien's 3 naïve cafés!") == [
        "Don't",
        "re-use",
        "O'Brien's",
        "naïve",
        "cafés",
    ]


def test_keywords_are_what_the_text_is_about():
    found = keywords(TIDES, 4)

    assert len(found) == 4
    assert {"moon", "tides"} <= set(found)
    assert not {"the", "and", "most"} & set(found)


def test_a_summary_is_sentences_of_the_text_in_its_order():
    told = summary(TIDES, 2)
    kept = sentences(told)

    assert len(kept) == 2
    assert [it for it in sentences(TIDES) if it in kept] == kept
    assert "Tides\n" not in told


def test_a_short_text_is_its_own_summary():
    assert summary("One sentence. Another one.", 5) == "One sentence. Another one."


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love this bakery. The bread is wonderful, and the people are kind!", "positive"),
        ("The food was cold and awful. We waited an hour and nobody apologised.", "negative"),
        ("The train leaves at ten. It passes through Linz.", "neutral"),
        ("The room was not good.", "negative"),
    ],
)
def test_sentiment_tells_praise_from_complaint(text, label):
    assert sentiment(text)["label"] == label


def test_a_long_neutral_text_does_not_add_up_to_a_feeling():
    assert abs(sentiment(TIDES * 20)["score"]) < 0.2


def test_plain_words_read_more_easily_than_official_ones():
    plain = "You want to use the laundry. Book it first. Leave it clean."

    assert readability(plain)["ease"] > 80
    assert readability(OFFICIAL)["ease"] < 30
    assert readability(OFFICIAL)["grade"] > readability(plain)["grade"]


def test_simplifying_makes_a_text_measurably_easier_and_comes_to_an_end():
    eases = [readability(OFFICIAL)["ease"]]
    text = OFFICIAL
    for _ in range(12):
        text, before = simplified(text), text
        eases.append(readability(text)["ease"])

    assert eases == sorted(eases)
    assert eases[-1] > eases[0] + 15
    assert simplified(text) == before == text
    assert text.startswith("If a resident")


def test_simplifying_mends_the_article_of_a_word_that_it_replaces():
    assert simplified("It is an enormous house, a sufficient one.") == (
        "It is a huge house, an enough one."
    )


def test_what_is_plain_already_stays_as_it_is():
    assert (
        simplified("The cat sat on the mat.\n\nIt slept.") == "The cat sat on the mat.\n\nIt slept."
    )


@given(st.text(max_size=300))
def test_any_text_can_be_worked_on(text):
    for task in (readability, sentiment, simplified, sentences):
        task(text)
    assert len(keywords(text, 3)) <= 3
    assert len(summary(text, 2)) <= len(text) + 1


async def test_an_agent_works_on_the_states_answer():
    result = await worked("summary", limit=1)

    assert result.state["summary"] in " ".join(TIDES.split())


async def test_an_agent_works_on_the_key_that_it_is_told_and_writes_another():
    result = await outcome(
        "text", {"draft": TIDES}, task="keywords", input_key="draft", output_key="tags"
    )

    assert "moon" in result.state["tags"]


async def test_every_task_writes_the_keys_that_it_says(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/tides.md").write_text(TIDES)
    for task in ("keywords", "summary", "sentiment", "readability", "search", "simplify", "format"):
        fields = {"task": task, "folder": "docs", "template": "{{ message | length }}"}
        result = await worked(setup=setup(folder=tmp_path), **fields)
        told = CATALOGUE.agent_types["text"].writes(spec("text", settings("text", **fields)))

        assert told is not None
        assert result.state.keys() - {"message"} == told, task


async def test_format_fills_in_a_template():
    result = await worked(
        "format", template="# {{ message | upper }}", text="hi", output_key="page"
    )

    assert result.state["page"] == "# HI"


async def test_a_text_that_is_not_there_is_named():
    result = await outcome("text", {"other": "x"}, task="summary", input_key="draft")

    assert result.status == "failed"
    assert "'draft'" in result.error
    assert result.error.count("worker:") == 1


@pytest.fixture
def library(tmp_path: Path) -> Path:
    for name, text in {
        "docs/tides.md": TIDES,
        "docs/deep/salt.txt": "Salt\n\nSalt is won from sea water in shallow ponds.",
        "docs/empty.txt": "",
        "docs/bytes.txt": "caf\udce9 crème",
        "docs/code.py": "salt = 'salt'",
        "secret.txt": "salt salt salt",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return tmp_path


async def searched(library: Path, question: str, **fields: object) -> list[dict]:
    result = await worked("search", question, folder="docs", setup=setup(folder=library), **fields)
    return result.state["passages"]


async def test_search_finds_the_passage_that_answers(library):
    found = await searched(library, "How is salt won?")

    assert [it["file"] for it in found] == ["deep/salt.txt"]
    assert found[0]["title"] == "Salt"
    assert found[0]["text"] == "Salt is won from sea water in shallow ponds."
    assert found[0]["score"] > 0


async def test_search_gives_the_best_passages_first_and_no_more_than_asked(library):
    found = await searched(library, "the sun, the moon and spring tides", limit=2)

    assert [it["file"] for it in found] == ["tides.md", "tides.md"]
    assert found[0]["score"] >= found[1]["score"]
    assert found[0]["text"].startswith("The sun raises tides too.")


async def test_a_question_that_nothing_answers_finds_nothing(library):
    assert await searched(library, "photosynthesis") == []
    assert await searched(library, "???") == []


async def test_search_does_not_leave_the_flows_folder(library):
    (library / "docs/link.txt").symlink_to(library / "secret.txt")

    assert all(it["file"] != "link.txt" for it in await searched(library, "salt"))


@pytest.mark.parametrize("folder", ["..", "/etc", "docs/../../x", ""])
def test_a_folder_outside_the_flows_own_is_refused(library, folder):
    with pytest.raises(SetupError, match=r"agents\.worker\.folder"):
        built("text", setup(folder=library), task="search", folder=folder)


async def test_a_folder_that_is_not_there_is_named(library):
    result = await outcome(
        "text", {"message": "x"}, setup(folder=library), task="search", folder="dcos"
    )

    assert result.status == "failed"
    assert "'dcos'" in result.error


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"task": "search"}, ["no-folder"]),
        ({"task": "search", "folder": "docs"}, []),
        ({"task": "format"}, ["no-template"]),
        ({"task": "format", "template": "{{ a"}, ["bad-template"]),
        ({"task": "summary"}, []),
    ],
)
def test_what_its_settings_lack_is_told_before_it_runs(fields, codes):
    faults = CATALOGUE.agent_types["text"].faults(spec("text", settings("text", **fields)))

    assert [it.code for it in faults] == codes

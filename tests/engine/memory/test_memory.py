"""What is remembered by session and key, whatever is asked, whoever else uses the file."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentflow.errors import MemoryFileError
from agentflow.memory.session import Memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path / "memory.db")
    yield made
    made.close()


def test_what_one_run_remembers_another_one_recalls(tmp_path: Path):
    for value in ({"to": ["Oslo"]}, "Ann", 0, None):
        first = Memory(tmp_path / "memory.db")
        first.session("ann").remember("trip", value)
        first.close()

        second = Memory(tmp_path / "memory.db")
        assert second.session("ann").recall("trip", "nothing") == value
        second.close()


def test_sessions_know_nothing_of_each_other(memory: Memory):
    memory.session("ann").remember("name", "Ann of Oslo")

    other = memory.session("ben")
    assert other.recall("name", "nobody") == "nobody"
    assert other.search("oslo") == []
    assert other.forget() == 0
    assert memory.session("ann").recall("name") == "Ann of Oslo"


def test_a_run_that_names_no_session_shares_with_others_that_name_none(memory: Memory):
    memory.session().remember("n", 1)

    assert memory.session("").recall("n") == 1


def test_a_search_finds_words_in_any_form_in_keys_and_in_values_the_best_first(memory: Memory):
    ann = memory.session("ann")
    ann.remember("tides", "The moon pulls at the seas.")
    ann.remember("moon", {"about": "The moon goes round; the tide follows the moon."})
    ann.remember("café", "Closed on Mondays")

    assert [it["key"] for it in ann.search("Moons")] == ["moon", "tides"]
    assert ann.search("cafe monday") == [{"key": "café", "value": "Closed on Mondays"}]
    assert len(ann.search("moon", limit=1)) == 1
    assert ann.search("sun") == []


@pytest.mark.parametrize(
    ("value", "query"),
    [
        ("first line\nsecond line", "second"),
        ('a "quoted" word', "quoted"),
        ("tab\tseparated \\ backslash", "separated"),
        ({"deep": [{"er": "treasure"}]}, "treasure"),
        ({"name of a key": 1}, "name"),
        ([1815, 2.5], "1815"),
    ],
)
def test_every_word_of_a_value_is_found_however_json_would_write_it(memory, value, query):
    memory.session().remember("k", value)

    assert memory.session().search(query) == [{"key": "k", "value": value}]


def test_a_call_that_is_over_remembers_no_more(memory: Memory):
    mine = memory.for_call("ann", "", lambda *_: None, str)
    mine.remember("k", 1)
    mine.end()

    with pytest.raises(MemoryFileError, match="the call is over"):
        mine.remember("k", 2)
    assert memory.session("ann").recall("k") == 1


def test_what_was_remembered_anew_or_forgotten_is_found_no_more(memory: Memory):
    ann = memory.session("ann")
    ann.remember("plan", "Oslo")
    ann.remember("plan", "Bergen")

    assert ann.search("oslo") == []
    assert ann.recall("plan") == "Bergen"
    assert ann.forget("plan") == 1
    assert ann.search("bergen") == []
    assert ann.recall("plan") is None


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "a AND",
        "NEAR(",
        "key:oslo",
        "oslo*",
        "-oslo",
        "^oslo",
        "(((",
        "'; DROP TABLE items; --",
        "\0oslo\0",
        "{key value} : x",
        "",
        "oslo " * 5000,
        "🙂 \ud800 é",
    ],
)
def test_no_query_is_a_syntax_error(memory: Memory, query: str):
    ann = memory.session("ann")
    ann.remember("trip", "to Oslo")

    assert all(it["key"] == "trip" for it in ann.search(query))
    assert ann.recall("trip") == "to Oslo"


@given(st.text(), st.text(min_size=1).filter(str.strip), st.text())
@settings(max_examples=50)
def test_any_text_can_be_a_key_a_value_and_a_query(query: str, key: str, value: str):
    memory = Memory()
    ann = memory.session("ann")
    ann.remember(key, value)

    assert ann.recall(key) == value
    assert len(ann.search(query)) <= 1
    memory.close()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("", 1, "never empty"),
        ("k" * 201, 1, "at most 200 characters"),
        ("k", {1, 2}, "which is no JSON value"),
        ("k", float("nan"), "JSON has no sign"),
        ("k", "x" * 1_000_001, "1,000,000 are the most"),
    ],
)
def test_what_cannot_be_remembered_is_refused_with_a_fix(memory: Memory, key, value, said: str):
    with pytest.raises(MemoryFileError, match=said) as refused:
        memory.session("ann").remember(key, value)

    assert refused.value.fix


def test_a_session_that_is_full_lets_the_oldest_go(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db", max_items=2)
    ann = memory.session("ann")
    for number in range(3):
        ann.remember(f"k{number}", number)

    assert [ann.recall(f"k{number}") for number in range(3)] == [None, 1, 2]
    memory.close()


def test_nothing_is_made_before_it_is_used(tmp_path: Path):
    memory = Memory(tmp_path / "deep" / "memory.db")
    memory.session("ann")
    memory.close()

    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_nobody_else_to_read(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db")
    memory.session().remember("k", 1)

    assert {it.stat().st_mode & 0o077 for it in tmp_path.iterdir()} == {0}
    memory.close()


def test_what_is_no_memory_is_left_as_it_is(tmp_path: Path):
    text, other = tmp_path / "notes.db", tmp_path / "other.db"
    text.write_text("my notes, " * 1000)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = {it: it.read_bytes() for it in (text, other)}

    for file, said in ((text, "no memory"), (other, "is no memory of AgentFlow")):
        with pytest.raises(MemoryFileError, match=said):
            Memory(file).session().remember("k", 1)

    assert {it: it.read_bytes() for it in (text, other)} == before


def test_a_file_that_another_program_keeps_is_waited_for(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db")
    memory.session().remember("k", 1)
    other = sqlite3.connect(tmp_path / "memory.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.commit).start()

    memory.session().remember("k", 2)

    assert memory.session().recall("k") == 2
    memory.close()
    other.close()


def test_a_file_that_another_program_does_not_let_go_of_is_told(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("agentflow.memory.file._PATIENCE", 0.05)
    memory = Memory(tmp_path / "memory.db")
    memory.session().remember("k", 1)
    other = sqlite3.connect(tmp_path / "memory.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(MemoryFileError, match="was kept by another program"):
        memory.session().remember("k", 2)

    assert memory.session().recall("k") == 1  # who only reads does not wait
    memory.close()
    other.close()


PROGRAM = """
import sys
from agentflow import Memory
memory = Memory(sys.argv[1]).session("all")
for number in range(50):
    memory.remember(f"{sys.argv[2]}/{number}", number)
"""


def test_programs_that_begin_at_once_lose_nothing(tmp_path: Path):
    file = str(tmp_path / "memory.db")
    begun = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, file, str(number)], stderr=subprocess.PIPE)
        for number in range(4)
    ]

    assert [(it.communicate(timeout=60)[1], it.returncode) for it in begun] == [(b"", 0)] * 4
    memory = Memory(file)
    ann = memory.session("all")
    assert all(ann.recall(f"{it}/{n}") == n for it in range(4) for n in range(50))
    memory.close()


def known_calls(file: Path) -> int:
    connection = sqlite3.connect(file)
    try:
        return connection.execute("SELECT count(*) FROM calls").fetchone()[0]
    finally:
        connection.close()


def test_what_is_known_of_calls_stays_within_bounds(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("agentflow.memory.rows.MOST_ASKED", 100)
    memory = Memory(tmp_path / "memory.db")
    for number in range(1200):
        memory.for_call("ann", f"call {number}", lambda *_: None, str).remember("k", number)

    assert known_calls(tmp_path / "memory.db") < 700
    assert memory.session("ann").recall("k") == 1199
    again = memory.for_call("ann", "call 1199", lambda *_: None, str)
    memory.session("ann").remember("k", "later")
    again.remember("k", 1199)
    assert memory.session("ann").recall("k") == "later"
    memory.close()


def test_a_call_that_is_never_made_again_is_not_known(tmp_path: Path):
    memory = Memory(tmp_path / "memory.db")
    memory.for_call("ann", "", lambda *_: None, str).remember("k", 1)
    retried = memory.for_call("ann", "call", lambda *_: None, str)
    retried.remember("k", 2)
    assert known_calls(tmp_path / "memory.db") == 1

    retried.forget_call()

    assert known_calls(tmp_path / "memory.db") == 0
    memory.close()

"""`agentflow runs`: what is kept of runs, from the words to the exit code."""

import json
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

FAILING = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["worker"]
[agents.worker]
type = "scripted"
fail_on = [1]
error = "no \\u001b[2J luck"
"""

LOOKING = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["reader"]
[agents.reader]
type = "python"
call = "reader:read"
[agents.reader.metadata]
note = "x"
[agents.stranger]
type = "scripted"
output = { key = "${AGENTFLOW_TEST_KEY}" }
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's state folder, new for each test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def ids(cli) -> Callable[[], list[str]]:
    return lambda: [it["id"] for it in json.loads(cli("runs", "list", "--json")[1])["runs"]]


def test_a_run_is_kept_with_how_it_ended_and_its_flow(flow, cli):
    path = flow()
    cli("run", path, "--input", "Ada")
    cli("run", flow(FAILING))

    code, out, _ = cli("runs", "list", "--json")

    first, second = json.loads(out)["runs"]
    assert code == 0
    assert (first["flow"], first["file"], first["status"]) == ("greeting", str(path), "succeeded")
    assert (second["status"], second["damage"]) == ("failed", "")


def test_of_a_journal_that_cannot_be_read_nobody_says_that_it_is_empty(cli, tmp_path: Path):
    (tmp_path / "none.db").write_bytes(b"")

    code, out, err = cli("runs", "list", "--journal", tmp_path / "none.db")

    assert (code, out) == (1, "")
    assert err == f"error: {tmp_path / 'none.db'}: is no journal of AgentFlow; name another file\n"


def test_an_export_does_not_take_the_place_of_the_journal(flow, cli, tmp_path: Path):
    journal = tmp_path / "mine.db"
    cli("run", flow(), "--input", "Ada", "--journal", journal)
    (run,) = json.loads(cli("runs", "list", "--json", "--journal", journal)[1])["runs"]

    code, _, err = cli("runs", "export", run["id"], "--journal", journal, "-o", journal)

    assert code == 2
    assert "that is the journal, which would be lost; name another file" in err
    assert cli("runs", "show", run["id"], "--journal", journal)[0] == 0


def test_of_a_journal_that_is_named_is_told_why_it_cannot_be_read(cli, tmp_path: Path):
    (tmp_path / "mine.db").write_text("no journal at all, but long enough to be one" * 100)

    for verb in ("show", "replay", "export", "resume"):
        code, _, err = cli("runs", verb, "abc", "--journal", tmp_path / "mine.db")

        assert code == 1
        assert "is damaged, or no journal" in err


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--last", "-1"),
        ("list", "--last", "99999999999999999999"),
        ("prune", "--days", "-1"),
        ("replay", "abc", "--speed", "-1"),
    ],
)
def test_a_number_that_cannot_be_is_refused(cli, words):
    code, _, err = cli("runs", *words)

    assert code == 2
    assert "is not in the range" in err


@pytest.mark.parametrize("days", ["nan", "inf", "1e300"])
def test_older_than_anything_is_nothing(flow, cli, ids, days: str):
    cli("run", flow(), "--input", "Ada")

    code, _, err = cli("runs", "prune", "--days", days)

    assert (code, err) == (0, "0 runs are forgotten\n")
    assert len(ids()) == 1


def test_a_run_that_shall_not_be_kept_is_not(flow, cli, ids, state: Path):
    cli("run", flow(), "--input", "Ada", "--no-journal")

    assert not state.exists()
    assert ids() == []


def test_a_journal_that_is_named_holds_the_run_and_the_users_own_does_not(
    flow, cli, ids, tmp_path: Path
):
    cli("run", flow(), "--input", "Ada", "--journal", tmp_path / "mine.db")
    cli("run", flow(), "--input", "Eve", "--journal", tmp_path / "mine.db")

    assert ids() == []
    code, out, _ = cli("runs", "list", "--journal", tmp_path / "mine.db")
    assert (code, len(out.splitlines())) == (0, 2)


def test_show_tells_a_run_step_by_step_and_harms_no_terminal(flow, cli, ids):
    cli("run", flow(FAILING))

    code, out, _ = cli("runs", "show", ids()[0][:8])

    assert code == 0
    assert "status   failed" in out
    assert "worker  failed" in out
    assert "\x1b" not in out


def test_replay_tells_a_run_as_it_was_told_and_calls_no_agent(flow, cli, ids, tmp_path: Path):
    counting = tmp_path / "count.py"
    counting.write_text(
        "def up(state):\n"
        "    open(__file__ + '.calls', 'a').write('x')\n"
        "    return {'response': 'up'}\n"
    )
    text = FAILING.replace('"scripted"', '"python"\ncall = "count:up"').split("fail_on")[0]
    told = cli("run", flow(text), "--json")

    again = cli("runs", "replay", ids()[0], "--json")

    assert told[0] == 0, told
    assert again == told
    assert (tmp_path / "count.py.calls").read_text() == "x"


def test_export_gives_the_trace_in_the_form_of_a_trace_file(flow, cli, ids, tmp_path: Path):
    cli("run", flow(), "--input", "Ada", "--trace", tmp_path / "trace.jsonl")

    code, out, _ = cli("runs", "export", ids()[0])

    assert (code, out) == (0, (tmp_path / "trace.jsonl").read_text())


def test_export_gives_the_flow_as_it_was_when_it_was_run(flow, cli, ids):
    path = flow()
    text = path.read_text()
    cli("run", path, "--input", "Ada")
    flow(FAILING)

    assert cli("runs", "export", ids()[0], "--flow")[1] == text


def test_export_draws_the_run_as_a_sequence_diagram(flow, cli, ids):
    cli("run", flow())

    code, out, _ = cli("runs", "export", ids()[0], "--mermaid")

    assert code == 0
    assert "\nsequenceDiagram\n" in out
    assert "participant p1 as" in out


def test_export_of_a_damaged_run_gives_what_is_whole_and_says_so(flow, cli, tmp_path: Path):
    journal = tmp_path / "mine.db"
    cli("run", flow(), "--input", "Ada", "--journal", journal)
    with sqlite3.connect(journal) as connection:
        (its_id,) = connection.execute("SELECT id FROM runs").fetchone()
        connection.execute("UPDATE runs SET entries = 99")
    connection.close()

    code, out, err = cli("runs", "export", its_id, "--journal", journal)

    assert code == 1
    assert json.loads(out.splitlines()[-1])["entry"] == "RunFinished"
    assert "what followed its first" in err
    assert cli("runs", "list", "--journal", journal)[0] == 1
    assert cli("runs", "replay", its_id, "--journal", journal)[0] == 1


def test_export_of_a_run_of_which_nothing_is_whole_gives_no_line(flow, cli, tmp_path: Path):
    journal = tmp_path / "mine.db"
    cli("run", flow(), "--input", "Ada", "--journal", journal)
    with sqlite3.connect(journal) as connection:
        (its_id,) = connection.execute("SELECT id FROM runs").fetchone()
        connection.execute("UPDATE entries SET body = 'x'")
    connection.close()

    code, out, err = cli("runs", "export", its_id, "--journal", journal)

    assert (code, out) == (1, "")
    assert "it is damaged after its first 0 entries" in err


def test_prune_forgets_what_is_old_and_has_ended(flow, cli, ids, state: Path):
    cli("run", flow(), "--input", "Ada")

    assert cli("runs", "prune")[2] == "0 runs are forgotten\n"
    assert len(ids()) == 1
    assert cli("runs", "prune", "--days", "0")[2] == "1 run is forgotten\n"
    assert ids() == []
    assert list((state / "agentflow-studio/runs").iterdir()) == []


def test_a_flow_that_a_step_has_run_is_told_and_forgotten_with_its_run(
    flow, cli, ids, state: Path, tmp_path: Path
):
    (tmp_path / "inner.toml").write_text(FAILING)
    outer = FAILING.replace('"scripted"', '"flow"').partition("fail_on")[0] + 'file = "inner.toml"'
    cli("run", flow(outer))

    (its_id,) = ids()
    told = json.loads(cli("runs", "show", its_id[:8], "--json")[1])
    (inner,) = told["inside"]
    assert inner.startswith(f"{its_id}:")
    assert f"inside   {inner}\n" in cli("runs", "show", its_id)[1]
    assert "luck" in cli("runs", "show", inner)[1]
    assert "flow     (no name)  " in cli("runs", "show", inner)[1]
    assert "1 run is forgotten" in cli("runs", "prune", "--days", "0")[2]
    assert list((state / "agentflow-studio/runs").iterdir()) == []


def test_prune_leaves_the_other_runs_of_a_journal_whole(flow, cli, tmp_path: Path):
    journal = tmp_path / "mine.db"
    for name in ("Ada", "Eve"):
        cli("run", flow(), "--input", name, "--journal", journal)
    with sqlite3.connect(journal) as connection:
        began = connection.execute("SELECT began FROM runs ORDER BY number").fetchall()
    connection.close()
    days = (time.time() - began[1][0] + (began[1][0] - began[0][0]) / 2) / 86400

    assert "1 run is" in cli("runs", "prune", "--journal", journal, "--days", days)[2]

    code, out, _ = cli("runs", "list", "--journal", journal, "--json")
    (left,) = json.loads(out)["runs"]
    assert (code, left["damage"], left["status"]) == (0, "", "succeeded")


def test_an_id_that_nobody_knows_or_that_several_have_is_told(flow, cli, ids):
    for _ in range(20):
        cli("run", flow(), "--input", "Ada")

    assert cli("runs", "show", "no-such-id")[2].startswith("error: no-such-id: no run with this id")
    begun_alike = next(c for c in "0123456789abcdef" if sum(it[0] == c for it in ids()) > 1)
    code, _, err = cli("runs", "show", begun_alike)
    assert (code, " runs have an id that begins so" in err) == (1, True)


@pytest.mark.parametrize("verb", ["show", "replay", "export", "resume"])
def test_no_id_is_the_beginning_of_no_run(flow, cli, verb: str):
    cli("run", flow(), "--input", "Ada")

    code, out, err = cli("runs", verb, "")

    assert (code, out) == (1, "")
    assert err == "error: runs: no id is given; see: agentflow runs list\n"


def test_what_the_environment_told_the_flow_is_not_in_the_journal(
    flow, cli, tmp_path: Path, monkeypatch
):
    key = 'k3y-"quoted"\nof-the-test'
    monkeypatch.setenv("AGENTFLOW_TEST_KEY", key)
    (tmp_path / "reader.py").write_text(
        "import os\n"
        "def read(state):\n    return {'response': 'it is ' + os.environ['AGENTFLOW_TEST_KEY']}\n"
    )
    text = LOOKING.replace('["reader"]', '["reader", "stranger"]')
    journal = tmp_path / "mine.db"

    assert cli("run", flow(text), "--input", "x", "--journal", journal)[0] == 0

    content = journal.read_bytes()
    assert b"of-the-test" not in content
    assert rb"it is \u0024{AGENTFLOW_TEST_KEY}" in content
    _, out, _ = cli("runs", "list", "--journal", journal, "--json")
    shown = cli("runs", "export", json.loads(out)["runs"][0]["id"], "--journal", journal)[1]
    assert "it is ${AGENTFLOW_TEST_KEY}" in shown


def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_run(flow, cli):
    path = flow()
    before = path.read_bytes()

    code, out, err = cli("run", path, "--input", "Ada", "--journal", path / "deeper" / "j.db")

    assert (code, out) == (1, "")
    assert re.fullmatch(r"error: \S+j.db: cannot be opened \(Not a directory\); .*\n", err)
    assert path.read_bytes() == before


def test_a_user_without_a_home_is_told_what_to_do(flow, cli, monkeypatch):
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)

    code, out, err = cli("run", flow(), "--input", "Ada")

    assert (code, out) == (1, "")
    assert err == (
        "error: journal: there is no home folder to keep runs in; "
        "set HOME, or name a file with --journal; --no-journal runs without keeping it\n"
    )


@pytest.mark.parametrize("content", [b"[agent_flow]\n", b"x" * 5000])
def test_a_journal_that_is_something_else_is_left_alone(flow, cli, tmp_path: Path, content: bytes):
    other = tmp_path / "notes.txt"
    other.write_bytes(content)

    code, out, err = cli("run", flow(), "--input", "Ada", "--journal", other)

    assert (code, out) == (1, "")
    assert "notes.txt: is damaged, or no journal" in err
    assert other.read_bytes() == content

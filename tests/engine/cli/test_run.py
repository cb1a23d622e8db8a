"""`agentflow run`, from the words to the exit code."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FAILING = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["greeter", "breaker"]
[agents.greeter]
type = "scripted"
output = { response = "half done" }
[agents.breaker]
type = "scripted"
fail_on = [1]
error = "out of paper \\u001b[2J"
"""

SLOW = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["sleeper"]
[agents.sleeper]
type = "scripted"
delay = "10m"
"""

CODE = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["worker"]
[agents.worker]
type = "python"
call = "work:work"
"""


def test_the_answer_alone_goes_to_stdout_and_the_progress_beside_it(flow, cli):
    code, out, err = cli("run", flow(), "--input", "Ada")

    assert (code, out) == (0, "Hello, Ada\n")
    assert "greeter  began" in err
    assert "The run succeeded after" in err


@pytest.mark.parametrize("option", ["--trace", "--log-file"])
def test_nothing_is_written_over_the_flow_that_is_run(flow, cli, tmp_path: Path, option: str):
    link = tmp_path / "link"
    link.symlink_to(path := flow())
    before = path.read_bytes()

    for name in (path, link):
        code, _, err = cli("run", path, option, name)

        assert code == 2
        assert f"{option} {name}: that is the flow, which would be lost; name another" in err
    assert path.read_bytes() == before


def test_one_file_is_not_two_things(flow, cli, tmp_path: Path):
    file = tmp_path / "one"
    _, _, journal = cli("run", flow(), "--journal", file, "--trace", file)
    _, _, log = cli("run", flow(), "--log-file", file, "--trace", file)

    assert "that is the journal" in journal
    assert "that is the log file" in log
    assert not file.exists()


def test_json_prints_one_object_and_nothing_else(flow, cli):
    code, out, err = cli("run", flow(), "--input", "Ada", "--set", "n=3", "--json")

    told = json.loads(out)
    assert (code, err) == (0, "")
    assert set(told) == {"status", "state", "path_results", "metrics", "run_id", "error"}
    assert told["status"] == "succeeded"
    assert told["state"] == {"message": "Ada", "n": 3, "response": "Hello, Ada", "polished": True}
    assert told["error"] == ""


def test_a_run_that_fails_has_exit_code_1_and_says_why_without_commanding_the_terminal(flow, cli):
    code, out, err = cli("run", flow(FAILING))

    assert (code, out) == (1, "")
    assert "out of paper \\x1b[2J" in err
    assert "\x1b" not in err
    assert "Traceback" not in err


def test_json_tells_a_failed_run_too(flow, cli):
    code, out, _ = cli("run", flow(FAILING), "--json")

    told = json.loads(out)
    assert code == 1
    assert told["status"] == "failed"
    assert "out of paper" in told["error"]
    assert "\x1b" not in out


def test_a_flow_with_errors_is_not_run_and_each_is_told_with_its_line(flow, cli, tmp_path: Path):
    trace = tmp_path / "trace.jsonl"
    path = flow(
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["who"]\n'
    )

    code, out, err = cli("run", path, "--trace", trace)

    assert (code, out) == (3, "")
    assert f"{path}:4:11: error: " in err
    assert "'who'" in err
    assert not trace.exists()


def test_json_tells_a_flow_with_errors_too(flow, cli):
    code, out, _ = cli("run", flow("not toml"), "--json")

    assert code == 3
    assert json.loads(out)["status"] == "failed"


def test_missing_agents_are_stood_in_for_when_that_is_asked_for(flow, cli):
    text = '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["who"]\n'

    code, _, err = cli("run", flow(text), "--input", "x", "--stub-missing")

    assert code == 0
    assert "who  succeeded" in err


def test_the_trace_is_written_as_json_lines(flow, cli, tmp_path: Path):
    cli("run", flow(), "--input", "Ada", "--trace", tmp_path / "trace.jsonl")

    entries = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text().splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(len(entries)))
    assert entries[-1]["entry"] == "RunFinished"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_trace_that_cannot_be_kept_is_told_once_and_is_no_success(flow, cli):
    code, out, err = cli("run", flow(), "--input", "Ada", "--trace", "/dev/full")

    assert code == 1
    assert out == "Hello, Ada\n"
    assert err.count("No space left") == 1
    assert "Traceback" not in err


def test_metadata_chooses_the_route(flow, cli):
    text = """
[orchestration]
mode = "route"
[orchestration.routing]
agents = ["billing", "sales"]
[agents.billing]
type = "scripted"
output = { response = "billing" }
[agents.sales]
type = "scripted"
output = { response = "sales" }
"""

    assert cli("run", flow(text), "--meta", "route=sales")[:2] == (0, "sales\n")


def test_what_an_agent_prints_never_mixes_with_the_result(flow, cli, tmp_path: Path):
    (tmp_path / "work.py").write_text(
        "def work(state):\n    print('noise \\x1b[2J')\n    return {'response': 'done'}\n"
    )

    code, out, _ = cli("run", flow(CODE), "--json")
    assert code == 0
    assert json.loads(out)["state"] == {"response": "done"}

    code, out, err = cli("run", flow(CODE))
    assert (code, out) == (0, "done\n")
    assert "worker  says: noise \\x1b[2J" in err


def test_code_of_the_author_is_refused_when_that_is_asked_for(flow, cli, tmp_path: Path):
    (tmp_path / "work.py").write_text("raise SystemExit('it was imported')\n")

    code, out, err = cli("run", flow(CODE), "--no-exec")

    assert (code, out) == (1, "")
    assert "worker" in err
    assert "it was imported" not in err


def test_a_model_of_the_authors_choosing_is_not_asked_then(flow, cli, monkeypatch):
    monkeypatch.setenv("A_SECRET", "not-for-you")
    named = '[llm]\nbase_url = "http://127.0.0.1:9/v1"\napi_key = "${A_SECRET}"\n'
    asked = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\nsystem_prompt = "Hi"\n'

    code, out, err = cli("run", flow(named + asked), "--input", "hello", "--no-exec")

    assert (code, out) == (1, "")
    assert "POST http://127.0.0.1:9/, sends ${A_SECRET}" in err


def test_a_flows_folder_shadows_no_installed_package(flow, cli, tmp_path: Path):
    (tmp_path / "json.py").write_text("raise RuntimeError('shadowed')\n")
    (tmp_path / "pydantic.py").write_text("raise RuntimeError('shadowed')\n")
    (tmp_path / "work.py").write_text(
        "import importlib\n"
        "def work(state):\n"
        "    import json\n"
        "    return {'response': json.dumps([1])}\n"
    )
    before = list(sys.path)

    assert cli("run", flow(CODE))[:2] == (0, "[1]\n")
    assert sys.path[: len(before)] == before


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "missing.toml"),
        ("run", "{flow}", "--what"),
        ("run", "{flow}", "--input", "{broken"),
        ("run", "{flow}", "--trace", "/missing/folder/trace.jsonl"),
        ("walk",),
    ],
)
def test_a_command_written_wrongly_has_exit_code_2_and_one_line_that_says_so(flow, cli, words):
    path = str(flow())

    code, out, err = cli(*(word.replace("{flow}", path) for word in words))

    assert (code, out) == (2, "")
    assert err.startswith("error: agentflow")
    assert "--help" in err.splitlines()[-1]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_with_exit_code_130_and_the_trace_tells_it(
    flow, tmp_path: Path, number: int
):
    trace = tmp_path / "trace.jsonl"
    words = [sys.executable, "-m", "agentflow", "run", str(flow(SLOW)), "--trace", str(trace)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert any("sleeper  began" in line for line in process.stderr)
            process.send_signal(number)

            assert process.wait(60) == 130
        finally:
            process.kill()
    last = json.loads(trace.read_text().splitlines()[-1])
    assert (last["entry"], last["status"]) == ("RunFinished", "cancelled")


READS = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["asks"]
[agents.asks]
type = "human"
question = "How is {{ dish }}?"
"""


def test_a_run_that_fails_with_other_input_is_told_what_the_sample_has(flow, cli, tmp_path: Path):
    (tmp_path / "input.json").write_text('{"dish": "soup", "message": "x"}', encoding="utf-8")

    code, _, err = cli("run", flow(READS), "--input", "hello")
    _, _, with_all = cli("run", flow(FAILING), "--input", '{"dish": 1, "message": 2}')

    assert code == 1
    assert err.endswith("The sample input also has dish; --sample takes input.json.\n")
    assert "sequential/asks: agent 'asks' failed: agents.asks.question: 'dish' is" in err
    assert "sample" not in with_all


def test_a_run_that_fails_for_want_of_input_is_told_of_the_sample(flow, cli, tmp_path: Path):
    (tmp_path / "input.txt").write_text("hello")

    _, _, err = cli("run", flow(FAILING))
    assert "--sample takes input.txt" in err

    _, _, err = cli("run", flow(FAILING), "--input", "Ada")
    assert "--sample" not in err

"""`--log-file` and `--log-level`: what is logged of a run, and where it goes."""

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentflow.cli.console.logs import Logs
from agentflow.event import Event
from engine.fakes import flow as flow_of
from engine.fakes import runner, says

FAILING = """
[agent_flow]
name = "failing"
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["worker"]
[agents.worker]
type = "scripted"
fail_on = [1, 2]
error = "no \\u001b[2J luck with ${AGENTFLOW_TEST_KEY:nobody}"
[agents.worker.retry_policy]
max_retries = 1
base_delay_ms = 1
"""


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    def lines() -> list[dict[str, Any]]:
        text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    return lines


def test_a_log_file_has_an_object_a_line_with_the_run_and_the_path(flow, cli, log, tmp_path):
    code, out, _ = cli("run", flow(FAILING), "--json", "--log-file", tmp_path / "log.jsonl")

    assert code == 1
    run_id = json.loads(out)["run_id"]
    assert [(it["level"], it["entry"], it["path"]) for it in log()] == [
        ("info", "RunStarted", ""),
        ("warning", "StepRetried", "sequential/worker"),
        ("warning", "StepFailed", "sequential/worker"),
        ("warning", "StepFailed", "sequential"),
        ("error", "RunFinished", ""),
    ]
    assert {it["run_id"] for it in log()} == {run_id}
    assert log()[0]["time"].endswith("+00:00")


def test_a_log_holds_no_secret_and_nothing_that_commands_a_terminal(
    flow, cli, log, tmp_path, monkeypatch
):
    monkeypatch.setenv("AGENTFLOW_TEST_KEY", "sk-very-secret")

    cli("run", flow(FAILING), "--log-file", tmp_path / "log.jsonl")

    text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
    assert "luck with ${AGENTFLOW_TEST_KEY}" in text
    assert "sk-very-secret" not in text
    assert "\x1b" not in text


def test_debug_logs_every_step_and_error_only_what_failed_the_run(flow, cli, log, tmp_path):
    file = tmp_path / "log.jsonl"
    cli("run", flow(), "--input", "Ada", "--log-file", file, "--log-level", "debug")
    steps = [it["path"] for it in log() if it.get("entry") == "StepSucceeded"]
    file.unlink()

    cli("run", flow(FAILING), "--log-file", file, "--log-level", "error")

    assert steps == ["sequential/greeter", "sequential/polisher", "sequential"]
    assert [it["entry"] for it in log()] == ["RunFinished"]


def test_a_run_that_was_refused_is_logged(flow, cli, log, tmp_path):
    path = flow(FAILING.replace(":nobody", ""))

    assert cli("run", path, "--log-file", tmp_path / "log.jsonl")[0] == 1
    assert [it["level"] for it in log()] == ["error"]
    assert "AGENTFLOW_TEST_KEY" in log()[0]["message"]


def test_a_second_run_is_appended(flow, cli, log, tmp_path):
    for _ in range(2):
        cli("run", flow(), "--input", "Ada", "--log-file", tmp_path / "log.jsonl")

    assert len({it["run_id"] for it in log()}) == 2


def test_a_file_that_cannot_be_written_is_told(flow, cli, tmp_path):
    code, _, err = cli("run", flow(), "--log-file", tmp_path / "none" / "log.jsonl")

    assert code == 2
    assert "it cannot be written" in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_disk_that_is_full_is_told_once_and_the_run_goes_on(flow, cli):
    code, out, err = cli("run", flow(), "--input", "Ada", "--log-file", "/dev/full")

    assert (code, out) == (1, "Hello, Ada\n")
    assert err.count("No space left") == 1
    assert "Logging error" not in err
    assert "error: --log-file /dev/full: it is not whole" in err


async def test_a_listener_that_raises_is_logged_with_its_run_and_path(log, tmp_path):
    told: list[str] = []
    made = runner(flow_of("a"), {"a": says(x=1)})

    def faulty(entry: object) -> None:
        if getattr(entry, "path", "") == "a":
            raise ValueError("I cannot count")

    with Logs("error", tmp_path / "log.jsonl", told.append) as logs:
        asyncio.get_running_loop().set_exception_handler(logs.of_loop)
        made.subscribe(logs)
        made.subscribe(faulty)
        outcome = await made.run(Event())

    first = log()[0]
    assert outcome.status == "succeeded"
    assert (first["run_id"], first["path"]) == (outcome.run_id, "a")
    assert "a listener of the trace raised" in first["message"]
    assert first["error"].endswith("ValueError: I cannot count")
    assert len(told) == 2
    assert told[0].startswith("error: a listener of the trace raised")


def test_what_libraries_warn_of_is_told_to_the_person_and_in_the_log(tmp_path, log):
    told: list[str] = []

    with Logs(None, tmp_path / "log.jsonl", told.append):
        logging.getLogger("somebody.else").warning("it is \x1b[2J late")
        logging.getLogger("somebody.else").info("it is early")

    assert told == ["warning: it is \\x1b[2J late"]
    assert [it["message"] for it in log()] == ["it is \x1b[2J late", "it is early"]
    assert logging.getLogger().level == logging.WARNING


def test_a_level_without_a_file_is_told_beside_the_run(flow, cli):
    _, _, quiet = cli("run", flow(), "--input", "Ada")
    _, _, err = cli("run", flow(), "--input", "Ada", "--log-level", "debug")

    assert "debug: Using selector" in err
    assert "debug:" not in quiet

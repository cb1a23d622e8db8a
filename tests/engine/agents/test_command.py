"""Command agents: real programs, what they get, and that nothing of them is left."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from agentflow.agents.base import AgentSetup
from agentflow.errors import NotAllowedError, SetupError
from agentflow.event import Event
from engine.agents.agent_alone import CATALOGUE, built, outcome, runner, settings, spec
from engine.checked import found
from engine.fakes import setup
from engine.processes import gone, until

KIND = CATALOGUE.agent_types["command"]


@pytest.fixture
def home(tmp_path: Path) -> AgentSetup:
    """A flow's folder, and an environment of a real machine."""
    return setup(folder=tmp_path, environ={"PATH": os.environ["PATH"], "SECRET": "s3cret-value"})


def program(folder: Path, code: str) -> list[str]:
    """A Python program of these lines."""
    (folder / "program.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return ["python", "program.py"]


async def test_the_state_goes_in_as_json_and_a_json_object_is_merged_into_it(
    home: AgentSetup, tmp_path: Path
):
    code = """
        import json, sys
        state = json.load(sys.stdin)
        json.dump({"count": len(state["words"]), "first": state["words"][0]}, sys.stdout)
    """
    result = await outcome("command", {"words": ["ü", "b"]}, home, command=program(tmp_path, code))

    assert result.error == ""
    assert result.state == {"words": ["ü", "b"], "count": 2, "first": "ü"}


async def test_a_text_is_the_answer_and_a_value_goes_where_it_is_wanted(
    home: AgentSetup, tmp_path: Path
):
    text = await outcome("command", {}, home, command=["echo", "a", "  b  c"])
    value = await outcome("command", {}, home, command=["echo", "[1, 2]"], output_key="n")
    plain = await outcome("command", {}, home, command=["echo", "{}"], answer="text")
    broken = await outcome("command", {}, home, command=["echo", "{x"], answer="json")

    assert text.state["response"] == "a   b  c"
    assert value.state["n"] == [1, 2]
    assert plain.state["response"] == "{}"
    assert "printed no JSON ('{x')" in broken.error


async def test_arguments_are_templates_and_no_shell_reads_them(home: AgentSetup, tmp_path: Path):
    evil = "; touch owned; $(touch owned) `touch owned` | cat > owned"
    result = await outcome("command", {"a": evil}, home, command=["echo", "<{{ a }}>", "$HOME"])

    assert result.state["response"] == f"<{evil}> $HOME"
    assert os.listdir(tmp_path) == []


async def test_it_runs_in_the_flows_folder_and_may_be_a_file_there(
    home: AgentSetup, tmp_path: Path
):
    script = tmp_path / "where.sh"
    script.write_text("#!/bin/sh\npwd\n")
    script.chmod(0o755)

    result = await outcome("command", {}, home, command=["./where.sh"])

    assert result.state["response"] == str(tmp_path)


async def test_it_sees_the_named_variables_and_no_others(home: AgentSetup):
    bare = await outcome("command", {}, home, command=["env"])
    named = await outcome("command", {}, home, command=["env"], env={"KEY": "${SECRET}"})

    assert "s3cret-value" not in bare.state["response"]
    assert "KEY=s3cret-value" in named.state["response"].splitlines()


async def test_it_is_told_the_key_of_its_call(home: AgentSetup):
    command = ["sh", "-c", 'echo "$AGENTFLOW_CALL_KEY"']
    result = await outcome("command", {}, home, command=command)

    assert result.state["response"].startswith(f"{result.run_id}:")


async def test_a_failure_says_the_exit_code_and_the_last_words_but_no_secret(
    home: AgentSetup, tmp_path: Path
):
    code = """
        import os, sys
        sys.exit("no: " + os.environ["KEY"])
    """
    command = program(tmp_path, code)
    result = await outcome("command", {}, home, command=command, env={"KEY": "${SECRET}"})

    assert "ended with exit code 1 (it said: no: ${SECRET})" in result.error
    assert "s3cret" not in repr(result)


async def test_a_crash_says_which_signal_it_was(home: AgentSetup, tmp_path: Path):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    result = await outcome("command", {}, home, command=program(tmp_path, code))

    assert "was ended by SIGSEGV" in result.error


async def test_a_program_that_is_not_there_is_not_called_again(home: AgentSetup):
    policy = {"retry_policy": {"max_retries": 5, "base_delay_ms": 60_000}}
    result = await outcome("command", {}, home, command=["no-such"], on_spec=policy)
    beside = await outcome("command", {}, home, command=["./no-such"])

    assert "no program 'no-such' on the PATH" in result.error
    assert "no program './no-such' beside the flow" in beside.error


@pytest.mark.parametrize("ending", ["timeout", "cancelled"])
async def test_a_stopped_program_takes_all_that_it_started_with_it(
    home: AgentSetup, tmp_path: Path, ending: str
):
    code = """
        import os, subprocess, time
        child = subprocess.Popen(["sleep", "300"])
        open("pids", "w").write(f"{os.getpid()} {child.pid}")
        os.rename("pids", "known")
        time.sleep(300)
    """
    on_spec = {"timeout": "3s"} if ending == "timeout" else {}
    made = runner("command", home, command=program(tmp_path, code), on_spec=on_spec)
    async with made:
        handle = await made.emit(Event())
        await until(lambda: (tmp_path / "known").is_file(), "the program did not begin")
        if ending == "cancelled":
            handle.cancel()
        result = await handle.outcome()

    assert result.status == ("failed" if ending == "timeout" else "cancelled")
    for pid in (tmp_path / "known").read_text().split():
        await gone(int(pid))


async def test_a_program_that_leaves_others_behind_is_not_waited_for(
    home: AgentSetup, tmp_path: Path
):
    code = """
        import subprocess
        print(subprocess.Popen(["sleep", "300"]).pid)
    """
    result = await outcome("command", {}, home, command=program(tmp_path, code))

    await gone(int(result.state["response"]))


async def test_one_that_has_left_the_group_with_the_pipes_holds_nobody_up(
    home: AgentSetup, tmp_path: Path
):
    code = """
        import subprocess
        print(subprocess.Popen(["sleep", "300"], start_new_session=True).pid)
    """
    result = await outcome("command", {}, home, command=program(tmp_path, code))

    pid = int(result.state["response"])
    os.kill(pid, signal.SIGKILL)
    await gone(pid)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_a_flood_is_stopped_and_takes_no_memory(
    home: AgentSetup, tmp_path: Path, stream: str
):
    import resource

    code = f"""
        import sys
        while True:
            sys.{stream}.write("y\\n" * 50_000)
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = await outcome("command", {}, home, command=program(tmp_path, code))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert "prints without end" in result.error
    assert grown < 64 * 1024, f"it took {grown} kB"


async def test_a_program_that_does_not_read_a_large_state_is_no_failure(home: AgentSetup):
    result = await outcome("command", {"text": "x" * 2_000_000}, home, command=["echo", "done"])

    assert result.state["response"] == "done"


async def test_calls_at_the_same_time_do_not_meet(home: AgentSetup):
    made = runner("command", home, command=["echo", "{{ n }}"])
    async with made:
        handles = [await made.emit(Event(data={"n": n})) for n in range(12)]
        results = [await handle.outcome() for handle in handles]

    assert [it.state["response"] for it in results] == [str(n) for n in range(12)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such signal")
async def test_a_program_dies_with_whoever_started_it(tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(
        '[orchestration.sequential]\nagents = ["a"]\n[orchestration]\nmode = "sequential"\n'
        '[agents.a]\ntype = "command"\ncommand = ["sh", "-c", "echo $$ > pid; exec sleep 300"]\n'
    )
    started = _started(tmp_path / "agentflow.toml")
    file = tmp_path / "pid"
    await until(lambda: file.is_file() and file.read_text().strip() != "", "it did not begin")

    started.kill()
    started.wait()

    await gone(int(file.read_text()))


def _started(flow: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "agentflow", "run", str(flow)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def test_a_loop_stays_free_while_a_program_runs(home: AgentSetup):
    turns = 0
    task = asyncio.ensure_future(outcome("command", {}, home, command=["sleep", "0.3"]))
    while not task.done():
        turns += 1
        await asyncio.sleep(0.01)

    assert turns > 5
    assert (await task).status == "succeeded"


def test_a_flow_without_a_folder_and_one_that_may_execute_nothing_are_refused():
    with pytest.raises(SetupError, match="save it first"):
        built("command", setup(), command=["ls"])
    with pytest.raises(NotAllowedError, match="would run ls -l"):
        built("command", setup(may_execute=False), command=["ls", "-l"])


def test_a_person_is_told_the_whole_command_and_which_keys_it_gets():
    made = settings(
        "command", command=["sh", "-c", "rm {{ x }}"], env={"A": "${TOKEN}", "B": "plain"}
    )

    told = KIND.executes(spec("command", made))

    assert told == ("Command: sh -c 'rm {{ x }}', gets ${TOKEN}",)


def test_a_program_has_to_be_named_and_not_by_the_state():
    flow = '[orchestration.sequential]\nagents = ["a"]\n[agents.a]\ntype = "command"\n'

    assert found("no-command", flow)
    assert found("no-command", flow + 'command = ["{{ tool }}"]')
    assert found("bad-template", flow + 'command = ["echo", "{{ a"]')
    assert not found("no-command", flow + 'command = ["echo"]')

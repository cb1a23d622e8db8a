"""The other verbs, and what they have in common."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from agentflow_resources.templates import templates

EVIL = """
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["a\\u001b[2J", "b"]
[agents.b]
type = "scripted"
"""


def test_validate_says_when_nothing_is_wrong(flow, cli):
    path = flow()

    assert cli("validate", path) == (0, f"{path}: no problems\n", "")


def test_validate_tells_each_problem_with_file_line_and_severity(flow, cli):
    path = flow(EVIL)

    code, out, _ = cli("validate", path)

    assert code == 3
    assert out.startswith(f"{path}:5:11: error: ")
    assert "\x1b" not in out


def test_validate_goes_on_after_a_file_that_is_no_toml(flow, cli, tmp_path: Path):
    broken = tmp_path / "broken.toml"
    broken.write_text("[orchestration\n")

    code, out, _ = cli("validate", broken, flow(), "--json")

    told = json.loads(out)["files"]
    assert code == 3
    assert [Path(it["file"]).name for it in told] == ["broken.toml", "agentflow.toml"]
    assert told[0]["problems"][0]["code"] == "syntax"
    assert told[0]["problems"][0]["line"] == 1
    assert told[1]["problems"] == []


def test_a_problem_in_json_has_the_documented_keys(flow, cli):
    _, out, _ = cli("validate", flow(EVIL), "--json")

    problem = json.loads(out)["files"][0]["problems"][0]
    assert set(problem) >= {"severity", "code", "path", "line", "column", "message", "fixes"}


def test_export_writes_mermaid_to_stdout_or_to_a_file(flow, cli, tmp_path: Path):
    code, out, _ = cli("export", flow(), "--format", "mermaid")
    assert code == 0
    assert "flowchart TD" in out

    target = tmp_path / "flow.mmd"
    assert cli("export", flow(), "--format", "mermaid", "-o", target)[:2] == (0, "")
    assert target.read_text() == out


def test_export_does_not_take_the_place_of_the_flow(flow, cli):
    before = flow().read_bytes()

    code, _, err = cli("export", flow(), "--format", "mermaid", "-o", flow())

    assert (code, flow().read_bytes()) == (2, before)
    assert "that is the flow, which would be lost; name another file" in err


def test_export_names_the_formats_that_there_are(flow, cli):
    code, _, err = cli("export", flow(), "--format", "visio")

    assert code == 2
    assert "known are core, mermaid, v1beta" in err


def test_new_copies_a_template_that_runs(cli, tmp_path: Path):
    code, out, _ = cli("new", "sequential", tmp_path / "made")

    assert code == 0
    assert out == f"agentflow run {tmp_path / 'made' / 'agentflow.toml'} --sample\n"
    assert cli("validate", tmp_path / "made" / "agentflow.toml")[0] == 0
    assert cli("run", tmp_path / "made" / "agentflow.toml", "--sample")[0] == 0


def test_new_overwrites_nothing(cli, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")

    code, _, err = cli("new", "sequential", tmp_path)

    assert code == 2
    assert "nothing is overwritten" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_new_says_when_the_folder_cannot_be_made(cli, tmp_path: Path):
    (tmp_path / "file").write_text("no folder")

    code, _, err = cli("new", "sequential", tmp_path / "file" / "made")

    assert code == 2
    assert "cannot be written" in err


def test_new_prints_a_next_command_that_a_shell_takes(cli, tmp_path: Path):
    _, out, _ = cli("new", "sequential", tmp_path / "my flow")

    assert shlex.split(out)[2] == str(tmp_path / "my flow" / "agentflow.toml")


def test_new_lists_every_template_with_a_sentence(cli):
    code, out, _ = cli("new", "--list")

    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [it.name for it in templates()]
    assert all(len(line.split()) > 4 for line in out.splitlines())


def test_new_says_where_the_names_of_templates_are(cli, tmp_path: Path):
    code, _, err = cli("new", "nothing", tmp_path / "made")

    assert code == 2
    assert "agentflow new --list" in err


def test_a_picture_is_refused_where_its_name_is_none(flow, cli):
    code, _, err = cli("render", flow(), "-o", "picture.bmp")

    assert code == 2
    assert ".png, .svg or .pdf" in err


@pytest.mark.parametrize("verb", ["render", "edit"])
def test_without_the_editor_its_verbs_name_the_extra(flow, verb, tmp_path: Path):
    words = [verb, str(flow()), *(["-o", str(tmp_path / "flow.png")] if verb == "render" else [])]
    code = (
        "import sys; sys.modules['PySide6'] = None; from agentflow.cli import main;"
        f"sys.exit(main({words!r}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.returncode == 1
    assert "pip install 'agentflow-studio[editor]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_editors_own_command_names_the_extra_too():
    code = "import sys; sys.modules['PySide6'] = None; from agentflow.cli import edit; edit()"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert "agentflow-studio[editor]" in done.stderr
    assert "Traceback" not in done.stderr


def test_render_draws_a_picture_without_a_display(flow, tmp_path: Path):
    pytest.importorskip("PySide6")
    surroundings = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    words = [sys.executable, "-m", "agentflow", "render", str(flow()), "-o"]

    for name, begins in (("flow.png", b"\x89PNG"), ("flow.svg", b"<?xml"), ("flow.pdf", b"%PDF-")):
        target = tmp_path / name
        subprocess.run([*words, str(target)], env=surroundings, check=True, capture_output=True)
        assert target.read_bytes().startswith(begins)


def test_every_verb_explains_itself(cli):
    for verb in ("desktop", "edit", "export", "new", "render", "run", "validate"):
        code, out, _ = cli(verb, "--help")

        assert code == 0
        assert f"agentflow {verb}" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("valdate",),
            "agentflow: no verb is called 'valdate'; did you mean 'validate'?; see agentflow --",
        ),
        (("runs", "lst"), "agentflow runs: no verb is called 'lst'; did you mean 'list'?"),
        (("runs", "x"), "there are export, list, prune, replay, resume, show; see agentflow runs"),
        (("desktop",), "Missing argument '{install|uninstall}'. Choose from: install, uninstall;"),
    ],
)
def test_a_verb_that_is_none_is_told_in_one_line_with_what_was_meant(cli, words, told):
    code, _, err = cli(*words)

    assert (code, err.count("\n")) == (2, 1)
    assert told in err


def test_version_is_the_distributions(cli):
    code, out, _ = cli("--version")

    assert code == 0
    assert out.startswith("agentflow 0.")


def test_python_m_is_the_same_command():
    done = subprocess.run(
        [sys.executable, "-m", "agentflow", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("agentflow 0.")


def test_a_reader_that_had_enough_is_no_error(flow):
    done = subprocess.run(
        f"{sys.executable} -m agentflow export {flow()} --format mermaid | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_in_one_line(flow):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "agentflow", "validate", str(flow())],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a shell's way to close a stream")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-"])
def test_a_closed_stream_is_no_error(flow, closed: str):
    words = f"{sys.executable} -m agentflow run {flow()} --input Ada {closed}"

    done = subprocess.run(words, shell=True, capture_output=True, text=True)

    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_verb_imports_neither_the_editor_nor_what_another_verb_needs():
    code = (
        "import sys; from agentflow.cli import main; main(['export', '--help']);"
        "heavy = {'PySide6', 'agentflow_editor', 'agentflow.runner', 'numpy', 'httpx'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert done.stderr == ""
    assert done.returncode == 0

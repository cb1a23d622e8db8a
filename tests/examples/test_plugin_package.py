"""The example package that adds to the program, installed for real."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools/bin/uv"

FLOW = """\
[orchestration]
mode = "mixed"
[[orchestration.mixed.stages]]
name = "again"
mode = "twice"
agents = ["louder"]
[agents.louder]
type = "shout"
marks = 2
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the package was installed into, without a network."""
    uv = str(UV) if UV.is_file() else shutil.which("uv")
    if uv is None:
        pytest.skip("there is no uv to install it with")
    target = tmp_path_factory.mktemp("installed")
    source = shutil.copytree(
        ROOT / "examples/plugin-package", tmp_path_factory.mktemp("source") / "package"
    )
    command = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--target", str(target)]
    subprocess.run([*command, "--python", sys.executable, str(source)], check=True)
    return target


def agentflow(installed: Path, *words: str) -> str:
    """What the command prints where the package is installed."""
    environ = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "agentflow", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_agent_type_and_its_mode_run(installed: Path, tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")

    said = agentflow(installed, "run", str(tmp_path / "agentflow.toml"), "--input", "hello")

    assert said == "HELLO!!!!\n"


def test_its_export_format_is_one_of_the_formats(installed: Path, tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")

    said = agentflow(installed, "export", str(tmp_path / "agentflow.toml"), "--format", "outline")

    assert said.strip() == "- again\n  - louder"


def test_without_the_package_a_flow_that_needs_it_says_so(tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(FLOW, encoding="utf-8")
    command = [sys.executable, "-m", "agentflow", "validate", str(tmp_path / "agentflow.toml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert done.returncode == 3
    assert "no agent type is called 'shout'" in done.stdout

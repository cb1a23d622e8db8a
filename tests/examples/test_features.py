"""Every small flow leaves what it says, and every program prints what it says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agentflow import Catalogue, Event, Runner, load
from agentflow.agents.base import AgentSetup
from agentflow.flow.check import check_file
from agentflow.models.open import open_models

EXAMPLES = Path(__file__).parents[2] / "examples"
FLOWS = sorted((EXAMPLES / "features").glob("*.toml"))
PROGRAMS = sorted((EXAMPLES / "programs").glob("*.py"))
GIVEN = re.compile(r"^# Given (\{.*?\}): leaves (\{.*\})$", re.MULTILINE)
CATALOGUE = Catalogue.installed()


def cases() -> list[tuple[Path, str, str]]:
    return [(file, *case) for file in FLOWS for case in GIVEN.findall(file.read_text("utf-8"))]


def test_every_flow_says_what_it_is_given_and_leaves():
    assert {file for file, _, _ in cases()} == set(FLOWS)
    assert len(FLOWS) > 20


@pytest.mark.parametrize("file", FLOWS, ids=lambda it: it.stem)
def test_a_flow_has_no_problem_and_opens_with_a_sentence(file: Path):
    first = file.read_text("utf-8").splitlines()[0]

    assert check_file(load(file, CATALOGUE), CATALOGUE) == ()
    assert re.fullmatch(r"# [A-Z].*\.|# [A-Z].*`\.", first)


@pytest.mark.parametrize(("file", "given", "left"), cases(), ids=lambda it: getattr(it, "stem", ""))
async def test_a_flow_leaves_what_it_says(file: Path, given: str, left: str):
    setup = AgentSetup(models=open_models({}), folder=file.parent)
    runner = Runner.from_flow(load(file, CATALOGUE).flow, catalogue=CATALOGUE, setup=setup)

    outcome = await runner.run(Event(data=json.loads(given)))

    assert outcome.error == ""
    wanted = json.loads(left)
    assert {key: outcome.state.get(key) for key in wanted} == wanted


@pytest.mark.parametrize("file", PROGRAMS, ids=lambda it: it.stem)
def test_a_program_prints_what_it_says(file: Path):
    said = re.search(r"It prints:\n(.*?)\"\"\"", file.read_text("utf-8"), re.DOTALL)
    assert said is not None
    wanted = [line.removeprefix("    ") for line in said[1].splitlines() if line.strip()]

    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.splitlines() == wanted

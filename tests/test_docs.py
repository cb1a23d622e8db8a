"""What docs/orchestration.md shows works as it stands there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.check import check_file
from agentflow.flow.load import parse
from agentflow.runner import Runner
from engine.fakes import setup

TEXT = (Path(__file__).parents[1] / "docs/orchestration.md").read_text("utf-8")
FLOWS = re.findall(r"^```toml\n(.*?)^```\n\n```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
PROGRAMS = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
GIVEN = {
    "language": {"language": "en"},
    "priority": {"message": "Where is my refund?", "priority": 3},
    "hits": {"hits": 0},
}
"""What comes with the event, by a word of the flow that needs it."""
PRINTED = ["succeeded 0.9\n", "succeeded 0.9\n", "closed\nBrowser\n", "ann 1\nben 1\nann 2\n"]
AROUND = """\
[orchestration]
mode = "loop"
[orchestration.loop]
name = "refine"
agents = ["polish"]
check = "after"
condition = "score > 0.5"
[agents.polish]
type = "scripted"
output = { score = 0.9 }
[agents.draft]
type = "scripted"
"""


def test_every_flow_says_what_it_leaves():
    assert len(FLOWS) == TEXT.count("```toml") == 11
    assert len(PROGRAMS) == len(PRINTED)


@pytest.mark.parametrize(("text", "left"), FLOWS)
async def test_a_flow_of_the_docs_has_no_fault_and_leaves_what_it_says(text: str, left: str):
    catalogue = Catalogue.installed()
    file = parse(text, catalogue)
    faults = [it for it in check_file(file, catalogue) if it.severity != "info"]
    data: dict[str, Any] = next((it for word, it in GIVEN.items() if word in text), {})

    outcome = await Runner.from_flow(file.flow, setup=setup()).run(Event(data=data))

    assert faults == []
    assert outcome.error == ""
    wanted = json.loads(left)
    assert {key: outcome.state[key] for key in wanted} == wanted


@pytest.mark.parametrize(("program", "printed"), [*zip(PROGRAMS, PRINTED, strict=True)])
def test_a_program_of_the_docs_runs(program: str, printed: str, tmp_path: Path):
    (tmp_path / "agentflow.toml").write_text(AROUND)
    (tmp_path / "program.py").write_text(program)

    command = [sys.executable, "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout == printed

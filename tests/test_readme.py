"""What the README shows works as it stands there."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from agentflow.agents.base import AgentType
from agentflow.catalogue import Catalogue
from agentflow.event import Event
from agentflow.flow.check import check_file
from agentflow.flow.load import parse
from agentflow.runner import Runner

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_flow_in_the_readme_lacks_nothing_but_the_agents_that_it_leaves_out():
    catalogue = Catalogue.installed()
    (text,) = _blocks("toml")

    file = parse(text, catalogue)
    found = {it.code for it in check_file(file, catalogue) if it.severity != "info"}

    assert file.flow.mode == "mixed"
    assert found <= {"unknown-agent"}


def test_the_program_in_the_readme_runs(tmp_path: Path):
    program = next(it for it in _blocks("python") if "Runner" in it)
    (tmp_path / "agentflow.toml").write_text(
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["lookup"]\n'
    )
    (tmp_path / "program.py").write_text(program)

    command = [sys.executable, "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "succeeded How do tides work?\n"


async def test_the_agent_type_in_the_readme_works():
    module = ModuleType("shout")
    exec(next(it for it in _blocks("python") if "AGENT_TYPE" in it), module.__dict__)
    installed = Catalogue.installed()
    kind = module.AGENT_TYPE
    catalogue = Catalogue(
        installed.modes, {**installed.agent_types, kind.name: kind}, installed.exporters
    )
    flow = parse(
        '[orchestration]\nmode = "sequential"\n[orchestration.sequential]\nagents = ["loud"]\n'
        '[agents.loud]\ntype = "shout"\n',
        catalogue,
    ).flow

    outcome = await Runner.from_flow(flow, catalogue=catalogue).run(Event.from_input("hello"))

    assert isinstance(kind, AgentType)
    assert outcome.state["response"] == "HELLO"


def test_every_picture_and_page_of_the_readme_is_there():
    named = re.findall(r"\]\(([^)#:]+)\)", README)

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_command_of_the_readme_is_one():
    from agentflow.cli.base import VerbGroup

    verbs = set(re.findall(r"^agentflow (\w+)", README, re.MULTILINE))

    assert verbs <= set(VerbGroup().list_commands(None))  # pyright: ignore[reportArgumentType]

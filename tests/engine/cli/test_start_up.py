"""What the command imports: a small flow waits for no library that it does not use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOW = """\
[orchestration]
mode = "sequential"
[orchestration.sequential]
agents = ["collector", "sorter", "teller"]
[agents]
collector = { type = "scripted", output = { found = ["a", "b"] } }
sorter = { type = "scripted", output = { sorted = true } }
teller = { type = "scripted", output = { response = "SAID" } }
"""

HEAVY = {
    "bm25s",
    "httpx",
    "jinja2",
    "jsonschema",
    "mcp",
    "networkx",
    "numpy",
    "rapidfuzz",
    "rich",
    "rich_click",
    "stamina",
    "tomlkit",
    "vaderSentiment",
}

OTHERS = {
    *(f"agentflow.agents.{it}" for it in ("http", "human", "llm", "mcp", "python", "text")),
    *(f"agentflow.orchestrators.{it}" for it in ("collaborative", "loop", "route")),
    *(f"agentflow.exporters.{it}" for it in ("core", "mermaid", "v1beta")),
}

CHILD = """
import json, sys
from agentflow.cli import main
code = main(sys.argv[1:])
print(json.dumps([code, *sys.modules]))
"""


def _imported(folder: Path, flow: str, *words: str) -> set[str]:
    file = folder / "agentflow.toml"
    file.write_text(flow)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, words[0], str(file), *words[1:]],
        capture_output=True,
        text=True,
        check=True,
    )
    code, *modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


@pytest.fixture(autouse=True)
def _own_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.parametrize("words", [("run", "--input", "hello"), ("validate",)])
def test_a_flow_of_stand_ins_imports_what_it_uses_and_no_more(tmp_path, words):
    imported = _imported(tmp_path, FLOW, *words)

    assert "agentflow.agents.scripted" in imported
    assert imported & (HEAVY | OTHERS) == set()


def test_a_flow_with_a_template_imports_what_renders_it(tmp_path):
    flow = FLOW.replace("SAID", "{{ found | join(', ') }}")

    assert "jinja2" in _imported(tmp_path, flow, "run")


def test_whoever_asks_for_help_gets_it_laid_out(tmp_path):
    assert "rich_click" in _imported(tmp_path, FLOW, "run", "--help")

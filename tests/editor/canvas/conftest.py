"""A canvas on a real document."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from agentflow.catalogue import Catalogue
from agentflow_editor.document.document import Document
from agentflow_editor.document.selection import Selection
from agentflow_editor.document.source_draft import SourceDraft
from agentflow_editor.looks.theme_switch import ThemeSwitch
from agentflow_editor.recovery.keeper import Keeper
from agentflow_editor.run.breakpoints import Breakpoints
from agentflow_editor.run.controller import RunController
from agentflow_editor.run.model_lists import ModelLists
from agentflow_editor.run.recent_models import RecentModels
from agentflow_editor.run.trace_model import TraceModel
from agentflow_editor.run.trust import TrustStore
from agentflow_editor.settings.preferences import Preferences, PreferenceStore
from agentflow_editor.settings.store import EditorSettings
from agentflow_editor.workbench import Workbench
from editor.canvas.flows import nested_flow
from editor.canvas.stage import Stage


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.installed()


@pytest.fixture
def bench(qapp: object, catalogue: Catalogue, tmp_path: Path) -> Workbench:
    document, trace, breakpoints = Document(catalogue), TraceModel(), Breakpoints()
    trust = TrustStore(tmp_path / "trusted.json")
    settings = EditorSettings(tmp_path)
    preferences = PreferenceStore(settings)
    preferences.try_out(
        Preferences(reduced_motion=True)
    )  # what is asked about at once stands still
    return Workbench(
        catalogue=catalogue,
        document=document,
        keeper=Keeper.of(document, catalogue, tmp_path / "state"),
        selection=Selection(document),
        source=SourceDraft(document, catalogue, document),
        breakpoints=breakpoints,
        trace=trace,
        run=RunController(document, trace, breakpoints, catalogue, trust),
        model_lists=ModelLists(catalogue, parent=document),
        recent_models=RecentModels(lambda: settings.recent, catalogue),
        settings=settings,
        preferences=preferences,
        theme=ThemeSwitch(),
    )


@pytest.fixture
def stage(bench: Workbench, qtbot: QtBot) -> Stage:
    return Stage(bench, qtbot)


@pytest.fixture
def nested(stage: Stage) -> Stage:
    """The stage with a flow of everything inside everything."""
    stage.show(nested_flow())
    return stage

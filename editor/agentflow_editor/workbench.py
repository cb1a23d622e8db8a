"""Workbench: the long-lived objects, handed to whatever shows or does something."""

from dataclasses import dataclass

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
from agentflow_editor.settings.preferences import PreferenceStore
from agentflow_editor.settings.store import EditorSettings

__all__ = ["Workbench"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """One window's document, and what runs and shows it."""

    catalogue: Catalogue
    document: Document
    keeper: Keeper
    selection: Selection
    source: SourceDraft
    breakpoints: Breakpoints
    trace: TraceModel
    run: RunController
    model_lists: ModelLists
    recent_models: RecentModels
    settings: EditorSettings
    preferences: PreferenceStore
    theme: ThemeSwitch

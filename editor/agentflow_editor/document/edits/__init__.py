"""Edits: everything that can be done to a sheet, as pure functions from one sheet to the next.

Whoever edits imports this package and writes `edits.link(...)`; its modules are one theme each. An
edit that is impossible raises an `EditError` that says what to do instead.
"""

from agentflow_editor.document.edits.adding import add_agent, add_orchestrator, add_use
from agentflow_editor.document.edits.agents import change_type, define_agent, remove_agent
from agentflow_editor.document.edits.cases import (
    add_case,
    move_chain,
    remove_case,
    rename_case,
    set_case,
)
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.fixes import apply_fix
from agentflow_editor.document.edits.links import link, relink, unlink
from agentflow_editor.document.edits.names import rename, rename_agent, rename_use
from agentflow_editor.document.edits.paths import followed, new_paths
from agentflow_editor.document.edits.settings import (
    set_agent,
    set_agent_setting,
    set_flow,
    set_orchestrator,
)
from agentflow_editor.document.edits.steps import delete, duplicate, move_step, place, remove
from agentflow_editor.document.edits.tree import Slot

__all__ = [
    "EditError",
    "Slot",
    "add_agent",
    "add_case",
    "add_orchestrator",
    "add_use",
    "apply_fix",
    "change_type",
    "define_agent",
    "delete",
    "duplicate",
    "followed",
    "link",
    "move_chain",
    "move_step",
    "new_paths",
    "place",
    "relink",
    "remove",
    "remove_agent",
    "remove_case",
    "rename",
    "rename_agent",
    "rename_case",
    "rename_use",
    "set_agent",
    "set_agent_setting",
    "set_case",
    "set_flow",
    "set_orchestrator",
    "unlink",
]

"""Edits: everything that can be done to a sheet, as pure functions from one sheet to the next.

Whoever edits imports this package and writes `edits.link(...)`; its modules are one theme each. An
edit that is impossible raises an `EditError` that says what to do instead.
"""

from agentflow_editor.document.edits.adding import add_agent, add_orchestrator, add_use
from agentflow_editor.document.edits.agents import change_type, define_agent, remove_agent
from agentflow_editor.document.edits.cases import (
    add_case,
    add_default,
    move_chain,
    remove_case,
    rename_case,
    set_case,
)
from agentflow_editor.document.edits.clip import clip, paste
from agentflow_editor.document.edits.collapsing import collapse
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.fixes import apply_fix
from agentflow_editor.document.edits.links import link, relink, unlink
from agentflow_editor.document.edits.meant import loop_over, run_beside, use_again
from agentflow_editor.document.edits.mending import remove_chain
from agentflow_editor.document.edits.moving import (
    move_along,
    park,
    release,
    reorder_chains,
    slot_on,
    splice,
)
from agentflow_editor.document.edits.names import rename, rename_agent, rename_use
from agentflow_editor.document.edits.notes import SMALLEST, resize_note, write_note
from agentflow_editor.document.edits.paths import followed, new_paths
from agentflow_editor.document.edits.pools import (
    add_pool,
    remove_pool,
    rename_pool,
    set_pool,
)
from agentflow_editor.document.edits.settings import (
    set_agent,
    set_agent_setting,
    set_agent_settings,
    set_agents,
    set_flow,
    set_orchestrator,
    set_orchestrators,
)
from agentflow_editor.document.edits.steps import (
    delete,
    duplicate,
    move_steps,
    place,
    remove,
)
from agentflow_editor.document.edits.switching import switch
from agentflow_editor.document.edits.tree import Slot
from agentflow_editor.document.edits.wrapping import change_mode, dissolve, heal, wrap

__all__ = [
    "SMALLEST",
    "EditError",
    "Slot",
    "add_agent",
    "add_case",
    "add_default",
    "add_orchestrator",
    "add_pool",
    "add_use",
    "apply_fix",
    "change_mode",
    "change_type",
    "clip",
    "collapse",
    "define_agent",
    "delete",
    "dissolve",
    "duplicate",
    "followed",
    "heal",
    "link",
    "loop_over",
    "move_along",
    "move_chain",
    "move_steps",
    "new_paths",
    "park",
    "paste",
    "place",
    "release",
    "relink",
    "remove",
    "remove_agent",
    "remove_case",
    "remove_chain",
    "remove_pool",
    "rename",
    "rename_agent",
    "rename_case",
    "rename_pool",
    "rename_use",
    "reorder_chains",
    "resize_note",
    "run_beside",
    "set_agent",
    "set_agent_setting",
    "set_agent_settings",
    "set_agents",
    "set_case",
    "set_flow",
    "set_orchestrator",
    "set_orchestrators",
    "set_pool",
    "slot_on",
    "splice",
    "switch",
    "unlink",
    "use_again",
    "wrap",
    "write_note",
]

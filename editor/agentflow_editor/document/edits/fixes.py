"""Fixes: the edits that a problem may ask for, by the names that it knows them by."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from agentflow.catalogue import Catalogue
from agentflow.problem import Fix
from agentflow_editor.document.edits.agents import change_type, define_agent, remove_agent
from agentflow_editor.document.edits.cases import (
    add_case,
    add_default,
    remove_case,
    rename_case,
    set_case,
)
from agentflow_editor.document.edits.error import EditError
from agentflow_editor.document.edits.mending import add_stand_in, remove_chain, run_at_end
from agentflow_editor.document.edits.names import rename, rename_agent, rename_use
from agentflow_editor.document.edits.pools import add_pool, remove_pool
from agentflow_editor.document.edits.settings import (
    set_agent,
    set_agent_setting,
    set_flow,
    set_orchestrator,
)
from agentflow_editor.document.edits.steps import remove
from agentflow_editor.document.edits.wrapping import change_mode
from agentflow_editor.document.sheet import Sheet

__all__ = ["apply_fix"]

_PLAIN: MappingProxyType[str, Callable[..., Sheet]] = MappingProxyType(
    {
        edit.__name__: edit
        for edit in (
            add_case,
            add_default,
            add_pool,
            remove,
            remove_agent,
            remove_case,
            remove_chain,
            remove_pool,
            rename,
            rename_agent,
            rename_case,
            rename_use,
            run_at_end,
            set_agent,
            set_agent_setting,
            set_case,
            set_flow,
            set_orchestrator,
        )
    }
)
_OF_A_TYPE: MappingProxyType[str, Callable[..., Sheet]] = MappingProxyType(
    {edit.__name__: edit for edit in (add_stand_in, change_mode, change_type, define_agent)}
)
"""Edits that have to be told what there is."""


def apply_fix(sheet: Sheet, fix: Fix, *, catalogue: Catalogue) -> Sheet:
    """Do what a problem's fix says.

    Raises:
        EditError: only a person can do it, or it does not fit the sheet any more.
    """
    edit = _PLAIN.get(fix.edit)
    if edit is None and fix.edit in _OF_A_TYPE:
        edit = partial(_OF_A_TYPE[fix.edit], catalogue=catalogue)
    if edit is None:
        raise EditError(
            "", f"“{fix.title}” has to be done by hand", "select the step and change it"
        )
    return edit(sheet, **fix.arguments)

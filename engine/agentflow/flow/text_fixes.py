"""Text fixes: what mends a file where only its text can be mended, since the flow lacks it."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from agentflow.flow.where import Keys
from agentflow.problem import Fix

__all__ = ["EDIT_TEXT", "Change", "placed", "text_fix"]

EDIT_TEXT = "edit_text"
"""The edit of a fix that is made in the text itself."""

Change = Mapping[str, Any]
"""{"do": "rename" | "remove" | "set", "keys": …} with a new "name", or a "value"."""


def text_fix(title: str, *changes: Change) -> Fix:
    """The fix that changes the text; keys are those of the native format."""
    return Fix(title, EDIT_TEXT, {"changes": changes})


def placed(fix: Fix, in_file: Callable[[Keys], Keys]) -> Fix:
    """The same fix for a file; one that says the same otherwise has to be mended by hand."""
    if fix.edit != EDIT_TEXT:
        return fix
    changes = cast("tuple[Change, ...]", fix.arguments["changes"])
    return Fix(fix.title) if any(in_file(it["keys"]) != it["keys"] for it in changes) else fix

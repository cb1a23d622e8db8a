"""Collapsing: orchestrators are drawn as one node, or with all they own again."""

from collections.abc import Iterable
from dataclasses import replace

from agentflow.flow.flow import Orchestrator
from agentflow_editor.document.sheet import Sheet

__all__ = ["collapse"]


def collapse(sheet: Sheet, paths: Iterable[str], *, is_collapsed: bool) -> Sheet:
    """Draw orchestrators as one node each, or with what they own; other paths are left out."""
    asked, before = set(paths), sheet.sketch.collapsed
    meant = frozenset(
        it.path
        for it in sheet.flow.places()
        if it.path in asked and isinstance(it.step, Orchestrator)
    )
    after = before | meant if is_collapsed else before - meant
    return sheet if after == before else sheet.with_sketch(replace(sheet.sketch, collapsed=after))

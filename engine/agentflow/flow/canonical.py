"""A whole file written anew: tables in a fixed order, with a word on what each group is for."""

from typing import Any

from agentflow.flow.toml_document import ELEMENTS
from agentflow.flow.toml_text import header_text, pair_text
from agentflow.flow.toml_values import list_of, table_of

__all__ = ["canonical_text"]

_ORDER = ("agent_flow", "llm", "orchestration", "orchestrators", "agents", "pools", "memory")
_LAST = "editor"

_REMARKS: dict[tuple[str, ...], str] = {
    ("llm",): "# The language model of every agent that names none of its own.",
    ("orchestration",): "# What runs in which order; mode says how.",
    ("orchestrators",): "# Orchestrators that are members of others, which find them by name.",
    ("agents",): "# What each agent is, wherever it is used.",
    ("memory",): "# What agents remember from one run of a session to the next.",
    ("editor",): "# Where the editor draws each step. A run does not read this.",
}

_SHALLOW = {"orchestration": 2, "orchestrators": 2, "agents": 3, "editor": 3}
"""How many parts the headers of our tables have at most; what is further in is a value."""


def canonical_text(data: dict[str, Any]) -> str:
    """The text of tables that no file has said before, or that its file cannot say."""
    names = [key for key in _ORDER if key in data]
    names += [key for key in data if key not in (*_ORDER, _LAST)]
    names += [_LAST] if _LAST in data else []
    # A key outside of all tables has to stand before the first of them.
    lines = [pair_text(key, data[key]) for key in names if not _is_table(data[key])]
    blocks = ["".join(lines)] if lines else []
    for key in names:
        if _is_table(data[key]):
            block = _block((key,), data[key])
            if block:
                remark = _REMARKS.get((key,), "")
                blocks.append(f"{remark}\n{block}" if remark else block)
    return "\n".join(blocks)


def _is_table(value: Any) -> bool:
    return table_of(value) is not None or _is_elements(value)


def _is_elements(value: Any) -> bool:
    items = list_of(value)
    return bool(items) and all(table_of(it) is not None for it in items or ())


def _block(keys: tuple[str, ...], value: Any, *, is_element: bool = False) -> str:
    """A table with all that is in it; "" for one that says nothing and need not be there."""
    if list_of(value) is not None:
        return "\n".join(_block(keys, it, is_element=True) for it in list_of(value) or ())
    table = table_of(value) or {}
    lines: list[str] = []
    blocks: list[str] = []
    for key, inner in table.items():
        if _gets_header((*keys, key), inner, is_element):
            blocks.append(_block((*keys, key), inner))
        else:
            lines.append(pair_text(key, inner))
    header = header_text(keys, array=is_element) + "\n"
    if lines or is_element or not blocks:
        blocks.insert(0, header + "".join(lines))
    return "\n".join(blocks)


def _gets_header(keys: tuple[str, ...], value: Any, is_element: bool) -> bool:
    depth = _SHALLOW.get(keys[0])
    if _is_elements(value):
        return depth is None or keys[-1] in ELEMENTS
    if table_of(value) is None:
        return False
    return depth is None or (len(keys) <= depth and not is_element)

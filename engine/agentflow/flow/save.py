"""Writes a flow as agentflow.toml: what did not change stays as it is in the file.

Only the differences to the flow that was read are applied to the file's own text. The text that
comes of it is read again, and has to say exactly the flow that was meant; where it does not, the
file is written anew in the canonical form, with everything that it said, but without its comments.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agentflow.errors import FlowFileError, SaveError
from agentflow.flow.atomic_file import FileChangedError, replace_file
from agentflow.flow.canonical import canonical_text
from agentflow.flow.differences import apply, written
from agentflow.flow.flow import Flow
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.flow_tables import Tables, tables_of
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import load, parse
from agentflow.flow.plain_tables import PlainTables
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.toml_body import CannotEditError
from agentflow.flow.toml_document import TomlDocument
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["Rendered", "render", "save"]

_CASES: Keys = ("orchestration", "routing", "cases")

Positions = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a file is to hold."""

    text: str
    """Without byte order mark."""
    rewritten: bool = False
    """Whether the file's own form could not be kept; its comments are gone then."""


def render(file: FlowFile | None, flow: Flow, layout: Positions, kinds: Kinds) -> Rendered:
    """The text of a flow.

    Args:
        file: what it was read from; None for a flow that is in no file yet.
        flow: what the text is to say.
        layout: positions of nodes by path.
        kinds: which modes and agent types there are, such as the Catalogue.

    Raises:
        SaveError: no text says this flow, such as one with two orchestrators of one name.
    """
    if file is not None and flow == file.flow and dict(layout) == dict(file.layout):
        return Rendered(file.text)
    old, new = _states(file, flow, layout, kinds)
    data = _values(file, old, new)

    def says(text: str) -> bool:
        try:
            read = parse(text, kinds)
        except FlowFileError:
            return False
        is_meant = read.flow == flow and dict(read.layout) == dict(layout)
        return is_meant and _is_same_data(read.data, data)

    edited = None if file is None else _edited(file, old, new)
    if edited is not None and says(edited):
        return Rendered(edited)
    text = canonical_text(data)
    if says(text):
        return Rendered(text, rewritten=file is not None)
    raise SaveError(
        "no file can say this flow",
        file=None if file is None else file.source,
        fix="look at Problems for names that stand twice or cannot be names",
    )


def save(
    path: Path | str,
    file: FlowFile | None,
    flow: Flow,
    layout: Positions,
    kinds: Kinds,
    *,
    overwrite: bool = False,
) -> FlowFile:
    """Write a flow to a file, whole or not at all.

    Args:
        path: the file; a link is followed.
        file: what was read, from there or from elsewhere; None for a flow that is in no file yet.
        flow: what the file is to say.
        layout: positions of nodes by path.
        kinds: which modes and agent types there are, such as the Catalogue.
        overwrite: whether a file may be replaced that is not what was read.

    Raises:
        SaveError: it was not written; the file is as it was.
    """
    target = Path(path)
    rendered = render(file, flow, layout, kinds)
    mark = "\N{BYTE ORDER MARK}" if file is not None and file.has_bom else ""
    expected = None if overwrite else _expected(target, file)
    try:
        content = (mark + rendered.text).encode("utf-8")
        replace_file(target, content, expected=expected)
        return replace(load(target, kinds), rewritten=rendered.rewritten)
    except FileChangedError:
        what = "has been changed by somebody else since it was read" if expected else "exists"
        fix = "save under another name, or overwrite it on purpose"
        raise SaveError(what, file=target, fix=fix) from None
    except OSError as error:
        raise SaveError(f"cannot be written ({error.strerror})", file=target) from error
    except (FlowFileError, UnicodeEncodeError) as error:
        raise SaveError(f"cannot be written ({error})", file=target) from error


def _expected(target: Path, file: FlowFile | None) -> str:
    """What must be on disk: what was read from there, or nothing."""
    if file is None or file.source is None:
        return ""
    same = target.resolve() == file.source.resolve()
    return file.digest if same else ""


def _states(
    file: FlowFile | None, flow: Flow, layout: Positions, kinds: Kinds
) -> tuple[Tables, Tables]:
    """The tables of the flow that was read and of the one to be written, in the file's form."""
    if file is None:
        return {}, tables_of(flow, layout, kinds, staged=False)
    staged = _is_staged(file)
    old = tables_of(file.flow, file.layout, kinds, staged=staged)
    new = tables_of(flow, layout, kinds, staged=staged)
    before, after = old["orchestration"], new["orchestration"]
    if before["mode"] != after["mode"] and "mixed" not in (before["mode"], after["mode"]):
        # The table of a mode that is no longer active is kept for the day when it is again.
        before.pop(MODE_TABLES.get(before["mode"], before["mode"]), None)
    implied = _CASES in file.spelled and not file.spelled[_CASES].keys
    if implied and list(flow.agents) != list(file.flow.agents):
        # A case for each agent was implied; which agents there are says nothing of cases now.
        before.get(_CASES[1], {}).pop(_CASES[2], None)
    return old, new


def _is_staged(file: FlowFile) -> bool:
    """Whether the root is written as stages."""
    told = table_of(file.data.get("orchestration")) or {}
    return told.get("mode") == "mixed" or ("mode" not in told and "mixed" in told)


def _edited(file: FlowFile, old: Tables, new: Tables) -> str | None:
    """The file's own text with the differences; None when it cannot hold them."""
    document = TomlDocument(file.text)
    try:
        apply(document, old, new, file.spelled)
    except CannotEditError:
        return None
    return document.text


def _values(file: FlowFile | None, old: Tables, new: Tables) -> Tables:
    """Every value that the text is to have: the flow's, and what else the file has."""
    if file is None:
        told: Tables = written(new)
        told["editor"] = {key: it for key, it in told["editor"].items() if it}
        return {key: it for key, it in told.items() if it}
    tables = PlainTables(file.data)
    apply(tables, old, new, file.spelled)
    return tables.data


def _is_same_data(one: Any, other: Any) -> bool:
    """Whether two files have the same values; a table without any counts as none."""
    mine, its = table_of(one), table_of(other)
    if mine is not None and its is not None:
        return all(_is_same_data(mine.get(key), its.get(key)) for key in {*mine, *its})
    items, others = list_of(one), list_of(other)
    if items is not None and others is not None:
        return len(items) == len(others) and all(map(_is_same_data, items, others))
    # Not by ==, for which 1, 1.0 and True are one, and nan is never itself.
    return repr(one) == repr(other) or (_is_nothing(one) and _is_nothing(other))


def _is_nothing(value: Any) -> bool:
    table = table_of(value)
    if table is not None:
        return all(_is_nothing(it) for it in table.values())
    return value is None or value == []

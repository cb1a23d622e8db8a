"""Draft: unsaved work as it was last kept, with the file that it is an edit of."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentflow.errors import FlowFileError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.flow.stored import flow_of, flow_since, stored, stored_since
from agentflow_editor.document.sheet import Layout, Note, Sheet, Sketch
from agentflow_editor.recovery.records import Record

__all__ = [
    "Draft",
    "base_record",
    "base_sheet",
    "change_record",
    "draft_of",
    "draft_record",
    "words_record",
]

Wholes = Mapping[Any, Record]
"""The drafts that are whole, by number."""

_BOM = "\N{BYTE ORDER MARK}"
_UNREADABLE = (FlowFileError, KeyError, TypeError, AttributeError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What can be given back to a person."""

    path: Path | None
    """The file that it would be saved to; None for a flow that was in none."""
    base: FlowFile | None
    """That file as it was when the work began."""
    sheet: Sheet
    """The work."""
    typed: FlowFile | None = None
    """The text that it was written into, where that is not the file's."""
    half_typed: str | None = None
    """A text that was typed in the source and not taken yet."""
    at: datetime
    """When it was kept, in UTC."""


def base_record(file: FlowFile | None, path: Path | None) -> Record:
    """What was open before the first unsaved edit, as a record."""
    text = None if file is None else (_BOM if file.has_bom else "") + file.text
    return {"kind": "base", "path": None if path is None else str(path.absolute()), "text": text}


def draft_record(sheet: Sheet, words: Record, number: int = 1) -> Record:
    """The work as it stands, as a record; some ten milliseconds for a thousand steps.

    Args:
        sheet: the work.
        words: its `words_record`.
        number: what changes call it by that are told since.
    """
    layout = dict(sheet.layout)
    return {
        **words, "kind": "draft", "number": number, "flow": stored(sheet.flow), "layout": layout
    }  # fmt: skip


def change_record(sheet: Sheet, words: Record, since: Sheet, number: int) -> Record:
    """The work as it stands, as what is other in it than in work that is kept already.

    Args:
        sheet: the work.
        words: its `words_record`.
        since: the other one.
        number: that of its draft; 0 for what was open before the first unsaved edit.
    """
    known = since.layout
    return {
        **words,
        "kind": "change",
        "since": number,
        "flow": stored_since(sheet.flow, since.flow),
        "layout": {path: at for path, at in sheet.layout.items() if known.get(path) != at},
        "gone": [path for path in known if path not in sheet.layout],
    }


def words_record(
    sheet: Sheet, at: datetime, typed: str | None = None, half_typed: str | None = None
) -> Record:
    """What is kept of work beside its flow and where that stands.

    Args:
        sheet: the work.
        at: now.
        typed: the text that it was written into, where that is not the file's.
        half_typed: a text that is typed and not taken yet.
    """
    return {
        "at": at.timestamp(),
        "notes": {name: astuple(note) for name, note in sheet.sketch.notes.items()},
        "collapsed": sorted(sheet.sketch.collapsed),
        "typed": typed,
        "half_typed": half_typed,
    }


def base_sheet(file: FlowFile | None) -> Sheet:
    """The work before its first edit."""
    return Sheet() if file is None else Sheet.of(file)


def draft_of(records: Iterable[Record], kinds: Kinds) -> Draft | None:
    """The newest work among some records that can be read; None where there is none."""
    base: Record = {}
    works: list[Record] = []
    for record in records:
        if record.get("kind") == "base":
            base, works = record, []
        elif record.get("kind") in ("draft", "change"):
            works.append(record)
    wholes = {it.get("number"): it for it in works if it["kind"] == "draft"}
    return next(filter(None, (_draft(base, it, wholes, kinds) for it in reversed(works))), None)


def _draft(base: Record, work: Record, wholes: Wholes, kinds: Kinds) -> Draft | None:
    path = Path(base["path"]) if base.get("path") else None
    try:
        file = None if base.get("text") is None else parse(base["text"], kinds, path)
        notes = {str(name): Note(*it) for name, it in work.get("notes", {}).items()}
        sketch = Sketch(notes, frozenset(work.get("collapsed", ())))
        sheet = _sheet(work, file, wholes, kinds).with_sketch(sketch)
        typed = None if work.get("typed") is None else parse(work["typed"], kinds)
        half = None if work.get("half_typed") is None else str(work["half_typed"])
        at = datetime.fromtimestamp(work["at"], UTC)
    except _UNREADABLE:
        return None
    return Draft(path=path, base=file, sheet=sheet, typed=typed, half_typed=half, at=at)


def _sheet(work: Record, file: FlowFile | None, wholes: Wholes, kinds: Kinds) -> Sheet:
    layout = {path: (int(x), int(y)) for path, (x, y) in work["layout"].items()}
    if work["kind"] == "draft":
        return Sheet(flow_of(work["flow"], kinds), Layout(layout))
    number = work["since"]
    since = _sheet(wholes[number], file, {}, kinds) if number else base_sheet(file)
    gone = frozenset(work["gone"])
    kept = {path: at for path, at in since.layout.items() if path not in gone}
    return Sheet(flow_since(work["flow"], since.flow, kinds), Layout({**kept, **layout}))

"""Draft: unsaved work as it was last kept, with the file that it is an edit of."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from agentflow.errors import FlowFileError
from agentflow.flow.flow_file import FlowFile
from agentflow.flow.kinds import Kinds
from agentflow.flow.load import parse
from agentflow.flow.stored import flow_of, stored
from agentflow_editor.document.sheet import Layout, Note, Sheet, Sketch
from agentflow_editor.recovery.records import Record

__all__ = ["Draft", "base_record", "draft_of", "draft_record"]

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


def draft_record(
    sheet: Sheet, at: datetime, typed: str | None = None, half_typed: str | None = None
) -> Record:
    """The work as it stands, as a record; a few milliseconds for a thousand steps.

    Args:
        sheet: the work.
        at: now.
        typed: the text that it was written into, where that is not the file's.
        half_typed: a text that is typed and not taken yet.
    """
    return {
        "kind": "draft",
        "at": at.timestamp(),
        "flow": stored(sheet.flow),
        "layout": dict(sheet.layout),
        "notes": {name: astuple(note) for name, note in sheet.sketch.notes.items()},
        "collapsed": sorted(sheet.sketch.collapsed),
        "typed": typed,
        "half_typed": half_typed,
    }


def draft_of(records: Iterable[Record], kinds: Kinds) -> Draft | None:
    """The newest work among some records that can be read; None where there is none."""
    base: Record = {}
    drafts: list[Record] = []
    for record in records:
        if record.get("kind") == "base":
            base, drafts = record, []
        elif record.get("kind") == "draft":
            drafts.append(record)
    return next(filter(None, (_draft(base, it, kinds) for it in reversed(drafts))), None)


def _draft(base: Record, draft: Record, kinds: Kinds) -> Draft | None:
    path = Path(base["path"]) if base.get("path") else None
    try:
        layout = Layout((path, (int(x), int(y))) for path, (x, y) in draft["layout"].items())
        notes = {str(name): Note(*it) for name, it in draft.get("notes", {}).items()}
        sketch = Sketch(notes, frozenset(draft.get("collapsed", ())))
        sheet = Sheet(flow_of(draft["flow"], kinds), layout, sketch)
        file = None if base.get("text") is None else parse(base["text"], kinds, path)
        typed = None if draft.get("typed") is None else parse(draft["typed"], kinds)
        half = None if draft.get("half_typed") is None else str(draft["half_typed"])
        at = datetime.fromtimestamp(draft["at"], UTC)
    except _UNREADABLE:
        return None
    return Draft(path=path, base=file, sheet=sheet, typed=typed, half_typed=half, at=at)

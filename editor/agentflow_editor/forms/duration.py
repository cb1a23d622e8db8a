"""A duration, understood however a person writes it, and written as Go does: "1m30s"."""

import re
from datetime import timedelta
from typing import Any

from agentflow.duration import format_duration, parse_duration
from agentflow_editor.forms._field import Field, FieldEditor, FormField, Surroundings
from agentflow_editor.forms._line import CountingLine

__all__ = ["FORM_FIELD", "understood"]

_UNITS = {
    "ms": ("ms", "msec", "msecs", "millisecond", "milliseconds"),
    "s": ("", "s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
}
_NAMED = {name: unit for unit, names in _UNITS.items() for name in names}
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)\s*(?:and\s+|,\s+)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def understood(text: str) -> timedelta | None:
    """What a person means: "90", "1.5 min", "2 hours 5 min", "1:30"; None when nobody can know.

    A bare number is seconds here, since the field shows at once what became of it.
    """
    try:
        return parse_duration(text.strip())
    except ValueError:
        pass
    said = text.strip().lower()
    if clock := _CLOCK.fullmatch(said):
        hours, minutes, seconds = (int(it or 0) for it in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    parts = list(_PART.finditer(said))
    if not parts or "".join(it.group() for it in parts) != said:
        return None
    bare = sum(not it[2] for it in parts)
    if any(it[2] not in _NAMED for it in parts) or (bare and len(parts) > 1):
        return None
    amounts = (float(it[1].replace(",", ".")) * _SECONDS[_NAMED[it[2]]] for it in parts)
    try:
        return parse_duration(timedelta(seconds=round(sum(amounts), 6)))
    except (ValueError, OverflowError):
        return None


class DurationEditor(CountingLine):
    """A line for a duration. When it is left, it shows what was understood."""

    def __init__(self, field: Field) -> None:
        placeholder = field.default_text or "none; for example 30s"
        super().__init__(placeholder=placeholder, read=_read, write=_write)
        self._field = field
        self.line.editingFinished.connect(self._settle)

    def _settle(self) -> None:
        meant = understood(self.line.text()) if self.line.text() else None
        if meant is not None:
            self.line.setText(_short(meant))

    def count(self, step: int) -> None:
        """Count in the unit that it is about: seconds below two minutes, else minutes, or hours."""
        now = understood(self.line.text() or self._field.default_text) or timedelta()
        unit = next((it for below, it in _STEPS if timedelta() < now < below), _FIRST)
        counted = max(timedelta(), (now // unit + step) * unit)
        value = _short(counted)
        if not self._field.fault(value):
            self.line.setText(value)
            self.edited.emit(value)


_FIRST = timedelta(seconds=1)
_STEPS = (
    (_FIRST, timedelta(milliseconds=10)),
    (timedelta(minutes=2), _FIRST),
    (timedelta(hours=2), timedelta(minutes=1)),
    (timedelta(days=30), timedelta(hours=1)),
)


def _read(text: str) -> str:
    try:
        parse_duration(text)
    except ValueError:
        meant = understood(text)
        return text if meant is None else _short(meant)
    return text


def _write(value: Any) -> str:
    return _short(value) if isinstance(value, timedelta) else str(value)


def _short(value: timedelta) -> str:
    """As Go reads it, without the zeros that Go would write: "2m", not "2m0s"."""
    text = format_duration(value)
    text = text.removesuffix("0s") if text.endswith("m0s") else text
    return text.removesuffix("0m") if text.endswith("h0m") else text


def _build(field: Field, _around: Surroundings) -> FieldEditor:
    return DurationEditor(field)


FORM_FIELD = FormField(
    name="duration", rank=10, accepts=lambda field: field.kind is timedelta, build=_build
)

"""Hears which dialect a file speaks, and tells what became of it."""

from collections.abc import Mapping
from typing import Any

from agentflow.flow.dialects import core, v1beta
from agentflow.flow.dialects.base import Dialect, Said
from agentflow.flow.lines import LineIndex
from agentflow.flow.spelled import Spelled
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix, Problem, Severity

__all__ = ["DIALECTS", "dialect_of", "remarks", "translated"]

DIALECTS: tuple[Dialect, ...] = (core.DIALECT, v1beta.DIALECT)


def dialect_of(data: Mapping[str, Any]) -> Dialect | None:
    """What a file's tables are written in; None for the native format."""
    return next((it for it in DIALECTS if it.is_spoken(data)), None)


def translated(data: Mapping[str, Any], dialect: Dialect | None) -> Said:
    """A file's tables with the keys of the native format."""
    said = Said.of(data)
    if dialect is not None:
        dialect.translate(said)
    return said


def remarks(
    dialect: Dialect, said: Said, spelled: Mapping[Keys, Spelled], lines: LineIndex
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What the file is and what could not be said, and apart from it what is said otherwise.

    Args:
        dialect: what the file is written in.
        said: what that made of the file.
        spelled: where the file has what stands elsewhere in the native tables.
        lines: of the file.
    """
    lost = [
        _problem("lost", it.keys, it.message, lines) for it in said.remarks if it.kind == "lost"
    ]
    changed = {it.keys: it.message for it in said.remarks if it.kind == "translated"}
    for native, found in spelled.items():
        for place in found.keys:
            if native[-1] != place[-1] and not isinstance(native[-1], int):
                changed.setdefault(place, f"is {dotted(native)} here")
    told = [_problem("translated", keys, message, lines) for keys, message in changed.items()]
    return (_heading(dialect, len(told)), *lost), tuple(told)


def _heading(dialect: Dialect, told: int) -> Problem:
    message = f"the file is written in {dialect.title}, and {told} things are said otherwise here"
    fix = Fix("`agentflow import` lists them and makes a native file")
    return Problem(severity="info", code="other-dialect", message=message, line=1, fixes=(fix,))


def _problem(kind: str, keys: Keys, message: str, lines: LineIndex) -> Problem:
    severity: Severity = "warning" if kind == "lost" else "info"
    code = "not-translated" if kind == "lost" else "translated"
    return lines.placed(Problem(severity=severity, code=code, message=message), keys)

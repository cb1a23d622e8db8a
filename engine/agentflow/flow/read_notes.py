"""Notes: what a reader finds wrong, or worth knowing, while it reads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from agentflow.flow.lines import LineIndex
from agentflow.flow.near import near
from agentflow.flow.spelled import Spelled, as_written
from agentflow.flow.text_fixes import placed, text_fix
from agentflow.flow.where import Keys, dotted
from agentflow.problem import Fix, Problem, Severity

__all__ = ["Notes", "TooMuchError", "shown"]

MAX_NOTES = 5_000
"""More than these nobody reads; a file with more of them is no flow's."""
MAX_HINTS = 50
"""Near misses are looked for this often; a file with more strange keys is of another program."""


def shown(value: object) -> str:
    """A value as a message shows it: short, whatever it is."""
    try:
        said = repr(value)
    except ValueError:  # An integer of thousands of digits.
        return "a number of too many digits"
    return said if len(said) <= 60 else said[:60] + "…"


class TooMuchError(Exception):
    """There is more in a file than makes sense; its text tells what."""


class Notes:
    """Problems in the order in which they were found.

    Raises:
        TooMuchError: by whatever notes something, once that is too much.
    """

    def __init__(self) -> None:
        self._notes: list[tuple[Keys, Problem]] = []
        self._hints = 0

    def problems(self, spelled: Mapping[Keys, Spelled], lines: LineIndex) -> tuple[Problem, ...]:
        """All of them, each with the place where the file says it."""
        return tuple(
            replace(
                lines.placed(problem, place),
                fixes=tuple(
                    placed(fix, lambda it: as_written(it, spelled)) for fix in problem.fixes
                ),
            )
            for keys, problem in self._notes
            for place in (as_written(keys, spelled),)
        )

    def error(self, code: str, keys: Keys, message: str, *fixes: Fix) -> None:
        """Something that keeps the flow from running."""
        self._add("error", code, keys, message, fixes)

    def warning(self, code: str, keys: Keys, message: str, *fixes: Fix) -> None:
        """Something that most likely is not meant."""
        self._add("warning", code, keys, message, fixes)

    def info(self, code: str, keys: Keys, message: str, *fixes: Fix) -> None:
        """Something worth knowing."""
        self._add("info", code, keys, message, fixes)

    def unknown_key(self, keys: Keys, known: Iterable[str]) -> None:
        """A key that means nothing here; it is kept."""
        self._hints += 1
        meant = near(str(keys[-1]), known) if self._hints <= MAX_HINTS else None
        gone = text_fix("Remove it", {"do": "remove", "keys": keys})
        change = {"do": "rename", "keys": keys, "name": meant}
        fixes = () if meant is None else (text_fix(f"Did you mean {meant!r}?", change), gone)
        self.info("unknown-key", keys, "means nothing here and is kept as it is", *fixes)

    def wrong_kind(self, keys: Keys, wanted: str, found: object) -> None:
        """A value of another kind than its key wants."""
        self.error("wrong-value", keys, f"must be {wanted}, not {shown(found)}")

    def _add(
        self, severity: Severity, code: str, keys: Keys, message: str, fixes: tuple[Fix, ...]
    ) -> None:
        problem = Problem(severity=severity, code=code, message=message, fixes=fixes)
        self._notes.append((keys, problem))
        if len(self._notes) > MAX_NOTES:
            place, first = self._notes[0]
            raise TooMuchError(
                f"has more than {MAX_NOTES:,} faults; the first: {dotted(place)} {first.message}"
            )

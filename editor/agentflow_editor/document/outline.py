"""Outline: a flow as the rows of a tree that can be read aloud."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from agentflow.catalogue import Catalogue
from agentflow.flow.flow import AgentUse, Chain, Flow, Orchestrator, Place, Step, segments
from agentflow.problem import Problem
from agentflow_editor.document.concern import problems_by_step
from agentflow_editor.document.sheet import Note, note_key

__all__ = ["Row", "basis", "outline"]

PARKED = "Parked"
NOTES = "Notes"
NOTE_ICON = "note-outline"
NO_NOTES: Mapping[str, Note] = {}


@dataclass(slots=True)
class Row:
    """A step, a branch or case, a note, or the heading over what is parked or over the notes."""

    kind: Literal["step", "chain", "parked", "notes", "note"]
    path: str
    """The step's; that of the owner for a chain; a note's key."""
    text: str
    name: str = ""
    """What it is called, where it can be given another name."""
    number: int = 0
    """Its place among its parent's rows."""
    parent: int = -1
    """The number of its parent in the whole outline; -1 for none."""
    icon: str = ""
    color: str = "text"
    """The theme's role for its icon."""
    told: str = ""
    """What it is, in words."""
    is_pale: bool = False
    """Whether no run comes to it."""
    children: list[int] = field(default_factory=list[int])

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.kind, self.path, "" if self.kind in ("step", "note") else self.text


def outline(
    flow: Flow,
    catalogue: Catalogue,
    problems: Iterable[Problem] = (),
    notes: Mapping[str, Note] = NO_NOTES,
) -> list[Row]:
    """Every row, parents before their children: steps, what is parked, and notes."""
    return _Outline(flow, catalogue, problems, notes).rows


def basis(
    flow: Flow, problems: Iterable[Problem] = (), notes: Mapping[str, Note] = NO_NOTES
) -> tuple[object, ...]:
    """All that an outline is made from; where that is equal, so are the rows."""
    looks = {name: (spec.type, spec.enabled) for name, spec in flow.agents.items()}
    said = {name: note.text for name, note in notes.items()}
    return flow.places(), looks, _worst(problems, flow.places()), said


class _Outline:
    def __init__(
        self,
        flow: Flow,
        catalogue: Catalogue,
        problems: Iterable[Problem],
        notes: Mapping[str, Note],
    ) -> None:
        self._flow, self._catalogue = flow, catalogue
        self._severity = _worst(problems, flow.places())
        self.rows: list[Row] = []
        self._tops = 0
        self._chains((flow.root,), "", -1, is_pale=False)
        if flow.parked:
            parked = self._add(Row("parked", "", PARKED, icon="parking", is_pale=True), -1)
            for number, chain in enumerate(flow.parked):
                self._chains((chain,), f"|{number}/", parked, is_pale=True)
        if notes:
            self._notes(notes)

    def _add(self, row: Row, parent: int) -> int:
        number = len(self.rows)
        row.parent = parent
        self.rows.append(row)
        if parent < 0:
            row.number = self._tops
            self._tops += 1
        else:
            siblings = self.rows[parent].children
            row.number = len(siblings)
            siblings.append(number)
        return number

    def _notes(self, notes: Mapping[str, Note]) -> None:
        heading = self._add(Row("notes", "", NOTES, icon=NOTE_ICON, color="muted"), -1)
        for name, note in notes.items():
            row = Row("note", note_key(name), note.text, icon=NOTE_ICON, color="muted")
            row.told = f"{note.text}, note"
            self._add(row, heading)

    def _chains(
        self, chains: tuple[Chain, ...], prefix: str, parent: int, *, is_pale: bool
    ) -> None:
        for _, index, step, segment in segments(chains):
            self._step(step, prefix + segment, index, parent, is_pale=is_pale)

    def _step(self, step: Step, path: str, index: int, parent: int, *, is_pale: bool) -> None:
        row = self._row(step, path, index, is_pale=is_pale)
        number = self._add(row, parent)
        if not isinstance(step, Orchestrator):
            return
        heads: dict[int, int] = {}
        kind = self._catalogue.modes.get(step.mode)
        if kind is None or kind.chains != "one":
            for chain, (text, name) in enumerate(_heads(step)):
                told = f"{text} of {step.name}, {_counted(len(step.chains[chain].steps))}"
                head = Row(
                    "chain", path, text, name, icon="source-branch", color="muted", told=told
                )
                heads[chain] = self._add(head, number)
        for chain, place, member, segment in segments(step.chains):
            home = heads.get(chain, number)
            self._step(member, f"{path}/{segment}", place, home, is_pale=is_pale)

    def _row(self, step: Step, path: str, index: int, *, is_pale: bool) -> Row:
        if isinstance(step, AgentUse):
            spec = self._flow.agents.get(step.agent)
            kind = self._catalogue.agent_types.get(spec.type) if spec else None
            is_off = spec is not None and not spec.enabled
            what = f"agent, {kind.title}" if kind else "agent that nobody defined"
            icon_name, color = kind.icon if kind else "help-circle-outline", "agent"
        else:
            mode = self._catalogue.modes.get(step.mode)
            is_off = False
            what = mode.title if mode else step.mode
            icon_name, color = mode.icon if mode else "help-circle-outline", step.mode
        severity = self._severity.get(path, "")
        told = [step.name, what, f"step {index + 1}"]
        told += ["disabled"] * is_off + ["parked"] * is_pale + [severity] * bool(severity)
        return Row(
            "step",
            path,
            step.name,
            step.name,
            icon=icon_name,
            color=severity or color,
            told=", ".join(told),
            is_pale=is_pale or is_off,
        )


def _counted(steps: int) -> str:
    return f"{steps} step{'' if steps == 1 else 's'}"


def _heads(step: Orchestrator) -> Iterator[tuple[str, str]]:
    """The text of each chain's row, and its name where it has one."""
    is_router = any(chain.case is not None for chain in step.chains)
    for number, chain in enumerate(step.chains, start=1):
        if chain.case is not None:
            yield f"Case {chain.case.name}", chain.case.name
        else:
            yield "Default" if is_router else f"Branch {number}", ""


def _worst(problems: Iterable[Problem], places: Iterable[Place]) -> Mapping[str, str]:
    by_step = problems_by_step((it for it in problems if it.severity != "info"), places)
    return {
        path: "error" if any(it.severity == "error" for it in found) else "warning"
        for path, found in by_step.items()
    }

"""Query: which steps and notes a search finds: words, and `is:error`, `type:llm`, `uses:key`."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from agentflow.flow.flow import AgentUse, Flow, Orchestrator, Place
from agentflow.problem import Problem
from agentflow_editor.document.concern import problems_by_step
from agentflow_editor.document.sheet import Note, note_key

__all__ = ["IS", "Searched", "searched"]

IS = (
    "agent",
    "orchestrator",
    "note",
    "parked",
    "disabled",
    "undefined",
    "error",
    "warning",
    "problem",
)
"""What may stand after `is:` whatever the run."""

_TERM = re.compile(r'(?:(is|type|uses):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Searched:
    """A step or a note as a search sees it, all in lower case."""

    key: str
    """The step's path, or the note's key."""
    type: frozenset[str]
    """The agent's type, or the orchestrator's mode with its title; none of a note."""
    texts: str
    """Its name and everything that is written in its settings; what a note says."""
    marks: frozenset[str]
    """What holds of it, of those in IS."""

    def is_found_by(self, text: str, marks: Collection[str] = ()) -> bool:
        """Whether every term of a text holds.

        Args:
            text: words, quoted phrases, and terms such as "type:llm".
            marks: what else may stand after `is:` for this step.
        """
        return all(self._holds(*term, marks) for term in _terms(text))

    def _holds(self, field: str, word: str, marks: Collection[str]) -> bool:
        if field == "is":
            return word in self.marks or word in marks
        if field == "type":
            return word in self.type
        if field == "uses":
            return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", self.texts) is not None
        return word in self.texts


def searched(
    flow: Flow,
    titles: Mapping[str, str],
    problems: Iterable[Problem] = (),
    notes: Mapping[str, Note] | None = None,
) -> tuple[Searched, ...]:
    """Every step of a flow, and every note beside them, as a search sees it.

    Args:
        flow: what is searched.
        titles: what each mode is called on the canvas.
        problems: what was found in it.
        notes: by name.
    """
    places = flow.places()
    found = problems_by_step(problems, places)
    severities = {path: {it.severity for it in those} for path, those in found.items()}
    steps = (_seen(flow, place, titles, severities.get(place.path, set())) for place in places)
    return (*steps, *(_note(name, note) for name, note in (notes or {}).items()))


def _note(name: str, note: Note) -> Searched:
    return Searched(note_key(name), frozenset(), note.text.casefold(), frozenset({"note"}))


def _seen(flow: Flow, place: Place, titles: Mapping[str, str], severities: set[str]) -> Searched:
    marks = severities & {"error", "warning"}
    if marks:
        marks = marks | {"problem"}
    if place.path.startswith("|"):
        marks = marks | {"parked"}
    step = place.step
    if isinstance(step, Orchestrator):
        kinds = {step.mode, titles.get(step.mode, step.mode).casefold()}
        cases = [chain.case for chain in step.chains if chain.case is not None]
        texts = _texts([step.name, step.settings, *cases])
        return Searched(place.path, frozenset(kinds), texts, frozenset(marks | {"orchestrator"}))
    return _agent(flow, place, step, marks | {"agent"})


def _agent(flow: Flow, place: Place, step: AgentUse, marks: set[str]) -> Searched:
    spec = flow.agents.get(step.agent)
    if spec is None:
        marks = marks | {"undefined"}
    elif not spec.enabled:
        marks = marks | {"disabled"}
    kinds = frozenset({spec.type.casefold()} if spec else ())
    return Searched(place.path, kinds, _texts([step.agent, spec]), frozenset(marks))


def _texts(values: Iterable[object]) -> str:
    return "\n".join(text for value in values for text in _written(value)).casefold()


def _written(value: object) -> Iterator[str]:
    """Every text in a value, keys included; of a model only what was said."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from _written(getattr(value, name))
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[Any, Any]", value).items():
            yield str(key)
            yield from _written(inner)
    elif isinstance(value, (list, tuple)):
        for inner in cast("Iterable[Any]", value):
            yield from _written(inner)


def _terms(text: str) -> Iterator[tuple[str, str]]:
    for field, quoted, plain in _TERM.findall(text.casefold()):
        yield field, quoted or plain

"""Trust: which code of a flow's author a person has agreed to run, kept outside the project."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from agentflow.agents.base import executed_by, executed_by_spec
from agentflow.catalogue import Catalogue
from agentflow.errors import SaveError
from agentflow.flow.flow import Flow
from agentflow.flow.inner import inner_flows
from agentflow_editor.settings.shared_json import SharedJson

__all__ = ["TrustRequest", "TrustStore", "executable_surface"]


def executable_surface(
    flow: Flow, catalogue: Catalogue, folder: Path | None = None
) -> tuple[str, ...]:
    """All that running a flow would execute of its author's making, sorted, as a person reads it.

    Every agent that is defined counts: a result may be routed to one that no chain names. So do
    those of the flows in its folder that it would run.
    """
    lines = set(_executed(flow, catalogue))
    inner = inner_flows(flow, folder, catalogue, catalogue.agent_types) if folder else ()
    for file, of_file in inner:
        lines.update(f"{file.name}: {line}" for line in _executed(of_file, catalogue))
    return tuple(sorted(lines))


def _executed(flow: Flow, catalogue: Catalogue) -> Iterator[str]:
    for name, spec in flow.agents.items():
        if kind := catalogue.agent_types.get(spec.type):
            yield from executed_by(flow, name, kind)
    for step in flow.orchestrators():
        for spec in catalogue.called_by(step):
            yield from executed_by_spec(flow, spec, catalogue.agent_types[spec.type])


class TrustStore:
    """What was agreed to, by flow file: the hash of the list that was shown then.

    A flow whose list has changed since is a stranger again.
    """

    def __init__(self, path: Path) -> None:
        self._file = SharedJson(path)

    def trusts(self, flow: Path | None, surface: tuple[str, ...]) -> bool:
        """Whether exactly this list was agreed to for this file. A flow in no file never is."""
        return flow is not None and _digests(self._file.read()).get(_key(flow)) == _digest(surface)

    def trust(self, flow: Path | None, surface: tuple[str, ...]) -> None:
        """Remember that this list was agreed to; nothing is remembered of a flow in no file.

        Raises:
            SaveError: it could not be written.
        """
        if flow is None:
            return
        try:
            self._file.change(lambda known: {**_digests(known), _key(flow): _digest(surface)})
        except OSError as error:
            what = f"cannot be written ({error.strerror})"
            raise SaveError(what, file=self._file.path) from error


class TrustRequest:
    """A question to the person: may all this be executed? The first answer counts."""

    def __init__(
        self, surface: tuple[str, ...], on_grant: Callable[[], None], on_refuse: Callable[[], None]
    ) -> None:
        self.surface = surface
        """Everything that would be executed, one line each."""
        self._answers: tuple[Callable[[], None], Callable[[], None]] | None = (on_grant, on_refuse)

    def grant(self) -> None:
        """Yes; it is remembered, and the run goes on."""
        self._answer(0)

    def refuse(self) -> None:
        """No; nothing is run."""
        self._answer(1)

    def _answer(self, number: int) -> None:
        answers, self._answers = self._answers, None
        if answers is not None:
            answers[number]()


def _digests(known: Any) -> dict[str, str]:
    # A file that cannot be read trusts nobody: asking again is the safe answer.
    return cast("dict[str, str]", known) if isinstance(known, dict) else {}


def _key(flow: Path) -> str:
    return str(flow.resolve())


def _digest(surface: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(surface).encode()).hexdigest()

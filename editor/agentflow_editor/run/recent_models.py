"""RecentModels: which language models the flows name that were open lately."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from agentflow.catalogue import Catalogue
from agentflow.errors import FlowFileError
from agentflow.flow.flow import Flow, LlmSettings
from agentflow.flow.load import load

__all__ = ["RecentModels", "models_of"]

MOST = 8
"""Flows that are looked at."""
LARGEST = 256_000
"""Bytes of a file that is read only for this."""

Version = tuple[Path, int, int]
"""A file with the time of its last change and its size."""


def models_of(flow: Flow) -> Iterator[LlmSettings]:
    """What a flow says of its language models, for all agents and for each."""
    yield flow.llm
    for spec in flow.agents.values():
        if spec.llm is not None:
            yield spec.asking(flow.llm).llm or spec.llm


class RecentModels:
    """Reads each file once, when somebody wants to choose. Reading one executes nothing."""

    def __init__(self, recent: Callable[[], Iterable[Path]], catalogue: Catalogue) -> None:
        self._recent, self._catalogue = recent, catalogue
        self._read: dict[Version, tuple[LlmSettings, ...]] = {}

    def all(self) -> Iterator[LlmSettings]:
        """What they say, the last flow first; what cannot be read says nothing."""
        for path in islice(self._recent(), MOST):
            yield from self._models(path)

    def _models(self, path: Path) -> tuple[LlmSettings, ...]:
        try:
            about = path.stat()
            version = path, about.st_mtime_ns, about.st_size
            if about.st_size > LARGEST:
                return ()
            if version not in self._read:
                self._read[version] = tuple(models_of(load(path, self._catalogue).flow))
            return self._read[version]
        except (OSError, FlowFileError):
            return ()

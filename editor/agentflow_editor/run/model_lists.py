"""ModelLists: which models providers say they have; nobody is asked but where a person asks."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from agentflow.agents.base import executed_by_spec
from agentflow.catalogue import Catalogue
from agentflow.errors import AgentFlowError
from agentflow.flow.flow import AgentSpec, Flow, LlmSettings
from agentflow.models.listing import listed_models
from agentflow.models.open import named_provider

__all__ = ["ModelLists"]


class ModelLists(QObject):
    """What providers have answered since the window was opened. They are asked on a thread."""

    answered = Signal(object, str)
    """(LlmSettings, what went wrong or "") once whoever they name has answered."""
    _told = Signal(object, tuple, str)

    def __init__(
        self,
        catalogue: Catalogue,
        environ: Mapping[str, str] = os.environ,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._environ = catalogue, environ
        self._lists: dict[tuple[str, str], tuple[str, ...]] = {}
        self._told.connect(self._on_told)

    def known(self, asked: LlmSettings) -> tuple[str, ...]:
        """The models that whoever is asked has said to have; () as long as nobody asked."""
        return self._lists.get(_who(asked), ())

    def to_agree(self, asked: LlmSettings) -> str:
        """Who would be asked and what would be sent there, where a flow's author chose that."""
        kind = self._catalogue.agent_types["llm"]
        spec = AgentSpec(name="asking", type=kind.name, settings=kind.settings(), llm=asked)
        lines = executed_by_spec(Flow(), spec, kind)
        return "; ".join(line.removeprefix("Model: POST ") for line in lines)

    def ask(self, asked: LlmSettings) -> None:
        """Ask for a list; `answered` tells when it is there."""
        # Nobody waits for it: a program that ends leaves it behind.
        threading.Thread(
            target=self._ask, args=(asked,), name="agentflow: models", daemon=True
        ).start()

    def _ask(self, asked: LlmSettings) -> None:
        names, fault = tuple[str, ...](), ""
        try:
            names = asyncio.run(listed_models(asked, self._environ))
        except AgentFlowError as error:
            fault = str(error)
        except ValueError as error:  # what the environment says, or no address at all
            fault = f"these settings cannot be used ({type(error).__name__}); check base_url"
        with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
            self._told.emit(asked, names, fault)

    def _on_told(self, asked: LlmSettings, names: tuple[str, ...], fault: str) -> None:
        if not fault:
            self._lists[_who(asked)] = names
        self.answered.emit(asked, fault)


def _who(asked: LlmSettings) -> tuple[str, str]:
    return named_provider(asked), asked.base_url

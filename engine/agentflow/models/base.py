"""ModelClient: all that the engine knows of a language model."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from agentflow.flow.flow import LlmSettings

__all__ = [
    "Choice",
    "Message",
    "ModelClient",
    "ModelRequest",
    "Models",
    "Part",
    "TextDelta",
    "Tool",
    "ToolCall",
    "Usage",
]


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that a model may have called."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """A JSON schema: an object of its arguments."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model wants a tool called."""

    id: str
    name: str
    arguments: str
    """JSON, as the model wrote it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: str
    """"system", "user", "assistant", or "tool" for what came of a call."""
    text: str
    calls: tuple[ToolCall, ...] = ()
    """What an assistant wanted called."""
    answers: str = ""
    """The id of the call that a tool's message answers."""
    images: tuple[str, ...] = ()
    """Shown with it, each by a data or http(s) URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """What a model is asked."""

    messages: tuple[Message, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    schema: Mapping[str, Any] | None = None
    """A JSON schema that the answer must fit; None for free text."""
    seed: int | None = None
    tools: tuple[Tool, ...] = ()


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the answer took."""

    input_tokens: int
    output_tokens: int


Part = TextDelta | ToolCall | Usage
"""What an answer is made of."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A label chosen out of a list."""

    label: str
    scores: Mapping[str, float] = field(default_factory=dict[str, float])
    """Each label's share, 0..1, where the model tells."""
    usage: Usage | None = None
    """What it took, where the model tells."""


class ModelClient(Protocol):
    """Something that answers. It raises ModelError and nothing else on purpose."""

    @property
    def name(self) -> str:
        """The model's, as its provider knows it."""
        ...

    def stream(self, request: ModelRequest) -> AsyncIterator[Part]:
        """The answer as it comes; closing the iterator stops the model."""
        ...

    async def choose(
        self,
        request: ModelRequest,
        labels: Sequence[str],
        examples: Sequence[tuple[str, str]] = (),
    ) -> Choice:
        """One label for the last message; `examples` are (text, label) pairs to learn from."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and processes."""
        ...


class Models(Protocol):
    """Opens model clients, each once, and closes them all."""

    def client(self, settings: LlmSettings) -> ModelClient:
        """The client for these settings.

        Raises:
            ModelError: nothing here speaks to that provider; its text says what to install or set.
        """
        ...

    async def aclose(self) -> None:
        """Close every client that was opened."""
        ...

"""Turns: a conversation in the words of pydantic-ai, which has them for every provider."""

import importlib
import json
from collections.abc import Iterator
from typing import Any

from agentflow.models.base import Message, ModelRequest, ToolCall

__all__ = ["Turns"]


class Turns:
    """Translates requests and what comes back. The library is imported when the first is made."""

    def __init__(self) -> None:
        self._words: Any = importlib.import_module("pydantic_ai.messages")

    def of(self, request: ModelRequest) -> list[Any]:
        """Its messages; what is said to the model in a row is one turn, answers of tools too."""
        names = {call.id: call.name for it in request.messages for call in it.calls}
        turns: list[list[Any]] = [self._schema_told(request)]
        answers: list[bool] = [False]
        for message in request.messages:
            is_answer = message.role == "assistant"
            if is_answer != answers[-1]:
                turns.append([])
                answers.append(is_answer)
            turns[-1] += self._parts(message, names)
        words = self._words
        kinds = [words.ModelResponse if it else words.ModelRequest for it in answers]
        return [kind(parts=parts) for kind, parts in zip(kinds, turns, strict=True) if parts]

    def parameters(self, request: ModelRequest) -> Any:
        """The tools that the model may have called."""
        models: Any = importlib.import_module("pydantic_ai.models")
        tools: Any = importlib.import_module("pydantic_ai.tools")
        offered = [
            tools.ToolDefinition(
                name=it.name,
                description=it.description,
                parameters_json_schema=dict(it.parameters),
            )
            for it in request.tools
        ]
        return models.ModelRequestParameters(function_tools=offered, allow_text_output=True)

    def text_of(self, event: Any) -> str:
        """The piece of text that an event of the answer brings; "" for none."""
        words = self._words
        if isinstance(event, words.PartStartEvent) and isinstance(event.part, words.TextPart):
            return event.part.content
        if isinstance(event, words.PartDeltaEvent) and isinstance(event.delta, words.TextPartDelta):
            return event.delta.content_delta
        return ""

    def calls_of(self, answer: Any) -> Iterator[ToolCall]:
        """What the model wants called."""
        for part in answer.parts:
            if isinstance(part, self._words.ToolCallPart):
                yield ToolCall(part.tool_call_id, part.tool_name, part.args_as_json_str())

    def _schema_told(self, request: ModelRequest) -> list[Any]:
        if request.schema is None:
            return []
        wanted = "Answer with JSON that fits this schema, and with nothing else: "
        return [self._words.SystemPromptPart(content=wanted + json.dumps(request.schema))]

    def _parts(self, message: Message, names: dict[str, str]) -> list[Any]:
        words = self._words
        if message.role == "system":
            return [words.SystemPromptPart(content=message.text)]
        if message.role == "user":
            shown = [self._image(url) for url in message.images]
            return [words.UserPromptPart(content=[message.text, *shown] if shown else message.text)]
        if message.role == "tool":
            name = names.get(message.answers, "")
            answer = {"content": message.text, "tool_call_id": message.answers}
            return [words.ToolReturnPart(tool_name=name, **answer)]
        said = [words.TextPart(content=message.text)] if message.text else []
        calls = [
            words.ToolCallPart(tool_name=it.name, args=it.arguments or "{}", tool_call_id=it.id)
            for it in message.calls
        ]
        return [*said, *calls]

    def _image(self, url: str) -> Any:
        if url.startswith("data:"):
            return self._words.BinaryContent.from_data_uri(url)
        return self._words.ImageUrl(url=url)

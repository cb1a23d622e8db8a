"""Conversations: asks a model, has the tools called that it wants, and asks on until it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, cast

from agentflow.agents._tools import AgentTools, ReadyTool
from agentflow.agents.base import AgentCall
from agentflow.call_key import ToolKeys
from agentflow.errors import ModelError, SetupError
from agentflow.flow.flow import LlmSettings
from agentflow.json_value import json_text, json_value
from agentflow.models.base import Message, ModelClient, ModelRequest, TextDelta, ToolCall, Usage
from agentflow.trace import ModelUsed, ToolCalled

__all__ = ["Conversation"]

MOST_ANSWER = 100_000
"""Characters of what a tool answers that a model is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One call's conversation with a model."""

    client: ModelClient
    llm: LlmSettings
    call: AgentCall
    tools: AgentTools | None
    most_calls: int
    """How many tool calls there may be."""
    keys: ToolKeys
    """Those of the tools' calls."""

    async def answer(self, request: ModelRequest) -> tuple[str, ModelRequest]:
        """What the model says in the end, and all that led to it.

        Raises:
            ModelError: it does not answer, or wants more called than it may.
            SetupError: a tool is not there.
        """
        tools: Mapping[str, ReadyTool] = {}
        if self.tools is not None:
            tools = await self.tools.found(self.call)
        request = replace(request, tools=tuple(it.tool for it in tools.values()))
        left = self.most_calls
        while True:
            text, calls = await self._said(request)
            if not calls:
                return text, request
            left -= len(calls)
            if left < 0:
                what = f"the model wants more than {self.most_calls} tool calls"
                raise ModelError(what, fix="raise max_tool_calls, or tell it more clearly")
            told = [await self._told(it, tools) for it in calls]
            turns = (*request.messages, Message("assistant", text, calls=calls), *told)
            request = replace(request, messages=turns)

    def used(self, usage: Usage | None) -> None:
        """Put into the trace what an answer took, where the server tells."""
        if usage is None:
            return
        tokens = (usage.input_tokens, usage.output_tokens)
        self.call.note(ModelUsed, self.client.name, *tokens, _cost(self.llm, *tokens))

    async def _said(self, request: ModelRequest) -> tuple[str, tuple[ToolCall, ...]]:
        texts: list[str] = []
        calls: list[ToolCall] = []
        async for part in self.client.stream(request):
            if isinstance(part, TextDelta):
                texts.append(part.text)
                self.call.say(part.text)
            elif isinstance(part, ToolCall):
                calls.append(part)
            else:
                self.used(part)
        return "".join(texts), tuple(calls)

    async def _told(self, wanted: ToolCall, tools: Mapping[str, ReadyTool]) -> Message:
        """What came of a tool's call, for the model."""
        began = monotonic()
        arguments: dict[str, Any] = {}
        is_error = True
        try:
            arguments = _arguments(wanted)
            text = await self._answered(wanted.name, arguments, tools)
            is_error = False
        except SetupError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a tool raises is for the model to know
            text = f"Error: {type(error).__name__}: {error}"[:MOST_ANSWER]
        took = monotonic() - began
        self.call.note(ToolCalled, wanted.name, arguments, json_text(text), is_error, took)
        return Message("tool", text, answers=wanted.id)

    async def _answered(
        self, name: str, arguments: Mapping[str, Any], tools: Mapping[str, ReadyTool]
    ) -> str:
        if name not in tools:
            raise LookupError(f"there is no tool {name!r}; there are {', '.join(tools) or 'none'}")
        value = await tools[name].call(arguments, self.call, self.keys.key(name, arguments))
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return text if len(text) <= MOST_ANSWER else f"{text[:MOST_ANSWER]}… (cut off)"


def _arguments(wanted: ToolCall) -> dict[str, Any]:
    value = json.loads(wanted.arguments or "{}")
    if not isinstance(value, dict):
        raise TypeError("the arguments are no JSON object")
    return json_value(cast("dict[str, Any]", value))


def _cost(llm: LlmSettings, input_tokens: int, output_tokens: int) -> float | None:
    """By the flow's own prices: none is made up."""
    read, written = llm.price_per_million_input, llm.price_per_million_output
    if read is None or written is None:
        return None
    return (input_tokens * read + output_tokens * written) / 1_000_000

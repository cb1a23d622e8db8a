"""Model agents: ask a language model, and put its answer into the state."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import Field

from agentflow.agents._conversation import Conversation
from agentflow.agents._images import image_urls
from agentflow.agents._model_trust import model_asked
from agentflow.agents._structured import schema_fault, value_fault
from agentflow.agents._template_faults import template_faults
from agentflow.agents._tools import AgentTools, ToolServer, tools_executed
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, set_to, unset
from agentflow.agents.python import names_function
from agentflow.call_key import ToolKeys
from agentflow.concurrency.threads import in_thread
from agentflow.errors import ModelError
from agentflow.flow.flow import AgentSpec, LlmSettings
from agentflow.models.addresses import text_only_provider
from agentflow.models.base import Message, ModelRequest
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings, Value
from agentflow.state import State
from agentflow.templates import fill

__all__ = ["AGENT_TYPE", "Example", "LlmAgentSettings"]


class Example(Value):
    """A text and the label that is right for it."""

    text: str
    """As it may come in."""
    label: str
    """The one of `labels` that is right for it."""


class LlmAgentSettings(Settings):
    """What the model is asked, and what its answer must be."""

    prompt: str = Field(default="", json_schema_extra={"form": "template"})
    """The question, a template over the state; "" asks what stands in the state as its answer."""
    output_key: str = "response"
    """Where the answer goes."""
    labels: tuple[str, ...] = ()
    """The answer is one of these; their shares go to `<output_key>_scores`."""
    examples: tuple[Example, ...] = ()
    """Texts with the right label, for the model to learn from."""
    number: tuple[float, float] | None = None
    """The answer is a number, from the first of these to the second: [0, 1]."""
    answer: dict[str, Any] = Field(default_factory=dict)
    """A JSON schema: the answer is a value that fits it; one that does not is asked for again."""
    tools: tuple[str, ...] = ()
    """Functions that the model may have called, as "module:function"; their types and their
    docstrings tell it what they are for. One that takes a `call_key` gets that of the call."""
    mcp_servers: tuple[ToolServer, ...] = ()
    """MCP servers whose tools it may have called."""
    memory: bool = False
    """Whether it may have `remember` and `recall` called, for what the session is to remember."""
    max_tool_calls: int = Field(default=8, ge=1, le=1000)
    """How many calls there may be until it has answered."""
    images: str = Field(default="", json_schema_extra={"form": "key"})
    """The state key that names what it is shown: files of the flow's folder, or addresses."""


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run; its model is opened when it is first asked."""
    asked = spec.llm or LlmSettings()
    settings = spec.settings
    assert isinstance(settings, LlmAgentSettings)
    tools = _tools(settings, f"agents.{spec.name}", setup)

    async def answer(state: State, call: AgentCall) -> dict[str, Any]:
        talk = Conversation(
            client=setup.models.client(asked),
            llm=asked,
            call=call,
            tools=tools,
            most_calls=settings.max_tool_calls,
            keys=ToolKeys(call.key),
        )
        images = await _images(settings, state, setup)
        request = _request(spec, settings, asked, state, call, images)
        if settings.labels:
            return await _chosen(talk, request, settings)
        text, request = await talk.answer(request)
        try:
            value = _value(text, settings, spec.name)
        except ModelError as error:
            # Once: a model that has been told what is wrong with its answer mostly mends it.
            text, _ = await talk.answer(_again(request, text, error))
            value = _value(text, settings, spec.name)
        return {settings.output_key: value}

    return answer


def _tools(settings: LlmAgentSettings, where: str, setup: AgentSetup) -> AgentTools | None:
    if not _tool_setting(settings):
        return None
    functions, servers = settings.tools, settings.mcp_servers
    return AgentTools(functions, servers, where, setup, remembers=settings.memory)


def _tool_setting(settings: LlmAgentSettings) -> str:
    """The first setting that gives its model tools; "" for none."""
    return next((it for it in ("tools", "mcp_servers", "memory") if getattr(settings, it)), "")


async def _images(settings: LlmAgentSettings, state: State, setup: AgentSetup) -> tuple[str, ...]:
    named = state.get(settings.images) if settings.images else None
    return await in_thread(image_urls, named, setup.folder) if named else ()


async def _chosen(
    talk: Conversation, request: ModelRequest, settings: LlmAgentSettings
) -> dict[str, Any]:
    examples = [(it.text, it.label) for it in settings.examples]
    choice = await talk.client.choose(request, settings.labels, examples)
    talk.used(choice.usage)
    talk.call.say(choice.label)
    result: dict[str, Any] = {settings.output_key: choice.label}
    if choice.scores:
        result[f"{settings.output_key}_scores"] = dict(choice.scores)
    return result


def _request(
    spec: AgentSpec,
    settings: LlmAgentSettings,
    asked: LlmSettings,
    state: State,
    call: AgentCall,
    images: tuple[str, ...],
) -> ModelRequest:
    where = f"agents.{spec.name}"
    system = fill(spec.system_prompt, state, f"{where}.system_prompt", path=call.path)
    if settings.prompt:
        prompt = fill(settings.prompt, state, f"{where}.prompt", path=call.path)
    else:
        prompt = _as_text(state.answer)
    if not prompt.strip():
        fix = "set its prompt, or give the flow a message"
        raise ModelError("there is nothing to ask the model", fix=fix)
    return ModelRequest(
        messages=_messages(system, prompt, images),
        temperature=asked.temperature,
        max_tokens=asked.max_tokens,
        top_p=asked.top_p,
        schema=_schema(settings),
    )


def _again(request: ModelRequest, text: str, error: ModelError) -> ModelRequest:
    """The same question, with the answer that was wrong and what is wrong with it."""
    wrong = f"{error.what}. Answer again: JSON that fits the schema, and nothing else."
    said = (Message("assistant", text), Message("user", wrong))
    return replace(request, messages=(*request.messages, *said))


def _schema(settings: LlmAgentSettings) -> dict[str, Any] | None:
    if settings.number is None:
        return settings.answer or None
    least, most = settings.number
    number = {"type": "number", "minimum": least, "maximum": most}
    # Not every endpoint takes a schema that is no object's.
    return {
        "type": "object",
        "properties": {"number": number},
        "required": ["number"],
        "additionalProperties": False,
    }


def _messages(system: str, prompt: str, images: tuple[str, ...]) -> tuple[Message, ...]:
    told: Sequence[Message] = (Message("system", system),) if system.strip() else ()
    return (*told, Message("user", prompt, images=images))


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, indent=1)


def _value(text: str, settings: LlmAgentSettings, agent: str) -> Any:
    """What the answer says, as the state is to hold it."""
    if settings.number is None and not settings.answer:
        return text.strip()
    try:
        value = json.loads(text)
    except ValueError:
        what = f"the model of {agent!r} answered no JSON ({text[:80]!r})"
        raise ModelError(what, fix="raise max_tokens, or simplify its schema") from None
    if settings.number is not None:
        return _number(value, settings.number, agent)
    if fault := value_fault(value, settings.answer):
        what = f"the model of {agent!r} answered what does not fit its schema ({fault})"
        raise ModelError(what, fix="tell it more clearly, or simplify its schema")
    return value


def _number(value: Any, limits: tuple[float, float], agent: str) -> float:
    found = value.get("number") if isinstance(value, dict) else value  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - any JSON
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        what = f"the model of {agent!r} answered {value!r:.80}, which is no number"
        raise ModelError(what, fix="tell it more clearly what the number stands for")
    return min(max(found, limits[0]), limits[1])


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, LlmAgentSettings):
        return ()
    templates = {"system_prompt": spec.system_prompt, "prompt": settings.prompt}
    return (
        *_no_schema(settings),
        *_unasked(spec, settings),
        *_unknown_labels(settings),
        *_no_tools(spec, settings),
        *template_faults(templates),
    )


def _no_schema(settings: LlmAgentSettings) -> tuple[Problem, ...]:
    fault = schema_fault(settings.answer) if settings.answer else ""
    if not fault:
        return ()
    message = f"this is no JSON schema: {fault}"
    fix = Fix(
        'Write one, such as { type = "object", properties = { score = { type = "number" } } }'
    )
    return (
        Problem(
            severity="error",
            code="bad-schema",
            message=message,
            where="answer",
            fixes=(fix, unset("answer", "Take any answer")),
        ),
    )


def _unasked(spec: AgentSpec, settings: LlmAgentSettings) -> tuple[Problem, ...]:
    if settings.prompt or settings.labels or spec.system_prompt.strip():
        return ()
    fix = Fix("Write its system_prompt, or a prompt")
    message = "nothing tells the language model what to do"
    return (Problem(severity="warning", code="no-prompt", message=message, fixes=(fix,)),)


def _unknown_labels(settings: LlmAgentSettings) -> tuple[Problem, ...]:
    wrong = [it.label for it in settings.examples if it.label not in settings.labels]
    if not settings.labels or not wrong:
        return ()
    return (
        Problem(
            severity="warning",
            code="unknown-label",
            message=f"an example has the label {wrong[0]!r}, which is none of its labels",
            where="examples",
            fixes=(_more_labels(settings, wrong),),
        ),
    )


def _more_labels(settings: LlmAgentSettings, wrong: Sequence[str]) -> Fix:
    labels = (*settings.labels, *dict.fromkeys(wrong))
    return set_to("labels", labels, f"Add {wrong[0]!r} to labels, or mend the example")


def _no_tools(spec: AgentSpec, settings: LlmAgentSettings) -> Iterator[Problem]:
    wrong = next((it for it in settings.tools if not names_function(it)), None)
    if wrong is not None:
        fix = Fix('Name a function, such as tools = ["agents:look_up"]')
        yield _error("no-call", f"{wrong!r} names no function", "tools", fix)
    if any(bool(it.command) == bool(it.url) for it in settings.mcp_servers):
        fix = Fix('Write command = ["python3", "server.py"]')
        yield _error("no-server", "a server is either a command or a url", "mcp_servers", fix)
    where = _tool_setting(settings)
    if not where:
        return
    if settings.labels:
        fix = unset("labels", "Remove labels or the tools, or make two agents of it")
        yield _error("labels-and-tools", "a label is chosen without tools", where, fix)
    elif provider := text_only_provider(spec.llm or LlmSettings()):
        fix = Fix('Take a model that can: [llm] provider = "ollama" or "openai", or a base_url')
        yield _error("no-tools", f"{provider} cannot call tools", where, fix)


def _error(code: str, message: str, where: str, fix: Fix) -> Problem:
    return Problem(severity="error", code=code, message=message, where=where, fixes=(fix,))


def _executes(spec: AgentSpec) -> tuple[str, ...]:
    settings = spec.settings
    if not isinstance(settings, LlmAgentSettings):
        return ()
    # All of these may come to be read by the model.
    told = settings.model_copy(update={"mcp_servers": ()})
    tools = tools_executed(settings.tools, settings.mcp_servers)
    return (*model_asked(spec, told), *tools)


def _remembers(spec: AgentSpec) -> str:
    return "memory" if getattr(spec.settings, "memory", False) else ""


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, LlmAgentSettings):
        return frozenset()
    written = {settings.output_key}
    return frozenset(written | ({f"{settings.output_key}_scores"} if settings.labels else set()))


AGENT_TYPE = AgentType(
    name="llm",
    title="Language model",
    summary="Asks a language model; without a provider, the small one that is built in.",
    icon="robot-outline",
    settings=LlmAgentSettings,
    build=build,
    asks_model=True,
    executes=_executes,
    writes=_writes,
    remembers=_remembers,
    faults=_faults,
)

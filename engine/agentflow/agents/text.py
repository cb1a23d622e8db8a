"""Text agents: real work on texts, offline, without a language model and the same every time."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from agentflow.agents._template_faults import template_faults
from agentflow.agents._text_search import search
from agentflow.agents._text_simplify import simplified
from agentflow.agents._text_tasks import keywords, readability, sentiment, summary
from agentflow.agents._text_words import TextError
from agentflow.agents.base import AgentCall, AgentHandler, AgentSetup, AgentType, set_to
from agentflow.concurrency.threads import in_thread
from agentflow.errors import SetupError, one_of
from agentflow.flow.flow import AgentSpec
from agentflow.problem import Fix, Problem
from agentflow.settings import Settings
from agentflow.state import State
from agentflow.templates import fill

__all__ = ["AGENT_TYPE", "TextSettings"]

Task = Literal["keywords", "summary", "sentiment", "readability", "search", "simplify", "format"]


class TextSettings(Settings):
    """Which work is done on which text."""

    task: Task = "summary"
    """keywords, summary, sentiment, readability (Flesch), search over a folder of documents,
    simplify (one pass easier to read) or format (fill in a template)."""
    input_key: str = Field(default="", json_schema_extra={"form": "key"})
    """The key whose text is worked on; "" takes the state's answer (response, output, result,
    content or message)."""
    output_key: str = ""
    """Where the result goes; "" takes the key that belongs to the task: `keywords` (a list),
    `summary` (a text), `sentiment` (-1 to 1), `readability` (0 to 100), `passages` (a list of file,
    title, text and score), and `response` for simplify and format. `response` is what a person
    reads of it; `sentiment_details` and `readability_details` hold the numbers behind."""
    limit: int = Field(default=5, ge=1, le=1000)
    """How many keywords, sentences of the summary, or passages."""
    folder: str = ""
    """For search: the folder of .md and .txt documents, beside the flow."""
    template: str = Field(default="", json_schema_extra={"form": "template"})
    """For format: a template over the state."""


_KEYS = {
    "keywords": "keywords",
    "summary": "summary",
    "sentiment": "sentiment",
    "readability": "readability",
    "search": "passages",
    "simplify": "response",
    "format": "response",
}


def build(spec: AgentSpec, setup: AgentSetup) -> AgentHandler:
    """Make one ready to run.

    Raises:
        SetupError: a search has no folder, or one outside the flow's own.
    """
    settings = spec.settings
    assert isinstance(settings, TextSettings)
    key = settings.output_key or _KEYS[settings.task]
    if settings.task == "format":
        return _formatter(spec.name, settings.template, key)
    work = _work(spec.name, settings, setup.folder)

    async def answer(state: State, call: AgentCall) -> dict[str, Any]:
        text = _text_of(state, settings.input_key)
        found = await in_thread(work, text)
        return _told(settings, key, found)

    return answer


def _formatter(name: str, template: str, key: str) -> AgentHandler:
    async def answer(state: State, call: AgentCall) -> dict[str, Any]:
        return {key: fill(template, state, f"agents.{name}.template", path=call.path)}

    return answer


def _work(name: str, settings: TextSettings, folder: Path | None) -> Callable[[str], Any]:
    if settings.task == "search":
        library = _library(name, settings, folder)
        return lambda text: search(library, text, settings.limit)
    plain: Mapping[str, Callable[[str], Any]] = {
        "keywords": lambda text: keywords(text, settings.limit),
        "summary": lambda text: summary(text, settings.limit),
        "sentiment": sentiment,
        "readability": readability,
        "simplify": simplified,
    }
    return plain[settings.task]


def _library(name: str, settings: TextSettings, folder: Path | None) -> Path:
    where = f"agents.{name}.folder"
    if not settings.folder:
        raise SetupError(f'{where}: a search needs documents; set folder = "library"')
    if folder is None:
        raise SetupError(f"{where}: a flow that is in no file has no folder; save it first")
    home = folder.resolve()
    library = (home / settings.folder).resolve()
    # A stranger's flow must not read the rest of the disk.
    if not library.is_relative_to(home):
        raise SetupError(
            f"{where}: {settings.folder!r} is outside the flow's own folder; move it in"
        )
    return library


def _text_of(state: State, key: str) -> str:
    value = state.get(key) if key else state.answer
    if value is None or value == "":
        what = f"there is no text under {key!r}" if key else "the state has no answer to work on"
        fix = (
            f"set input_key to a key that it has ({one_of(sorted(state))})"
            if state
            else "give the flow a message"
        )
        raise TextError(f"{what}; {fix}")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def _told(settings: TextSettings, key: str, found: Any) -> dict[str, Any]:
    """What goes into the state, with a text for readers beside values that are none."""
    if settings.task == "keywords":
        return {key: found, "response": ", ".join(found)}
    if settings.task == "sentiment":
        return {
            key: found["score"],
            "response": f"{found['label']} ({found['score']:+.2f})",
            **_named(key, found),
        }
    if settings.task == "readability":
        told = f"reading ease {found['ease']:.0f} of 100, school grade {found['grade']:.0f}"
        return {key: found["ease"], "response": told, **_named(key, found)}
    if settings.task == "search":
        quoted = [f"{it['title']}: {it['text']}" for it in found]
        return {key: found, "response": "\n\n".join(quoted) or "Nothing was found."}
    return {key: found, "response": found}


def _named(key: str, found: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{key}_details": dict(found)}


def _writes(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    if not isinstance(settings, TextSettings):
        return frozenset()
    key = settings.output_key or _KEYS[settings.task]
    details = {f"{key}_details"} if settings.task in ("sentiment", "readability") else set[str]()
    return frozenset({key, "response"} | details)


def _reads(spec: AgentSpec) -> frozenset[str]:
    settings = spec.settings
    named = isinstance(settings, TextSettings) and settings.input_key
    return frozenset({named}) if named else frozenset()


def _faults(spec: AgentSpec) -> tuple[Problem, ...]:
    settings = spec.settings
    if not isinstance(settings, TextSettings):
        return ()
    if settings.task == "search" and not settings.folder:
        message, fix = "a search needs documents", Fix('Write folder = "library"')
        return (
            Problem(
                severity="error", code="no-folder", message=message, where="folder", fixes=(fix,)
            ),
        )
    if settings.task == "format" and not settings.template.strip():
        message = "there is nothing to fill in"
        fix = set_to("template", "{{ response }}", 'Write template = "{{ response }}"')
        return (
            Problem(
                severity="warning",
                code="no-template",
                message=message,
                where="template",
                fixes=(fix,),
            ),
        )
    return template_faults({"template": settings.template})


AGENT_TYPE = AgentType(
    name="text",
    title="Text work",
    summary="Keywords, summaries, sentiment, readability or search over documents, all offline.",
    icon="text-box-search-outline",
    settings=TextSettings,
    build=build,
    may_be_repeated=True,
    writes=_writes,
    reads=_reads,
    faults=_faults,
)

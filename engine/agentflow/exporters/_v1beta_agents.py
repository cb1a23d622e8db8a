"""The [llm] and [agents] tables of AgenticGoKit's v1beta dialect."""

from collections.abc import Mapping
from typing import Any

from agentflow.duration import format_duration
from agentflow.exporters._unsaid import Unsaid
from agentflow.flow.dialects.prompt import looks_like_template, unquoted
from agentflow.flow.flow import AgentSpec, AgentUse, Flow, LlmSettings
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["agent_tables", "llm_table"]

_PROVIDERS = ("openai", "ollama", "azure", "anthropic")
_STAND_IN = {"provider": "ollama", "model": "llama3.2"}
"""Both must be said there; this is a model that anyone can have."""
_LLM_KEYS = ("provider", "model", "temperature", "max_tokens", "base_url", "api_key")
_SAID = (
    *("name", "type", "description", "role", "system_prompt", "enabled", "timeout"),
    *("llm", "settings"),
)


def agent_tables(flow: Flow, kept: Mapping[str, Any], unsaid: Unsaid) -> dict[str, Any]:
    """[agents] by name: all that are defined, then those that are only used.

    Args:
        flow: the flow.
        kept: the native file's [agents], for what only AgenticGoKit knows of them.
        unsaid: gets what cannot be said.
    """
    places = (place.step for place in flow.places())
    used = [step.agent for step in places if isinstance(step, AgentUse)]
    tables: dict[str, Any] = {}
    for name in dict.fromkeys((*flow.agents, *used)):
        spec = flow.agents.get(name)
        if spec is None:
            unsaid.tell(("agents", name), "is not defined here; its work is to be written there")
            spec = AgentSpec(name=name)
        mine = table_of(kept.get(name)) or {}
        others = {key: mine[key] for key in ("memory", "tools", "streaming") if key in mine}
        tables[name] = {**_agent(spec, flow, unsaid), **others}
    return tables


def _agent(spec: AgentSpec, flow: Flow, unsaid: Unsaid) -> dict[str, Any]:
    keys: Keys = ("agents", spec.name)
    unsaid.settings(keys, spec, _SAID)
    if spec.type == "llm":
        unsaid.settings(keys, spec.settings)
    else:
        unsaid.tell((*keys, "type"), f"its work, of the type {spec.type!r}, is to be written in Go")
    prompt = unquoted(spec.system_prompt)
    if prompt == spec.system_prompt and looks_like_template(prompt):
        unsaid.tell((*keys, "system_prompt"), "is a template here; there it is taken as it stands")
    told = {"role": spec.role, "description": spec.description, "system_prompt": prompt}
    table: dict[str, Any] = {"name": spec.name, **{key: it for key, it in told.items() if it}}
    table["enabled"] = spec.enabled
    if spec.timeout is not None:
        table["timeout"] = format_duration(spec.timeout)
    # An agent without a model of its own is refused there, whatever [llm] says.
    llm = flow.llm if spec.llm is None else spec.llm
    return table | {"llm": llm_table(llm, flow.llm, (*keys, "llm"), unsaid)}


def llm_table(llm: LlmSettings, usual: LlmSettings, keys: Keys, unsaid: Unsaid) -> dict[str, Any]:
    """[llm] or [agents.x.llm].

    Args:
        llm: what differs.
        usual: what is meant where `llm` says nothing.
        keys: where it stands.
        unsaid: gets what cannot be said.
    """
    if llm is not usual or keys == ("llm",):
        unsaid.settings(keys, llm, _LLM_KEYS)
    table: dict[str, Any] = {}
    for key in _LLM_KEYS:
        value = getattr(llm, key)
        value = getattr(usual, key) if value in ("", None) else value
        if value not in ("", None):
            table[key] = value
    provider = table.get("provider", "")
    if provider not in _PROVIDERS:
        found = repr(provider) if provider else "none"
        what = f"{found} is no provider there; {_STAND_IN['provider']!r} is written"
        unsaid.tell(("llm", "provider"), what)
        table |= {key: it for key, it in _STAND_IN.items() if key == "provider" or key not in table}
    elif "model" not in table:
        table["model"] = _STAND_IN["model"]
        unsaid.tell(("llm", "model"), f"must be said there; {table['model']!r} is written")
    return table

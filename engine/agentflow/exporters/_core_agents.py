"""The [llm] and [agents] tables of AgenticGoKit's core dialect."""

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from agentflow.exporters._unsaid import Unsaid
from agentflow.flow.dialects.core import AGENT_SECONDS
from agentflow.flow.dialects.core_keys import CORE_KEYS, EACH
from agentflow.flow.dialects.prompt import looks_like_template, unquoted
from agentflow.flow.flow import AgentSpec, Flow, LlmSettings
from agentflow.flow.toml_values import table_of
from agentflow.flow.where import Keys

__all__ = ["agent_tables", "llm_table", "whole_seconds"]

_LLM_KEYS = ("provider", "model", "temperature", "max_tokens", "top_p")
_SAID = (
    *("name", "type", "description", "role", "system_prompt", "enabled", "timeout", "metadata"),
    *("llm", "retry_policy", "rate_limit", "settings"),
)


def agent_tables(
    flow: Flow, used: Mapping[str, bool], kept: Mapping[str, Any], unsaid: Unsaid
) -> dict[str, Any]:
    """[agents] by name.

    Args:
        flow: the flow.
        used: for every agent that a step uses or the flow defines, whether it may run there.
        kept: the native file's [agents], for what only AgenticGoKit knows of them.
        unsaid: gets what cannot be said.
    """
    tables: dict[str, Any] = {}
    patient: list[str] = []
    for name, may_run in used.items():
        spec = flow.agents.get(name)
        if spec is None:
            unsaid.tell(("agents", name), "is not defined here; its work is to be written there")
            spec = AgentSpec(name=name)
        if spec.timeout is None and "timeout" not in spec.placeholders:
            patient.append(repr(name))
        mine = table_of(kept.get(name)) or {}
        tables[name] = _agent(spec, may_run, mine, unsaid)
    if patient:
        what = (
            f"{', '.join(patient[:5])}{' and others' if len(patient) > 5 else ''} may take as long"
        )
        unsaid.tell(("agents",), f"{what} as they like here, and {AGENT_SECONDS} s there")
    return tables


def _agent(
    spec: AgentSpec, may_run: bool, kept: Mapping[str, Any], unsaid: Unsaid
) -> dict[str, Any]:
    keys: Keys = ("agents", spec.name)
    unsaid.settings(keys, spec, _SAID)
    told: dict[str, Any] = {"role": spec.role, "description": spec.description}
    told["system_prompt"] = _prompt(spec, unsaid)
    table = {key: value for key, value in told.items() if value}
    table |= _of_the_model(spec, kept, unsaid)
    table["enabled"] = may_run
    if spec.timeout is not None:
        table["timeout_seconds"] = whole_seconds(spec.timeout, (*keys, "timeout"), unsaid)
    if spec.metadata:
        table["metadata"] = _texts(spec, unsaid)
    if spec.llm is not None:
        llm = llm_table(spec.llm, table_of(kept.get("llm")) or {}, (*keys, "llm"), unsaid)
        table |= {"llm": llm} if llm else {}
    return table | _limits(spec, unsaid)


def _prompt(spec: AgentSpec, unsaid: Unsaid) -> str:
    keys: Keys = ("agents", spec.name, "system_prompt")
    prompt = spec.system_prompt
    plain = unquoted(prompt)
    if plain != prompt:
        return plain
    if looks_like_template(prompt):
        unsaid.tell(keys, "is a template here; there it is taken as it is written")
    if "${" in prompt:
        unsaid.tell(keys, "is filled in from the environment here; there it is taken as it is")
    return prompt


def _of_the_model(spec: AgentSpec, kept: Mapping[str, Any], unsaid: Unsaid) -> dict[str, Any]:
    """Whether a model does its work, and what only AgenticGoKit knows of it."""
    keys: Keys = ("agents", spec.name)
    if spec.type == "llm":
        unsaid.settings(keys, spec.settings)
    else:
        what = f"its work, of the type {spec.type!r}, is to be written in Go"
        unsaid.tell((*keys, "type"), what)
    kinds = CORE_KEYS["agents"][EACH]
    mine = {key: kept[key] for key in ("capabilities", "auto_llm") if key in kept}
    mine = unsaid.refused(mine, kinds, keys)
    return ({"auto_llm": True} if spec.type == "llm" else {}) | mine


def _texts(spec: AgentSpec, unsaid: Unsaid) -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in spec.metadata.items():
        is_text = isinstance(value, str)
        texts[key] = value if is_text else json.dumps(value, ensure_ascii=False)
        if not is_text:
            unsaid.tell(("agents", spec.name, "metadata", key), "is written as a text there")
    return texts


def _limits(spec: AgentSpec, unsaid: Unsaid) -> dict[str, Any]:
    """Written down as they are; AgenticGoKit itself acts on neither."""
    keys: Keys = ("agents", spec.name)
    tables: dict[str, Any] = {}
    if spec.retry_policy is not None:
        policy = spec.retry_policy
        unsaid.placeholders((*keys, "retry_policy"), policy)
        tables["retry_policy"] = policy.model_dump(mode="json", exclude={"jitter"})
        unsaid.tell((*keys, "retry_policy"), "is written, but AgenticGoKit calls no agent again")
    if spec.rate_limit is not None:
        limit = spec.rate_limit
        unsaid.placeholders((*keys, "rate_limit"), limit)
        rate = max(1, round(limit.requests_per_second))
        tables["rate_limit"] = {"requests_per_second": rate, "burst_size": limit.burst_size}
        unsaid.tell((*keys, "rate_limit"), "is written, but AgenticGoKit holds no agent back")
    return tables


def llm_table(
    llm: LlmSettings, kept: Mapping[str, Any], keys: Keys, unsaid: Unsaid
) -> dict[str, Any]:
    """[llm] or [agents.x.llm]: what is set, and what only AgenticGoKit knows."""
    unsaid.settings(keys, llm, _LLM_KEYS)
    others = {key: it for key, it in kept.items() if key in CORE_KEYS["llm"].keys() - {*_LLM_KEYS}}
    table = {key: getattr(llm, key) for key in _LLM_KEYS if getattr(llm, key) not in ("", None)}
    if table.get("temperature") == 0:
        del table["temperature"]
        unsaid.tell((*keys, "temperature"), "0 counts as nothing said there, and means 0.7")
    for key in ("provider", "model"):
        if "${" in table.get(key, ""):
            unsaid.tell((*keys, key), "is filled in from the environment here, and not there")
    return table | unsaid.refused(others, CORE_KEYS["llm"], keys)


def whole_seconds(value: timedelta, keys: Keys, unsaid: Unsaid) -> int:
    """A timeout as there is one there: in whole seconds, and never none."""
    seconds = value.total_seconds()
    whole = max(1, math.ceil(seconds))
    if whole != seconds:
        unsaid.tell(keys, f"{seconds:g} s are {whole} s there, where seconds are whole")
    return whole

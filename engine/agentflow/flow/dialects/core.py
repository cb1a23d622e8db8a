"""AgenticGoKit's core dialect: flat keys in [orchestration], and defaults of its own.

What a file leaves out there and means something else here is written out: an agent is not enabled
unless the file says so, and has 30 seconds for a call; a model writes at most 800 tokens at a
temperature of 0.7. The moves of flat keys into the mode's own table are `spelling`'s.
"""

from collections.abc import Mapping
from typing import Any

from agentflow.flow.dialects.base import Dialect, Said
from agentflow.flow.dialects.core_keys import CORE_KEYS, EACH
from agentflow.flow.dialects.prompt import quote_prompt
from agentflow.flow.spelled import Spelled
from agentflow.flow.spelling import MODE_TABLES
from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["AGENT_SECONDS", "DIALECT", "LLM_DEFAULTS", "MOST_MAY_FAIL"]

AGENT_SECONDS = 30
"""How long a call of an agent may take that says nothing of it."""
LLM_DEFAULTS = {"temperature": 0.7, "max_tokens": 800}
"""What a model is asked with; 0 counts as nothing said."""
MOST_MAY_FAIL = 0.999
"""The failure_threshold that only fails when every branch did, as the first phase of `mixed`."""

_FLAT = ("sequential_agents", "collaborative_agents", "loop_agent", "timeout_seconds")
_NATIVE = ("timeout", "max_concurrency", "failure_threshold", "max_hops", "agents")
_MODES = ("route", "collaborative", "sequential", "loop", "mixed")
_MODES_BY_LIST = {
    "sequential_agents": "sequential",
    "collaborative_agents": "collaborative",
    "loop_agent": "loop",
}
_TABLES = ("sequential", "collaborative", "loop", "mixed", MODE_TABLES["route"], "route")


def is_spoken(data: Mapping[str, Any]) -> bool:
    """Whether [orchestration] has flat keys, and nothing that only the native format has."""
    told = {key.lower() for key in _orchestration(data)}
    native = {*_NATIVE, *_TABLES} & told or {"orchestrators", "editor"} & data.keys()
    return bool(told & set(_FLAT)) and not native


def _orchestration(data: Mapping[str, Any]) -> dict[str, Any]:
    name = next((key for key in data if key.lower() == "orchestration"), "")
    return table_of(data.get(name)) or {}


def translate(said: Said) -> None:
    """Say with native keys, and with its defaults written out, what the file says."""
    said.data = _in_small_letters(said, said.data, CORE_KEYS, (), ())
    agents = said.table("agents")
    if agents:
        _model_of_all(said)
    for name, it in agents.items():
        table = table_of(it)
        if table is not None:
            _agent(said, ("agents", name), table)
    _modes(said, list(agents))


def _in_small_letters(
    said: Said, table: dict[str, Any], kinds: dict[str, Any], keys: Keys, source: Keys
) -> dict[str, Any]:
    """Known keys as they are spelled; there they are read in capitals too."""
    spelled: dict[str, Any] = {}
    for key, value in table.items():
        small = key.lower()
        is_other = key not in kinds and small in kinds and small not in table
        name = small if is_other and small not in spelled else key
        here, there = (*keys, name), (*source, key)
        if name != key:
            said.spelled[here] = Spelled((there,), "same")
            said.translated(there, f"is spelled {name!r} here")
        inner, kind = table_of(value), table_of(kinds.get(name, kinds.get(EACH)))
        if inner is not None and kind is not None:
            value = _in_small_letters(said, inner, kind, here, there)
        spelled[name] = value
    return spelled


def _model_of_all(said: Said) -> None:
    provider = said.table("agent_flow").get("provider")
    llm = said.own_table("llm")
    if provider and not llm.get("provider"):
        llm["provider"] = provider
        said.moved(("llm", "provider"), ("agent_flow", "provider"), "is llm.provider here")
    for key, value in LLM_DEFAULTS.items():
        if not llm.get(key):
            llm[key] = value
            said.translated(("llm", key), f"is written out as {value}, the default there")
    _without_zeros(said, ("llm",), llm)


def _without_zeros(said: Said, keys: Keys, llm: dict[str, Any]) -> None:
    for key in ("temperature", "max_tokens", "top_p"):
        if key in llm and not llm[key]:
            del llm[key]
            said.translated((*keys, key), "says 0, which leaves it to [llm] there, so it is gone")


def _agent(said: Said, keys: Keys, table: dict[str, Any]) -> None:
    if "enabled" not in table:
        table["enabled"] = False
        what = "is not enabled, as nothing says `enabled = true`; it does not run, as it did there"
        said.lost(keys, what)
    if not table.get("timeout_seconds"):
        table["timeout_seconds"] = AGENT_SECONDS
        what = f"is written out as {AGENT_SECONDS}s, the default there"
        said.translated((*keys, "timeout_seconds"), what)
    if "auto_llm" not in table:
        table["auto_llm"] = False
        what = "is written out as false: Go code does the agent's work there, and a model does here"
        said.translated((*keys, "auto_llm"), what)
    llm = table_of(table.get("llm"))
    if llm is not None:
        _without_zeros(said, (*keys, "llm"), llm)
    quote_prompt(said, keys, table)


def _modes(said: Said, agents: list[str]) -> None:
    table = said.table("orchestration")
    mode = _mode(said, table)
    _whole_timeout(said, table)
    if mode == "loop":
        table["loop"] = {"check": "after"}
        said.translated(("orchestration", "mode"), "is a loop that asks after each pass, as there")
        if table.get("max_iterations") == 0:
            del table["max_iterations"]
            what = "says 0, which there means 5, as it does here when nothing is said"
            said.translated(("orchestration", "max_iterations"), what)
    elif mode == "collaborative":
        _everybody(said, table, agents)
    elif mode == "mixed" and "collaborative_agents" in table:
        table["failure_threshold"] = MOST_MAY_FAIL
        what = "goes on as long as one of them succeeds, as there, so failure_threshold is set"
        said.translated(("orchestration", "collaborative_agents"), what)


def _mode(said: Said, table: dict[str, Any]) -> Any:
    """The mode; where none is said that there is, the one whose members are listed."""
    told = table.get("mode")
    if told in _MODES:
        return told
    listed = [mode for key, mode in _MODES_BY_LIST.items() if key in table]
    if not listed:
        return told
    meant = listed[0] if len(listed) == 1 else "mixed"
    table["mode"] = meant
    why = "has no mode" if told is None else f"{told!r} is no mode"
    said.lost(
        ("orchestration", "mode"), f"{why}; {meant!r} is taken, because its members are there"
    )
    return meant


def _whole_timeout(said: Said, table: dict[str, Any]) -> None:
    seconds = table.get("timeout_seconds", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        table["timeout"] = table.pop("timeout_seconds")
        said.moved(("orchestration", "timeout"), ("orchestration", "timeout_seconds"))


def _everybody(said: Said, table: dict[str, Any], agents: list[str]) -> None:
    """All agents work in this mode there, whichever are listed."""
    listed = list_of(table.get("collaborative_agents"))
    keys: Keys = ("orchestration", "collaborative_agents")
    if not listed:
        table["collaborative_agents"] = list(agents)
        said.translated(keys, "names nobody, so every agent works, as there")
        return
    known = said.table("agents")
    others = [name for name in agents if name not in listed and _is_enabled(known[name])]
    if others:
        named = ", ".join(repr(name) for name in others)
        said.lost(keys, f"leaves out {named}; there every enabled agent works in this mode")


def _is_enabled(agent: Any) -> bool:
    return (table_of(agent) or {}).get("enabled") is True


DIALECT = Dialect(
    name="core",
    title="AgenticGoKit's core dialect",
    is_spoken=is_spoken,
    translate=translate,
)

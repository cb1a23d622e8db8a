"""Core keys: what AgenticGoKit's core loader decodes, and of which kind each value must be.

From `core/config.go` and `core/memory.go` of AgenticGoKit 0.5.1. A key that is not here is ignored
there; a value of another kind makes it refuse the whole file.
"""

from collections.abc import Iterator
from typing import Any

from agentflow.flow.toml_values import list_of, table_of
from agentflow.flow.where import Keys

__all__ = ["CORE_KEYS", "EACH", "fitting", "is_of_kind", "within"]

EACH = "*"
"""Stands for any key of a table whose keys are names."""

_LLM = {
    **dict.fromkeys(("provider", "model"), "text"),
    **dict.fromkeys(("temperature", "top_p", "frequency_penalty", "presence_penalty"), "number"),
    **dict.fromkeys(("max_tokens", "timeout_seconds"), "whole"),
}

CORE_KEYS: dict[str, Any] = {
    "agent_flow": dict.fromkeys(("name", "version", "provider"), "text"),
    "logging": {
        **dict.fromkeys(("level", "format", "file"), "text"),
        **dict.fromkeys(("file_only", "compress"), "truth"),
        **dict.fromkeys(("max_size", "max_backups", "max_age"), "whole"),
    },
    "runtime": dict.fromkeys(("max_concurrent_agents", "timeout_seconds"), "whole"),
    "llm": _LLM,
    "agents": {
        EACH: {
            **dict.fromkeys(("role", "description", "system_prompt"), "text"),
            "capabilities": "texts",
            "enabled": "truth",
            "auto_llm": "truth",
            "metadata": {EACH: "text"},
            "timeout_seconds": "whole",
            "llm": _LLM,
            "retry_policy": {
                **dict.fromkeys(("max_retries", "base_delay_ms", "max_delay_ms"), "whole"),
                "backoff_factor": "number",
            },
            "rate_limit": dict.fromkeys(("requests_per_second", "burst_size"), "whole"),
        }
    },
    "orchestration": {
        "mode": "text",
        **dict.fromkeys(("timeout_seconds", "max_iterations"), "whole"),
        **dict.fromkeys(("sequential_agents", "collaborative_agents"), "texts"),
        "loop_agent": "text",
    },
    "agent_memory": {
        **dict.fromkeys(("provider", "connection"), "text"),
        **dict.fromkeys(
            (
                "max_results",
                "dimensions",
                "knowledge_max_results",
                "chunk_size",
                "chunk_overlap",
                "rag_max_context_tokens",
            ),
            "whole",
        ),
        **dict.fromkeys(
            ("auto_embed", "enable_knowledge_base", "enable_rag", "rag_include_sources"), "truth"
        ),
        **dict.fromkeys(
            ("knowledge_score_threshold", "rag_personal_weight", "rag_knowledge_weight"), "number"
        ),
        "documents": {
            **dict.fromkeys(
                ("auto_chunk", "enable_metadata_extraction", "enable_url_scraping"), "truth"
            ),
            "supported_types": "texts",
            "max_file_size": "text",
        },
        "embedding": {
            **dict.fromkeys(("provider", "model", "api_key", "base_url", "endpoint"), "text"),
            "cache_embeddings": "truth",
            **dict.fromkeys(("max_batch_size", "timeout_seconds"), "whole"),
        },
        "search": {
            **dict.fromkeys(
                ("hybrid_search", "enable_reranking", "enable_query_expansion"), "truth"
            ),
            **dict.fromkeys(("keyword_weight", "semantic_weight"), "number"),
            "reranking_model": "text",
        },
    },
    "error_routing": {
        **dict.fromkeys(("enabled", "enable_circuit_breaker"), "truth"),
        **dict.fromkeys(("max_retries", "retry_delay_ms"), "whole"),
        "error_handler_name": "text",
        "category_handlers": {EACH: "text"},
        "severity_handlers": {EACH: "text"},
        "circuit_breaker": dict.fromkeys(
            (
                "failure_threshold",
                "success_threshold",
                "timeout_ms",
                "reset_timeout_ms",
                "half_open_max_calls",
            ),
            "whole",
        ),
        "retry": {
            **dict.fromkeys(("max_retries", "base_delay_ms", "max_delay_ms"), "whole"),
            "backoff_factor": "number",
            "enable_jitter": "truth",
        },
    },
    "providers": {EACH: {}},
    "mcp": {
        **dict.fromkeys(("enabled", "enable_discovery", "enable_caching"), "truth"),
        "transport": "text",
        **dict.fromkeys(
            (
                "discovery_timeout_ms",
                "connection_timeout_ms",
                "max_retries",
                "retry_delay_ms",
                "cache_timeout_ms",
                "max_connections",
            ),
            "whole",
        ),
        "scan_ports": "wholes",
        "servers": [
            {
                **dict.fromkeys(("name", "type", "host", "endpoint", "command"), "text"),
                "port": "whole",
                "enabled": "truth",
            }
        ],
        "cache": {
            "enabled": "truth",
            **dict.fromkeys(
                ("default_ttl_ms", "max_keys", "cleanup_interval_ms", "max_size_mb"), "whole"
            ),
            **dict.fromkeys(("eviction_policy", "backend"), "text"),
            "backend_config": {EACH: "text"},
            "tool_ttls_ms": {EACH: "whole"},
        },
    },
}
"""Kinds by key: a word, a table of kinds, or a list of the tables that a list holds."""


def within(kind: Any, key: str) -> Any:
    """The kind of a key's value; None for a key that is ignored."""
    table = table_of(kind) or {}
    return table.get(key, table.get(EACH))


def is_of_kind(value: Any, kind: str) -> bool:
    """Whether a value is what a word for a kind says."""
    if kind in ("texts", "wholes"):
        items = list_of(value)
        return items is not None and all(is_of_kind(it, kind[:-1]) for it in items)
    if isinstance(value, bool) or kind == "truth":
        return isinstance(value, bool) and kind == "truth"
    if kind == "text":
        return isinstance(value, str)
    return isinstance(value, (int, float) if kind == "number" else int)


def fitting(value: Any, kind: Any, keys: Keys) -> tuple[Any, list[Keys]]:
    """What of a value the loader takes, and the places that it would refuse the file for."""
    refused: list[Keys] = []
    return _fitting(value, kind, keys, refused), refused


def _fitting(value: Any, kind: Any, keys: Keys, refused: list[Keys]) -> Any:
    """None for a value that is refused."""
    items, table = list_of(value), table_of(value)
    fits: Any = value
    if kind is None:
        return fits
    if isinstance(kind, str):
        fits = value if is_of_kind(value, kind) else None
    elif isinstance(kind, list):
        listed = [
            _fitting(it, kind[0], (*keys, number), refused) for number, it in enumerate(items or ())
        ]
        fits = None if items is None else [it for it in listed if it is not None]
    elif table is None:
        fits = None
    else:
        fits = dict(_members(table, kind, keys, refused))
    if fits is None:
        refused.append(keys)
    return fits


def _members(
    table: dict[str, Any], kind: Any, keys: Keys, refused: list[Keys]
) -> Iterator[tuple[str, Any]]:
    for key, inner in table.items():
        found = _fitting(inner, within(kind, key), (*keys, key), refused)
        if found is not None:
            yield key, found

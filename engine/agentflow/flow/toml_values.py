"""What a TOML value is: a table, a list, or something else."""

from typing import Any, cast

__all__ = ["copied", "list_of", "table_of"]


def table_of(value: Any) -> dict[str, Any] | None:
    """The value itself when it is a table."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def list_of(value: Any) -> list[Any] | None:
    """The value itself when it is a list."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def copied(value: Any) -> Any:
    """The same value with tables and lists of its own; all else in TOML never changes."""
    if (table := table_of(value)) is not None:
        return {key: copied(it) for key, it in table.items()}
    items = list_of(value)
    return value if items is None else [copied(it) for it in items]

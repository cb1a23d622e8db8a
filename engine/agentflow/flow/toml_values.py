"""What a TOML value is: a table, a list, or something else."""

from typing import Any, cast

__all__ = ["list_of", "table_of"]


def table_of(value: Any) -> dict[str, Any] | None:
    """The value itself when it is a table."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def list_of(value: Any) -> list[Any] | None:
    """The value itself when it is a list."""
    return cast("list[Any]", value) if isinstance(value, list) else None

"""Structured answers: what is wrong with a value by a JSON schema, and with a schema itself."""

from collections.abc import Mapping
from typing import Any

__all__ = ["schema_fault", "value_fault"]


def value_fault(value: Any, schema: Mapping[str, Any]) -> str:
    """Why a value does not fit a schema, in words for whoever made the value; "" when it does."""
    import referencing.exceptions  # noqa: PLC0415

    try:
        error: Any = next(iter(_validator(schema).iter_errors(value)), None)
    except referencing.exceptions.Unresolvable as unknown:
        return f"the schema refers to {unknown.ref!r}, which is not in it"
    if error is None:
        return ""
    place = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in error.absolute_path)
    text = " ".join(str(error.message).split())[:300]
    return f"{place.removeprefix('.')}: {text}" if place else text


def schema_fault(schema: Mapping[str, Any]) -> str:
    """Why a schema is none; "" when it is one."""
    # Heavy to import, and only flows that demand structured answers need it.
    import jsonschema  # noqa: PLC0415

    try:
        _validator(schema).check_schema(schema)
    except jsonschema.SchemaError as error:
        return " ".join(error.message.split())[:200]
    return ""


def _validator(schema: Mapping[str, Any]) -> Any:
    import jsonschema  # noqa: PLC0415
    import referencing  # noqa: PLC0415

    # With a registry of its own, because otherwise a reference in it would be fetched.
    return jsonschema.Draft202012Validator(schema, registry=referencing.Registry())

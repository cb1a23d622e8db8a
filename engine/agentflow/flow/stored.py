"""A flow as JSON for programs: quick to write while it is worked on, and read back as it was.

It is no file format: what people and other programs read is agentflow.toml.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

from pydantic import ValidationError

from agentflow.flow.flow import AgentSpec, Flow
from agentflow.flow.kinds import Kinds
from agentflow.flow.where import Keys
from agentflow.settings import Settings, Value

__all__ = ["StoredFlowError", "flow_of", "stored"]


class StoredFlowError(ValueError):
    """What was stored is no flow, or has settings that today's agent types and modes refuse."""


def stored(flow: Flow) -> str:
    """The flow as JSON: what is set in it, and its placeholders beside it, since no dump has them.

    Takes some milliseconds for a thousand steps.
    """
    told = json.dumps([[list(keys), values] for keys, values in _placeholders(flow, ())])
    values = flow.model_dump_json(exclude_unset=True, warnings=False)
    return f'{{"placeholders": {told}, "flow": {values}}}'


def flow_of(text: str, kinds: Kinds) -> Flow:
    """The flow that was stored.

    Raises:
        StoredFlowError: it cannot be had back.
    """
    try:
        told = json.loads(text)
        data = told["flow"]
        for keys, values in told["placeholders"]:
            _at(data, keys).update(values)
        return Flow.model_validate(_typed(data, kinds))
    except (ValidationError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoredFlowError(str(error)) from error


def _placeholders(value: Any, keys: Keys) -> Iterator[tuple[Keys, dict[str, str]]]:
    """Every value in a flow that has placeholders, by where it stands."""
    if isinstance(value, Value):
        if isinstance(value, Settings) and value.placeholders:
            yield keys, value.placeholders
        for name in value.model_fields_set - {"placeholders"}:
            yield from _placeholders(getattr(value, name), (*keys, name))
    elif isinstance(value, dict):
        for name, inner in cast("dict[str, Any]", value).items():
            yield from _placeholders(inner, (*keys, name))
    elif isinstance(value, tuple):
        for number, inner in enumerate(cast("tuple[Any, ...]", value)):
            yield from _placeholders(inner, (*keys, number))


def _at(data: Any, keys: list[str | int]) -> dict[str, Any]:
    for key in keys:
        data = data[key]
    return data


def _typed(data: dict[str, Any], kinds: Kinds) -> dict[str, Any]:
    """The same with settings of their own types, which JSON does not tell."""
    for spec in data.get("agents", {}).values():
        kind = kinds.agent_types.get(spec.get("type", AgentSpec.model_fields["type"].default))
        if kind is not None and "settings" in spec:
            spec["settings"] = kind.settings.model_validate(spec["settings"])
    for chain in (data.get("root", {}), *data.get("parked", ())):
        _type_chain(chain, kinds)
    return data


def _type_chain(chain: dict[str, Any], kinds: Kinds) -> None:
    for step in chain.get("steps", ()):
        if "mode" in step:
            if "settings" in step:
                settings = kinds.modes[step["mode"]].settings
                step["settings"] = settings.model_validate(step["settings"])
            for inner in step.get("chains", ()):
                _type_chain(inner, kinds)

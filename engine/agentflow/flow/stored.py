"""A flow as JSON for programs: quick to write while it is worked on, and read back as it was.

It is no file format: what people and other programs read is agentflow.toml.
"""

import json
from collections.abc import Iterable
from typing import Any, cast

from pydantic import ValidationError

from agentflow.flow.flow import AgentSpec, Flow
from agentflow.flow.kinds import Kinds
from agentflow.flow.where import Keys
from agentflow.settings import Settings, Value

__all__ = ["StoredFlowError", "flow_of", "stored"]

_Noted = tuple[Keys, dict[str, str]]
"""Where a value with placeholders stands, and its placeholders."""
_PLAIN = (str, int, float)


class StoredFlowError(ValueError):
    """What was stored is no flow, or has settings that today's agent types and modes refuse."""


def stored(flow: Flow) -> str:
    """The flow as JSON: what is set in it, and its placeholders beside it, since no dump has them.

    Takes some milliseconds for a thousand steps.
    """
    noted: list[_Noted] = []
    _note_placeholders(flow, (), noted)
    told = json.dumps([[list(keys), values] for keys, values in noted])
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


def _note_placeholders(value: Any, keys: Keys, noted: list[_Noted]) -> None:
    """Note every value in a flow that has placeholders, with where it stands."""
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inside = cast("dict[str, Any]", value).items()
    elif isinstance(value, tuple):
        inside = enumerate(cast("tuple[Any, ...]", value))
    elif isinstance(value, Value):
        inside = [(name, vars(value)[name]) for name in value.model_fields_set]
        if isinstance(value, Settings) and value.placeholders:
            noted.append((keys, value.placeholders))
    for key, inner in inside:
        # Asking whether something is a model takes long, and most that a flow holds is plain.
        if inner and not isinstance(inner, _PLAIN) and key != "placeholders":
            _note_placeholders(inner, (*keys, key), noted)


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

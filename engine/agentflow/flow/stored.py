"""A flow as JSON for programs: quick to write while it is worked on, and read back as it was.

It is no file format: what people and other programs read is agentflow.toml. Of a flow that an edit
made of another one only what the edit changed need be written, which frozen values tell by being
the same ones.
"""

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, cast

from pydantic import ValidationError

from agentflow.flow.flow import AgentSpec, Flow, Step
from agentflow.flow.kinds import Kinds
from agentflow.flow.where import Keys
from agentflow.settings import Settings, Value

__all__ = ["StoredFlowError", "flow_of", "flow_since", "stored", "stored_since"]

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
    with _refusing():
        return Flow.model_validate(_typed(_data(text), kinds))


def stored_since(flow: Flow, before: Flow) -> str:
    """What is other in a flow than in one before it, as JSON; quick where that is little."""
    agents, root = flow.agents, flow.root.steps
    begin, end = _alike(before.root.steps, root)
    others = {
        name: getattr(flow, name)
        for name in flow.model_fields_set - {"agents", "root"}
        if getattr(flow, name) is not getattr(before, name)
    }
    part = flow.model_copy(
        update={
            "agents": {
                name: it for name, it in agents.items() if before.agents.get(name) is not it
            },
            "root": flow.root.model_copy(update={"steps": root[begin : len(root) - end]}),
        }
    )
    for name in flow.model_fields_set - {"agents", "root", *others}:
        part.model_fields_set.discard(name)
    names = None if list(agents) == list(before.agents) else list(agents)
    told = json.dumps({"kept": [begin, end], "names": names, "said": sorted(flow.model_fields_set)})
    return f'{{"part": {stored(part)}, "rest": {told}}}'


def flow_since(text: str, before: Flow, kinds: Kinds) -> Flow:
    """The flow of which only what is other than in the one before it was stored.

    Raises:
        StoredFlowError: it cannot be had back.
    """
    with _refusing():
        told = json.loads(text)
        data, part, rest = _data(stored(before)), _data(json.dumps(told["part"])), told["rest"]
        begin, end = rest["kept"]
        steps = data.get("root", {}).get("steps", [])
        root, agents = part.pop("root"), {**data.get("agents", {}), **part.pop("agents")}
        data |= part
        steps = [*steps[:begin], *root["steps"], *steps[len(steps) - end :]]
        data["root"] = {**root, "steps": steps}
        data["agents"] = {name: agents[name] for name in rest["names"] or agents}
        said = {name: it for name, it in data.items() if name in rest["said"]}
        return Flow.model_validate(_typed(said, kinds))


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except (ValidationError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise StoredFlowError(str(error)) from error


def _data(text: str) -> dict[str, Any]:
    """The values of a flow, with its placeholders among them."""
    told = json.loads(text)
    data = told["flow"]
    for keys, values in told["placeholders"]:
        _at(data, keys).update(values)
    return data


def _alike(before: Sequence[Step], after: Sequence[Step]) -> tuple[int, int]:
    """How many steps at the beginning, and how many at the end, are the same ones in both."""
    most = min(len(before), len(after))
    begin = next((at for at in range(most) if before[at] is not after[at]), most)
    left = range(1, most - begin + 1)
    end = next((at - 1 for at in left if before[-at] is not after[-at]), most - begin)
    return begin, end


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

"""Returned: what an agent or a callback returned, as the state that it leaves."""

import inspect
from collections.abc import Mapping
from typing import Any

from agentflow.error_text import some_kind
from agentflow.json_value import NotJsonError, json_value, same
from agentflow.result import AgentResult
from agentflow.state import State

__all__ = ["BadReturnError", "Left", "left_by", "state_after"]


class BadReturnError(ValueError):
    """What was returned leaves no state; the text says what it was, `fix` what to return."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.fix = fix
        super().__init__(what)


Left = tuple[State, Mapping[str, Any], tuple[str, ...]]
"""What a call left: (the state, the values that are new or other than before, the keys gone)."""


def state_after(before: State, returned: Any) -> State:
    """The state that is handed on; see `left_by`."""
    return left_by(before, returned)[0]


def left_by(before: State, returned: Any) -> Left:
    """What is left of a state by what was returned.

    A mapping is merged into the state before, a State replaces it, None leaves it, and an
    AgentResult says one of these, or an error. Values that are what they were stay shared.

    Raises:
        BadReturnError: it is none of these, holds what is not JSON, or is an error.
    """
    if returned is None:
        return before, {}, ()
    if type(returned) is dict:  # what most agents return
        plain = before.with_plain(returned)  # pyright: ignore[reportUnknownArgumentType]
        return _merged(before, returned) if plain is None else (*plain, ())  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(returned, AgentResult):
        if returned.error:
            raise BadReturnError(f"answered with an error: {returned.error}")
        return left_by(before, returned.output_state)
    if isinstance(returned, State):
        return _replaced(before, returned)
    if isinstance(returned, Mapping):
        return _merged(before, returned)  # pyright: ignore[reportUnknownArgumentType]
    raise BadReturnError(f"returned {_named(returned)}", _fix_for(returned))


def _merged(before: State, returned: Mapping[Any, Any]) -> Left:
    changes = _others(before, _plain(returned))
    return (before.with_changes(changes) if changes else before), changes, ()


def _replaced(before: State, after: State) -> Left:
    metadata = {str(key): str(value) for key, value in after.metadata.items()}
    # What the agent never looked at is the very same object and needs no second look.
    changes = _others(before, _plain(after.others_than(before)))
    removed = tuple(key for key in before if key not in after)
    return before.with_changes(changes, removed=removed, metadata=metadata), changes, removed


def _others(before: State, values: dict[str, Any]) -> dict[str, Any]:
    old = before.held()
    return {key: it for key, it in values.items() if key not in old or not same(old[key], it)}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return json_value(values)
    except NotJsonError as error:
        fix = "return text, numbers, booleans, None, and lists and objects of these"
        raise BadReturnError(f"returned {error}", fix) from None


def _named(value: Any) -> str:
    if inspect.iscoroutine(value) or inspect.isgenerator(value):
        value.close()
    shown = f" ({value!r:.80})" if isinstance(value, (str, int, float, list, tuple)) else ""
    return f"{some_kind(value)}{shown}"  # pyright: ignore[reportUnknownArgumentType]


def _fix_for(value: Any) -> str:
    if inspect.isawaitable(value):
        return "await it before you return"
    if inspect.isgenerator(value) or inspect.isasyncgen(value):
        return "return what it yields, not the generator"
    return 'return a mapping such as {"response": ...}, a State, an AgentResult or None'

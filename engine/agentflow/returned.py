"""Returned: what an agent or a callback returned, as the state that it leaves."""

import inspect
from collections.abc import Mapping
from typing import Any, cast

from agentflow.json_value import NotJsonError, json_value
from agentflow.result import AgentResult
from agentflow.state import State

__all__ = ["BadReturnError", "state_after"]


class BadReturnError(ValueError):
    """What was returned leaves no state; the text says what it was, `fix` what to return."""

    def __init__(self, what: str, fix: str = "") -> None:
        self.fix = fix
        super().__init__(what)


def state_after(before: State, returned: Any) -> State:
    """The state that is handed on.

    A mapping is merged into the state before, a State replaces it, None leaves it, and an
    AgentResult says one of these, or an error. Values that are what they were stay shared.

    Raises:
        BadReturnError: it is none of these, holds what is not JSON, or is an error.
    """
    if returned is None:
        return before
    if type(returned) is dict:  # what most agents return, and quicker to tell than the others
        return before.with_changes(_plain(cast("dict[Any, Any]", returned)))
    if isinstance(returned, AgentResult):
        if returned.error:
            raise BadReturnError(f"answered with an error: {returned.error}")
        return state_after(before, returned.output_state)
    if isinstance(returned, State):
        return _replaced(before, returned)
    if isinstance(returned, Mapping):
        return before.with_changes(_plain(returned))  # pyright: ignore[reportUnknownArgumentType]
    raise BadReturnError(f"returned {_named(returned)}", _fix_for(returned))


def _replaced(before: State, after: State) -> State:
    values = State(_plain(after))
    metadata = {str(key): str(value) for key, value in after.metadata.items()}
    changed, removed = values.changes_from(before)
    return before.with_changes(changed, removed=removed, metadata=metadata)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return json_value(values)
    except NotJsonError as error:
        fix = "return text, numbers, booleans, None, and lists and objects of these"
        raise BadReturnError(f"returned {error}", fix) from None


def _named(value: Any) -> str:
    if inspect.iscoroutine(value) or inspect.isgenerator(value):
        value.close()
    name = type(value).__name__
    article = "an" if name[0].lower() in "aeiou" else "a"
    shown = f" ({value!r:.80})" if isinstance(value, (str, int, float, list, tuple)) else ""
    return f"{article} {name}{shown}"


def _fix_for(value: Any) -> str:
    if inspect.isawaitable(value):
        return "await it before you return"
    if inspect.isgenerator(value) or inspect.isasyncgen(value):
        return "return what it yields, not the generator"
    return 'return a mapping such as {"response": ...}, a State, an AgentResult or None'

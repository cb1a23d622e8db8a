"""Tool functions: what runs beside a Python function that a language model may have called.

Both stand where Python agents run, in a process that can be killed: importing the function executes
its author's code, and so may describing it.
"""

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, validate_call

from agentflow.agents._calling import find_function
from agentflow.state import State

__all__ = ["called", "described"]

_KEY = "call_key"


def described(state: State) -> dict[str, Any]:
    """What a model is told of the function under `call`: its docstring, and its arguments' schema.

    Raises:
        SetupError: there is no such function.
        pydantic.PydanticUserError: an argument is of a type that no JSON can be.
    """
    function = _function(state)
    described: Any = function  # as a type, which pydantic takes a function's arguments for
    schema = _without_key(TypeAdapter[Any](described).json_schema())
    return {"tool": {"description": inspect.getdoc(function) or "", "parameters": schema}}


def called(state: State) -> dict[str, Any]:
    """What the function under `call` returns when it gets the `arguments`, checked by its types.

    One that takes a `call_key` gets that of this call, too.

    Raises:
        Exception: the arguments do not fit, or whatever the function raises.
    """
    function, arguments = _function(state), state["arguments"]
    if _KEY in inspect.signature(function).parameters:
        arguments = {**arguments, _KEY: state[_KEY]}
    result = validate_call(function)(**arguments)
    return {"value": asyncio.run(_awaited(result)) if inspect.isawaitable(result) else result}


def _without_key(schema: dict[str, Any]) -> dict[str, Any]:
    """What is told of the arguments, without the one that is none of the model's business."""
    if _KEY not in schema.get("properties", {}):
        return schema
    shown = {name: it for name, it in schema["properties"].items() if name != _KEY}
    needed = [name for name in schema.get("required", ()) if name != _KEY]
    return {**schema, "properties": shown, "required": needed}


async def _awaited(result: Any) -> Any:
    return await result


def _function(state: State) -> Callable[..., Any]:
    folder = state["folder"]
    return find_function(state["call"], Path(folder) if folder else None)

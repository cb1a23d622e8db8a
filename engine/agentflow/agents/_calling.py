"""Calling: finds a function by "module:function" and calls it with what it asks for."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from agentflow.errors import SetupError
from agentflow.event import Event
from agentflow.memory.current import current_memory
from agentflow.state import State

__all__ = [
    "arguments_for",
    "find_function",
    "given_to",
    "keep_last_on_path",
    "take_off_path",
    "takes_memory",
]


def find_function(call: str, folder: Path | None) -> Callable[..., Any]:
    """Import the module of a call and take its function.

    Args:
        call: "agents:collect" is a function of the file agents.py beside the flow, else of an
            installed module.
        folder: the flow's; None when it is in no file.

    Raises:
        SetupError: there is no such module or function; the text says which.
        Exception: whatever the module raises when it is imported.
    """
    module, separator, name = call.partition(":")
    module = module.removesuffix(".py")
    if not separator or not module or not name:
        what = f"{call!r} names no function" if call else "no function is named"
        raise SetupError(f'call: {what}; write it as "module:function"')
    file = folder / f"{module}.py" if folder is not None and module.isidentifier() else None
    found = _from_file(file) if file and file.is_file() else _installed(module)
    function = getattr(found, name, None)
    if not callable(function):
        raise SetupError(f"call: {module!r} has no function {name!r}; define it there")
    return function


def _from_file(file: Path) -> ModuleType:
    # Under a name of its own, so that a flow's json.py is nobody's json, and one that tells the
    # file's contents, so that a file that has been edited is another module.
    source = file.read_bytes()
    name = f"_agentflow_{sha256(bytes(file.resolve()) + source).hexdigest()[:16]}_{file.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        exec(compile(source, file, "exec"), module.__dict__)  # noqa: S102 - a module is executed
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _installed(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module and not module.startswith(f"{error.name}."):
            raise
        what = f"there is no file {module}.py beside the flow and no installed module {module!r}"
        raise SetupError(f"call: {what}; write the one, or install the other") from None
    except (TypeError, ValueError):
        raise SetupError(f'call: {module!r} is no module; write "module:function"') from None


def keep_last_on_path(folder: Path) -> None:
    """Let a flow's modules import their neighbours, after everything that is installed."""
    sys.path.append(str(folder.resolve()))


def take_off_path(folder: Path) -> None:
    """Undo one `keep_last_on_path`; an entry that stood there before it stays."""
    entry = str(folder.resolve())
    for place in range(len(sys.path) - 1, -1, -1):
        if sys.path[place] == entry:
            del sys.path[place]
            return


def given_to(
    function: Callable[..., Any], state: State, event: Event, params: Mapping[str, Any], key: str
) -> dict[str, Any]:
    """What a function may take, by name; the memory only where it does take that.

    Args:
        function: the one that is to be called.
        state: what it works on.
        event: what the run is for.
        params: what the flow hands it.
        key: that of the call; see `AgentCall`.

    Raises:
        SetupError: it takes the memory, and the flow has none.
    """
    given: dict[str, Any] = {"state": state, "event": event, "params": params, "key": key}
    return {**given, "memory": current_memory()} if takes_memory(function) else given


def takes_memory(function: Callable[..., Any]) -> bool:
    """Whether it has an argument of that name."""
    try:
        return "memory" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def arguments_for(
    function: Callable[..., Any], given: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What to call a function with: `state` first, then the others where it takes them.

    Raises:
        SetupError: it wants something that nobody has.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [given["state"]], {}  # a function of C that does not tell
    positional = [
        it for it in parameters if it.kind in (it.POSITIONAL_ONLY, it.POSITIONAL_OR_KEYWORD)
    ]
    named = [it.name for it in parameters if it.kind is it.KEYWORD_ONLY]
    arguments: list[Any] = []
    for number, parameter in enumerate(positional):
        if parameter.name in given:
            arguments.append(given[parameter.name])
        elif parameter.default is not parameter.empty:
            break
        elif number < 2:
            arguments.append(given[("state", "event")[number]])
        else:
            what = f"the function wants {parameter.name!r}, which nobody has"
            raise SetupError(f"call: {what}; take state, event, params, key or memory")
    return arguments, {name: given[name] for name in named if name in given}

"""Calling: finds a function by "module:function" and calls it with what it asks for."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["arguments_for", "find_function", "source_of"]


def source_of(call: str, folder: Path | None) -> Path | None:
    """The file beside the flow that a call's module is; None for an installed module.

    Only looked for, never opened.
    """
    module = call.partition(":")[0].removesuffix(".py")
    if folder is None or not all(part.isidentifier() for part in module.split(".")):
        return None
    file = folder.joinpath(*module.split(".")).with_suffix(".py")
    return file if file.is_file() else None


def find_function(call: str, folder: Path | None) -> Callable[..., Any]:
    """Import the module of a call and take its function.

    Raises:
        LookupError: there is no such module or function; the text says which.
        Exception: whatever the module raises when it is imported.
    """
    module, separator, name = call.partition(":")
    if not separator or not name:
        raise LookupError(f"{call!r} names no function; write it as 'module:function'")
    file = source_of(call, folder)
    found = _imported_file(file, folder) if file and folder else _imported(module)
    function = getattr(found, name, None)
    if not callable(function):
        raise LookupError(f"{module} has no function {name!r}")
    return function


def _imported_file(file: Path, folder: Path) -> ModuleType:
    # Under a name of its own, so that a flow's json.py is nobody's json.
    digest = sha256(str(file.resolve()).encode()).hexdigest()[:12]
    name = f"_agentflow_{digest}_{file.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with _last_on_path(folder):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _imported(module: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and module.startswith(error.name):
            raise LookupError(
                f"there is no module {module!r}, beside the flow or installed"
            ) from None
        raise


@contextmanager
def _last_on_path(folder: Path):  # noqa: ANN202 - a generator to contextmanager
    """Let what is imported find its neighbours, after everything that is installed."""
    entry = str(folder.resolve())
    if entry not in sys.path:
        sys.path.append(entry)
    yield


def arguments_for(
    function: Callable[..., Any], given: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What to call a function with: `state` first, then `event` and `params` where it takes them.

    Raises:
        LookupError: it wants something that nobody has.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [given["state"]], {}
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
            raise LookupError(f"it wants {parameter.name!r}; take (state) or (state, event)")
    return arguments, {name: given[name] for name in named if name in given}

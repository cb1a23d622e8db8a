"""Discovery: finds the one object that every file of a folder offers."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from agentflow.errors import DiscoveryError

__all__ = ["offered"]


T = TypeVar("T")


def offered(package: ModuleType, name: str, kind: type[T], *, group: str = "") -> Iterator[T]:
    """What each public module of a package offers under a name, then what others installed.

    Args:
        package: its modules are imported; those beginning with "_" and `base` offer nothing.
        name: "MODE", "AGENT_TYPE", ...
        kind: what the object must be.
        group: the entry-point group of third parties; "" for none.

    Raises:
        DiscoveryError: a module offers nothing, or something else.
    """
    for info in pkgutil.iter_modules(package.__path__):
        if info.name == "base" or info.name.startswith("_") or info.ispkg:
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        yield _checked(getattr(module, name, None), module.__name__, name, kind)
    if group:
        for point in entry_points(group=group):
            yield _checked(point.load(), f"{point.value} (entry point {point.name})", name, kind)


def _checked(found: object, where: str, name: str, kind: type[T]) -> T:
    if not isinstance(found, kind):
        raise DiscoveryError(where, f"{name}: {kind.__name__}", type(found).__name__)
    return found

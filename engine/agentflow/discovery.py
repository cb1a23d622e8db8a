"""Discovery: finds the one object that every file of a folder offers."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Protocol, TypeVar

from agentflow.errors import DiscoveryError

__all__ = ["Offered", "offered"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T")
N = TypeVar("N", bound=_Named)


def offered(package: ModuleType, name: str, kind: type[T]) -> Iterator[T]:
    """What each public module of a package offers under a name.

    Args:
        package: its modules are imported; those beginning with "_" and `base` offer nothing.
        name: "PANE", "FORM_FIELD", ...
        kind: what the object must be.

    Raises:
        DiscoveryError: a module offers nothing, or something else.
    """
    for module in _public(package):
        yield _found_in(package, module, name, kind)


class Offered(Mapping[str, N]):
    """What the public modules of a package offer, by name, and what others installed beside it.

    A module offers what has its own name, and is imported when that is first asked for: a program
    waits only for what its flow uses.
    """

    def __init__(
        self, package: ModuleType, name: str, kind: type[N], others: Iterable[EntryPoint] = ()
    ) -> None:
        """Import what others installed; their object's name goes before one of the package.

        Args:
            package: as for `offered`.
            name: "MODE", "AGENT_TYPE", ...
            kind: what the object must be.
            others: the entry points of third parties.

        Raises:
            DiscoveryError: one of the others offers something else.
        """
        self._package, self._name, self._kind = package, name, kind
        loaded = [
            _checked(it.load(), f"{it.value} (entry point {it.name})", name, kind) for it in others
        ]
        self._found = {it.name: it for it in loaded}
        self._names = dict.fromkeys([*_public(package), *self._found])

    def __getitem__(self, name: str) -> N:
        found = self._found.get(name)
        if found is None:
            if name not in self._names:
                raise KeyError(name)
            found = self._found[name] = _found_in(self._package, name, self._name, self._kind)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


def _public(package: ModuleType) -> Iterator[str]:
    for info in pkgutil.iter_modules(package.__path__):
        if info.name != "base" and not info.name.startswith("_") and not info.ispkg:
            yield info.name


def _found_in(package: ModuleType, module: str, name: str, kind: type[T]) -> T:
    imported = importlib.import_module(f"{package.__name__}.{module}")
    return _checked(getattr(imported, name, None), imported.__name__, name, kind)


def _checked(found: object, where: str, name: str, kind: type[T]) -> T:
    if not isinstance(found, kind):
        raise DiscoveryError(where, f"{name}: {kind.__name__}", type(found).__name__)
    return found

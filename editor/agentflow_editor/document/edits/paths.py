"""Paths: which steps an edit made, and where it has moved the others."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from agentflow_editor.document.sheet import Position, Sheet

__all__ = ["followed", "new_paths"]

_Keys = list[tuple[str, Hashable]]


class _Stood(NamedTuple):
    """A step of one of the two sheets."""

    path: str
    name: str
    position: Position | None


def new_paths(before: Sheet, after: Sheet) -> tuple[str, ...]:
    """The paths of the steps that were not there before: none has that name at that position."""
    old, new = _named(_stood(before)), _named(_stood(after))
    known = {path for _, path in _pairs(old, new)}
    return tuple(path for path, _ in new if path not in known)


def followed(before: Sheet, after: Sheet) -> dict[str, str]:
    """Where each step of a sheet stands in the next one, by its path before.

    A step is known by its name and position; where it was placed anew by its name or, where others
    have that too, by its path; where it got another name by its position; and where it was moved
    into another chain by its name again. Those that are gone are left out.
    """
    old: list[_Stood] = _stood(before)
    new: list[_Stood] = _stood(after)
    gone_to: dict[str, str] = {"": ""}
    for keys in (_by_name_and_position, _by_its_own_name, _by_path, _by_position, _by_name):
        gone_to.update(_pairs(*keys(old, new)))
        found = set(gone_to.values())
        old = [it for it in old if it.path not in gone_to]
        new = [it for it in new if it.path not in found]
        if not old or not new:
            break
    return gone_to


def _stood(sheet: Sheet) -> list[_Stood]:
    get = sheet.layout.get
    return [_Stood(it.path, it.step.name, get(it.path)) for it in sheet.flow.places()]


def _pairs(old: Iterable[tuple[str, Hashable]], new: _Keys) -> Iterator[tuple[str, str]]:
    """Old and new paths of equal keys; those that share a key pair up in their order."""
    waiting: dict[Hashable, list[str]] = defaultdict(list)
    for path, key in reversed(new):
        waiting[key].append(path)
    for path, key in old:
        if waiting[key]:
            yield path, waiting[key].pop()


def _named(steps: Sequence[_Stood]) -> _Keys:
    return [(it.path, (it.name, it.position)) for it in steps]


def _by_name_and_position(old: Sequence[_Stood], new: Sequence[_Stood]) -> tuple[_Keys, _Keys]:
    return _named(old), _named(new)


def _by_its_own_name(old: Sequence[_Stood], new: Sequence[_Stood]) -> tuple[_Keys, _Keys]:
    before, after = _counted(old), _counted(new)
    own = {name for name, count in before.items() if count == after[name] == 1}
    return _keyed(old, own), _keyed(new, own)


def _by_path(old: Sequence[_Stood], new: Sequence[_Stood]) -> tuple[_Keys, _Keys]:
    return [(it.path, it.path) for it in old], [(it.path, it.path) for it in new]


def _by_position(old: Sequence[_Stood], new: Sequence[_Stood]) -> tuple[_Keys, _Keys]:
    """Only of names that are fewer than before, and of those that are more."""
    before, after = _counted(old), _counted(new)
    return (
        [(it.path, it.position) for it in old if before[it.name] > after[it.name]],
        [(it.path, it.position) for it in new if after[it.name] > before[it.name]],
    )


def _by_name(old: Sequence[_Stood], new: Sequence[_Stood]) -> tuple[_Keys, _Keys]:
    return [(it.path, it.name) for it in old], [(it.path, it.name) for it in new]


def _counted(steps: Iterable[_Stood]) -> Counter[str]:
    return Counter(it.name for it in steps)


def _keyed(steps: Iterable[_Stood], names: set[str]) -> _Keys:
    return [(it.path, it.name) for it in steps if it.name in names]

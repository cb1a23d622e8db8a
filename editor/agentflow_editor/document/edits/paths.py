"""Paths: which steps an edit made, and where it has moved the others."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from agentflow_editor.document.sheet import Sheet

__all__ = ["followed", "new_paths"]

_Keys = list[tuple[str, Hashable]]


def new_paths(before: Sheet, after: Sheet) -> tuple[str, ...]:
    """The paths of the steps that were not there before: none has that name at that position."""
    known = dict(_pairs(_named(before), _named(after)))
    old = set(known.values())
    return tuple(path for path, _ in _named(after) if path not in old)


def followed(before: Sheet, after: Sheet) -> dict[str, str]:
    """Where each step of a sheet stands in the next one, by its path before.

    A step is known by its name and position, where it got another name by its position, where it
    was moved by its path, and where it was moved into another chain by its name. Those that are
    gone are left out.
    """
    gone_to = {"": ""}
    for keys in (_named, _positioned, _pathed, _called):
        old = [pair for pair in keys(before) if pair[0] not in gone_to]
        found = set(gone_to.values())
        gone_to.update(_pairs(old, [pair for pair in keys(after) if pair[0] not in found]))
    return gone_to


def _pairs(old: Iterable[tuple[str, Hashable]], new: _Keys) -> Iterator[tuple[str, str]]:
    """Old and new paths of equal keys; those that share a key pair up in their order."""
    waiting: dict[Hashable, list[str]] = defaultdict(list)
    for path, key in reversed(new):
        waiting[key].append(path)
    for path, key in old:
        if waiting[key]:
            yield path, waiting[key].pop()


def _named(sheet: Sheet) -> _Keys:
    return [(it.path, (it.step.name, sheet.layout.get(it.path))) for it in sheet.flow.places()]


def _positioned(sheet: Sheet) -> _Keys:
    paths = (place.path for place in sheet.flow.places())
    return [(path, sheet.layout[path]) for path in paths if path in sheet.layout]


def _pathed(sheet: Sheet) -> _Keys:
    return [(place.path, place.path) for place in sheet.flow.places()]


def _called(sheet: Sheet) -> _Keys:
    return [(place.path, place.step.name) for place in sheet.flow.places()]

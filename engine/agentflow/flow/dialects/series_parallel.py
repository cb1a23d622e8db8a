"""Series and parallel: a graph of dependencies as a tree of what runs in turn and what at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Union

__all__ = ["Arrangement", "Parallel", "Series", "Tree", "arranged"]

MOST_STEPS = 400
"""Larger graphs are arranged in layers, which takes no time that grows with their square."""


@dataclass(frozen=True, slots=True)
class Series:
    """One after another."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """All at once."""

    parts: tuple["Tree", ...]


Tree = Union[str, Series, Parallel]  # noqa: UP007 - it names itself


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A tree in which every step stands after all that it depends on."""

    tree: Tree
    added: tuple[tuple[str, str], ...] = ()
    """(earlier, later): pairs that wait for each other in the tree though no dependency says so."""


def arranged(needs: Mapping[str, Collection[str]]) -> Arrangement | None:
    """The tree of a graph; None when it goes round in circles.

    A graph is a tree exactly when no four steps stand in the shape of an N. What is not, is
    arranged in layers, each of which waits for the whole one before it.

    Args:
        needs: every step, in declared order, with the steps that it depends on.
    """
    place = {name: number for number, name in enumerate(needs)}
    try:
        layers = _layers(needs, place)
    except CycleError:
        return None
    order = [name for layer in layers for name in layer]
    work = _Arranging(needs, order, place)
    tree = work.in_layers(order) if len(order) > MOST_STEPS else work.tree(order)
    return Arrangement(tree, tuple(work.added))


def _layers(needs: Mapping[str, Collection[str]], place: Mapping[str, int]) -> list[list[str]]:
    """Each layer needs only what is in those before it."""
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    layers: list[list[str]] = []
    while sorter.is_active():
        ready = sorter.get_ready()
        layers.append(sorted(ready, key=place.__getitem__))
        sorter.done(*ready)
    return layers


class _Arranging:
    def __init__(
        self, needs: Mapping[str, Collection[str]], order: Sequence[str], place: Mapping[str, int]
    ) -> None:
        self._needs, self._place = needs, place
        self._is_small = len(order) <= MOST_STEPS
        self._bit = {name: 1 << number for number, name in enumerate(order)}
        self._before: dict[str, int] = {}
        """All that stand before a step, as bits."""
        self.added: list[tuple[str, str]] = []
        for name in order if self._is_small else ():
            mask = 0
            for first in needs[name]:
                mask |= self._before[first] | self._bit[first]
            self._before[name] = mask

    def tree(self, names: Sequence[str]) -> Tree:
        """The tree of some steps, which stand in topological order."""
        if len(names) == 1:
            return names[0]
        groups = self._groups(names)
        if len(groups) > 1:
            return Parallel(tuple(self.tree(group) for group in groups))
        pieces = self._pieces(names)
        if len(pieces) > 1:
            return Series(tuple(self.tree(piece) for piece in pieces))
        return self.in_layers(names)

    def _groups(self, names: Sequence[str]) -> list[list[str]]:
        """Steps that have to do with each other, apart from those that have not."""
        groups: list[tuple[int, list[str]]] = []  # (their bits, their names)
        for name in names:
            bits, members = self._bit[name], [name]
            apart: list[tuple[int, list[str]]] = []
            for group in groups:
                if self._before[name] & group[0]:
                    bits, members = bits | group[0], [*group[1], *members]
                else:
                    apart.append(group)
            groups = [*apart, (bits, members)]
        rank = {name: number for number, name in enumerate(names)}
        sorted_groups = [sorted(it[1], key=rank.__getitem__) for it in groups]
        return sorted(sorted_groups, key=lambda it: min(self._place[name] for name in it))

    def _pieces(self, names: Sequence[str]) -> list[list[str]]:
        """Cut wherever all that stand before the cut stand before all that stand after it."""
        within = sum(self._bit[name] for name in names)
        ordered = sorted(names, key=lambda name: (self._before[name] & within).bit_count())
        # From the end: what all of the later steps have before them.
        shared = [within] * (len(ordered) + 1)
        for number in range(len(ordered) - 1, -1, -1):
            shared[number] = shared[number + 1] & self._before[ordered[number]]
        pieces: list[list[str]] = [[]]
        prefix = 0
        for number, name in enumerate(ordered):
            if pieces[-1] and shared[number] & prefix == prefix:
                pieces.append([])
            pieces[-1].append(name)
            prefix |= self._bit[name]
        return pieces

    def in_layers(self, names: Sequence[str]) -> Tree:
        """Each layer after the whole one before it."""
        within = set(names)
        inner = {name: within.intersection(self._needs[name]) for name in names}
        layers = _layers(inner, self._place)
        for firsts, thens in pairwise(layers) if self._is_small else ():
            apart = ((first, then) for first in firsts for then in thens)
            self.added += [it for it in apart if not self._before[it[1]] & self._bit[it[0]]]
        parts = [it[0] if len(it) == 1 else Parallel(tuple(it)) for it in layers]
        return parts[0] if len(parts) == 1 else Series(tuple(parts))

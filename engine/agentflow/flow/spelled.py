"""Spelled: where a file says a thing otherwise than the native format does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from agentflow.flow.where import Keys

__all__ = ["Spelled", "as_written", "in_file"]


@dataclass(frozen=True, slots=True)
class Spelled:
    """Where the file says a thing otherwise."""

    keys: tuple[Keys, ...]
    form: Literal["same", "single", "other"]
    """The same value under another key; the only element of what is a list here; or otherwise."""


def as_written(keys: Keys, spelled: Mapping[Keys, Spelled]) -> Keys:
    """The keys in the file for keys of the native format; the same where the file is native."""
    for length in range(len(keys), 0, -1):
        found = spelled.get(keys[:length])
        if found is not None and found.keys:
            # What is around it may be said otherwise too.
            keys = (*found.keys[0], *keys[length:])
    return keys


def in_file(spelled: Mapping[Keys, Spelled], before: Mapping[Keys, Spelled]) -> dict[Keys, Spelled]:
    """The same places, where what they name stood elsewhere before it was said otherwise once more.

    Args:
        spelled: how the second translation found the tables that the first one made.
        before: how the first one found the file.
    """
    return {
        keys: it
        if keys in before
        else Spelled(tuple(as_written(place, before) for place in it.keys), it.form)
        for keys, it in spelled.items()
    }

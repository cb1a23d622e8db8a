"""State: what an agent reads and leaves behind.

A step makes a new State out of the one before, and a run may have a million steps over a state of
ten thousand keys. So the newest state of a line takes the dict over and the one before keeps only
what it has to undo to be read: a step costs what it changes, not what there is. (Baker, "Shallow
binding makes functional arrays fast", 1991.)
"""

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from agentflow.json_value import ABSENT, UNCHANGING, copied, same

__all__ = ["ANSWER_KEYS", "State", "answer_in"]

ANSWER_KEYS = ("response", "output", "result", "content", "message")
"""Where a reader looks for "the answer" of a state, in this order."""

_FEW, _SHORT, _SMALL, _WORD = 32, 10_000, 2**30 - 1, 2**63

_new = object.__new__


class State(Mapping[str, Any]):
    """JSON values by name, and texts about them. Never mutated: a step hands on another State."""

    __slots__ = ("_newer", "_undo", "_values", "metadata")

    metadata: Mapping[str, str]
    """Texts beside the values; `route` names where the result is to be dispatched next."""
    _values: dict[str, Any] | None
    """All values; None once a newer state has taken the dict over."""
    _newer: "State"
    """The state that has."""
    _undo: dict[str, Any]
    """What makes the newer one's values this one's."""

    def __init__(
        self, values: Mapping[str, Any] | None = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        self._values = dict(values or {})
        self.metadata = dict(metadata or {})

    @staticmethod
    def of(values: dict[str, Any], metadata: Mapping[str, str]) -> "State":
        """A state that takes over what it is given, which is nobody else's any more."""
        made = _new(State)
        made._values, made.metadata = values, metadata
        return made

    def __getitem__(self, key: str) -> Any:
        values = self._values
        return (self.held() if values is None else values)[key]

    def get(self, key: str, default: Any = None) -> Any:
        values = self._values
        return (self.held() if values is None else values).get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self.held()))

    def __len__(self) -> int:
        return len(self.held())

    def __contains__(self, key: object) -> bool:
        return key in self.held()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, State):
            return self.held() == other.held() and self.metadata == other.metadata
        return self.held() == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return f"State({self.held()!r}, metadata={self.metadata!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return State, (dict(self), dict(self.metadata))

    def with_changes(
        self,
        changes: Mapping[str, Any],
        *,
        removed: Iterable[str] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> "State":
        """Another state: these values set, those keys gone. Values that stay are shared."""
        told = self.metadata if metadata is None else metadata
        if removed:
            gone = frozenset(removed)
            values = {**self.held(), **changes}
            return State.of({key: it for key, it in values.items() if key not in gone}, told)
        values = self._values
        if values is None:
            values = self._restored()
        undo: dict[str, Any] = {}
        for key in changes:
            undo[key] = values.get(key, ABSENT)
        values.update(changes)
        newer = self._newer = _new(State)
        newer._values, newer.metadata = values, told
        self._undo, self._values = undo, None
        return newer

    def with_plain(  # noqa: C901 - called at every step; a function more would cost as much again
        self, returned: dict[Any, Any]
    ) -> "tuple[State, dict[str, Any]] | None":
        """Another state with what a step returned, and what of that is news.

        What most agents return, a few short texts and numbers, is judged here in one go. None where
        it takes a `json_value` to tell what it is.
        """
        # Not its __class__, which is whatever its author says.
        if type(returned) is not dict or len(returned) > _FEW:
            return None
        values = self._values
        if values is None:
            values = self._restored()
        news: dict[str, Any] = {}
        undo: dict[str, Any] = {}
        for key, item in returned.items():
            kind = type(item)  # pyright: ignore[reportUnknownVariableType]
            if kind is int:
                # Python compares what fits into one of its digits faster than what does not.
                if not (-_SMALL < item < _SMALL or -_WORD < item < _WORD):
                    return None
            elif kind is str:
                if len(item) > _SHORT or not item.isascii():
                    return None
            elif kind is float:
                if not isfinite(item):
                    return None
            elif item is not None and kind is not bool:
                return None
            if type(key) is not str:
                return None
            before = values.get(key, ABSENT)
            if before is ABSENT:
                if not key.isascii():
                    return None
            elif type(before) is kind and before == item:
                continue
            news[key] = item
            undo[key] = before
        if not news:
            return self, news
        values |= news
        newer = self._newer = _new(State)
        newer._values = values
        newer.metadata = self.metadata
        self._undo = undo
        self._values = None
        return newer, news

    def apart(self) -> "State":
        """The same state with a dict of its own: what is made from either is no other's affair."""
        values = self._values
        made = _new(State)
        made._values = (self._restored() if values is None else values).copy()
        made.metadata = self.metadata
        return made

    def others_than(self, before: "State") -> dict[str, Any]:
        """The values that are not the very ones of `before`; they may be the same as those."""
        old = before.held()
        return {
            key: value
            for key, value in self.held().items()
            if key not in old or old[key] is not value
        }

    def changes_from(self, before: "State") -> tuple[dict[str, Any], tuple[str, ...]]:
        """What became of `before`: (the values that are new or other, the keys that are gone)."""
        if self is before:
            return {}, ()
        old = before._restored() if before._values is None else before._values
        new = self._restored() if self._values is None else self._values
        changed: dict[str, Any] = {}
        fresh = 0
        for key, value in new.items():
            was = old.get(key, ABSENT)
            if was is ABSENT:
                fresh += 1
                changed[key] = value
            elif was is not value and not same(was, value):
                changed[key] = value
        if len(new) - fresh == len(old):
            return changed, ()
        return changed, tuple(key for key in old if key not in new)

    def told_anew(self, before: "State") -> Mapping[str, str] | None:
        """The metadata, where it is other than before."""
        mine, its = self.metadata, before.metadata
        return None if mine is its or mine == its else mine

    def without_route(self) -> "State":
        """The state once its `route` has been followed."""
        if "route" not in self.metadata:
            return self
        metadata = {key: text for key, text in self.metadata.items() if key != "route"}
        return self.with_changes({}, metadata=metadata)

    def own_copy(self) -> "State":
        """A state that its reader may scribble on without anybody else seeing it.

        Values are copied when they are first read: what nobody looks at costs nothing.
        """
        copy = _OwnCopy()
        copy._of = self  # pyright: ignore[reportPrivateUsage]
        return copy

    def to_dict(self) -> dict[str, Any]:
        """The values as a dict of the caller's own; nested values are shared."""
        return dict(self.held())

    @property
    def answer(self) -> Any:
        """What a reader takes for the answer; None when no such key is there."""
        return answer_in(self)

    def held(self) -> dict[str, Any]:
        """The values themselves, to be read only."""
        values = self._values
        return self._restored() if values is None else values

    def _restored(self) -> dict[str, Any]:
        line: list[State] = []
        newer = self
        while newer._values is None:
            line.append(newer)
            newer = newer._newer
        values = dict(newer._values)
        for state in reversed(line):
            for key, value in state._undo.items():
                if value is ABSENT:
                    values.pop(key, None)
                else:
                    values[key] = value
        self._values = values
        del self._newer, self._undo
        return values


class _OwnCopy(State):
    """A state as an agent or a callback gets it. All of it is made when it is first looked at."""

    __slots__ = ("_copies", "_of", "_told")

    # One is made for each step, and sooner where there is nothing to be called for that.
    __init__ = object.__init__  # pyright: ignore[reportAssignmentType]

    _of: State
    _copies: dict[str, Any]
    _told: dict[str, str]

    @property
    def metadata(self) -> dict[str, str]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Texts beside the values; its own, too."""
        try:
            return self._told
        except AttributeError:
            self._told = dict(self._of.metadata)
            return self._told

    def __getitem__(self, key: str) -> Any:
        values = self._of._values
        value = self._of[key] if values is None else values[key]
        if value.__class__ in UNCHANGING:
            return value
        copies = self._own()
        if key not in copies:
            copies[key] = copied(value)
        return copies[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self._of else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)

    def __contains__(self, key: object) -> bool:
        return key in self._of

    def with_changes(
        self,
        changes: Mapping[str, Any],
        *,
        removed: Iterable[str] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> State:
        made = self._of.apart().with_changes(changes, removed=removed)
        copies = {key: it for key, it in {**self._own(), **changes}.items() if key in made}
        return _own_copy(made, copies, self.metadata if metadata is None else metadata)

    def apart(self) -> State:
        return _own_copy(self._of.apart(), self._own(), self.metadata)

    def own_copy(self) -> State:
        return State(self.held(), self.metadata).own_copy()

    def to_dict(self) -> dict[str, Any]:
        return {key: self[key] for key in self._of}

    def held(self) -> dict[str, Any]:
        return {**self._of.held(), **self._own()}

    def _own(self) -> dict[str, Any]:
        """The copies that were made so far."""
        try:
            return self._copies
        except AttributeError:
            self._copies = {}
            return self._copies


def _own_copy(of: State, copies: Mapping[str, Any], metadata: Mapping[str, str]) -> State:
    copy = of.own_copy()
    assert isinstance(copy, _OwnCopy)
    copy._copies, copy._told = dict(copies), dict(metadata)  # pyright: ignore[reportPrivateUsage]
    return copy


def answer_in(values: Mapping[str, Any]) -> Any:
    """What a reader takes for the answer of some values; None when no such key is there."""
    for key in ANSWER_KEYS:
        if key in values:
            return values[key]
    return None

"""State: what an agent reads and leaves behind."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, cast

__all__ = ["ANSWER_KEYS", "State"]

ANSWER_KEYS = ("response", "output", "result", "content", "message")
"""Where a reader looks for "the answer" of a state, in this order."""

_UNCHANGING = frozenset({str, int, float, bool, type(None)})


class State(Mapping[str, Any]):
    """JSON values by name, and texts about them. Never mutated: a step hands on another State."""

    __slots__ = ("_values", "metadata")

    metadata: Mapping[str, str]
    """Texts beside the values; `route` names where the result is to be dispatched next."""

    def __init__(
        self, values: Mapping[str, Any] | None = None, metadata: Mapping[str, str] | None = None
    ) -> None:
        self._values: dict[str, Any] = dict(values or {})
        self.metadata = dict(metadata or {})

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __eq__(self, other: object) -> bool:
        if isinstance(other, State):
            return self._values == other._values and self.metadata == other.metadata
        return self._values == other if isinstance(other, Mapping) else NotImplemented

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return f"State({self._values!r}, metadata={self.metadata!r})"

    def with_changes(
        self,
        changes: Mapping[str, Any],
        *,
        removed: Iterable[str] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> "State":
        """Another state: these values set, those keys gone. Values that stay are shared."""
        values = {**self._values, **changes}
        for key in removed:
            values.pop(key, None)
        return _state(values, self.metadata if metadata is None else metadata)

    def changes_from(self, before: "State") -> tuple[dict[str, Any], tuple[str, ...]]:
        """What became of `before`: (the values that are new or other, the keys that are gone)."""
        if self is before:
            return {}, ()
        old = before._values
        changed = {
            key: value
            for key, value in self._values.items()
            if key not in old or not _same(old[key], value)
        }
        return changed, tuple(key for key in old if key not in self._values)

    def without_route(self) -> "State":
        """The state once its `route` has been followed."""
        if "route" not in self.metadata:
            return self
        metadata = {key: text for key, text in self.metadata.items() if key != "route"}
        return _state(self._values, metadata)

    def own_copy(self) -> "State":
        """A state that its reader may scribble on without anybody else seeing it."""
        values = {
            key: value if value.__class__ in _UNCHANGING else _copied(value)
            for key, value in self._values.items()
        }
        return _state(values, dict(self.metadata))

    def to_dict(self) -> dict[str, Any]:
        """The values as a dict of the caller's own; nested values are shared."""
        return dict(self._values)

    @property
    def answer(self) -> Any:
        """What a reader takes for the answer; None when no such key is there."""
        return next((self._values[key] for key in ANSWER_KEYS if key in self._values), None)


def _state(values: dict[str, Any], metadata: Mapping[str, str]) -> State:
    # A step makes several states; the constructor's copies of what is already ours would cost most.
    made = State.__new__(State)
    made._values = values  # pyright: ignore[reportPrivateUsage]
    made.metadata = metadata
    return made


def _copied(value: Any) -> Any:
    kind = value.__class__
    if kind is dict:
        return {k: v if v.__class__ in _UNCHANGING else _copied(v) for k, v in value.items()}
    if kind is list:
        return [v if v.__class__ in _UNCHANGING else _copied(v) for v in value]
    return value if kind in _UNCHANGING else deepcopy(value)


def _same(one: Any, other: Any) -> bool:
    # 1 == True == 1.0 in Python; in JSON they are three different values, however deep they stand.
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return _same_objects(cast("dict[str, Any]", one), cast("dict[str, Any]", other))
    if isinstance(one, list):
        mine, its = cast("list[Any]", one), cast("list[Any]", other)
        return len(mine) == len(its) and all(map(_same, mine, its))
    return one == other


def _same_objects(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return len(one) == len(other) and all(
        key in other and _same(value, other[key]) for key, value in one.items()
    )
